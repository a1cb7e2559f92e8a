"""The backtest: what was forecast as of past days, from what was known then, against what came."""

from datetime import date, timedelta

import numpy as np
import pytest

from planning.backtest import backtest
from planning.course import EVERYTHING, Group
from planning.events import Event
from planning.prices import Prices
from planning.traffic import MEASURES, Cell, Traffic, traffic_of
from pricing.meters import METERS

FIRST = date(2026, 8, 3)
CELLS = (Cell("novita", "glm", "search"), Cell("stepfun", "step-3.7-flash", "chat"))
RATE = 200_000
"""Pico-units per input token."""


def traffic(days: int, level: tuple[int, int] = (1000, 400)) -> Traffic:
    """Two cells with quiet weekends and some noise, a thousand tokens a call."""
    noise = np.random.default_rng(3).normal(0, 0.05, (2, days))
    shape = np.where(np.arange(days) % 7 >= 5, 0.4, 1.0)
    counts = np.zeros((2, len(MEASURES), days), dtype=np.int64)
    counts[:, 0, :] = np.rint(np.array([[level[0]], [level[1]]]) * shape * np.exp(noise))
    counts[:, 1, :] = counts[:, 0, :] * 1000
    return traffic_of(FIRST, CELLS, counts, np.zeros((2, len(MEASURES)), dtype=np.int64))


def prices(seen: Traffic, *, cut_on: int | None = None) -> Prices:
    """One rate of both cells, on ten days; a tenth of it from a day on."""
    pico = np.zeros((2, len(METERS), 10), dtype=np.int64)
    pico[:, 0, :] = RATE
    if cut_on is not None:
        pico[:, 0, cut_on:] //= 10
    return Prices(seen.through + timedelta(days=1), {"USD": pico}, np.zeros((2, 10)), ())


def scored(seen: Traffic, *events: Event, group: Group = EVERYTHING, **own: int) -> dict:
    return {each.horizon: each for each in backtest(seen, prices(seen, **own), events, group, "USD")}


def test_steady_traffic_is_forecast_well_and_the_band_covers_it():
    found = scored(traffic(100))
    for horizon, trials in (("7 days", 8), ("30 days", 8), ("month's end", 8)):
        score = found[horizon]
        assert (len(score.trials), score.why_not) == (trials, None)
        assert score.error is not None and score.error < 0.05
        assert score.covered >= 6
    # Weekends make a week-long run-rate fair, but not one from the middle of a week.
    assert found["month's end"].run_rate > found["month's end"].error


def test_what_came_is_priced_at_the_first_projected_days_rates():
    seen = traffic(60)
    plain, cut = scored(seen), scored(seen, cut_on=3)
    assert plain["7 days"].trials == cut["7 days"].trials
    trial = plain["7 days"].trials[0]
    columns = slice((trial.first - FIRST).days, (trial.last - FIRST).days + 1)
    assert trial.actual == int(seen.counts[:, 1, columns].sum()) * RATE // 1000


def test_a_month_end_holds_the_days_that_were_known():
    trial = scored(traffic(100))["month's end"].trials[-1]
    assert (trial.first, trial.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert trial.as_of == date(2026, 10, 25)
    assert trial.low > 0.7 * trial.actual
    assert trial.last_period is not None


def test_a_part_has_a_backtest_of_its_own():
    seen = traffic(60)
    team, all_traffic = scored(seen, group=Group("team", "chat")), scored(seen)
    assert team["7 days"].trials[0].actual < all_traffic["7 days"].trials[0].actual / 2


def test_nothing_is_known_before_it_happened():
    """An event helps from its day on; before it, the forecast is as wrong as it was."""
    seen = traffic(60)
    seen.counts[:, :, 30:] *= 3
    launch = Event(1, "launch", FIRST + timedelta(days=30), None)
    without, marked = scored(seen)["7 days"].trials, scored(seen, launch)["7 days"].trials
    for before, after in zip(without, marked, strict=True):
        if before.as_of < launch.first:
            assert before == after
        if before.as_of > launch.first + timedelta(days=6):
            assert abs(after.middle - after.actual) < abs(before.middle - before.actual) + before.actual / 100


@pytest.mark.parametrize(
    ("days", "horizon", "words"),
    [
        (20, "7 days", "20 whole days of history; 21 are needed"),
        (40, "30 days", "40 whole days of history; 44 are needed"),
        (20, "month's end", "no month has ended yet"),
    ],
)
def test_too_short_a_history_is_said(days, horizon, words):
    score = scored(traffic(days))[horizon]
    assert score.trials == () and score.error is None
    assert words in str(score.why_not)


def test_a_group_without_traffic_is_said():
    found = backtest(traffic(60), prices(traffic(60)), (), EVERYTHING, "CNY")
    assert [each.why_not for each in found] == ["it has no traffic in this currency"] * 3
