"""Opens the two databases: readers through the turnstile, one writer at a time, staging apart from both."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse.errors import BrokenDatabase, QueryTimeout, WarehouseMissing, WarehouseUnwritable
from warehouse.folder import Folder
from warehouse.locks import Tell, Turnstile, check_locks_work
from warehouse.migrate import migrate
from warehouse.sqlfiles import run

Database = Literal["usage", "state"]
Connection = duckdb.DuckDBPyConnection
"""A connection, for those who hand one on without speaking SQL."""
READ_WAIT_S = 120.0
WRITE_WAIT_S = 600.0
QUERY_TIMEOUT_S = 60.0
READER_MEMORY = "1GB"
WRITER_MEMORY = "1.2GB"
OFFLINE = {"autoinstall_known_extensions": "false"}
"""DuckDB fetches nothing by itself."""
HELD = "held"
"""The name under which a writer attaches the database it holds."""


def silent(message: str) -> None:
    """Say nothing: for callers with nobody to tell."""


class Reader:
    """A read-only connection, held for one page or one command: what it reads is one state of the data."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
        self.connection = connection
        self.folder = folder

    def rows(self, text: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query; raises QueryTimeout."""
        with _stopwatch(self.connection):
            return self.connection.execute(text, parameters or {}).fetchall()

    def row(self, text: str, parameters: dict[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The first row of a query, or None; raises QueryTimeout."""
        with _stopwatch(self.connection):
            return self.connection.execute(text, parameters or {}).fetchone()


@contextmanager
def open_reader(root: Path, database: Database = "usage", *, tell: Tell = silent) -> Iterator[Reader]:
    """Borrow a database for reading; raises WarehouseMissing, WarehouseBusy.

    Keep it for one page or one command: a waiting writer lets no new reader in, and waits for this one.
    """
    folder = Folder(root)
    path = folder.database(database)
    if not path.exists():
        raise WarehouseMissing(root)
    with Turnstile(root, database).reading(timeout_s=READ_WAIT_S, tell=tell):
        connection = _connect(path, {"memory_limit": READER_MEMORY})
        try:
            connection.execute("set TimeZone = 'UTC'")
            yield Reader(connection, folder)
        finally:
            connection.close()


def _connect(path: Path, config: dict[str, str]) -> Connection:
    """Open a database for reading; raises BrokenDatabase when the file is none, or is damaged."""
    try:
        return duckdb.connect(str(path), read_only=True, config={**OFFLINE, **config})
    except (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException) as error:
        raise BrokenDatabase(path, str(error).splitlines()[0]) from error


@contextmanager
def open_writer(  # noqa: PLR0913 - who holds what, why, since when, and whom to tell: all of it is needed
    folder: Folder,
    database: Database,
    connection: duckdb.DuckDBPyConnection,
    *,
    purpose: str,
    now: datetime,
    tell: Tell = silent,
) -> Iterator[None]:
    """Attach a database to a staging connection and hold it alone, at its newest schema, until the block ends.

    Its tables are then the ones that statements name. Checkpoints before letting go: readers would replay the log.
    Raises WarehouseBusy, WarehouseUnwritable, UnsafeFolder.
    """
    folder.create()
    check_locks_work(folder.root)
    turnstile = Turnstile(folder.root, database)
    with io_errors(folder.root), turnstile.writing(purpose, timeout_s=WRITE_WAIT_S, tell=tell):
        quoted = str(folder.database(database)).replace("'", "''")
        connection.execute(f"attach '{quoted}' as {HELD}")
        connection.execute(f"use {HELD}")
        try:
            migrate(connection, database, now=now)
            yield
            connection.execute(f"checkpoint {HELD}")
        finally:
            connection.execute("use memory")
            connection.execute(f"detach {HELD}")


@contextmanager
def open_staging(folder: Folder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own in memory, which spills into the warehouse's spool; raises WarehouseUnwritable."""
    folder.create()
    spill = folder.spool / f"spill-{os.getpid()}"
    with io_errors(folder.root):
        connection = duckdb.connect(config={**OFFLINE, "memory_limit": WRITER_MEMORY, "temp_directory": str(spill)})
        try:
            connection.execute("set TimeZone = 'UTC'")
            run(connection, "macros")
            yield connection
        finally:
            connection.close()
            shutil.rmtree(spill, ignore_errors=True)


@contextmanager
def io_errors(root: Path) -> Iterator[None]:
    """Turn a full disk or a read-only folder into a message for a person; raises WarehouseUnwritable."""
    try:
        yield
    except (duckdb.IOException, duckdb.FatalException) as error:
        raise WarehouseUnwritable(root, str(error).splitlines()[0]) from error
    except OSError as error:
        raise WarehouseUnwritable(root, error.strerror or str(error)) from error


@contextmanager
def _stopwatch(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt a query that runs too long."""
    timer = threading.Timer(QUERY_TIMEOUT_S, connection.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise QueryTimeout(QUERY_TIMEOUT_S) from error
    finally:
        timer.cancel()
