"""The daily series that the backtest is run on, gap-free."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

SHORTEST = 30
"""Days; a shorter series has no room for a history and a horizon."""
ZERO_WHERE_MISSING = ("retail_", "intermittent")
"""Shops closed; elsewhere a day without a value was not measured, and is interpolated."""
CLIENTS = 20
"""The busiest of each model of the traffic."""


class Series(NamedTuple):
    """One value a day."""

    name: str
    first: date
    values: NDArray[np.float64]


def daily_series(shared: Path) -> list[Series]:
    """Web, transport, sales and load, by name."""
    table = pq.read_table(shared / "datasets/daily_series/daily_series.parquet")
    found = []
    for name in sorted(set(table["series"].to_pylist())):
        rows = table.filter(pc.equal(table["series"], name))
        days = dict(zip(rows["day"].to_pylist(), rows["y"].to_pylist(), strict=True))
        series = _gap_free(name, days)
        if len(series.values) >= SHORTEST:
            found.append(series)
    return found


def _gap_free(name: str, days: dict[date, float]) -> Series:
    first, last = min(days), max(days)
    every = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if name.startswith(ZERO_WHERE_MISSING):
        return Series(name, first, np.array([days.get(day, 0.0) for day in every]))
    known = sorted(days)
    at = [(day - first).days for day in known]
    return Series(name, first, np.interp(range(len(every)), at, [days[day] for day in known]))


def traffic(shared: Path) -> list[Series]:
    """Requests a day of the busiest clients of two models; it has no calendar, so the first day is any Monday."""
    table = pq.read_table(
        shared / "datasets/traffic_servegen/trace.parquet", columns=["model", "client", "t_s", "rate_rps"]
    )
    found = []
    for model in ("m-large", "m-small"):
        rows = table.filter(pc.equal(table["model"], model))
        client, second, rate = (rows[name].to_numpy() for name in ("client", "t_s", "rate_rps"))
        days = np.zeros((client.max() + 1, 10))
        np.add.at(days, (client, second // 86400), rate * 600)
        for number in np.argsort(-days.sum(1), kind="stable")[:CLIENTS]:
            found.append(Series(f"{model} {number}", date(2024, 1, 1), days[number]))
    return found
