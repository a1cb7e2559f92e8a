"""Live: 500 rows loaded every three seconds into ten million, while four readers ask; and memory after many loads."""

import gc
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import warehouse.connection
from bench import rerate
from bench.lines import write_lines
from ingest.follow import Follower
from ingest.options import Options
from warehouse.connection import open_reader, silent
from warehouse.upgrade import bring_up_to_date

ROWS_EACH = 500
EVERY_S = 3.0
READERS = 4
READER_PAUSE_S = 0.25
LOADS = int(os.environ.get("BENCH_LIVE_LOADS", "20"))
MANY_LOADS = int(os.environ.get("BENCH_LIVE_MANY", "300"))
NOW = datetime(2027, 4, 20)
QUESTION = "select sum(cost) from usage_day_priced"


class Load(NamedTuple):
    """One load."""

    cpu_s: float
    wall_s: float
    held_s: float
    """How long the writer held the database alone."""
    held_cpu_s: float
    """Its processor time meanwhile: what others do on the machine does not stretch it."""


class Hold(NamedTuple):
    """One stretch in which a writer held a database."""

    wall_s: float
    cpu_s: float


class Writer:
    """A log of calls that goes on where the warehouse's newest calls end."""

    def __init__(self, folder: Path, rows: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.log = folder / "live.jsonl"
        write_lines(folder / "seed", rows)
        self.lines = (folder / "seed").read_text().splitlines()
        (folder / "seed").unlink()
        self.written = 0
        self.began_s = (NOW - datetime(1970, 1, 1)).total_seconds()
        self.name = random.SystemRandom().getrandbits(40)

    def write(self) -> None:
        """Write the next calls at once."""
        with self.log.open("a") as file:
            for number in range(self.written, self.written + ROWS_EACH):
                call = json.loads(self.lines[number % len(self.lines)])
                call |= {
                    "time": self.began_s + number * EVERY_S / ROWS_EACH,
                    "task": f"live-{self.name}-{number // 12}",
                }
                call["response"]["id"] = f"live-{self.name}-{number}"
                file.write(json.dumps(call) + "\n")
        self.written += ROWS_EACH


def table(scratch: Path) -> list[str]:
    """The section of RESULTS.md."""
    root = scratch / "live"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(scratch / f"rerate-{rerate.ROWS}", root)
    bring_up_to_date(root, now=NOW, tell=silent)
    loads, waits = _with_readers(root, scratch)
    memory = _many(root, scratch)
    held, cpu = sorted(load.held_s for load in loads), [load.cpu_s for load in loads]
    alone = [load.held_s for load in memory.loads]
    return [
        f"## Live: {ROWS_EACH} rows every {EVERY_S:.0f} s into {rerate.ROWS:,}, {READERS} readers",
        "",
        "| | measured | goal |",
        "|---|---|---|",
        f"| errors of {len(waits):,} looks and {len(loads)} loads | 0 | 0 |",
        f"| readers wait, p50 | {_quantile(waits, 0.5):.2f} s | |",
        f"| readers wait, p95 | {_quantile(waits, 0.95):.2f} s | at most 0.6 s |",
        f"| the writer holds the database, p50 | {median(held):.2f} s | at most 0.8 s |",
        f"| the writer holds the database, longest | {held[-1]:.2f} s | |",
        f"| CPU of a load | {median(cpu):.2f} s | |",
        f"| CPU of it while the writer holds the database | {median(load.held_cpu_s for load in loads):.2f} s | |",
        f"| the writer holds it where nobody reads, p50 of {MANY_LOADS} loads | {median(alone):.2f} s | |",
        f"| memory of the watch after {memory.early_loads} loads | {memory.early_mib:.0f} MiB | |",
        f"| memory of the watch after {MANY_LOADS} loads | {memory.late_mib:.0f} MiB | steady |",
        "",
        f"A reader opens the warehouse, asks what each day cost and sleeps {READER_PAUSE_S} s; the wait is the time",
        "until it is let in. What others do on the machine meanwhile counts in full.",
        "",
    ]


class Memory(NamedTuple):
    """Of one process that loads again and again."""

    loads: list[Load]
    early_loads: int
    early_mib: float
    late_mib: float


def _with_readers(root: Path, scratch: Path) -> tuple[list[Load], list[float]]:
    writer = Writer(scratch / "live-logs", 20_000)
    stop = scratch / "live-stop"
    stop.unlink(missing_ok=True)
    follower = _follower(root, writer)
    with _holds() as held:
        writer.write()
        follower.round()  # the first load of a process compiles what all others need
        held.clear()
        command = [sys.executable, "-m", "bench.live", str(root), str(stop)]
        readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]
        loads = []
        for _ in range(LOADS):
            began = time.monotonic()
            writer.write()
            loads.append(_load(follower, held))
            time.sleep(max(0.0, EVERY_S - (time.monotonic() - began)))
    stop.touch()
    said = [reader.communicate()[0] for reader in readers]
    assert all(reader.returncode == 0 for reader in readers)
    return loads, [wait for text in said for wait in json.loads(text)]


def _many(root: Path, scratch: Path) -> Memory:
    """Loads without a pause, and what memory the process holds early and late."""
    writer = Writer(scratch / "live-logs", 20_000)
    follower = _follower(root, writer)
    early, early_mib, loads = MANY_LOADS // 5, 0.0, []
    with _holds() as held:
        for number in range(1, MANY_LOADS + 1):
            writer.write()
            loads.append(_load(follower, held))
            if number == early:
                early_mib = _resident_mib()
    return Memory(loads, early, early_mib, _resident_mib())


def _follower(root: Path, writer: Writer) -> Follower:
    return Follower(root, [str(writer.log)], Options(), clock=lambda: NOW, tell=silent)


def _load(follower: Follower, held: list[Hold]) -> Load:
    held.clear()
    cpu_s, wall_s = time.process_time(), time.monotonic()
    assert follower.round().rows == ROWS_EACH
    return Load(time.process_time() - cpu_s, time.monotonic() - wall_s, held[-1].wall_s, held[-1].cpu_s)


@contextmanager
def _holds() -> Iterator[list[Hold]]:
    """How long each writer holds its database."""
    found: list[Hold] = []
    attached = warehouse.connection.attached

    @contextmanager
    def timed(*arguments: object) -> Iterator[None]:
        began, cpu_s = time.monotonic(), time.process_time()
        with attached(*arguments):  # type: ignore[arg-type]
            yield
        found.append(Hold(time.monotonic() - began, time.process_time() - cpu_s))

    warehouse.connection.attached = timed  # type: ignore[assignment]
    try:
        yield found
    finally:
        warehouse.connection.attached = attached


def _resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def read(root: Path, stop: Path) -> None:
    """A reader's process: asks until it is told to stop, and prints how long it waited each time."""
    waits = []
    while not stop.exists():
        began = time.monotonic()
        with open_reader(root) as reader:
            waits.append(time.monotonic() - began)
            reader.row(QUESTION)
        time.sleep(READER_PAUSE_S)
    print(json.dumps(waits))


if __name__ == "__main__":
    read(Path(sys.argv[1]), Path(sys.argv[2]))
