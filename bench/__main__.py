"""``make bench``: measures everything side by side, and writes bench/RESULTS.md."""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import (
    agents,
    anomalies,
    capacity,
    capture,
    effort,
    escalation,
    formats,
    ingest,
    launch,
    live,
    pricing,
    projection,
    reports,
    rerate,
    rollups,
    scenarios,
    web,
)
from bench.forecast import table as forecast
from bench.lines import write_lines

HERE = Path(__file__).parent
SCRATCH = HERE / "scratch"
LINES = int(os.environ.get("BENCH_LINES", "1000000"))
SECTIONS = os.environ.get(
    "BENCH_SECTIONS",
    "ingest,pricing,rerates,memory,formats,agents,projection,anomalies,escalation,effort,scenarios,capacity,launch,"
    "capture,live,reports,web",
).split(",")
"""What to measure; the results of other sections stay as they are."""
MEMORY_LINES = int(os.environ.get("BENCH_MEMORY_LINES", "820000"))
"""Lines of a file of 1 GB; the other one is five times as long."""
TIMES = int(os.environ.get("BENCH_TIMES", "3"))
PACKAGES = ("duckdb", "pyarrow", "pydantic", "genai-prices", "orjson")


class Run(NamedTuple):
    """What one measured process used."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    said: str


def measure(step: str, log: Path, work: Path) -> Run:
    """Run one step in a process of its own."""
    command = [sys.executable, "-m", "bench", step, str(log), str(work)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    return Run(**json.loads(done.stderr.splitlines()[-1]), said=done.stdout.strip())


def run_step(step: str, log: Path, work: Path) -> None:
    """The measured process: does one step, and says on stderr what it used."""
    began_s, cpu_s = time.perf_counter(), time.process_time()
    module, _, name = step.rpartition(".")
    getattr({"": ingest, "rerate": rerate}[module], name)(log, work)
    used = {
        "cpu_s": time.process_time() - cpu_s,
        "wall_s": time.perf_counter() - began_s,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(used), file=sys.stderr)


def interleaved(steps: Sequence[str], log: Path, work: Path) -> dict[str, list[Run]]:
    """Every step several times, in turn, the warehouse fresh for each turn."""
    runs: dict[str, list[Run]] = {step: [] for step in steps}
    for turn in range(TIMES):
        shutil.rmtree(work / "warehouse", ignore_errors=True)
        for step in steps:
            run = measure(step, log, work)
            runs[step].append(run)
            print(f"{turn + 1}/{TIMES} {step}: {run.cpu_s:.1f} s CPU, {run.wall_s:.1f} s, {run.peak_mib:.0f} MiB")
    return runs


def _rerates() -> list[str]:
    """Every step of a re-rate, each time on a fresh copy of the warehouse; the results, for RESULTS.md."""
    measure("rerate.build", SCRATCH, SCRATCH)
    found: dict[str, list[rerate.Measured]] = {step: [] for step in rerate.TITLES}
    for turn in range(TIMES):
        size = rerate.fresh(SCRATCH)
        for step in rerate.TITLES:
            run = measure(step, SCRATCH, SCRATCH)
            said = json.loads(run.said)
            growth, size = said["bytes"] / size - 1, said["bytes"]
            found[step].append(rerate.Measured(said["seconds"], said["cpu_s"], said["calls"], growth, run.peak_mib))
            print(f"{turn + 1}/{TIMES} {step}: {said['seconds']:.2f} s, {100 * growth:.2f}%, {run.peak_mib:.0f} MiB")
    return rerate.table(found)


def _scenarios() -> list[str]:
    """On the warehouse of the re-rates, which is only read."""
    measure("rerate.build", SCRATCH, SCRATCH)
    return scenarios.table(SCRATCH / f"rerate-{rerate.ROWS}", TIMES)


def _live() -> list[str]:
    """On a copy of the warehouse of the re-rates."""
    measure("rerate.build", SCRATCH, SCRATCH)
    return live.table(SCRATCH)


def _reports() -> list[str]:
    """On the warehouse of the re-rates, which is only read, and on one of a hundredth of its calls."""
    measure("rerate.build", SCRATCH, SCRATCH)
    fewer = rerate.ROWS // 100
    command = [sys.executable, "-m", "bench", "rerate.build", str(SCRATCH), str(SCRATCH)]
    subprocess.run(command, cwd=HERE.parent, env={**os.environ, "BENCH_RERATE_ROWS": str(fewer)}, check=True)
    return reports.table(SCRATCH / f"rerate-{rerate.ROWS}", SCRATCH / f"rerate-{fewer}", TIMES)


def _web() -> list[str]:
    """On the warehouse of the re-rates, which is only read."""
    measure("rerate.build", SCRATCH, SCRATCH)
    return web.table(SCRATCH / f"rerate-{rerate.ROWS}", rerate.ROWS)


def main() -> None:
    """Measure, and write the results."""
    SCRATCH.mkdir(exist_ok=True)
    results = HERE / "RESULTS.md"
    found = _sections(results.read_text()) if results.exists() else {}
    made = {
        "ingest": _ingest,
        "pricing": _pricing,
        "rerates": _rerates,
        "memory": _memory,
        "formats": _formats,
        "agents": _agents,
        "projection": _projection,
        "anomalies": anomalies.table,
        "escalation": escalation.table,
        "effort": effort.table,
        "capacity": capacity.table,
        "launch": launch.table,
        "capture": _capture,
        "forecast": _forecast,
        "scenarios": _scenarios,
        "live": _live,
        "reports": _reports,
        "web": _web,
    }
    for name in SECTIONS:
        section = made[name]()
        found |= _sections("\n".join(section))
    text = "\n".join([*_heading(), *(line for lines in found.values() for line in lines)]).rstrip() + "\n"
    results.write_text(text)
    print(text)


def _sections(text: str) -> dict[str, list[str]]:
    """The sections of a page, by the first word of their titles."""
    found: dict[str, list[str]] = {}
    for part in text.split("\n## ")[0 if text.startswith("## ") else 1 :]:
        part = part.removeprefix("## ")
        found[part.split(maxsplit=1)[0].rstrip(":")] = [*f"## {part}".rstrip().splitlines(), ""]
    return found


def _ingest() -> list[str]:
    clean, dirty, fifth = SCRATCH / "clean.jsonl", SCRATCH / "dirty.jsonl", SCRATCH / "fifth.jsonl"
    print(f"writing {LINES:,} lines")
    write_lines(clean, LINES)
    write_lines(dirty, LINES, bad_every=100)
    write_lines(fifth, LINES // 5)
    runs = interleaved(("bare", "whole", "known_file", "known_records", "with_pydantic", "with_orjson"), clean, SCRATCH)
    runs["dirty"] = interleaved(("whole",), dirty, SCRATCH)["whole"]
    runs["fifth"] = interleaved(("whole",), fifth, SCRATCH)["whole"]
    return _ingest_table(runs, clean)


def _pricing() -> list[str]:
    """Of pricing and of the rollups: both on what one load left."""
    clean = SCRATCH / "clean.jsonl"
    write_lines(clean, LINES)
    shutil.rmtree(SCRATCH / "warehouse", ignore_errors=True)
    measure("whole", clean, SCRATCH)
    return [*_pricing_table(SCRATCH / "warehouse"), *_rollup_table(SCRATCH / "warehouse")]


def _memory() -> list[str]:
    """Peaks of two loads, of a file and of one five times as long; the files are not kept."""
    found: list[tuple[int, Run]] = []
    for lines in (MEMORY_LINES, 5 * MEMORY_LINES):
        log = SCRATCH / "memory.jsonl"
        write_lines(log, lines)
        shutil.rmtree(SCRATCH / "warehouse", ignore_errors=True)
        found.append((log.stat().st_size, measure("whole", log, SCRATCH)))
        log.unlink()
        print(f"{found[-1][0] / 1e9:.2f} GB: {found[-1][1].peak_mib:.0f} MiB")
    rows = [f"| {size / 1e9:.2f} GB | {run.wall_s:.0f} | {run.peak_mib:.0f} |" for size, run in found]
    ratio = found[1][1].peak_mib / found[0][1].peak_mib
    goal = f"Peak of the longer against the shorter: {ratio:.2f} (goal: at most 1.10, and at most 1,536 MiB)."
    return ["## Memory of a load", "", "| file | wall s | peak MiB |", "|---|---|---|", *rows, "", goal, ""]


def _formats() -> list[str]:
    return formats.table(SCRATCH, TIMES)


def _agents() -> list[str]:
    return agents.table(SCRATCH, TIMES)


def _capture() -> list[str]:
    return capture.table(SCRATCH / "capture")


def _projection() -> list[str]:
    return projection.table(TIMES)


def _forecast() -> list[str]:
    """Only when it is asked for: the peers' answers take an hour the first time."""
    return forecast.section(HERE.parent.parent / "shared", SCRATCH / "forecast")


def _heading() -> list[str]:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return [
        "# Results of `make bench`",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {machine}; {packages}. Ratios of one run, median of {TIMES}.",
        "",
    ]


def _ingest_table(runs: dict[str, list[Run]], log: Path) -> list[str]:
    cpu = {step: median(run.cpu_s for run in found) for step, found in runs.items()}
    wall = {step: median(run.wall_s for run in found) for step, found in runs.items()}
    peak = {step: max(run.peak_mib for run in found) for step, found in runs.items()}
    size = log.stat().st_size / LINES
    rows = [
        ("DuckDB's own typed read_json (bare)", "bare"),
        ("the whole pipeline", "whole"),
        ("the same with 1% of lines that nobody can read", "dirty"),
        ("a fifth of the lines", "fifth"),
        ("the same file again", "known_file"),
        ("the same file again, manifest off", "known_records"),
        ("peer: orjson, pydantic for each row, Arrow", "with_pydantic"),
        ("peer: orjson for each row, Arrow", "with_orjson"),
    ]
    table = [f"| {name} | {cpu[step]:.1f} | {wall[step]:.1f} | {peak[step]:.0f} |" for name, step in rows]
    ratios = [
        ("speed against bare, CPU", cpu["bare"] / cpu["whole"], "at least 0.6"),
        ("speed against bare, wall", wall["bare"] / wall["whole"], ""),
        ("CPU of the peer with pydantic against ours", cpu["with_pydantic"] / cpu["whole"], "at least 2"),
        ("CPU of the peer with orjson against ours", cpu["with_orjson"] / cpu["whole"], "at least 1.25"),
        ("time with bad lines against clean", cpu["dirty"] / cpu["whole"], "at most 1.35"),
        ("time of the same file again", wall["known_file"] / wall["whole"], "at most 0.05"),
        ("peak memory against a fifth of the file", peak["whole"] / peak["fifth"], ""),
    ]
    goals = [f"| {name} | {ratio:.2f} | {goal} |" for name, ratio, goal in ratios]
    return [
        f"## Ingest: {LINES:,} lines of {size:.0f} bytes",
        "",
        "| | CPU s | wall s | peak MiB |",
        "|---|---|---|---|",
        *table,
        "",
        "| ratio | measured | goal |",
        "|---|---|---|",
        *goals,
        "",
    ]


def _pricing_table(warehouse: Path) -> list[str]:
    priced, constant, rows = pricing.scans(warehouse)
    per_row = pricing.against_genai_prices(warehouse)
    joined = pricing.against_joins(warehouse, SCRATCH)
    found = pricing.totals(warehouse)
    return [
        f"## Pricing: {rows:,} rows",
        "",
        "| | measured | goal |",
        "|---|---|---|",
        f"| scan at each row's rate against a constant price | {priced / constant:.2f} | at most 4 |",
        f"| genai-prices, per row, against ours | {per_row.peer / per_row.ours:,.0f} | at least 1,000 |",
        f"| litellm, per row, against ours | {_ratio(joined.litellm_row, per_row.ours)} | at least 1,000 |",
        f"| pandas merge_asof, same calls and total, against ours | {joined.pandas / joined.ours:.1f} | at least 4 |",
        f"| polars join_asof, same calls and total, against ours | {_ratio(joined.polars, joined.ours)} | at least 4 |",
        f"| different totals over 3 thread counts and 2 row orders | {len(found) - 1} | 0 |",
        "",
        f"Beside the packages above: {joined.versions}. Ours sums every row at its stored rate; the joins look",
        "each call's rate up by seller, model and time in tables in memory, as one does whose rows have no rate.",
        "",
    ]


def _ratio(peer: float | None, ours: float) -> str:
    """Of two times; a peer that cannot be installed has none."""
    return "not installed" if peer is None else f"{peer / ours:,.1f}"


def _rollup_table(warehouse: Path) -> list[str]:
    rows = [
        f"| {asked.question} | {asked.rollup_ms:.1f} | {asked.rows_ms:.1f} | {asked.rows_ms / asked.rollup_ms:.0f} |"
        for asked in rollups.ask(warehouse)
    ]
    return ["## Rollups", "", "| question | rollup ms | rows ms | ratio |", "|---|---|---|---|", *rows, ""]


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_step(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
