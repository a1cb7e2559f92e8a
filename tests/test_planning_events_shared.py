"""Proposals on real daily series: zeros that are news are asked about, and a launch is found where it was planted."""

from datetime import timedelta

import duckdb
import numpy as np
import pytest

from planning.events import RESTARTS
from planning.proposals import propose
from planning.traffic import MEASURES, Cell, Traffic, traffic_of

HISTORY = 120
OFTEN_ZERO = {"intermittent", "retail_DE", "retail_cust14911", "retail_cust17841"}


@pytest.fixture(scope="module")
def windows(shared):
    """Per series: five histories of 120 days, evenly spread; a mean of 200 requests a day at least."""
    file = str(shared / "datasets" / "daily_series" / "daily_series.parquet")
    rows = duckdb.connect().execute("select series, day, y from read_parquet($1) order by 1, 2", [file]).fetchall()
    days: dict[str, dict] = {}
    for series, day, value in rows:
        days.setdefault(series, {})[day] = value
    found = {}
    for series, values in days.items():
        first, last = min(values), max(values)
        whole = np.array([values.get(first + timedelta(days=at), 0.0) for at in range((last - first).days + 1)])
        whole *= max(1.0, 200 / whole.mean())
        if len(whole) > HISTORY:
            ends = np.linspace(HISTORY, len(whole), 5).astype(int)
            found[series] = [traffic(whole[end - HISTORY : end], first + timedelta(int(end) - HISTORY)) for end in ends]
    return found


def traffic(values, first) -> Traffic:
    counts = np.zeros((1, len(MEASURES), len(values)), dtype=np.int64)
    counts[0, 0] = np.rint(values)
    return traffic_of(first, (Cell("s", "m", "t"),), counts, np.zeros((1, len(MEASURES)), dtype=np.int64))


def test_three_days_of_zeros_ask_wherever_zeros_are_news(windows):
    asked = {}
    for series, held in windows.items():
        for each in held:
            each.counts[:, :, -3:] = 0
        asked[series] = [any("ended" in one.choices for one in propose(each, ())) for each in held]
    assert len(asked) >= 10
    assert [series for series, said in asked.items() if series not in OFTEN_ZERO and not all(said)] == []
    assert [series for series, said in asked.items() if series in OFTEN_ZERO and any(said)] == []


def test_a_threefold_launch_is_proposed_on_its_fifth_day_in_most_series(windows):
    found = []
    for held in windows.values():
        for each in held:
            if not each.counts[:, :, -8:].any():
                continue
            each.counts[:, :, -8:-3] *= 3
            seen = each.until(each.through - timedelta(days=3))
            launches = [one.event.first for one in propose(seen, ()) if one.event.kind in RESTARTS]
            found.append(any(abs((first - seen.through).days + 4) <= 1 for first in launches))
    assert sum(found) / len(found) > 0.6
