"""What traffic cost, by any dimensions: one row per group and currency, calls without a price in rows of their own."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.scope import DIMENSIONS, EVERYTHING, Scope, condition, table_for
from warehouse.sqlfiles import sql


class CostRow(NamedTuple):
    """The cost of one group in one currency; ``cost`` in pico-units, None where no price is known."""

    group: tuple[Any, ...]
    currency: str | None
    cost: int | None
    cost_low: int | None
    cost_high: int | None
    requests: int
    unpriced: int
    errors: int
    review: int
    partial: int
    input: int
    cache_read: int
    cache_written: int
    output: int
    reasoning: int
    cost_reported: int | None
    """What the logs report; None where they report nothing, or in several currencies."""
    reported: int
    reported_currency: str | None


class Coverage(NamedTuple):
    """How much of the traffic has a known cost, and through when the data goes."""

    requests: int
    unpriced: int
    review: int
    partial: int
    data_through: datetime | None
    checked_from: Any
    """The oldest day on which a rate that prices this traffic was last checked."""
    words: tuple[tuple[str, int], ...] = ()
    """On whose word the rates are, as their cards' `confidence`, with the calls that they price; most first."""

    @property
    def share(self) -> float | None:
        """Share of attempts whose cost is known; None without traffic."""
        return (self.requests - self.unpriced) / self.requests if self.requests else None


def cost_by(reader: Reader, dimensions: Sequence[str], scope: Scope = EVERYTHING) -> list[CostRow]:
    """Cost by dimensions of ``warehouse.scope.DIMENSIONS``, dearest first within a currency.

    Raises KeyError for a name that is no dimension.
    """
    for name in dimensions:
        if name not in DIMENSIONS:
            raise KeyError(name)
    needed = {*dimensions, *scope.dimensions, *({"day"} if scope.since or scope.until else set())}
    where, parameters = condition(scope)
    table = _table(needed, scope)
    columns = ", ".join(dimensions)
    text = sql("cost_by").replace("from usage_day_priced", f"from {table}").replace("where true", f"where {where}")
    if columns:
        text = text.replace("select\n    currency", f"select\n    {columns}, currency")
        # Groups that cost the same stand by their names: whoever asks again is answered in the same order.
        text = text.replace("requests desc", f"requests desc, {columns}")
    rows = reader.rows(text, parameters)
    count = len(dimensions)
    return [_cost_row(tuple(row[:count]), row[count:]) for row in rows]


def coverage_of(reader: Reader, scope: Scope = EVERYTHING) -> Coverage:
    """Coverage of a scope."""
    where, parameters = condition(scope)
    table = _table({*scope.dimensions, "day"}, scope)
    text = sql("coverage").replace("from usage_day_priced", f"from {table}").replace("where true", f"where {where}")
    requests, unpriced, review, partial = reader.rows(text, parameters)[0]
    text = sql("words").replace("from usage_day_priced", f"from {table}").replace("and true", f"and {where}")
    words = reader.rows(text, parameters)
    through = reader.row("select max(hour_at) from usage_hour")
    last = (
        reader.row(
            "select max(start_at) from usage where start_at >= $hour and granularity <> 'bucket'", {"hour": through[0]}
        )
        if through and through[0]
        else None
    )
    return Coverage(
        int(requests or 0),
        int(unpriced or 0),
        int(review or 0),
        int(partial or 0),
        last[0] if last else None,
        min((checked for *_, checked in words), default=None),
        tuple((word, calls) for word, calls, _ in words),
    )


def _table(needed: set[str], scope: Scope) -> str:
    """The narrowest table with these dimensions; calls that belong to no task are in no table of tasks."""
    table = table_for(needed)
    if table == "task_rate_priced" and "task" not in scope.dimensions:
        return f"({sql('tasks_and_rest')})"
    return f"({row_cells(needed)})" if table == "usage_row_priced" else table


def row_cells(dimensions: Iterable[str]) -> str:
    """A query of the rows themselves, with these dimensions: tokens are summed before they are priced."""
    columns = "".join(f"{name}, " for name in sorted(dimensions))
    return sql("row_cells").replace("        costing, rate_id", f"        {columns}costing, rate_id", 1)


def _cost_row(group: tuple[Any, ...], values: tuple[Any, ...]) -> CostRow:
    currency, *sums, reported_currency = values
    whole: list[Any] = [None if value is None else int(value) for value in sums]
    return CostRow(group, currency, *whole, *[reported_currency])
