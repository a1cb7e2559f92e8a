"""What the tests of the warehouse run in processes of their own: loads with a trap in them, readers that poll."""

import importlib
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import duckdb

import warehouse.connection
from ingest.load import FileLoad, load_files
from ingest.options import Options
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.transaction import transaction

NOW = datetime(2026, 11, 22)
KILLED = int(signal.SIGKILL)


class Trap(NamedTuple):
    """What befalls a load, and where.

    ``point`` is ``before`` or ``after``, a blank, and one of ``sql:NAME`` (a file of ``warehouse/sql``),
    ``call:MODULE.FUNCTION``, ``statement:TEXT`` (how it begins) or ``commit``.
    """

    point: str
    nth: int = 1
    """Which time that the process comes by there."""
    signal: int | None = KILLED
    """Sent by the process to itself; None: it lives on."""
    after_s: float | None = None
    """The signal comes while the next step runs, so long after the point. None: at the point."""
    pause_s: float = 0.0
    """The process stops here for a while."""
    file_limit: int | None = None
    """From here on no file may grow past so many bytes: writing ends with an error..."""
    dies_of_it: bool = False
    """... or, in the middle of that write, with the death of the process."""


class Outcome(NamedTuple):
    """How a load ended."""

    loads: list[FileLoad]
    error: str | None
    interrupted: bool


def load(answers: Connection, root: Path, paths: list[Path], trap: Trap | None, settings: dict[str, Any]) -> None:
    """Load files; send each message of the load, and at the end its outcome."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background may inherit none
    for name in ("WRITER_MEMORY", "READ_WAIT_S", "WRITE_WAIT_S"):
        setattr(warehouse.connection, name, settings.pop(name, getattr(warehouse.connection, name)))
    if trap:
        _set(trap)
    loads: list[FileLoad] = []
    try:
        for one in load_files(root, paths, Options(**settings), now=NOW, tell=answers.send):
            loads.append(one)
        answers.send(Outcome(loads, None, interrupted=False))
    except WarehouseError as error:
        answers.send(Outcome(loads, f"{type(error).__name__}: {error}", interrupted=False))
    except KeyboardInterrupt:
        answers.send(Outcome(loads, None, interrupted=True))


class Poll(NamedTuple):
    """What one look at the warehouse saw."""

    waited_s: float
    by_day: int
    by_row: int
    by_task: int
    tasks_rolled_up: int
    tasks: int


POLL = (
    "select sum(cost) from usage_day_priced",
    "select sum(cost) from usage_priced where counted",
    "select sum(cost) from task_cost",
    "select count(*) from task_cost",
    "select count(distinct task) from usage",
)


def poll(answers: Connection, root: Path, stop: Path, pause_s: float) -> None:
    """Look at the warehouse again and again until the file ``stop`` is there; send all that was seen."""
    seen = []
    while not stop.exists():
        began = time.monotonic()
        with open_reader(root) as reader:
            waited = time.monotonic() - began
            rows = [reader.row(query) for query in POLL]
        seen.append(Poll(waited, *(int(row[0]) for row in rows if row)))
        time.sleep(pause_s)
    answers.send(seen)


LONG = "range(1000000000000) where range % 7000000 = 3"


def be_interrupted(answers: Connection, root: Path, after_s: float, writing: bool) -> None:
    """Begin what takes hours, and get a Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background may inherit none
    try:
        threading.Timer(after_s, os.kill, (os.getpid(), signal.SIGINT)).start()
        _write_for_long(Folder(root)) if writing else _read_for_long(root)
    except KeyboardInterrupt:
        answers.send("interrupted")


def _read_for_long(root: Path) -> None:
    with open_reader(root) as reader:
        reader.rows(f"select count(*) from {LONG}")


def _write_for_long(folder: Folder) -> None:
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="trying", now=NOW):
        with transaction(staging):
            staging.execute(f"insert into meta select range, 'long' from {LONG}")


def hold_open(answers: Connection, path: Path) -> None:
    """Open a database as a program does that knows nothing of the turnstile."""
    with duckdb.connect(str(path)):
        answers.send("open")
        time.sleep(60)


def _set(trap: Trap) -> None:
    """Put the trap at its point, by wrapping what the product calls there."""
    when, what = trap.point.split(" ", 1)
    kind, _, name = what.partition(":")
    if kind == "call":
        module, function = name.rsplit(".", 1)
        original = getattr(importlib.import_module(module), function)
        _replace(original, _trapped(original, when, trap, lambda arguments: True))
    elif kind == "sql":
        original = importlib.import_module("warehouse.sqlfiles").run
        _replace(original, _trapped(original, when, trap, lambda arguments: arguments[1] == name))
    else:
        connect = duckdb.connect
        duckdb.connect = lambda *a, **k: _Watched(connect(*a, **k), trap, when, what)  # type: ignore


def _replace(original: FunctionType, wrapper: Callable[..., Any]) -> None:
    """Wherever the product has imported a function, the wrapper takes its place."""
    for module in [*sys.modules.values()]:
        if module.__name__.split(".")[0] in ("ingest", "warehouse"):
            for name, value in list(vars(module).items()):
                if value is original:
                    setattr(module, name, wrapper)


def _trapped(
    function: Callable[..., Any], when: str, trap: Trap, meant: Callable[[tuple[Any, ...]], bool]
) -> Callable[..., Any]:
    def wrapper(*arguments: Any, **options: Any) -> Any:
        hit = meant(arguments)
        if hit and when == "before":
            _spring(trap)
        result = function(*arguments, **options)
        if hit and when == "after":
            _spring(trap)
        return result

    return wrapper


class _Watched:
    """A connection that springs the trap at a statement, or at a commit."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, trap: Trap, when: str, what: str) -> None:
        self.connection = connection
        self.trap, self.when, self.what = trap, when, what

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, statement: Any, *parameters: Any) -> Any:
        hit = isinstance(statement, str) and f"statement:{statement}".startswith(self.what)
        return _trapped(self.connection.execute, self.when, self.trap, lambda arguments: hit)(statement, *parameters)

    def commit(self) -> Any:
        hit = self.what == "commit"
        return _trapped(self.connection.commit, self.when, self.trap, lambda arguments: hit)()


PASSED: list[Trap] = []
"""How often the process came by its trap: it springs once."""


def _spring(trap: Trap) -> None:
    PASSED.append(trap)
    if len(PASSED) != trap.nth:
        return
    time.sleep(trap.pause_s)
    if trap.file_limit is not None:
        if trap.dies_of_it:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (trap.file_limit, trap.file_limit))
    elif trap.signal is not None and trap.after_s is None:
        os.kill(os.getpid(), trap.signal)
    elif trap.signal is not None:
        threading.Timer(trap.after_s or 0.0, os.kill, (os.getpid(), trap.signal)).start()


def die_compacting(answers: Connection, root: Path, trap: Trap) -> None:
    """Write the usage database anew, with a trap on the way."""
    from warehouse.compact import compact

    _set(trap)
    compact(root, "usage", now=NOW, tell=answers.send)
    answers.send("compacted")


def die_deleting(answers: Connection, root: Path, cut: datetime, trap: Trap) -> None:
    """Delete what is from before an instant, with a trap on the way."""
    from warehouse.deletion import Which, delete
    from warehouse.entries import Author

    _set(trap)
    delete(root, Which(None, cut), Author("ann", NOW), closed=(), tell=answers.send)
    answers.send("deleted")
