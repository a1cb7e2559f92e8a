"""Opens the two databases: readers through the turnstile, one writer at a time, staging apart from both."""

import errno
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import duckdb

from warehouse.copies import keep_before_upgrade
from warehouse.errors import (
    BrokenDatabase,
    QueryTimeout,
    WarehouseBusy,
    WarehouseError,
    WarehouseMissing,
    WarehouseOld,
    WarehouseUnwritable,
)
from warehouse.folder import Folder
from warehouse.locks import Tell, Turnstile, check_locks_work
from warehouse.migrate import migrate, pending
from warehouse.sqlfiles import run

if TYPE_CHECKING:
    import pyarrow as pa

Database = Literal["usage", "state"]
Connection = duckdb.DuckDBPyConnection
"""A connection, for those who hand one on without speaking SQL."""
READ_WAIT_S = 120.0
WRITE_WAIT_S = 600.0
QUERY_TIMEOUT_S = 60.0
BATCH_ROWS = 50_000
"""Rows of a long answer that are held at a time."""
READER_MEMORY = "1GB"
LEAN_MEMORY = "64MB"
"""So much that reading a report takes hardly more of it the more calls there are: what is read is let go of sooner."""
WRITER_MEMORY = "750MB"
"""So much that a file of 1 GB already reaches it: a longer one takes longer, and no more memory."""
Answer = TypeVar("Answer")
Config = dict[str, str | bool | int | float | list[str]]
OFFLINE: Config = {"autoinstall_known_extensions": "false"}
"""DuckDB fetches nothing by itself."""
IN_UTC = "set TimeZone = 'UTC'"
NO_PROGRESS = "set enable_progress_bar = false"
"""Where Python runs without a script, as a page's jobs do, its bar would stand in what a command prints."""
HELD = "held"
"""The name under which a writer attaches the database it holds."""
OUT_OF_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
HELD_ELSEWHERE = re.compile(r"Conflicting lock is held in (.*?\(PID \d+\))")
"""How DuckDB names a program that has the file open and knows no turnstile."""
THREADS = "TOLLBOOK_THREADS"
"""How many threads one query or load may use: for a machine that does other work beside."""
MOST_THREADS = 1024
_READERS: ContextVar[int] = ContextVar("readers that are open side by side", default=1)
PROCESS = secrets.token_hex(8)
"""Tells this process's spill from that of others: process numbers repeat, over time and between containers."""


def silent(message: str) -> None:
    """Say nothing: for callers with nobody to tell."""


class Reader:
    """A read-only connection, held for one page or one command: what it reads is one state of the data."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
        self.connection = connection
        self.folder = folder
        self.chosen: object = None
        """Whose tasks stand in the temporary table of those in scope: they are not put together twice."""

    def rows(self, text: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a query; raises QueryTimeout."""
        with _stopwatch(self.connection):
            return self.connection.execute(text, parameters or {}).fetchall()

    def columns(self, text: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        """All rows of a query of numbers, a NumPy array per column; raises QueryTimeout."""
        with _stopwatch(self.connection):
            return self.connection.execute(text, parameters or {}).fetchnumpy()

    def batches(self, text: str, parameters: dict[str, Any] | None = None) -> "Iterator[pa.RecordBatch]":
        """All rows of a query, so many at a time: memory stays flat however many there are. Raises QueryTimeout."""
        with _stopwatch(self.connection):
            found = iter(self.connection.execute(text, parameters or {}).to_arrow_reader(BATCH_ROWS))
        while True:
            with _stopwatch(self.connection):
                batch = next(found, None)
            if batch is None:
                return
            yield batch

    def row(self, text: str, parameters: dict[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The first row of a query, or None; raises QueryTimeout."""
        with _stopwatch(self.connection):
            return self.connection.execute(text, parameters or {}).fetchone()


_HELD: ContextVar[Reader | None] = ContextVar("the reader that holds the usage database for others", default=None)


@contextmanager
def open_reader(root: Path, database: Database = "usage", *, tell: Tell = silent) -> Iterator[Reader]:
    """Borrow a database for reading; raises WarehouseMissing, WarehouseOld, WarehouseNewer, WarehouseBusy.

    Keep it for one page or one command: a waiting writer lets no new reader in, and waits for this one.
    """
    folder = Folder(root)
    path = folder.database(database)
    if (held := _HELD.get()) and (held.folder, "usage") == (folder, database):
        with _beside(held) as reader:
            yield reader
        return
    if not path.exists() and not folder.restoring.exists():
        raise WarehouseMissing(root)
    with Turnstile(root, database).reading(timeout_s=READ_WAIT_S, tell=tell):
        folder.refuse_half_restored()
        connection = _connect_to_read(folder, database)
        try:
            with _keyboard_interrupts():
                connection.execute(IN_UTC)
                if pending(connection, database):
                    raise WarehouseOld(root, database)
            yield Reader(connection, folder)
        finally:
            _close(connection)


@contextmanager
def _beside(held: Reader) -> Iterator[Reader]:
    """One more connection to a database that is held: with temporary tables and a Ctrl-C of its own."""
    connection = held.connection.cursor()
    try:
        with _keyboard_interrupts():
            connection.execute(IN_UTC)
            connection.execute(NO_PROGRESS)
        yield Reader(connection, held.folder)
    finally:
        _close(connection)


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

    Its tables are then the ones that statements name. A copy is kept of one of an older schema. Checkpoints before
    letting go: readers would replay the log.
    Raises WarehouseBusy, WarehouseUnwritable, UnsafeFolder.
    """
    folder.create()
    check_locks_work(folder.root)
    path = folder.database(database)
    turnstile = Turnstile(folder.root, database)
    with io_errors(folder.root), turnstile.writing(purpose, timeout_s=WRITE_WAIT_S, tell=tell):
        folder.refuse_half_restored()
        _sweep_reader_spill(folder, database)
        if not path.exists():
            _create(path, database, connection, now)
        with attached(connection, path):
            behind = pending(connection, database)
            if not behind:
                migrate(connection, database, now=now)
                yield
                _checkpoint(connection, folder)
        if behind:
            keep_before_upgrade(folder, database, now, tell=tell)
            with attached(connection, path):
                migrate(connection, database, now=now)
                yield
                _checkpoint(connection, folder)


def read_together(root: Path, readers: int, work: Callable[[], Answer], *, tell: Tell = silent) -> Answer:
    """What work comes to that opens so many readers at a time, all of one state of the data; raises as ``open_reader``.

    In little memory, and where that does not do, once more in as much as a single reader has.
    """
    try:
        with side_by_side(root, readers, LEAN_MEMORY, tell=tell):
            return work()
    except duckdb.OutOfMemoryException:
        with side_by_side(root, readers, READER_MEMORY, tell=tell):
            return work()


@contextmanager
def side_by_side(root: Path, readers: int, memory: str = READER_MEMORY, *, tell: Tell = silent) -> Iterator[None]:
    """Hold the usage database for so many readers at a time, opened within: all of them read one state of the data.

    Threads have a part in it whose context is a copy of the caller's. Such readers wait for no writer, and are open at
    once; they share the cores, for more threads in each would wait for one another, and the memory.
    """
    share = _READERS.set(readers)
    try:
        with open_reader(root, tell=tell) as reader:
            reader.connection.execute(f"set memory_limit = '{memory}'")
            held = _HELD.set(reader)
            try:
                yield
            finally:
                _HELD.reset(held)
    finally:
        _READERS.reset(share)


@contextmanager
def open_staging(folder: Folder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own in memory, which spills into the warehouse's spool; raises WarehouseUnwritable."""
    with folder.scratch() as scratch, io_errors(folder.root):
        config: Config = {"memory_limit": WRITER_MEMORY, "temp_directory": str(scratch / "spill")}
        connection = _connected(":memory:", config)
        try:
            connection.execute(IN_UTC)
            run(connection, "macros")
            yield connection
        finally:
            _close(connection)


@contextmanager
def open_copy(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database file that nobody else has open, such as a copy; raises BrokenDatabase."""
    with _opening(path):
        connection = _connected(str(path), {"memory_limit": READER_MEMORY})
    try:
        yield connection
    finally:
        _close(connection)


@contextmanager
def io_errors(root: Path) -> Iterator[None]:
    """Turn a full disk or a read-only folder into a message for a person; raises WarehouseUnwritable.

    What goes wrong with other files, such as the log that is read, passes as it is.
    """
    try:
        with _keyboard_interrupts():
            yield
    except duckdb.OutOfMemoryException as error:
        raise WarehouseUnwritable(root, f"there is no room for scratch files ({_cause(error)})") from error
    except (duckdb.IOException, duckdb.FatalException, duckdb.TransactionException) as error:
        if "No files found" in str(error):
            raise FileNotFoundError(errno.ENOENT, "the file went away while it was read") from error
        raise WarehouseUnwritable(root, _cause(error)) from error
    except OSError as error:
        if error.errno in OUT_OF_ROOM:
            raise WarehouseUnwritable(root, error.strerror or str(error)) from error
        raise


def _connect_to_read(folder: Folder, database: Database) -> duckdb.DuckDBPyConnection:
    """Open a database for reading; raises BrokenDatabase when the file is none, or is damaged, WarehouseBusy.

    Its spill is this process's own, because processes that share one destroy each other's.
    """
    spool = folder.spool if os.access(folder.spool, os.W_OK) else Path(tempfile.gettempdir())
    spill = str(spool / f"read-{database}-{PROCESS}-{os.getpid()}")
    config: Config = {"memory_limit": READER_MEMORY, "temp_directory": spill}
    path = folder.database(database)
    with _opening(path), _keyboard_interrupts():
        return _connected(str(path), config, read_only=True)


def _connected(path: str, config: Config, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that fetches nothing and prints nothing."""
    connection = duckdb.connect(path, read_only=read_only, config={**OFFLINE, **_threads(), **config})
    connection.execute(NO_PROGRESS)
    return connection


def _threads() -> Config:
    """As the environment says, else one for each core that is free; raises WarehouseError where it says no number."""
    said = os.environ.get(THREADS, "").strip()
    if not said:
        readers = _READERS.get()
        return {"threads": max((os.cpu_count() or 1) // readers, 1)} if readers > 1 else {}
    if not said.isdecimal() or not 1 <= int(said) <= MOST_THREADS:
        raise WarehouseError(f"{THREADS} is {said!r}: give a whole number from 1 to {MOST_THREADS}, or leave it out")
    return {"threads": int(said)}


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Say what is wrong with a database file that does not open; a full disk passes as it is."""
    try:
        yield
    except (duckdb.IOException, duckdb.SerializationException, duckdb.InternalException) as error:
        if stranger := HELD_ELSEWHERE.search(str(error)):
            raise WarehouseBusy(path.stem, stranger.group(1), 0.0) from error
        if _system_cause(error):
            raise
        raise BrokenDatabase(path, _cause(error)) from error


def _sweep_reader_spill(folder: Folder, database: Database) -> None:
    """Remove what killed readers left: none reads while a writer holds the database."""
    for path in folder.spool.glob(f"read-{database}-*"):
        shutil.rmtree(path, ignore_errors=True)


def _create(path: Path, database: Database, connection: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Make a database aside and rename it, so that a crash never leaves one that cannot be read."""
    draft = path.with_suffix(".new")
    for old in (draft, Path(f"{draft}.wal")):
        old.unlink(missing_ok=True)
    with attached(connection, draft):
        migrate(connection, database, now=now)
        connection.execute(f"checkpoint {HELD}")
    draft.replace(path)


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attach a database as the one that statements name, and let go of its file in any case."""
    quoted = str(path).replace("'", "''")
    try:
        with _opening(path):
            connection.execute(f"attach '{quoted}' as {HELD}")
        connection.execute(f"use {HELD}")
        yield
        _detach(connection)
    except BaseException:
        try:
            connection.interrupt()
            _detach(connection)
        except duckdb.Error:
            _close(connection)  # a database whose disk is full does not detach
        raise


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    """Close; what still runs after a Ctrl-C is told to stop, or closing would wait for it."""
    with suppress(duckdb.ConnectionException):  # it is closed already
        connection.interrupt()
        connection.close()


def _detach(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("use memory")
    connection.execute(f"detach {HELD}")


def _checkpoint(connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
    """Bring the log into the file. What was committed stays so when that fails: the next reader replays the log."""
    try:
        connection.execute(f"checkpoint {HELD}")
    except duckdb.Error as error:
        raise WarehouseUnwritable(folder.root, _cause(error), kept=True) from error


def _cause(error: Exception) -> str:
    """What the operating system said, where it said it; else the first line of the database's message."""
    return _system_cause(error) or str(error).splitlines()[0]


def _system_cause(error: Exception) -> str | None:
    text = str(error)
    return next((words for number in OUT_OF_ROOM if (words := os.strerror(number)) in text), None)


@contextmanager
def _keyboard_interrupts() -> Iterator[None]:
    """A Ctrl-C during a statement comes out of the database as an error of its own."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


@contextmanager
def _stopwatch(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Interrupt a query that runs too long."""
    timer = threading.Timer(QUERY_TIMEOUT_S, connection.interrupt)
    timer.daemon = True
    try:
        timer.start()
        with _keyboard_interrupts():
            yield
    except duckdb.InterruptException as error:
        raise QueryTimeout(QUERY_TIMEOUT_S) from error
    finally:
        timer.cancel()
