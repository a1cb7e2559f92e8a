"""What is in no row of a FOCUS file: calls of unknown cost, which FOCUS has no place for, and never at 0."""

from typing import NamedTuple

from reports.focus.asked import FocusAsked
from warehouse.connection import Reader
from warehouse.cost import CostRow, Coverage, cost_by, coverage_of


class LeftOut(NamedTuple):
    """The calls of one seller and model whose cost is unknown for one reason."""

    seller: str | None
    model: str | None
    reason: str | None
    calls: int
    tokens: int


class Known(NamedTuple):
    """What a reader of the file has to know of it."""

    totals: tuple[CostRow, ...]
    """What the calls in scope cost, by currency, from the app's own question."""
    coverage: Coverage
    left_out: tuple[LeftOut, ...]


def read_known(reader: Reader, asked: FocusAsked) -> Known:
    """Coverage of what is asked for, and every call that is left out, by seller, model and reason."""
    scope = asked.asked.scope
    rows = cost_by(reader, ["seller", "model", "unpriced_reason"], scope)
    return Known(
        tuple(row for row in cost_by(reader, [], scope) if row.currency is not None),
        coverage_of(reader, scope),
        tuple(_left_out(row) for row in rows if row.currency is None),
    )


def _left_out(row: CostRow) -> LeftOut:
    tokens = row.input + row.cache_read + row.cache_written + row.output
    seller, model, reason = row.group
    return LeftOut(seller, model, reason, row.requests, tokens)
