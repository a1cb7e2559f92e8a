"""Writes a database anew without the room that deleted rows left, and puts it in place when it is proven equal."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from warehouse.connection import HELD, WRITE_WAIT_S, Database, attached, io_errors, open_staging
from warehouse.copies import check_room, log_of, sync_folder
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Tell, Turnstile
from warehouse.migrate import migrate
from warehouse.sqlfiles import run

ANEW = "anew"
"""The name under which the new file is attached."""


class Compacted(NamedTuple):
    """What came of one database: bytes of its file before and after."""

    database: Database
    before: int
    after: int


def databases_of(root: Path) -> list[Database]:
    """The databases that are there; raises WarehouseMissing."""
    both: tuple[Database, ...] = ("usage", "state")
    found = [name for name in both if Folder(root).database(name).exists()]
    if not found:
        raise WarehouseMissing(root)
    return found


def compact(root: Path, database: Database, *, now: datetime, tell: Tell) -> Compacted:
    """Write a database anew, in the order in which it is, and put it in the old one's place; readers wait meanwhile.

    Whenever it dies, one whole file is there. Raises WarehouseUnwritable where the disk has no room for both.
    """
    folder = Folder(root)
    path = folder.database(database)
    if not path.exists():
        raise WarehouseMissing(root)
    check_room(root, path.stat().st_size, f"writing the {database} database anew")
    with (
        folder.scratch() as scratch,
        open_staging(folder) as staging,
        io_errors(root),
        Turnstile(root, database).writing("compacting", timeout_s=WRITE_WAIT_S, tell=tell),
    ):
        before, draft = path.stat().st_size, scratch / path.name
        with attached(staging, path):
            migrate(staging, database, now=now)
            staging.execute(f"checkpoint {HELD}")
            _write_anew(staging, draft)
        after = draft.stat().st_size
        if after >= before or log_of(path).exists():
            return Compacted(database, before, before)
        os.chmod(draft, path.stat().st_mode & 0o777)
        draft.replace(path)
        sync_folder(root)
    return Compacted(database, before, after)


def room_inside(root: Path, database: Database, *, tell: Tell) -> tuple[int, int]:
    """Bytes of a database's file, and those of them that are free for what comes."""
    path = Folder(root).database(database)
    if not path.exists():
        raise WarehouseMissing(root)
    with Turnstile(root, database).reading(timeout_s=WRITE_WAIT_S, tell=tell), open_staging(Folder(root)) as staging:
        quoted = str(path).replace("'", "''")
        staging.execute(f"attach '{quoted}' as {HELD} (read_only)")
        ((size, free),) = run(staging, "room_inside", {"name": HELD}).fetchall()
        staging.execute(f"detach {HELD}")
    return int(size), int(free)


def _write_anew(staging: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Write all of the held database into a new file, and hold that against it, read from the disk."""
    quoted = str(draft).replace("'", "''")
    staging.execute(f"attach '{quoted}' as {ANEW}")
    staging.execute(f"copy from database {HELD} to {ANEW}")
    staging.execute(f"checkpoint {ANEW}")
    staging.execute(f"detach {ANEW}")
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    staging.execute(f"attach '{quoted}' as {ANEW} (read_only)")
    same = _contents(staging, HELD) == _contents(staging, ANEW)
    staging.execute(f"detach {ANEW}")
    if not same:
        raise WarehouseError("the database that was written anew is not equal to the old one, which stays; report this")


def _contents(staging: duckdb.DuckDBPyConnection, database: str) -> list[Any]:
    """Everything that the database defines, and the rows and digest of each table."""
    defined: list[Any] = run(staging, "catalog_of", {"name": database}).fetchall()
    tables = [name for kind, name, _ in defined if kind == "table"]
    counts = "select count(*), sum(hash(t)) from"
    return defined + [staging.execute(f'{counts} {database}."{name}" t').fetchall() for name in tables]
