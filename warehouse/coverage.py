"""What is known of calls, group by group, and what bounds the cost of those of which it is not."""

from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql


class Known(NamedTuple):
    """Everything about coverage that the rows say; amounts in pico-units."""

    groups: tuple[tuple[Any, ...], ...]
    """Seller, model, currency, reason of an unknown cost, whether usage is known, calls, cut off, reported as billed,
    cost, and how much less and more it may be."""
    ceilings: dict[tuple[str | None, str | None], tuple[str, int]]
    """Of a seller and model, what 95 of 100 of its calls cost at most, in the currency of most of them."""
    ranges: dict[tuple[str | None, str | None, str | None], tuple[str, int, int]]
    """Of calls without a price, what they cost at the cheapest and at the dearest rate of a model of that name."""


def read_known(reader: Reader, scope: Scope = EVERYTHING) -> Known:
    """What is known of the calls in scope."""
    rows = _rows(reader, "coverage_groups", scope)
    groups = [(*row[:8], *(None if value is None else int(value) for value in row[8:])) for row in rows]
    ceilings: dict[tuple[str | None, str | None], tuple[str, int]] = {}
    ranges: dict[tuple[str | None, str | None, str | None], tuple[str, int, int]] = {}
    if any(row[3] is not None for row in groups):
        for seller, model, currency, pico, _ in _rows(reader, "coverage_ceiling", scope):
            ceilings.setdefault((seller, model), (currency, int(pico)))
        for seller, model, reason, currency, low, high, _ in _rows(reader, "coverage_rates", scope):
            ranges.setdefault((seller, model, reason), (currency, int(low), int(high)))
    return Known(tuple(groups), ceilings, ranges)


def _rows(reader: Reader, name: str, scope: Scope) -> list[tuple[Any, ...]]:
    where, parameters = condition(scope)
    return reader.rows(sql(name).replace("where true", f"where {where}"), parameters)
