"""Sessions of Claude Code: ours against ccusage on one folder, same totals, seconds of CPU of the whole commands."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.sessions import write_sessions
from warehouse.connection import open_reader

LINES = int(os.environ.get("BENCH_SESSION_LINES", "100000"))
PEERS = os.environ.get("BENCH_CCUSAGE", "20.0.24,18.0.11").split(",")
"""Versions of the npm package ccusage: the newest with a binary for Linux, which is compiled, and a last of scripts."""
KINDS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
MAIN = "from app.cli import main; main()"
TOTALS = """
    select coalesce(model_served, '') || case when service_tier = 'fast' then '-fast' else '' end as model,
        sum(input), sum(output),
        sum(coalesce(cache_write, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)), sum(cache_read)
    from usage group by all"""

Totals = dict[str, tuple[int, ...]]


class Taken(NamedTuple):
    """What one command used, and what it said."""

    cpu_s: float
    wall_s: float
    said: str


def table(scratch: Path, times: int) -> list[str]:
    """The results, for RESULTS.md."""
    corpus, work = scratch / "sessions", scratch / "sessions-warehouse"
    shutil.rmtree(corpus, ignore_errors=True)
    files = write_sessions(corpus, LINES)
    commands = {f"ccusage {version}": command for version in PEERS if (command := _peer(scratch, version))}
    ours = [sys.executable, "-c", MAIN, "--warehouse", str(work)]
    commands |= {
        "ours: the first load, into a new warehouse": [*ours, "ingest", str(corpus / "projects"), "--json"],
        "ours: the same folder again": [*ours, "ingest", str(corpus / "projects"), "--json"],
        "ours: tokens and cost per model, of what is loaded": [*ours, "cost", "--by", "model", "--json"],
    }
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for turn in range(times):
        shutil.rmtree(work, ignore_errors=True)
        for name, command in commands.items():
            used = _take(command, {"CLAUDE_CONFIG_DIR": str(corpus)})
            taken[name].append(used)
            print(f"{turn + 1}/{times} {name}: {used.cpu_s:.2f} s CPU, {used.wall_s:.2f} s")
    found = _own_totals(work)
    rows = [_row(name, runs, found) for name, runs in taken.items()]
    size = sum(path.stat().st_size for path in corpus.rglob("*.jsonl")) / 1e6
    return [
        f"## Agents: {LINES:,} lines of Claude Code in {files:,} files, {size:.0f} MB",
        "",
        "| | CPU s | wall s | totals per model and kind of token |",
        "|---|---|---|---|",
        *rows,
        "",
        "CPU of whole commands. ccusage reads every file for every report; a load reads each once, and stores every",
        "call with its rate.",
        "",
        "| CPU against the first ccusage above | measured | goal |",
        "|---|---|---|",
        *_ratios(taken),
        "",
    ]


def _row(name: str, runs: Sequence[Taken], ours: Totals) -> str:
    cpu, wall = median(run.cpu_s for run in runs), median(run.wall_s for run in runs)
    same = "" if name.startswith("ours") else _compared(_peer_totals(json.loads(runs[0].said)), ours)
    return f"| {name} | {cpu:.2f} | {wall:.2f} | {same} |"


def _ratios(taken: Mapping[str, Sequence[Taken]]) -> list[str]:
    cpu = {name: median(run.cpu_s for run in runs) for name, runs in taken.items()}
    first = next(iter(cpu.values()))
    own = {name.removeprefix("ours: "): used for name, used in cpu.items() if name.startswith("ours")}
    return [f"| {name} | {used / first:.2f} | at most 0.5 |" for name, used in own.items()]


def _compared(theirs: Totals, ours: Totals) -> str:
    if theirs == ours:
        return "the same as ours"
    over = sum(map(sum, theirs.values())) / sum(map(sum, ours.values())) - 1
    return f"{100 * over:+.2f}% against ours"


def _own_totals(work: Path) -> Totals:
    with open_reader(work) as reader:
        return {model: tuple(map(int, counts)) for model, *counts in reader.rows(TOTALS)}


def _peer_totals(said: Any) -> Totals:
    found: dict[str, Counter[str]] = {}
    for day in said["daily"]:
        for each in day["modelBreakdowns"]:
            found.setdefault(each["modelName"], Counter()).update({kind: each[kind] for kind in KINDS})
    return {model: tuple(counts[kind] for kind in KINDS) for model, counts in found.items() if sum(counts.values())}


def _peer(scratch: Path, version: str) -> list[str] | None:
    """The command of one version, in a folder of its own; None where it cannot be installed."""
    folder = scratch / f"ccusage-{version}"
    command = folder / "node_modules" / ".bin" / "ccusage"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"ccusage@{version}"]
        if not shutil.which("npm") or subprocess.run(install, capture_output=True).returncode:
            print(f"ccusage {version} cannot be installed: it is left out")
            return None
    return [str(command), "daily", "--json", "--offline"]


def _take(command: Sequence[str], environment: Mapping[str, str]) -> Taken:
    """Run a command; its CPU is that of the process and all it started."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Taken(cpu, time.perf_counter() - began, done.stdout)
