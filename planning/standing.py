"""Where a budget stands: spent to the last pico-unit, and what the sample paths say of the rest of its period.

A line is crossed by what is above it, not by what reaches it.
"""

from bisect import bisect_right
from datetime import date
from itertools import accumulate
from typing import Literal, NamedTuple

from planning.budget import DAY, Budget, Span, Threshold, amount_of, span_shown, spans_through
from planning.course import run_rate
from planning.flow import Ahead, Band, Break, Flow, billed_on, course_of, days_through, known_days

LIKELY, AT_RISK = 50, 10
"""Percent of the paths that exceed the amount, from which on it is called so."""

State = Literal["over", "likely over", "at risk", "no forecast", "on track", "not begun", "ended"]
STATES: tuple[State, ...] = ("over", "likely over", "at risk", "no forecast", "on track", "not begun", "ended")
"""The worst first."""


class Mark(NamedTuple):
    """A threshold in one period."""

    threshold: Threshold
    limit: int
    """Pico-units."""
    fired: bool
    day: date | None
    """The day on which spend crossed it; None: it did not."""
    chance: int | None
    """Paths of which the period's total is above it; None without a forecast. Of a project without a last day: paths
    that go above it within the days that they reach.
    """


class Closed(NamedTuple):
    """A period that is over: its amount is with what was carried into it."""

    span: Span
    amount: int
    carried: int
    spent: int

    @property
    def left(self) -> int:
        """What was not spent; below zero: what was overspent."""
        return self.amount - self.spent


class Standing(NamedTuple):
    """Where one budget stands in one period; amounts in pico-units of its currency."""

    budget: Budget
    span: Span
    amount: int
    """With what is carried over."""
    carried: int
    carry_open: bool
    """Whether days of a period before are not in the data yet. They count as days on which nothing was spent: what is
    carried over, and so the amount, is at most this.
    """
    spent: int
    spent_whole: int
    """The same through the last whole day of data."""
    pace: int
    """What the amount allows through that day, spread evenly over the days of the period; 0 without an end."""
    through: date
    """The last whole day of data; it may lie outside of the period."""
    run_rate: int | None
    """The period's total if its days to come cost what its whole days with data cost on average."""
    paths: int
    over: int | None
    """Paths whose total is above the amount; None without a forecast for the whole period. Of a project without a last
    day: paths that go above it within the days that they reach."""
    projected: Band | None
    breaks: Break | None
    """None: no path breaks it."""
    marks: tuple[Mark, ...]
    state: State
    why_not: str | None
    """Why there is no forecast."""
    before: tuple[Closed, ...]
    """The periods before, the oldest first."""
    not_counted: tuple[tuple[str, int], ...] = ()
    """What its scope cost in other currencies in the period."""

    @property
    def left(self) -> int:
        """What is left of the amount; below zero when more was spent."""
        return self.amount - self.spent

    @property
    def probability(self) -> float | None:
        """The share of paths that exceed the amount."""
        return None if self.over is None or not self.paths else self.over / self.paths

    @property
    def fired(self) -> tuple[Mark, ...]:
        """The thresholds that are crossed."""
        return tuple(mark for mark in self.marks if mark.fired)

    @property
    def worst_first(self) -> tuple[int, float]:
        """By this the worst come first."""
        most = self.projected.median if self.projected and self.state != "ended" else self.spent
        return STATES.index(self.state), -(most / self.amount if self.amount > 0 else float("inf"))


def standing(budget: Budget, flow: Flow, today: date) -> Standing:
    """Where a budget stands today: in the period of today, or in its last one, or in its first."""
    span = span_shown(budget, today)
    before = closed_periods(budget, flow, span)
    carried = _carried(budget, before[-1].left) if before else 0
    amount = amount_of(budget, span) + carried
    daily = known_days(flow, span, today)
    sums = list(accumulate(daily))
    spent = sums[-1] if sums else 0
    whole = days_through(span, flow.first - DAY)
    course = course_of(flow, span)
    marks = tuple(_mark(threshold, amount, span, sums, course) for threshold in budget.thresholds)
    breaks = _breaks(_crossed(span, sums, amount), amount, course)
    over = _over(span, amount, breaks, course)
    return Standing(
        budget=budget,
        span=span,
        amount=amount,
        carried=carried,
        carry_open=bool(before) and budget.carry != "none" and flow.first < span.first,
        spent=spent,
        spent_whole=sums[min(whole, len(sums)) - 1] if whole and sums else 0,
        pace=amount * whole // span.days if span.days else 0,
        through=flow.first - DAY,
        run_rate=_run_rate(flow, span, whole),
        paths=0 if course is None else course.paths,
        over=over,
        projected=course.band() if course is not None and course.is_whole else None,
        breaks=breaks,
        marks=marks,
        state=_state(budget, today, breaks, over, course),
        why_not=_why_not(flow, span, course),
        before=tuple(before),
    )


def closed_periods(budget: Budget, flow: Flow, span: Span) -> list[Closed]:
    """The periods before one, each with what the one before it left over."""
    found: list[Closed] = []
    for each in spans_through(budget, span.first - DAY):
        carried = _carried(budget, found[-1].left) if found else 0
        spent = sum(known_days(flow, each, span.first))
        found.append(Closed(each, amount_of(budget, each) + carried, carried, spent))
    return found


def _carried(budget: Budget, left: int) -> int:
    wanted = "unspent" if left > 0 else "overspent"
    return left if budget.carry in (wanted, "both") else 0


def _crossed(span: Span, sums: list[int], limit: int) -> date | None:
    """The first day through which the known days are above a limit."""
    number = next((number for number, total in enumerate(sums) if total > limit), None)
    return None if number is None else span.first + number * DAY


def _mark(threshold: Threshold, amount: int, span: Span, sums: list[int], course: Ahead | None) -> Mark:
    limit = threshold.limit(amount)
    day = _crossed(span, sums, limit)
    chance = _over(span, limit, _breaks(day, limit, course), course)
    fired = day is not None
    if threshold.on == "forecast" and chance is not None and course is not None:
        fired = chance * 100 >= threshold.probability * course.paths
    return Mark(threshold, limit, fired, day, chance)


def _run_rate(flow: Flow, span: Span, whole: int) -> int | None:
    if not whole or span.days is None or span.last is None:
        return None
    # Days before the first bill cost nothing that is known.
    unknown = min(max(0, (flow.billed_from - span.first).days), whole) if flow.billed else 0
    calls = sum(billed_on(flow, span.first + number * DAY) for number in range(whole))
    rate = run_rate(calls, whole - unknown, span.days - whole)
    fixed = sum(pico for day, pico in flow.fixed.items() if span.first <= day <= span.last)
    return None if rate is None else rate + fixed


def _breaks(broken: date | None, amount: int, course: Ahead | None) -> Break | None:
    if broken is not None:
        return Break(broken, broken, broken, True, 0 if course is None else course.paths)
    return None if course is None else course.breaks(amount)


def _over(span: Span, amount: int, breaks: Break | None, course: Ahead | None) -> int | None:
    if course is None:
        return None
    if span.last is None:
        return breaks.paths if breaks else 0
    return course.above(amount) if course.is_whole else None


def _state(budget: Budget, today: date, breaks: Break | None, over: int | None, course: Ahead | None) -> State:
    if budget.last is not None and today > budget.last:
        return "ended"
    if today < budget.first:
        return "not begun"
    if breaks is not None and breaks.happened:
        return "over"
    if over is None or course is None:
        return "no forecast"
    states: tuple[State, ...] = ("on track", "at risk", "likely over")
    return states[bisect_right((AT_RISK * course.paths, LIKELY * course.paths), 100 * over)]


def _why_not(flow: Flow, span: Span, course: Ahead | None) -> str | None:
    if course is None:
        return flow.why_not or "there is no forecast"
    if span.last is None:
        return "it has no last day, so there is no total to forecast"
    return None if course.is_whole else "the forecast does not reach the end of the period"
