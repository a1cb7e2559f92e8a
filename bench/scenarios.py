"""Scenarios: twenty what-ifs over ten million calls from the rollups, beside a scan of the rows for each."""

import time
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from app.scenario_traffic import Enquiry, ask_of
from app.scenarios import Basis, asking_of, read_basis, what_if_from
from planning.scenario import Scenario, read_scenario
from planning.what_if import evaluate
from warehouse.connection import Reader, open_reader, silent
from warehouse.scope import EVERYTHING

AT = "2026-07-01T00:00:00Z"
NOW = datetime(2026, 11, 23)
MANY = 20
TARGET = {"kind": "move", "seller": "novita", "model": "stepfun/step-3.7-flash"}
PICO = (200_000, 40_000, 1_150_000)
"""Input, cached input and output there on that day."""
# Numerators over MANY: `kept` twentieths of what was read from the cache still are.
SCAN = """
    select team, cast(sum(cast(
        $many * cast(input as hugeint) * $fresh
        + cast(coalesce(cache_read, 0) as hugeint) * (($many - $kept) * $fresh + $kept * $read)
        + $many * cast(output as hugeint) * $output as decimal(38, 0))) as decimal(38, 0))
    from usage
    where counted and granularity in ('request', 'iteration') and input is not null and output is not null
        and costing <> 'free'
    group by team
"""


def scenario(kept: int) -> Scenario:
    """Everything moved, and so many twentieths of the cached share left."""
    cache = {"kind": "cache", "where": {"seller": "novita"}, "times": str(kept / MANY)}
    return read_scenario({"name": f"{kept} of {MANY}", "rates_as_of": AT, "changes": [TARGET, cache]})


def scanned(reader: Reader, kept: int) -> int:
    """The same, row by row in SQL, each team's sum rounded once."""
    fresh, read, output = PICO
    values = {"many": MANY, "kept": kept, "fresh": fresh, "read": read, "output": output}
    return sum(round(Fraction(int(amount), MANY)) for _, amount in reader.rows(SCAN, values))


def table(root: Path, times: int) -> list[str]:
    """The results, for RESULTS.md; raises AssertionError where a scenario and its scan differ."""
    basis = read_basis(root, converts=False, tell=silent)
    with open_reader(root) as reader:
        calls = reader.rows("select count(*) from usage where counted")[0][0]
        cells = reader.rows("select count(*) from usage_hour")[0][0]
        alone, whole, again, scans = [], [], [], []
        for _ in range(times):
            totals, took = _timed(partial(_totals, asking_of(reader), basis))
            alone.append(took)
            ask = asking_of(reader)
            first, took = _timed(partial(_all, ask, basis))
            whole.append(took)
            # What was read is kept, as a page keeps it: a slider that moves only computes.
            second, took = _timed(partial(_all, ask, basis))
            again.append(took)
            row_sums, took = _timed(lambda: [scanned(reader, kept) for kept in range(MANY)])
            scans.append(took)
            assert totals == first == second == row_sums, "a scenario and its scan of the rows differ"
    return _section(calls, cells, [median(each) for each in (alone, whole, again, scans)])


def _totals(ask: Any, basis: Basis) -> list[int]:
    """The totals alone, as a scan has them."""
    enquiry = Enquiry(ask, basis)
    asked = [ask_of(enquiry, scenario(kept), EVERYTHING, NOW).question for kept in range(MANY)]
    return [evaluate(question).cost["USD"] for question in asked]


def _all(ask: Any, basis: Basis) -> list[int]:
    found = what_if_from(ask, basis, [scenario(kept) for kept in range(MANY)], EVERYTHING, NOW)
    assert all(bridge.adds_up for one in found for bridge in one.bridges)
    return [one.result.cost["USD"] for one in found]


def _timed(work: Callable[[], list[int]]) -> tuple[list[int], float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def _section(calls: int, cells: int, seconds: list[float]) -> list[str]:
    alone, whole, again, scans = seconds
    return [
        f"## Scenarios: {MANY} over {calls:,} calls, in {cells:,} cells of usage_hour",
        "",
        f"Everything moved to another seller, with {MANY} shares of the cache. Goal: at least 100 times faster",
        "than a scan of the rows for each, equal to it to the last pico-unit, and every bridge adding up.",
        "",
        "| | seconds | one scan of the rows for each, against it |",
        "|---|---|---|",
        f"| all {MANY}, the traffic read first | {alone:.2f} | {scans / alone:.0f} |",
        f"| all {MANY}, with bridges, the traffic read first | {whole:.2f} | {scans / whole:.0f} |",
        f"| all {MANY} again, with bridges, the traffic kept: as a slider moves | {again:.2f} | {scans / again:.0f} |",
        f"| one of them so | {again / MANY:.4f} | |",
        f"| {MANY} scans of the rows | {scans:.2f} | |",
        "",
    ]
