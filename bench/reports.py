"""Reports over ten million calls: what each command takes from its start to the written file, and at most in memory.

Each is a process of its own, as a person starts it: starting Python and importing what it needs is in the time. What is
imported is compiled before, as an installation does.
"""

import compileall
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from app.report_asked import Wanted, asked_of
from app.reporting import Report, make_report
from app.session import Session
from reports.formats import FORMATS, render_files
from reports.pdf import render_png
from warehouse.connection import silent

ROOT = Path(__file__).parents[1]
RUN = "from app.cli import main; main()"
PACKAGES = ("app", "analysis", "ingest", "planning", "pricing", "reports", "warehouse")
PERIOD = "2026"
"""Every call of the warehouse is of that year."""
NOW = "2026-11-23T00:00:00Z"
COMMANDS = {
    "procurement report, PDF": ("report", "procurement", "--period", PERIOD, "--format", "pdf"),
    "procurement report, workbook": ("report", "procurement", "--period", PERIOD, "--format", "xlsx"),
    "procurement report, HTML": ("report", "procurement", "--period", PERIOD, "--format", "html"),
    "procurement report, all three": ("report", "procurement", "--period", PERIOD, "--format", "pdf,xlsx,html"),
    "chargeback of July, PDF and CSV": ("report", "chargeback", "--month", "2026-07", "--format", "pdf,csv"),
    "feed of tasks, Parquet": ("export", "feed", "tasks", "--period", PERIOD),
    "FOCUS, Parquet": ("export", "focus", "--period", PERIOD, "--format", "parquet"),
    "FOCUS, CSV": ("export", "focus", "--period", PERIOD, "--format", "csv"),
}


class Took(NamedTuple):
    """What one run used, and what it wrote."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    size_mib: float


def table(large: Path, small: Path, times: int) -> list[str]:
    """The results on a large warehouse and on a small one, for RESULTS.md."""
    for package in PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    found: dict[str, dict[Path, list[Took]]] = {name: {large: [], small: []} for name in COMMANDS}
    for turn in range(times):
        for name, command in COMMANDS.items():
            for root in (large, small):
                took = run(root, command)
                found[name][root].append(took)
                print(f"{turn + 1}/{times} {root.name} {name}: {took.wall_s:.1f} s, {took.peak_mib:.0f} MiB")
    rows = [_row(name, of[large], of[small]) for name, of in found.items()]
    return [
        f"## Reports: over {_calls(large)} calls, and over {_calls(small)}",
        "",
        "From the start of the command to the written file; its modules are compiled before, as an installation does.",
        "Goal: a report over 10 million calls within 5 s, and no more memory than over few.",
        "",
        "| | wall s | CPU s | peak MiB | of the file, MiB | over fewer calls: wall s | peak MiB |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        *_rendered(small, times),
        "",
    ]


def _rendered(root: Path, times: int) -> list[str]:
    """Each format of one document, in this process, once everything is imported."""
    session = Session(root, datetime.fromisoformat(NOW).replace(tzinfo=None), now_given=True)
    report = make_report(root, asked_of(session, Wanted(PERIOD)).asked, session.now, FORMATS, tell=silent)
    taken: dict[str, list[float]] = {form: [] for form in FORMATS}
    for form in FORMATS:
        _render(report, form)
        for _ in range(times):
            taken[form].append(_render(report, form))
    pages = len(render_png(report.document, ppi=20))
    told = ", ".join(f"{form} {median(seconds):.2f} s" for form, seconds in taken.items())
    return [f"The same document of {pages} pages again, after imports: {told}. Goal: a PDF under 1 s."]


def _render(report: Report, form: str) -> float:
    began = time.perf_counter()
    (content,) = [content for _, content in render_files(report.document, "bench", [form], report.workings)]
    assert content
    return time.perf_counter() - began


def run(root: Path, command: tuple[str, ...]) -> Took:
    """One command in a process of its own; raises CalledProcessError where it fails."""
    to = root.parent / "reports"
    shutil.rmtree(to, ignore_errors=True)
    whole = [sys.executable, "-c", RUN, "--warehouse", str(root), "--now", NOW, *command, "--to", str(to)]
    began = time.perf_counter()
    process = subprocess.Popen(whole, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    if code := os.waitstatus_to_exitcode(status):
        raise subprocess.CalledProcessError(code, whole, stderr=said)
    size = sum(file.stat().st_size for file in to.iterdir())
    return Took(wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, size / 2**20)


def _row(name: str, large: list[Took], small: list[Took]) -> str:
    wall, cpu, peak, size = (median(each) for each in zip(*large, strict=True))
    cells = [f"{wall:.1f}", f"{cpu:.1f}", f"{peak:.0f}", f"{size:.2f}"]
    cells += [f"{median(each.wall_s for each in small):.1f}", f"{median(each.peak_mib for each in small):.0f}"]
    return f"| {name} | {' | '.join(cells)} |"


def _calls(root: Path) -> str:
    return f"{int(root.name.partition('-')[2]):,}"
