"""Budgets: what somebody means to spend at most, on what, in which periods.

A month's amount holds from its month on, until a later month has another. A quarter's or a year's budget is the sum
of its months. An amount is never cut by days: a budget that ends within a month keeps that month's whole amount.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from pricing.charges import MONTHS as MONTHS_OF
from pricing.charges import months_after
from pricing.money import PICO

Period = Literal["month", "quarter", "year", "custom", "project"]
Carry = Literal["none", "unspent", "overspent", "both"]
Basis = Literal["actual", "forecast"]
PERIODS: tuple[Period, ...] = get_args(Period)
CARRIES: tuple[Carry, ...] = get_args(Carry)
DAY = timedelta(days=1)

Scope = tuple[tuple[str, tuple[str, ...]], ...]
"""The values wanted of some dimensions, as a question about traffic has them; none: everything."""


class Threshold(NamedTuple):
    """A line to be told about when it is crossed."""

    kind: Literal["percent", "amount"]
    value: int
    """10**-12 of a percent of the period's amount, or pico-units of the budget's currency."""
    on: Basis = "actual"
    probability: int = 50
    """Of a forecast: how many paths of a hundred have to cross the line."""

    def limit(self, amount: int) -> int:
        """The line in pico-units, for a period of that amount: what is above it has crossed it."""
        return self.value * amount // (100 * PICO) if self.kind == "percent" else self.value


USUAL_THRESHOLDS = (
    Threshold("percent", 80 * PICO),
    Threshold("percent", 100 * PICO),
    Threshold("percent", 100 * PICO, "forecast"),
)
"""What a budget without thresholds of its own gets."""


class Step(NamedTuple):
    """An amount per month from one month on; ``month`` is its first day."""

    month: date
    pico: int


class Budget(NamedTuple):
    """One budget, as a person entered it."""

    name: str
    currency: str
    period: Period
    first: date
    steps: tuple[Step, ...]
    """By month; the first holds from the first day on. A custom period or a project has one, for all of it."""
    last: date | None = None
    """Its last day; None: open."""
    scope: Scope = ()
    owner: str | None = None
    thresholds: tuple[Threshold, ...] = USUAL_THRESHOLDS
    carry: Carry = "none"
    """What of a period goes on to the next one."""
    recurring: bool = False
    """Whether recurring charges count."""
    credits: bool = False
    """Whether credits, invoice lines below zero, count."""
    note: str | None = None
    number: int = 0


class Span(NamedTuple):
    """The days of one period, both included; a project may have no last one."""

    first: date
    last: date | None

    @property
    def days(self) -> int | None:
        """How many days that is; None without an end."""
        return None if self.last is None else (self.last - self.first).days + 1


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def span_at(budget: Budget, day: date) -> Span | None:
    """The period that a day lies in; None before the budget's first day and after its last."""
    if day < budget.first or (budget.last is not None and day > budget.last):
        return None
    if budget.period in ("custom", "project"):
        return Span(budget.first, budget.last)
    months = MONTHS_OF[budget.period]  # type: ignore[index] # of the three that are left
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    end = months_after(start, months) - DAY
    return Span(max(start, budget.first), min(end, budget.last or end))


def spans_through(budget: Budget, day: date) -> Iterator[Span]:
    """Its periods one after the other, the last of them that in which the day lies or the one before."""
    span = span_at(budget, budget.first)
    while span is not None and span.first <= day:
        yield span
        span = span_at(budget, span.last + DAY) if span.last is not None else None


def span_shown(budget: Budget, today: date) -> Span:
    """The period of today; of a budget that has ended its last one, of one that has not begun its first."""
    day = max(today, budget.first)
    span = span_at(budget, min(day, budget.last or day))
    assert span is not None, "a budget begins before it ends"
    return span


def amount_of(budget: Budget, span: Span) -> int:
    """The amount of one of its periods, in pico-units, without what is carried over."""
    if budget.period in ("custom", "project"):
        return budget.steps[0].pico
    assert span.last is not None
    month, total = month_of(span.first), 0
    while month <= span.last:
        total += month_amount(budget, month)
        month = months_after(month, 1)
    return total


def month_amount(budget: Budget, month: date) -> int:
    """The amount of one month: that of the last step that begins with it or before it."""
    return next((step.pico for step in reversed(budget.steps) if step.month <= month), budget.steps[0].pico)


def with_amount(budget: Budget, pico: int, month: date) -> Budget:
    """The budget with another amount from a month on; a later month that has its own keeps it.

    A custom period or a project has one amount, which is then another.
    """
    if budget.period in ("custom", "project"):
        return budget._replace(steps=(Step(month_of(budget.first), pico),))
    month = max(month_of(month), month_of(budget.first))
    kept = [step for step in budget.steps if step.month != month]
    return budget._replace(steps=tuple(sorted([*kept, Step(month, pico)])))
