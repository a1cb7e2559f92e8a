"""Sellers' sums by when they were asked for: of a day, the newest answer counts, and all of it.

A seller puts its sums right for days after. A newer answer about a day takes the place of every sum that an older one
had of it, also of those that it does not have any more; an older answer that is loaded late changes nothing.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.connection import open_reader
from warehouse.errors import WarehouseMissing
from warehouse.locks import Tell
from warehouse.sqlfiles import run, sql


class Asked(NamedTuple):
    """A day (UTC) of a report that was asked for as a whole."""

    report: str
    grouped_by: str
    """By what, as in the tag of the sums: names with commas between them."""
    day: date
    asked_at: datetime


class Effect(NamedTuple):
    """What asking anew did to a load and to what was there: counts of sums."""

    outdated: int
    """Left out: a newer answer about their day is there."""
    removed: int
    """Taken out: the new answer about their day does not have them any more."""
    unreadable: int
    """Days that are not taken for answered, as something in the answer could not be read."""


def add_asked(staging: duckdb.DuckDBPyConnection, asked: Sequence[tuple[Asked, int]]) -> None:
    """Say for which days the staged sums are the whole answer, each with the line that says so."""
    if asked:
        staging.executemany("insert into asked_found values (?, ?, ?, ?, ?)", [[*each, line] for each, line in asked])


def is_asked_twice(staging: duckdb.DuckDBPyConnection) -> bool:
    """Whether what is staged answers for a day twice, asked at different times."""
    return _count(staging, sql("asked_twice")) > 0


def follow_asked(usage: duckdb.DuckDBPyConnection, file_id: int, now: datetime) -> None:
    """Leave older answers out of the batch, and take out of the store what newer ones do not have any more."""
    if not _count(usage, "select count(*) from asked_found") and not _count(
        usage, "select count(*) from batch_key where is_sum"
    ):
        return
    run(usage, "drop_outdated_sums", {"now": now})
    if _count(usage, "select count(*) from problem"):
        run(usage, "drop_unreadable_days")
    if _count(usage, "select count(*) from asked_found"):
        run(usage, "remove_vanished_sums")
        run(usage, "keep_asked", {"file_id": file_id})


def effect_of_load(staging: duckdb.DuckDBPyConnection) -> Effect:
    """What asking anew did, after the merge."""
    row = staging.execute("select outdated, removed, unreadable from asked_effect").fetchone()
    return Effect(*row) if row else Effect(0, 0, 0)


def read_asked(root: Path, source: str, *, tell: Tell) -> list[Asked]:
    """The days of a source's sums that were asked for, each with the newest time; none without a warehouse."""
    try:
        with open_reader(root, tell=tell) as reader:
            return [Asked(*row) for row in reader.rows(sql("asked_days"), {"source": source})]
    except WarehouseMissing:
        return []


def read_unbilled(root: Path, since: datetime, until: datetime, *, tell: Tell) -> list[tuple[str, datetime]]:
    """Ids and starts of OpenRouter's calls whose billed cost no log says, newest first."""
    try:
        with open_reader(root, tell=tell) as reader:
            return [
                (str(row[0]), row[1])
                for row in reader.rows(sql("unbilled_generations"), {"since": since, "until": until})
            ]
    except WarehouseMissing:
        return []


def _count(connection: duckdb.DuckDBPyConnection, text: str) -> int:
    row = connection.execute(text).fetchone()
    assert row is not None
    return int(row[0])
