"""The money in a budget's scope day by day: what is known of it, and sums along the sample paths.

Totals come from whole paths, never from adding up the bounds of single days. What is known of the days to come,
recurring charges, is on every path.
"""

from collections.abc import Mapping
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from planning.budget import DAY, Span
from planning.course import NANO_IN_PICO, Course, Nano

FAR = 2**62
"""Nano-units that no path comes near."""
QUANTILES = (0.1, 0.5, 0.9)


class Flow(NamedTuple):
    """The money in a budget's scope and currency, day by day."""

    billed_from: date
    billed: tuple[int, ...]
    """Pico-units per day, without gaps, up to the newest day with data."""
    first: date
    """The first projected day: the one after the last whole day of data."""
    nano: Nano | None
    """Paths by days from ``first`` on; None where there is no forecast."""
    fixed: Mapping[date, int] = {}
    """Recurring charges and credits that count, in pico-units by day, of past and future days."""
    why_not: str | None = None
    """Why there is no forecast."""

    @property
    def newest(self) -> date:
        """The day up to which the data go; it may be there in part."""
        return max(self.first, self.billed_from + len(self.billed) * DAY - DAY)


class Band(NamedTuple):
    """Of a figure's paths: 10% are below, half, 90%; pico-units."""

    low: int
    median: int
    high: int


class Break(NamedTuple):
    """The day on which spend goes above the amount: the day it did, or, of the paths on which it does, the day by
    which a tenth, half and nine tenths of them have.
    """

    early: date
    median: date
    late: date
    happened: bool
    paths: int
    """How many paths go above it within the days that they reach; once it has happened, all."""


def flow_of(course: Course | None, fixed: Mapping[date, int], begun: date) -> Flow:
    """A course of calls with what is charged beside them; without one, nothing was spent on calls.

    ``begun`` is the day after the last whole day of data. Where no part of the course has a forecast there is none:
    that all of it goes on as in its last days is an assumption, and says nothing of how sure that is.
    """
    if course is None:
        return Flow(begun, (), begun, None, fixed, "nothing in its scope was billed in its currency")
    flow = Flow(course.billed_from, course.billed, course.first, course.nano, fixed)
    if course.left_out and bool((course.nano == course.nano[:1]).all()):
        why = max(course.left_out, key=lambda each: each.nano).why.rstrip(".")
        return flow._replace(nano=None, why_not=f"no part of it can be forecast: {why}")
    return flow


def known_days(flow: Flow, span: Span, today: date) -> list[int]:
    """What each day of a period cost, from its first day to today or to the newest day with data."""
    newest = flow.billed_from + len(flow.billed) * DAY - DAY
    last = max(today, newest)
    return [
        billed_on(flow, span.first + number * DAY) + fixed_on(flow, span.first + number * DAY, today)
        for number in range(days_through(span, last))
    ]


def billed_on(flow: Flow, day: date) -> int:
    """What the calls of a day cost, as priced."""
    place = (day - flow.billed_from).days
    return flow.billed[place] if 0 <= place < len(flow.billed) else 0


def fixed_on(flow: Flow, day: date, today: date) -> int:
    """What else a day cost; what is to come has not cost anything."""
    return flow.fixed.get(day, 0) if day <= today else 0


def days_through(span: Span, day: date) -> int:
    """How many days of a period are not after a day."""
    last = day if span.last is None else min(day, span.last)
    return max(0, (last - span.first).days + 1)


class Ahead(NamedTuple):
    """A period's sums along the paths: ``known`` and ``fixed`` are on every path, ``sums`` differ."""

    first: date
    """The first projected day that lies in the period, or the day after it."""
    known: int
    """Pico-units before that day."""
    fixed: tuple[int, ...]
    """Pico-units of charges through each projected day, that of no projected day first."""
    sums: Nano
    """Nano-units through each projected day, by paths; that of no projected day, zero, first."""
    is_whole: bool
    """Whether the paths reach the period's end."""

    @property
    def paths(self) -> int:
        """How many there are."""
        return int(self.sums.shape[0])

    def room(self, limit: int, number: int) -> int:
        """Nano-units that calls may cost through a projected day without crossing a limit."""
        return min(max((limit - self.known - self.fixed[number]) // NANO_IN_PICO, -FAR), FAR)

    def above(self, limit: int) -> int:
        """Nano whose total is above a limit."""
        return int(np.count_nonzero(self.sums[:, -1] > self.room(limit, -1)))

    def band(self, number: int = -1) -> Band:
        """The sums through a projected day."""
        found = np.quantile(self.sums[:, number], QUANTILES, method="inverted_cdf")
        return Band(*(int(each) * NANO_IN_PICO + self.known + self.fixed[number] for each in found))

    def breaks(self, limit: int) -> Break | None:
        """When the paths that go above a limit do so; None where none does."""
        rooms = np.array([self.room(limit, number) for number in range(len(self.fixed))], dtype=np.int64)
        above = self.sums > rooms
        days = np.argmax(above, axis=1)[above.any(axis=1)]
        if not len(days):
            return None
        found = np.quantile(days, QUANTILES, method="inverted_cdf")
        early, median, late = (self.first + (int(number) - 1) * DAY for number in found)
        return Break(early, median, late, False, len(days))


def course_of(flow: Flow, span: Span) -> Ahead | None:
    """The sums of a period along the paths; None without a forecast."""
    if flow.nano is None or not len(flow.nano):
        return None
    first = max(flow.first, span.first)
    reach = flow.first + flow.nano.shape[1] * DAY
    ends = reach if span.last is None else max(min(span.last + DAY, reach), first)
    days = [first + number * DAY for number in range(max(0, (ends - first).days))]
    skipped = (first - flow.first).days
    part = flow.nano[:, skipped : skipped + len(days)]
    sums = np.zeros((len(flow.nano), len(days) + 1), dtype=np.int64)
    np.cumsum(part, axis=1, out=sums[:, 1:])
    before = [span.first + number * DAY for number in range((first - span.first).days)]
    within = [day for day in before if span.last is None or day <= span.last]
    known = sum(billed_on(flow, day) + flow.fixed.get(day, 0) for day in within)
    fixed = accumulate((flow.fixed.get(day, 0) for day in days), initial=0)
    is_whole = span.last is not None and span.last < reach
    return Ahead(first, known, tuple(fixed), sums, is_whole)
