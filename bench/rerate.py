"""Re-rates: filling in a rate that was missing, and a recorded run, in a warehouse of ten million rows and more.

A log is loaded as any other; its rows are then repeated under other keys, tasks and later times until there are
enough, and the rollups rebuilt. One seller's rows of the last 30 days get a model that no card knows.
"""

import json
import os
import shutil
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

import duckdb

from bench.ingest import NOW
from bench.lines import STEPS, write_lines
from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import open_staging, open_writer, silent
from warehouse.folder import Folder
from warehouse.rerate_basis import card_basis, unpriced_basis
from warehouse.rerate_runs import Label, fill_unpriced, preview, record
from warehouse.rollups import rebuild
from warehouse.scope import Scope
from warehouse.transaction import transaction

ROWS = int(os.environ.get("BENCH_RERATE_ROWS", "10000000"))
SEED_ROWS = 100_000 // STEPS * STEPS
SECONDS_APART = 2.5
DAYS = 30
SELLER, MODEL = "deepseek", "unheard-of-1"
FILE = "usage.duckdb"
# A task has so many calls, two and a half seconds apart: a copy goes on where the one before it ended.
REPEAT = """
    insert into usage by name
    select
        * replace (
            md5(concat(record_key, '-', $copy)) as record_key, concat(response_id, '-', $copy) as response_id,
            concat(task, '-', $copy) as task, concat(session_id, '-', $copy) as session_id,
            start_at + to_milliseconds(cast($copy as bigint) * $apart) as start_at)
    from usage
    where file_id = 1 and line <= $seed and start_at < $seed_end
    order by start_at
"""
UNKNOWN = """
    update usage
    set model_served = $model, model_requested = $model, rate_id = null, costing = 'unknown', currency = null,
        unpriced_reason = 'no rate', cost_read = null, cost_low = null, cost_high = null
    where seller = $seller and start_at >= $since
"""
CARD = """
seller: deepseek
models:
  unheard-of-1:
    - valid_from: 2026-01-01T00:00:00Z
      currency: USD
      per_mtok: {{input: "{0}", cache_read: "0.{0}", output: "{0}.5"}}
      source: made up for a measurement
      checked: 2026-11-22
      confidence: contract
"""


class Measured(NamedTuple):
    """One step on one copy of the warehouse."""

    seconds: float
    cpu_s: float
    calls: int
    growth: float
    """Of the file, as a share of what it was."""
    peak_mib: float


def build(log: Path, work: Path) -> None:
    """The warehouse that the other steps are measured in; kept for the next time."""
    root = work / f"rerate-{ROWS}"
    if (root / "built.json").exists():
        return
    shutil.rmtree(root, ignore_errors=True)
    seed = work / "rerate.jsonl"
    write_lines(seed, SEED_ROWS)
    for loaded in load_files(root, [seed], Options(), now=NOW, tell=silent):
        assert loaded.error is None, loaded.error
    folder = Folder(root)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="a measurement", now=NOW),
        transaction(staging),
    ):
        staging.execute("set preserve_insertion_order = true")
        ((first,),) = staging.execute("select min(start_at) from usage").fetchall()
        length = timedelta(seconds=SEED_ROWS * SECONDS_APART)
        for copy in range(1, -(-ROWS // SEED_ROWS)):
            values = {"copy": copy, "apart": int(length.total_seconds() * 1000), "seed": SEED_ROWS}
            staging.execute(REPEAT, {**values, "seed_end": first + length})
        ((last,),) = staging.execute("select max(start_at) from usage").fetchall()
        since = (last - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
        staging.execute(UNKNOWN, {"model": MODEL, "seller": SELLER, "since": since})
        rebuild(staging, "UTC")
    (root / "built.json").write_text(json.dumps([since.date().isoformat(), last.date().isoformat()]))


def fill(log: Path, work: Path) -> None:
    """Price what had no rate, in place."""
    root = work / "rerate"
    began = _clocks()
    calls = fill_unpriced(root, _scope(root), _label("fill"))
    _say(root, began, calls)


def show_fill(log: Path, work: Path) -> None:
    """The difference that a fill would make, as the command shows it first."""
    root = work / "rerate"
    began = _clocks()
    outcome = preview(root, unpriced_basis(root), _scope(root), tell=silent)
    _say(root, began, outcome.changed)


def run(log: Path, work: Path) -> None:
    """A recorded run of the same calls under another card, once its difference was shown."""
    root = work / "rerate"
    basis = card_basis(root, work / "other.yaml")
    outcome = preview(root, basis, _scope(root), tell=silent)
    began = _clocks()
    kept = record(root, basis, _scope(root), _label("run"), expected=outcome)
    _say(root, began, kept.changed)


def show_run(log: Path, work: Path) -> None:
    """The difference that the run would show."""
    root = work / "rerate"
    began = _clocks()
    outcome = preview(root, card_basis(root, work / "other.yaml"), _scope(root), tell=silent)
    _say(root, began, outcome.changed)


def fresh(work: Path) -> int:
    """A copy of the warehouse, with a card for what had none; gives the size of its file."""
    shutil.rmtree(work / "rerate", ignore_errors=True)
    shutil.copytree(work / f"rerate-{ROWS}", work / "rerate")
    cards = Folder(work / "rerate").own_cards
    cards.mkdir(exist_ok=True)
    (cards / "new.yaml").write_text(CARD.format(2))
    (work / "other.yaml").write_text(CARD.format(3))
    return (work / "rerate" / FILE).stat().st_size


def _scope(root: Path) -> Scope:
    since, until = (date.fromisoformat(day) for day in json.loads((root / "built.json").read_text()))
    return Scope(since, until, (("model", (MODEL,)),))


def _label(name: str) -> Label:
    return Label(name, "the bench", "30 days of one model", datetime(2026, 11, 23), silent)


def _clocks() -> tuple[float, float]:
    """On the wall and on the processors, once DuckDB has imported pandas: it does when it is first given a value."""
    duckdb.connect().execute("select $value", {"value": 1})
    return time.perf_counter(), time.process_time()


def _say(root: Path, began: tuple[float, float], calls: int) -> None:
    used = {"seconds": time.perf_counter() - began[0], "cpu_s": time.process_time() - began[1]}
    print(json.dumps({**used, "calls": calls, "bytes": (root / FILE).stat().st_size}))


TITLES = {
    "rerate.show_fill": "the difference of a fill, shown first",
    "rerate.fill": "the fill, in place, with its rollups",
    "rerate.show_run": "the difference of a run, shown first",
    "rerate.run": "the recorded run, with a second look at the difference",
}


def table(runs: dict[str, list[Measured]]) -> list[str]:
    """The results, for RESULTS.md."""
    rows = []
    for step, title in TITLES.items():
        wall, cpu = (median(getattr(one, name) for one in runs[step]) for name in ("seconds", "cpu_s"))
        growth, peak = (max(getattr(one, name) for one in runs[step]) for name in ("growth", "peak_mib"))
        calls = runs[step][0].calls
        rows.append(f"| {title} | {calls:,} | {wall:.2f} | {cpu:.2f} | {100 * growth:.2f} | {peak:.0f} |")
    return [
        f"## Re-rates: {DAYS} days of one model among {-(-ROWS // SEED_ROWS) * SEED_ROWS:,} rows",
        "",
        "The goal: at most 3 s each, and at most 1% of growth.",
        "",
        "| | calls | wall s | CPU s | growth of the file, % | peak MiB |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
