"""The blend of a plan and its first days, held against real daily series; skipped where they are not here."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from planning.launch_actual import blend
from tests.test_planning_launch_actual import LEVEL, launches

DAYS = 60
ORIGINS, MISTAKES = 4, 2
WRONG = 0.5
"""How far the plan's level is from the series': the standard deviation of its logarithm."""


def stretches(shared):
    """Sixty days of each series, from several origins; none that begins with nothing."""
    series: dict[str, list[float]] = {}
    for row in pq.read_table(shared / "datasets" / "daily_series" / "daily_series.parquet").to_pylist():
        if row["y"] is not None:
            series.setdefault(row["series"], []).append(row["y"])
    for name in sorted(series):
        days = np.array(series[name])
        if len(days) < DAYS:
            continue
        for origin in np.linspace(0, len(days) - DAYS, ORIGINS).astype(int):
            found = days[origin : origin + DAYS]
            if found.min() >= 0 and found[:7].sum() > 0 and found[14:].sum() > 0:
                yield found / found.sum()


@pytest.mark.parametrize("seen", [7, pytest.param(14, marks=pytest.mark.long)])
def test_the_blend_beats_both_on_real_series(shared, seen):
    """Web, transport, sales and load: level for the most part, which is where a run-rate is at its best."""
    plan, _ = launches(LEVEL, 0)
    middle, planned = np.median(plan.totals), float(np.median(plan.paths[:, seen:].sum(axis=1)))
    off = np.random.default_rng(5)
    errors, within = [], []
    for stretch in stretches(shared):
        for mistake in off.normal(0, WRONG, MISTAKES):
            course = stretch * middle * np.exp(mistake)
            said = blend(plan, [round(cost) for cost in course[:seen]])
            guesses = np.array([said.total.p50 - said.spent, planned, said.run_rate - said.spent], dtype=float)
            errors.append(np.abs(np.log(np.maximum(guesses, 1) / course[seen:].sum())))
            within.append(said.total.p10 - said.spent <= course[seen:].sum() <= said.total.p90 - said.spent)
    blended, by_plan, by_run_rate = np.mean(errors, axis=0)
    assert len(errors) > 100
    assert blended < by_run_rate and blended < 0.7 * by_plan
    assert 0.65 < np.mean(within) < 0.95
