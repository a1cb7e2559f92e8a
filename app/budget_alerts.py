"""Thresholds of budgets that were crossed, as alerts: in the period of today, and in one that has just ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from app.budget_words import chance_text, span_text
from app.budgets import Budgets, Stood
from app.figures import rounded
from planning.budget import Budget, Span, Threshold
from planning.budget_form import threshold_text
from warehouse.alerts import Alert

LATE = timedelta(days=7)
"""A period that ended at most so long ago is looked at, too: its last days are loaded after its end."""


class Crossed(NamedTuple):
    """One threshold that fired in one period; amounts in pico-units of the budget's currency."""

    budget: Budget
    span: Span
    threshold: Threshold
    limit: int
    spent: int
    amount: int
    day: date | None
    """The day on which spend crossed it. None: paths do, or the day is not known."""
    chance: float | None
    """Share of the paths that cross it. None: spend did."""
    base: int
    """The period's amount without what was carried over."""
    unpriced: float = 0.0
    """Share of the projected calls that no rate prices."""

    @property
    def alert(self) -> Alert:
        """As it is remembered once it was told: a budget of another amount has other thresholds."""
        what = f"{threshold_text(self.threshold)} of {rounded(Fraction(self.base))} {self.budget.currency}"
        return Alert("budget", str(self.budget.number), what, self.span.first)

    @property
    def text(self) -> str:
        """``Research, Nov 2026: above 80% (2.40 USD) since 2026-11-24; 2.50 of 3.00 USD are spent``."""
        line = f"{threshold_text(self.threshold)} ({self._money(self.limit)})"
        head = f"{self.budget.name}, {span_text(self.budget, self.span)}"
        spent = f"{rounded(Fraction(self.spent))} of {self._money(self.amount)} are spent"
        if self.chance is not None:
            lacking = f"; {chance_text(self.unpriced)} of the projected calls have no rate" if self.unpriced else ""
            ends = "end above it" if self.span.last else "go above it within three months"
            return f"{head}: {line}: {chance_text(self.chance)} of the paths {ends}; {spent}{lacking}"
        return f"{head}: above {line}{f' since {self.day}' if self.day else ''}; {spent}"

    @property
    def command(self) -> str:
        """Where to look."""
        return f"tollbook budget show {self.budget.number}"

    def _money(self, pico: int) -> str:
        return f"{rounded(Fraction(pico))} {self.budget.currency}"


def crossed(budgets: Budgets) -> list[Crossed]:
    """Everything that fired, the worst budget first."""
    return [found for stood in budgets.stood for found in (*_in_period(stood, budgets.today), *_before(stood, budgets))]


def _in_period(stood: Stood, today: date) -> Iterator[Crossed]:
    place = stood.standing
    if place.state == "not begun" or _is_over(place.span, today):
        return
    for mark in place.fired:
        share = None if mark.day or mark.chance is None or not place.paths else mark.chance / place.paths
        base = place.amount - place.carried
        amounts = (mark.limit, place.spent, place.amount, mark.day, share, base)
        yield Crossed(place.budget, place.span, mark.threshold, *amounts, stood.unpriced_ahead)


def _before(stood: Stood, budgets: Budgets) -> Iterator[Crossed]:
    """What the last period's end crossed: its last days were not loaded while it was the period of today."""
    for closed in stood.standing.before[-1:]:
        if _is_over(closed.span, budgets.today):
            continue
        budget = stood.standing.budget
        for threshold in budget.thresholds:
            limit = threshold.limit(closed.amount)
            if threshold.on == "actual" and closed.spent > limit:
                base = closed.amount - closed.carried
                yield Crossed(budget, closed.span, threshold, limit, closed.spent, closed.amount, None, None, base)


def _is_over(span: Span, today: date) -> bool:
    return span.last is not None and span.last < today - LATE
