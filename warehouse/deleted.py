"""What was deleted on purpose stays out: loads leave it out, and say so, until the deletion is lifted."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import duckdb

from warehouse.sqlfiles import run


class LeftOut(NamedTuple):
    """Records of a load that a deletion kept out."""

    deletion_id: int
    who: str
    deleted_at: datetime
    records: int


def leave_deleted_out(usage: duckdb.DuckDBPyConnection) -> None:
    """Take out of ``batch_key`` what a deletion in force keeps out; inside the load's transaction."""
    rules = usage.execute("select user_hashes is not null from deletion where lifted_at is null").fetchall()
    if not rules:
        return
    run(usage, "leave_deleted")
    if (True,) in rules:
        run(usage, "leave_deleted_people")
    usage.execute("delete from batch_key where place in (select place from left_deleted)")


def left_out(staging: duckdb.DuckDBPyConnection) -> Iterator[LeftOut]:
    """What deletions kept out of the load."""
    yield from (LeftOut._make(row) for row in run(staging, "left_deleted").fetchall())
