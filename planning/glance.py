"""One period of one course at a glance: spent, where it ends and how surely, and the plain figures beside it."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from planning.course import NANO_IN_PICO, Course, Group, run_rate

QUANTILES = (0.1, 0.5, 0.9)
"""An 80% band and its middle."""
DAY = timedelta(days=1)


class Period(NamedTuple):
    """Billing days, both ends included, under the name that people call them by."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days that is."""
        return (self.last - self.first).days + 1


class Glance(NamedTuple):
    """A period of one group in one currency; amounts are pico-units."""

    group: Group
    currency: str
    spent: int
    """As priced, so far."""
    low: int
    middle: int
    high: int
    """What the whole period comes to: 80% of the paths end from ``low`` to ``high``."""
    run_rate: int | None
    """As if its other days cost the mean of its whole days so far; None where none has passed."""
    before: int | None
    """What the period before was billed; None where there is no data of it."""
    before_is_whole: bool
    """Whether the data goes from its first day to its last."""
    above_before: float | None
    """Share of the paths on which the period costs more than the one before; None where that is not whole."""
    assumed: int
    """What of it is no forecast: cells without one go on as in their last days. Over all projected days."""

    @property
    def is_forecast(self) -> bool:
        """Whether any of it is a forecast: a band without width is that of an assumption, and says nothing."""
        return not self.assumed or self.low != self.high


class Day(NamedTuple):
    """One projected day; pico-units."""

    day: date
    low: int
    middle: int
    high: int


def glance(course: Course, period: Period) -> Glance:
    """What a course says of a period that ends within its projected days; raises ValueError for a later one."""
    low, middle, high = _band(course, period)
    before = before_of(period)
    known = course.billed_from <= before.last and before.first <= course.first
    whole = course.billed_from <= before.first and before.last < course.first
    billed = course.spent(before.first, before.last) if known else None
    above = None
    if billed is not None and whole and not (course.left_out and low == high):
        totals = course.total(period.first, period.last)
        above = float(np.count_nonzero(totals > billed // NANO_IN_PICO)) / len(totals)
    return Glance(
        group=course.group,
        currency=course.currency,
        spent=course.spent(period.first, period.last),
        low=low,
        middle=middle,
        high=high,
        run_rate=_run_rate(course, period),
        before=billed,
        before_is_whole=whole,
        above_before=above,
        assumed=sum(each.nano for each in course.left_out_within(period.first, period.last)) * NANO_IN_PICO,
    )


def _run_rate(course: Course, period: Period) -> int | None:
    """Where the data begins within the period, its days before that cost nothing that is known."""
    first, last = max(period.first, course.billed_from), min(period.last, course.first - DAY)
    return run_rate(course.spent(first, last), (last - first).days + 1, (period.last - last).days)


def daily(course: Course, last: date) -> list[Day]:
    """The band of each projected day up to ``last``; bounds of days do not add up to those of a period."""
    count = min((last - course.first).days + 1, course.nano.shape[1])
    found = np.quantile(course.nano[:, :count], QUANTILES, axis=0, method="inverted_cdf")
    return [
        Day(course.first + number * DAY, *(int(value) * NANO_IN_PICO for value in found[:, number]))
        for number in range(count)
    ]


def running(course: Course, period: Period) -> list[Day]:
    """The band of the period's total through each projected day of it."""
    known = course.spent(period.first, min(period.last, course.first - DAY))
    begins = max(0, (period.first - course.first).days)
    ends = max(0, (period.last - course.first).days + 1)
    sums = course.nano[:, begins:ends].cumsum(axis=1)
    found = np.quantile(sums, QUANTILES, axis=0, method="inverted_cdf")
    return [
        Day(
            course.first + (begins + number) * DAY,
            *(int(value) * NANO_IN_PICO + known for value in found[:, number]),
        )
        for number in range(sums.shape[1])
    ]


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(f"{first:%B %Y}", first, _month_end(first))


def month_after(period: Period) -> Period:
    """The calendar month after one."""
    return month_of(period.last + DAY)


def quarter_of(day: date) -> Period:
    """The calendar quarter of a day."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    last = _month_end(first.replace(month=first.month + 2))
    return Period(f"Q{(first.month + 2) // 3} {first.year}", first, last)


def before_of(period: Period) -> Period:
    """The period before: of a month the month, of a quarter the quarter, else as many days."""
    last = period.first - DAY
    if period[1:] == month_of(period.first)[1:]:
        return month_of(last)
    if period[1:] == quarter_of(period.first)[1:]:
        return quarter_of(last)
    first = last - (period.days - 1) * DAY
    return Period(f"{first} to {last}", first, last)


def _band(course: Course, period: Period) -> tuple[int, int, int]:
    """The whole period's totals along the paths; days that were billed are exact, to the last pico-unit."""
    known = course.spent(period.first, min(period.last, course.first - DAY))
    begins = max(0, (period.first - course.first).days)
    ends = max(0, (period.last - course.first).days + 1)
    if period.last > course.last:
        raise ValueError(f"{period.last} is after the last projected day, {course.last}")
    found = np.quantile(course.nano[:, begins:ends].sum(axis=1), QUANTILES, method="inverted_cdf")
    low, middle, high = (int(value) * NANO_IN_PICO + known for value in found)
    return low, middle, high


def _month_end(first: date) -> date:
    return (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
