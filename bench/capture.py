"""The recorder: what it adds to a call, and that ten thousand calls with every fault are recorded to the last token."""

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from tests.sellers import Plan, serving

ROOT = Path(__file__).parents[1]
TURNS = int(os.environ.get("BENCH_CAPTURE_TURNS", "15"))
CALLS = int(os.environ.get("BENCH_CAPTURE_CALLS", "10000"))
PLANS = {
    "whole": Plan(chars=2_000),
    "stream": Plan(chars=2_000, chunks=200),
    "messages": Plan(chars=2_000, chunks=200),
}
TITLES = {
    "whole": "chat, no stream",
    "stream": "chat, a stream of 200 chunks",
    "messages": "Messages, a stream of 200 events",
}


def table(scratch: Path) -> list[str]:
    """The results, for RESULTS.md."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    return [
        "## capture",
        "",
        f"What the recorder adds to a call of the official clients (openai {version('openai')},",
        f"anthropic {version('anthropic')}) against a server in another process: CPU of the caller's whole process",
        "until the line is written, and what of that is on the caller's own thread, which waits for it. Median of",
        f"{TURNS} turns, each with and without the recorder.",
        "",
        "| | CPU, without | with | more | of it on the caller's thread |",
        "|---|---|---|---|---|",
        *_overhead(scratch),
        "",
        *_ledger(scratch),
        "",
    ]


def _overhead(scratch: Path) -> list[str]:
    with serving() as sellers:
        plans = json.dumps({name: plan.headers() for name, plan in PLANS.items()})
        program = [sys.executable, "-m", "bench.capture_calls", sellers.address, str(scratch / "overhead")]
        command = [*program, str(TURNS), plans]
        path = {"PYTHONPATH": str(ROOT / "capture")}
        done = subprocess.run(command, cwd=ROOT, env=os.environ | path, stdout=subprocess.PIPE, text=True, check=True)
    rows = []
    for kind, found in json.loads(done.stdout).items():
        without, with_ = found["plain"], found["recorded"]
        cpu = [median(turn[0] for turn in each) for each in (without, with_)]
        more = [median(b[n] - a[n] for a, b in zip(without, with_, strict=True)) for n in (0, 1)]
        cells = [f"{ms:.2f} ms" for ms in (*cpu, *more)]
        rows.append(f"| {TITLES[kind]} | {' | '.join(cells)} |")
    return rows


def _ledger(scratch: Path) -> list[str]:
    """Calls with every fault mixed in: the server's own ledger against the warehouse."""
    sys.path.append(str(ROOT / "capture"))
    from app.cli import run
    from tests.ledger_rows import differences, rows_in, rows_of, total
    from tests.recorded_calls import record_mixed

    began, warehouse = time.perf_counter(), scratch / "warehouse"
    attempts, left = record_mixed(CALLS, scratch / "mixed")
    recorded_s = time.perf_counter() - began
    assert run(["--warehouse", str(warehouse), "ingest", str(scratch / "mixed")]) == 0
    served, loaded = rows_of(attempts, left=left), rows_in(warehouse)
    wrong = differences(served, loaded)
    print("\n".join(wrong[:20]))
    failed = sum(attempt.outcome != "ok" for attempt in attempts)
    tokens, other = sum(total(served.values()).values()), sum(total(loaded.values()).values())
    return [
        "| every fault mixed in: the server's ledger against the warehouse | |",
        "|---|---|",
        f"| calls, attempts, of them not whole | {CALLS:,}, {len(attempts):,}, {failed:,} |",
        f"| tokens in the ledger, in the warehouse | {tokens:,}, {other:,} |",
        f"| attempts that are missing, too many, or told otherwise | {len(wrong)} |",
        f"| recorded in | {recorded_s:.0f} s |",
    ]
