"""What traffic cost, by any dimensions: one row per group and currency, calls without a price in rows of their own."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.promoted import promoted_of
from warehouse.scope import (
    EVERYTHING,
    TAG,
    Scope,
    column_of,
    condition,
    expression_of,
    is_dimension,
    row_condition,
    table_for,
)
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


class Column(NamedTuple):
    """What groups are told apart by: a column, and how a table of calls says it."""

    name: str
    expression: str


class Source(NamedTuple):
    """The narrowest table that can answer, what narrows it, and the columns as it has them."""

    table: str
    where: str
    parameters: dict[str, Any]
    columns: tuple[str, ...] = ()


def cost_by(reader: Reader, dimensions: Sequence[str], scope: Scope = EVERYTHING) -> list[CostRow]:
    """Cost by dimensions, any for which ``is_dimension`` holds, dearest first within a currency.

    Raises KeyError for a name that is no dimension.
    """
    columns = columns_of(dimensions)
    needed = {*dimensions, *scope.dimensions, *({"day"} if scope.since or scope.until else set())}
    return cost_rows(reader, columns, source_of(reader, columns, scope, table_of(reader, needed)))


def columns_of(dimensions: Sequence[str]) -> list[Column]:
    """The columns of dimensions; raises KeyError for a name that is none."""
    for name in dimensions:
        if not is_dimension(name):
            raise KeyError(name)
    return [Column(column_of(name), expression_of(name)) for name in dimensions]


def cost_rows(reader: Reader, columns: Sequence[Column], source: Source) -> list[CostRow]:
    """Cost by columns of a source, dearest first within a currency."""
    text = sql("cost_by").replace("where true", f"where {source.where}")
    if columns:
        text = text.replace("select\n    currency", f"select\n    {', '.join(source.columns)}, currency")
        # Groups that cost the same stand by their names: whoever asks again is answered in the same order.
        text = text.replace("requests desc", f"requests desc, {', '.join(column.name for column in columns)}")
    rows = reader.rows(text.replace("from usage_day_priced", f"from {source.table}"), source.parameters)
    count = len(columns)
    return [_cost_row(tuple(row[:count]), row[count:]) for row in rows]


def coverage_of(reader: Reader, scope: Scope = EVERYTHING) -> Coverage:
    """Coverage of a scope."""
    source = source_of(reader, (), scope, table_of(reader, {*scope.dimensions, "day"}))
    text = sql("coverage").replace("where true", f"where {source.where}")
    text = text.replace("from usage_day_priced", f"from {source.table}")
    requests, unpriced, review, partial = reader.rows(text, source.parameters)[0]
    text = sql("words").replace("and true", f"and {source.where}")
    words = reader.rows(text.replace("from usage_day_priced", f"from {source.table}"), source.parameters)
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


def table_of(reader: Reader, needed: set[str]) -> str:
    """The narrowest table of this warehouse with these dimensions."""
    has_tags = any(name.startswith(TAG) for name in needed)
    return table_for(needed, promoted_of(reader) if has_tags else ())


def source_of(reader: Reader, columns: Sequence[Column], scope: Scope, table: str) -> Source:
    """A table of priced cells as a source; calls that belong to no task are in no table of tasks."""
    if table == "usage_row_priced":
        where, parameters = row_condition(scope)
        # The rows are narrowed before they are summed: what is asked for is all that they are told apart by.
        cells = f"({row_cells([_told(column) for column in columns], where)})"
        return Source(cells, "true", parameters, tuple(column.name for column in columns))
    where, parameters = condition(scope)
    if table == "task_rate_priced" and "task" not in scope.dimensions:
        table = f"({sql('tasks_and_rest')})"
    return Source(table, where, parameters, tuple(_told(column) for column in columns))


def row_cells(columns: Iterable[str], where: str = "true") -> str:
    """A query of the rows themselves, with these columns: tokens are summed before they are priced."""
    told = "".join(f"{column}, " for column in columns)
    text = sql("row_cells").replace("where true", f"where {where}")
    return text.replace("        costing, rate_id", f"        {told}costing, rate_id", 1)


def _told(column: Column) -> str:
    return column.name if column.name == column.expression else f"{column.expression} as {column.name}"


def _cost_row(group: tuple[Any, ...], values: tuple[Any, ...]) -> CostRow:
    currency, *sums, reported_currency = values
    whole: list[Any] = [None if value is None else int(value) for value in sums]
    return CostRow(group, currency, *whole, *[reported_currency])
