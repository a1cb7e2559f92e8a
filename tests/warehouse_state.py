"""What the tests of the warehouse compare: its state as a digest per table, and logs that touch all of it."""

import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from ingest.load import FileLoad, load_files
from ingest.options import Options
from tests.warehouse_child import NOW, Outcome, Trap, load
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.errors import WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Turnstile
from warehouse.rollups import rebuild
from warehouse.transaction import transaction

State = dict[str, tuple[int, int]]
ROLLUPS = ("usage_hour", "usage_day", "usage_day_detail", "task_rate", "task_cost", "dimension_value")
TABLES = ("usage", "ingest_file", "reject", *ROLLUPS)
PATIENCE_S = 60.0
START = 1_782_864_000
ROUTES = (
    ("https://api.stepfun.ai/v1", "step-3.7-flash"),
    ("https://api.novita.ai/openai", "stepfun/step-3.7-flash"),
    ("https://api.deepseek.com", "deepseek-v4-flash"),
)

PROCESSES = multiprocessing.get_context("forkserver")
# What a process needs is imported once, before any thread or connection is there; each process is a fork of that.
PROCESSES.set_forkserver_preload(["tests.warehouse_child", "pandas", "pyarrow"])


def envelope(number: int, *, full: bool = True) -> dict[str, Any]:
    """One call of a log; a record that is not ``full`` is the same call with less known."""
    base_url, model = ROUTES[number % 3]
    prompt, completion = 1_000 + number * 37 % 50_000, 20 + number % 900
    usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    record = {
        "time": START + number * 40,
        "base_url": base_url,
        "task": f"task-{number // 9}",
        "response": {"id": f"chatcmpl-{number}", "object": "chat.completion", "model": model, "usage": usage},
    }
    more = {"team": f"team-{number % 4}", "user": f"user-{number % 20}", "step": number % 9, "latency_ms": 900}
    return record | more if full else record


def write_log(path: Path, numbers: range, *, repeated: range = range(0), rough: bool = False) -> Path:
    """A log of calls, some of them seen before; a rough one says one twice, and has lines to read again or reject."""
    lines = [json.dumps(envelope(number, full=number % 5 != 0)) for number in numbers]
    lines += [json.dumps(envelope(number)) for number in repeated]
    if rough:
        two = [json.dumps(envelope(number)) for number in (numbers.stop, numbers.stop + 1)]
        lines[3:3] = ['{"response": {"id": "cut', "".join(two), "no JSON at all", lines[0]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load_here(root: Path, *paths: Path) -> list[FileLoad]:
    """Load files in this process."""
    return list(load_files(root, paths, Options(), now=NOW, tell=lambda message: None))


def state_of(root: Path) -> State:
    """Rows and digest of each table that has rows; what the cards say is no part of it."""
    try:
        with open_reader(root) as reader:
            found = {name: reader.rows(f"select count(*), sum(hash({name})) from {name}")[0] for name in TABLES}
    except WarehouseMissing:
        return {}
    return {name: (int(rows), int(digest)) for name, (rows, digest) in found.items() if rows}


def rebuilt_state(root: Path, beside: Path) -> State:
    """The state of a copy whose rollups were built again from the rows alone."""
    folder = Folder(shutil.copytree(root, beside))
    with open_staging(folder) as staging, open_writer(folder, "usage", staging, purpose="rebuilding", now=NOW):
        with transaction(staging):
            rebuild(staging, "UTC")
    return state_of(beside)


def is_free(root: Path) -> bool:
    """Whether nobody holds the database: a writer gets in at once."""
    with Turnstile(root, "usage").writing("looking", timeout_s=0.0, tell=lambda message: None):
        return True


def spool_of(root: Path) -> list[str]:
    """What lies in the spool, and drafts beside the databases; the spool's own lock stays."""
    return sorted(path.name for path in [*(root / "spool").iterdir(), *root.glob("*.new*")] if path.name != "lock")


class Child:
    """A process of a test's own, and what it says."""

    def __init__(self, process: ForkServerProcess, answers: Connection) -> None:
        assert process.pid is not None
        self.process = process
        self.pid = process.pid
        self.answers = answers
        self.told: list[str] = []

    def hear(self) -> Any:
        """The next thing it says; EOFError when it ended without a word."""
        assert self.answers.poll(PATIENCE_S), "the process says nothing"
        return self.answers.recv()

    def wait_for(self, text: str) -> str:
        """Its next message with this text."""
        while text not in (message := self.hear()):
            assert isinstance(message, str), f"it ended: {message}"
        return message

    def outcome(self) -> Outcome | None:
        """How its load ended; None when it was killed. Its messages are in ``told``."""
        try:
            while isinstance(message := self.hear(), str):
                self.told.append(message)
        except EOFError:
            return None
        finally:
            self.process.join(PATIENCE_S)
        assert isinstance(message, Outcome)
        assert self.process.exitcode == 0
        return message


@contextmanager
def child(function: Callable[..., None], *arguments: Any) -> Iterator[Child]:
    """Run a function in a process; it is killed if it still runs when the block ends."""
    ours, theirs = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=function, args=(theirs, *arguments))
    process.start()
    theirs.close()
    try:
        yield Child(process, ours)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


@contextmanager
def loading(root: Path, *paths: Path, trap: Trap | None = None, **settings: Any) -> Iterator[Child]:
    """Load files in a process."""
    with child(load, root, list(paths), trap, settings) as process:
        yield process
