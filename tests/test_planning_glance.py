"""A period at a glance: exact where it is billed, along the paths where it is not, the plain figures beside it."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from planning.course import EVERYTHING, Course, LeftOut
from planning.glance import Period, before_of, daily, glance, month_after, month_of, quarter_of, running
from planning.traffic import Cell

NOVEMBER = month_of(date(2026, 11, 22))
UNIT = 10**12
"""Pico-units of one unit of a currency."""


def course(billed_from: date, billed: list[int], paths: list[list[int]], **own: Any) -> Course:
    """Units per day as priced, the last day in progress; units per path and day from that day on."""
    nano = np.array(paths, dtype=np.int64) * 10**9
    first = date.fromordinal(billed_from.toordinal() + len(billed) - 1)
    made = Course(EVERYTHING, "USD", billed_from, tuple(UNIT * each for each in billed), first, nano, (), nano, 0.0)
    return made._replace(**own)


@pytest.fixture
def since_october():
    """2 a day in October, 3 in November to the 22nd, 1 so far on the 23rd; ten paths of 1 to 10 a day from then on."""
    billed = [2] * 31 + [3] * 22 + [1]
    return course(date(2026, 10, 1), billed, [[each] * 40 for each in range(1, 11)])


def test_a_month_is_what_was_billed_and_what_each_path_adds(since_october):
    seen = glance(since_october, NOVEMBER)
    assert seen.spent == (66 + 1) * UNIT
    # Eight days are projected, the one in progress among them.
    assert (seen.low, seen.middle, seen.high) == ((66 + 8) * UNIT, (66 + 40) * UNIT, (66 + 72) * UNIT)
    assert seen.run_rate == 90 * UNIT
    assert (seen.before, seen.before_is_whole) == (62 * UNIT, True)
    assert seen.above_before == 1.0


def test_the_next_month_has_no_run_rate_and_nothing_whole_to_compare_with(since_october):
    seen = glance(since_october, Period("", date(2026, 12, 1), date(2026, 12, 31)))
    assert (seen.spent, seen.run_rate) == (0, None)
    assert (seen.before, seen.before_is_whole, seen.above_before) == (67 * UNIT, False, None)
    assert seen.middle == 5 * 31 * UNIT


def test_a_period_before_of_which_nothing_is_known_yet_is_unknown_and_not_zero():
    ended = course(date(2026, 10, 1), [2] * 20, [[1] * 90, [2] * 90])
    seen = glance(ended, Period("", date(2026, 12, 1), date(2026, 12, 31)))
    assert (seen.before, seen.before_is_whole, seen.above_before) == (None, False, None)


def test_a_month_in_which_the_data_begins_runs_on_from_there():
    late = course(date(2026, 11, 11), [3] * 10 + [1], [[1] * 20])
    seen = glance(late, NOVEMBER)
    # Ten days at 3, and ten more at their mean: the days before the data are not taken for zero.
    assert seen.run_rate == 60 * UNIT
    assert (seen.before, seen.above_before) == (None, None)


def test_a_chance_is_the_share_of_paths_above(since_october):
    october = since_october._replace(billed=tuple(UNIT * each for each in [4] * 31 + [3] * 22 + [1]))
    assert glance(october, NOVEMBER).above_before == 0.3


def test_what_is_no_forecast_is_told(since_october):
    left = LeftOut(Cell("novita", "glm", None), "2 known days of history", (7 * 10**9,))
    seen = glance(since_october._replace(left_out=(left,)), NOVEMBER)
    assert (seen.assumed, seen.is_forecast) == (7 * UNIT, True)
    alone = since_october._replace(left_out=(left,), nano=since_october.nano[:1])
    assert not glance(alone, NOVEMBER).is_forecast
    assert glance(alone, NOVEMBER).above_before is None


def test_what_is_assumed_is_that_of_the_periods_days(since_october):
    left = LeftOut(Cell("novita", "glm", None), "2 known days of history", (10**9,) * 40)
    made = since_october._replace(left_out=(left,))
    assert glance(made, NOVEMBER).assumed == 8 * UNIT
    (within,) = made.left_out_within(date(2026, 12, 1), date(2026, 12, 31))
    assert within.nano == 31 * 10**9


def test_a_day_later_than_the_paths_is_refused(since_october):
    with pytest.raises(ValueError, match="after the last projected day"):
        glance(since_october, quarter_of(date(2027, 1, 1)))


def test_the_band_of_each_day(since_october):
    days = daily(since_october, date(2026, 11, 24))
    assert [each.day.day for each in days] == [23, 24]
    assert (days[0].low, days[0].middle, days[0].high) == (UNIT, 5 * UNIT, 9 * UNIT)


def test_the_band_of_the_total_through_each_day_ends_where_the_periods_does(since_october):
    days, seen = running(since_october, NOVEMBER), glance(since_october, NOVEMBER)
    assert [days[0].day.day, days[-1].day.day] == [23, 30]
    assert (days[-1].low, days[-1].middle, days[-1].high) == (seen.low, seen.middle, seen.high)
    assert days[0].middle == (66 + 5) * UNIT


def test_periods_and_those_before_them():
    quarter = quarter_of(date(2026, 11, 22))
    assert (quarter.name, quarter.first, quarter.last) == ("Q4 2026", date(2026, 10, 1), date(2026, 12, 31))
    assert before_of(quarter) == quarter_of(date(2026, 9, 30))
    assert before_of(month_of(date(2027, 1, 5))).name == "December 2026"
    assert month_after(month_of(date(2026, 12, 5))) == month_of(date(2027, 1, 1))
    week = before_of(Period("", date(2026, 11, 8), date(2026, 11, 14)))
    assert (week.first, week.last) == (date(2026, 11, 1), date(2026, 11, 7))
