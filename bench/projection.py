"""Speed of a projection: 200 series of 90 made-up days, 1,000 paths of 30 days, priced and added up."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import numpy as np

from planning.course import EVERYTHING, Group
from planning.paths import fit
from planning.prices import Prices
from planning.projection import project
from planning.traffic import MEASURES, Cell, Traffic, traffic_of
from pricing.meters import METERS

CELLS, MEASURED = 50, ("requests", "input", "cache_read", "output")
DAYS, HORIZON, PATHS = 90, 30, 1000
FIRST = date(2026, 8, 1)


def made_traffic() -> Traffic:
    """Four measures of each cell, with a weekday pattern and noise."""
    rng = np.random.default_rng(3)
    counts = np.zeros((CELLS, len(MEASURES), DAYS), dtype=np.int64)
    week = np.where(np.arange(DAYS) % 7 < 5, 1.2, 0.5)
    for place in range(CELLS):
        calls = 1000 * week * np.exp(rng.normal(0, 0.2, DAYS))
        for measure, each in zip(MEASURED, (1, 900, 2100, 300), strict=True):
            counts[place, MEASURES.index(measure)] = np.rint(calls * each)
    cells = tuple(Cell("seller", f"model-{place % 10}", f"team-{place // 10}") for place in range(CELLS))
    return traffic_of(FIRST, cells, counts, np.zeros(counts.shape[:2], dtype=np.int64))


def table(times: int) -> list[str]:
    """Median seconds, for RESULTS.md."""
    traffic = made_traffic()
    pico = np.zeros((CELLS, len(METERS), HORIZON), dtype=np.int64)
    pico[:, [METERS.index(name) for name in MEASURED[1:]], :] = 400_000
    first = traffic.first + timedelta(days=DAYS)
    prices = Prices(first, {"USD": pico}, np.zeros((CELLS, HORIZON)), ())
    used = traffic.counts[:, [MEASURES.index(name) for name in MEASURED]].reshape(-1, DAYS).astype(float)
    keys = [str(row) for row in range(len(used))]
    cells = [row // len(MEASURED) for row in range(len(used))]
    groups = {EVERYTHING: range(CELLS)} | {Group("cell", str(place)): [place] for place in range(CELLS)}

    def paths() -> None:
        fit(used, 0, keys, cells).sample(range(len(used)), HORIZON, paths=PATHS)

    def priced() -> None:
        project(traffic, prices, HORIZON, groups, paths=PATHS)

    rows = [
        ("sample paths", _seconds(paths, times), "at most 4"),
        (f"the same, priced and added up by {len(groups)} groups", _seconds(priced, times), ""),
    ]
    return [
        f"## Projection: {len(used)} series of {DAYS} days, {PATHS:,} paths of {HORIZON} days",
        "",
        "| | s | goal |",
        "|---|---|---|",
        *(f"| {name} | {seconds:.2f} | {goal} |" for name, seconds, goal in rows),
        "",
    ]


def _seconds(step: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        step()
        found.append(time.perf_counter() - began)
    return median(found)
