"""What is known of calls, group by group, and what bounds the cost of those of which it is not."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.scope import EVERYTHING, Scope, condition, row_condition
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
    groups = _groups(_rows(reader, "coverage_groups", scope))
    if all(row[3] is None for row in groups):
        return Known(groups, {}, {})
    ranges = _rows(reader, "coverage_rates", scope)
    return Known(groups, _ceilings(_rows(reader, "coverage_ceiling", scope)), _ranges(ranges))


def read_known_by_day(reader: Reader, scope: Scope, ceilings_since: date) -> Known:
    """The same from the sums by day, except that nobody looks what logs say was billed.

    Only what bounds calls without usage is read from calls themselves, of the scope from a day on.
    """
    where, parameters = condition(scope)
    groups = _groups(reader.rows(sql("known_groups").replace("where true", f"where {where}"), parameters))
    unknown = [row for row in groups if row[3] is not None]
    without_usage = any(not row[4] for row in unknown)
    ceilings = _rows(reader, "coverage_ceiling", scope._replace(since=ceilings_since)) if without_usage else []
    text = sql("known_rates").replace("and true", f"and {where}")
    return Known(groups, _ceilings(ceilings), _ranges(reader.rows(text, parameters) if unknown else []))


def _groups(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[Any, ...], ...]:
    return tuple((*row[:8], *(None if value is None else int(value) for value in row[8:])) for row in rows)


def _ceilings(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str | None, str | None], tuple[str, int]]:
    found: dict[tuple[str | None, str | None], tuple[str, int]] = {}
    for seller, model, currency, pico, _ in rows:
        found.setdefault((seller, model), (currency, int(pico)))
    return found


def _ranges(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str | None, str | None, str | None], tuple[str, int, int]]:
    found: dict[tuple[str | None, str | None, str | None], tuple[str, int, int]] = {}
    for seller, model, reason, currency, low, high, _ in rows:
        found.setdefault((seller, model, reason), (currency, int(low), int(high)))
    return found


def _rows(reader: Reader, name: str, scope: Scope) -> list[tuple[Any, ...]]:
    where, parameters = row_condition(scope)
    return reader.rows(sql(name).replace("where true", f"where {where}"), parameters)
