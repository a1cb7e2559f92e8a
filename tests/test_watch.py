"""``tollbook watch`` as a process: how it ends, what it says of itself, and that no kill loses or doubles a line."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.tollbook_command import Tollbook
from tests.warehouse_state import child, envelope, rebuilt_state, state_of, write_log
from tests.watch_child import watch
from warehouse.connection import open_reader

ROOT = Path(__file__).parents[1]
RUN = "from app.cli import main; main()"
PATIENCE_S = 90.0


@pytest.fixture
def root(first_warehouse: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first_warehouse, tmp_path / "warehouse")


@contextmanager
def watching(root: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", RUN, "--warehouse", str(root), "watch", "--every", "0.2", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heartbeat(root: Path) -> dict:
    """What the newest watch says of itself; {} before it began."""
    files = list((root / "watch").glob("*.json"))
    return json.loads(files[0].read_text()) if files else {}


def wait_for_rows(root: Path, rows: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while heartbeat(root).get("rows", 0) < rows:
        assert time.monotonic() < until, heartbeat(root)
        time.sleep(0.1)


def stored(root: Path) -> Sequence[tuple]:
    with open_reader(root) as reader:
        return reader.rows(
            "select count(*), count(distinct response_id) from usage where response_id <> 'chatcmpl-999999'"
        )


def test_it_loads_what_is_written_and_ends_on_sigterm(root, tmp_path):
    log = tmp_path / "logs" / "app.jsonl"
    log.parent.mkdir()
    with watching(root, "--json", log.parent) as process:
        write_log(log, range(7))
        wait_for_rows(root, 7)
        assert heartbeat(root)["paths"] == [str(log.parent)] and heartbeat(root)["pid"] == process.pid
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    (said,) = map(json.loads, out.splitlines())
    assert said["rows"] == 7 and said["files"][0]["source"] == "openai_compatible" and said["waiting"] == []
    told = heartbeat(root)
    assert told["ended"] and told["last_load"] and (told["kind"], told["files"]) == ("watch", 1)
    assert stored(root) == [(7, 7)]


def test_once_loads_what_is_there_and_ends(root, tmp_path, capsys):
    log = write_log(tmp_path / "app.jsonl", range(3))
    with log.open("a") as file:
        file.write(json.dumps(envelope(3)) + "\n" + json.dumps(envelope(4))[:50])
    tollbook = Tollbook(root, capsys)
    assert tollbook.json("watch", log, "--once")["files"][0]["loaded"] == 4
    assert tollbook("watch", log, "--once") == 0 and "nothing new" in tollbook.err
    assert f"nothing was loaded from: {log}" in tollbook.err
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(log.read_bytes())
    assert tollbook.json("watch", copy, "--once") == {"files": [], "known": [str(copy)]}
    assert tollbook("watch", tmp_path / "none.jsonl", "--once") == 0 and "no log is there" in tollbook.err
    with log.open("a") as file:
        file.write(json.dumps(envelope(4))[50:])
    assert tollbook.json("watch", log, "--once")["files"][0]["loaded"] == 1, "its line feed alone is missing"


def test_what_cannot_be_watched_is_a_mistake(root, capsys):
    tollbook = Tollbook(root, capsys)
    assert tollbook("watch", "-") == 2 and "standard input" in tollbook.err


class Writer:
    """A process that writes calls into a log, often half a line, and rotates it at times."""

    def __init__(self, folder: Path, seed: int) -> None:
        folder.mkdir()
        self.log = folder / "app.jsonl"
        self.log.touch()
        self.draw = random.Random(seed)
        self.calls, self.half = 0, ""

    def write(self) -> None:
        """Twenty calls, all but the end of the last one."""
        numbers = range(self.calls, self.calls + 20)
        text = self.half + "".join(json.dumps(envelope(number)) + "\n" for number in numbers)
        cut = self.draw.randrange(1, 200)
        self.calls, self.half = numbers.stop, text[-cut:]
        with self.log.open("a") as file:
            file.write(text[:-cut])

    def end_line(self) -> None:
        with self.log.open("a") as file:
            file.write(self.half)
        self.half = ""

    def rotate(self, number: int) -> None:
        self.end_line()
        self.log.rename(self.log.with_name(f"app.jsonl.{number}"))
        self.log.touch()


def wait_until_begun(root: Path, pid: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while heartbeat(root).get("pid") != pid:
        assert time.monotonic() < until
        time.sleep(0.05)


def wait_until_stored(root: Path, calls: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while stored(root) != [(calls, calls)]:
        assert time.monotonic() < until, (stored(root), calls)
        time.sleep(0.2)


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_kills_at_any_moment_lose_nothing_and_double_nothing(kills, root, tmp_path):
    """While a writer appends, at times half a line, and rotates."""
    writer = Writer(tmp_path / "logs", seed=kills)
    for kill in range(kills):
        with child(watch, root, writer.log.parent) as process:
            wait_until_begun(root, process.pid)
            until = time.monotonic() + writer.draw.uniform(0.0, 2.0)
            while time.monotonic() < until:
                writer.write()
                time.sleep(0.15)
            os.kill(process.pid, signal.SIGKILL)
        if kill % 3 == 1:
            writer.rotate(kill)
    writer.end_line()
    with child(watch, root, writer.log.parent) as process:
        wait_until_stored(root, writer.calls)
        os.kill(process.pid, signal.SIGTERM)
        process.process.join(PATIENCE_S)
        assert process.process.exitcode == 0
    with open_reader(root) as reader:
        assert reader.rows("select coalesce(sum(rejected), 0), sum(already_there) from ingest_file") == [(0, 0)]
    assert rebuilt_state(root, tmp_path / "rebuilt") == state_of(root)


def unit_in_the_guide() -> str:
    return (ROOT / "docs" / "watch.md").read_text().split("```ini\n")[1].split("```")[0]


def test_the_unit_in_the_guide_may_write_where_its_warehouse_is():
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(unit_in_the_guide())
    assert unit.sections() == ["Unit", "Service", "Install"]
    command = unit["Service"]["ExecStart"].split()
    assert command[0].startswith("/") and "watch" in command
    warehouse = command[command.index("--warehouse") + 1]
    assert unit["Service"]["ReadWritePaths"] == warehouse, "all else is read-only to it"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_in_the_guide_is_one_that_systemd_takes(tmp_path):
    unit = tmp_path / "tollbook-watch.service"
    unit.write_text(unit_in_the_guide())
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and unit.name not in done.stderr, done.stderr
