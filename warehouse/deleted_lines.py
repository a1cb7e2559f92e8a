"""What deletions took from closed months, kept as the sums that the books are made of."""

from collections.abc import Collection, Mapping
from datetime import date

import duckdb

from pricing.books import CALLS, MEASURES, Counts, LineKey
from warehouse.sqlfiles import run

KEYS = len(LineKey._fields)
Months = dict[date, dict[LineKey, Counts]]


def lines_of(connection: duckdb.DuckDBPyConnection, months: Collection[date]) -> Months:
    """What calls used and cost in some months, as it is now."""
    found: Months = {}
    for month, *rest in run(connection, "month_lines").fetchall() if months else ():
        if month in months:
            found.setdefault(month, {})[LineKey._make(rest[:KEYS])] = tuple(int(count) for count in rest[KEYS:])
    return found


def keep_deleted_lines(
    connection: duckdb.DuckDBPyConnection, number: int, lost: Mapping[date, Mapping[LineKey, Counts]]
) -> None:
    """Keep what a deletion took from each line of closed months."""
    rows = [
        (month, key.seller, key.model, key.team, key.project, key.currency, *_said(counts))
        for month, lines in lost.items()
        for key, counts in lines.items()
    ]
    if rows:
        names = ("month", "seller", "model", "team", "project", "currency", "names", "counts")
        columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
        run(connection, "keep_deleted_lines", {"number": number, **columns})


def with_deleted(months: Months, connection: duckdb.DuckDBPyConnection) -> Months:
    """The lines of the months, with what deletions took from those that were closed."""
    for _, month, seller, model, team, project, currency, counts in run(connection, "deleted_lines").fetchall():
        key = LineKey(CALLS, seller, model, team, project, None, currency)
        lines = months.setdefault(month, {})
        taken = [int(counts.get(name, 0)) for name in MEASURES]
        lines[key] = tuple(a + b for a, b in zip(lines.get(key, (0,) * len(MEASURES)), taken, strict=True))
    return months


def deleted_months(connection: duckdb.DuckDBPyConnection) -> frozenset[date]:
    """Months that were closed when calls of theirs were deleted: their books alone still have them."""
    return frozenset(row[1] for row in run(connection, "deleted_lines").fetchall())


def _said(counts: Counts) -> tuple[list[str], list[str]]:
    told = [(name, str(count)) for name, count in zip(MEASURES, counts, strict=True) if count]
    return [name for name, _ in told], [count for _, count in told]
