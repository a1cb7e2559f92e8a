"""Calls that a recorder left out because it could not keep up: in no figure, and never passed over in silence."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.connection import Reader
from warehouse.sqlfiles import run, sql


class Dropped(NamedTuple):
    """What the recorders that wrote one file say they left out."""

    path: str
    calls: int
    since: datetime
    told_at: datetime
    """When it was said last."""


def dropped_calls(reader: Reader, since: datetime | None = None, until: datetime | None = None) -> tuple[Dropped, ...]:
    """Every file with such reports of a time, those of most calls first."""
    return tuple(Dropped(*row) for row in reader.rows(sql("dropped_calls"), {"since": since, "until": until}))


def dropped_of_load(staging: duckdb.DuckDBPyConnection) -> tuple[int, datetime | None, datetime | None]:
    """How many calls the load's reports say were left out, since when, and when that was said last."""
    calls, since, told_at = run(staging, "dropped_of_load").fetchall()[0]
    return calls, since, told_at


def keep_dropped(usage: duckdb.DuckDBPyConnection) -> None:
    """Store the reports of the load."""
    run(usage, "keep_dropped")
