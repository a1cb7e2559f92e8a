"""The goals of the projection on a part of the shared series; `make bench-forecast` measures all of them."""

from statistics import mean, median

import pytest

from bench.forecast import scores
from bench.forecast.cells import HISTORIES, HORIZONS, cells
from bench.forecast.methods import WITHOUT, ours
from bench.forecast.months import AS_OF, month_ends
from bench.forecast.planted import launches, outages
from bench.forecast.series import daily_series


@pytest.fixture(scope="module")
def series(shared):
    return daily_series(shared)


@pytest.fixture(scope="module")
def long_cells(series):
    return [cell for cell in cells(series, (28, 90), (30,))]


@pytest.fixture(scope="module")
def months(series):
    return month_ends(series, every=4)


def mean_score(over, forecasts):
    found = (scores.score(forecast, cell.actual) for cell, forecast in zip(over, forecasts, strict=True))
    return scores.mean([score for score in found if score is not None])


@pytest.mark.parametrize("horizon", HORIZONS)
def test_days_are_nearer_than_without_a_method_and_bands_are_honest(series, horizon):
    over = cells(series, HISTORIES[::2], (horizon,))
    mine = mean_score(over, ours(over)[0])
    for simple in WITHOUT.values():
        assert mine.wape < mean_score(over, [simple(cell) for cell in over]).wape
    assert 0.7 < mine.covered80 < 0.9
    assert mine.interval_score < 0.2


def test_month_ends_are_nearer_than_run_rate_early_on_and_bands_are_honest(months):
    for as_of in AS_OF[:3]:
        seen = [month for month in months if month.as_of == as_of]
        assert mean(month.ours for month in seen) < mean(month.run_rate for month in seen)
    assert mean(month.ours for month in months) < mean(month.run_rate for month in months)
    assert 0.75 < mean(month.covered80 for month in months) < 0.85
    assert mean(mean(month.brier_of_actual) for month in months) < 0.12


def test_one_lost_day_hardly_moves_a_month(long_cells):
    found = outages(long_cells[::3])
    assert median(one.unmarked for one in found) <= 0.03
    assert median(one.masked for one in found) <= 0.03


def test_a_marked_launch_is_followed_after_five_days(long_cells):
    found = launches(long_cells)
    assert median(one.error for one in found) <= 0.25
    assert mean(one.covered80 for one in found) >= 0.75
