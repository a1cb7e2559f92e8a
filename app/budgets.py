"""Budgets as they stand: what was entered, what was billed in each one's scope, and what the projection says of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from planning.budget import Budget, span_shown
from planning.budget_form import read_form
from planning.course import Course
from planning.flow import Flow, flow_of
from planning.standing import Standing, standing
from planning.traffic import Cell
from planning.variance import Bridge, Use, bridge, days_before
from pricing.charges import Charge
from warehouse.budgets import BudgetVersion
from warehouse.connection import Reader
from warehouse.cost import cost_by, coverage_of
from warehouse.folder import Folder
from warehouse.invoices import Invoice, credited_days
from warehouse.locks import Tell
from warehouse.recurring import billing_day, charged_days
from warehouse.scope import DIMENSIONS, Scope

OPEN_DAYS = 92
"""How far ahead a project without a last day is looked at."""
Courses = Mapping[str, Course]
"""The courses of one scope, by currency."""


class Beside(NamedTuple):
    """What is charged beside calls, as people entered it."""

    charges: Sequence[Charge]
    invoices: Sequence[Invoice]


class Stood(NamedTuple):
    """One budget with where it stands, and what that rests on."""

    entry: BudgetVersion
    standing: Standing
    flow: Flow
    course: Course | None
    """None: nothing in its scope was ever billed in its currency."""
    unpriced: int
    """Calls of its scope and period whose cost is unknown: they are in no figure."""
    bridge: Bridge | None
    """From as many days before the period to its whole days so far; None where it has none."""
    compared: tuple[date, date]
    """The days before."""


class Budgets(NamedTuple):
    """Every budget, the worst first."""

    today: date
    data_through: datetime | None
    stood: tuple[Stood, ...]


def budget_of(entry: BudgetVersion) -> Budget:
    """What an entered budget means."""
    return read_form(entry.form, DIMENSIONS, entry.changed_at.date())._replace(number=entry.number)


def scope_of(budget: Budget, first: date | None = None, last: date | None = None) -> Scope:
    """What a budget is about, from one day to another."""
    return Scope(first, last, budget.scope)


def horizon(budgets: Sequence[Budget], today: date) -> date:
    """The last day that the budgets have to know of."""
    ends = [span_shown(budget, today).last or today + timedelta(days=OPEN_DAYS) for budget in budgets]
    return max([today, *ends])


def stood(reader: Reader, entries: Sequence[BudgetVersion], courses: Mapping[int, Courses], at: "At") -> Budgets:
    """Every budget with where it stands, by the courses of each one's scope."""
    found = [_stood(reader, entry, courses.get(entry.number, {}), at) for entry in entries]
    found.sort(key=lambda each: (each.standing.worst_first, each.entry.name))
    return Budgets(at.today, coverage_of(reader).data_through, tuple(found))


class At(NamedTuple):
    """The present day, and what is charged beside calls."""

    today: date
    beside: Beside


def read_beside(root: Path, *, tell: Tell) -> Beside:
    """What people entered beside budgets."""
    from warehouse.charges import list_charges
    from warehouse.invoices import list_invoices

    return Beside(list_charges(root, tell=tell), list_invoices(root, tell=tell))


def today_in(root: Path, now: datetime) -> date:
    """The present day in the billing zone."""
    return billing_day(now, Folder(root).settings().billing_zone)


def _stood(reader: Reader, entry: BudgetVersion, courses: Courses, at: At) -> Stood:
    budget = budget_of(entry)
    course = courses.get(budget.currency)
    span = span_shown(budget, at.today)
    last = span.last or max(at.today, course.last if course else at.today)
    flow = flow_of(course, _fixed(budget, scope_of(budget, budget.first, last), at.beside), at.today)
    place = standing(budget, flow, at.today)
    until = min(last, at.today)
    others = {code: each.spent(span.first, until) for code, each in courses.items() if code != budget.currency}
    place = place._replace(not_counted=tuple(sorted((code, pico) for code, pico in others.items() if pico)))
    unpriced = coverage_of(reader, scope_of(budget, span.first, until)).unpriced if until >= span.first else 0
    through = min(place.through, last)
    compared = days_before(span.first, through)
    found = _bridge(reader, budget, (span.first, through), compared) if through >= span.first else None
    return Stood(entry, place, flow, course, unpriced, found, compared)


def _fixed(budget: Budget, scope: Scope, beside: Beside) -> dict[date, int]:
    """Charges and credits that count for a budget, by day."""
    found = charged_days(beside.charges, scope, budget.currency) if budget.recurring else {}
    credited = credited_days(beside.invoices, scope, budget.currency) if budget.credits else {}
    return {day: found.get(day, 0) + credited.get(day, 0) for day in sorted({*found, *credited})}


def _bridge(reader: Reader, budget: Budget, now: tuple[date, date], before: tuple[date, date]) -> Bridge | None:
    """From the days before to those of now; None where nothing was billed on either."""
    uses = [_uses(reader, budget, days) for days in (before, now)]
    return bridge(*uses) if any(uses) else None


def _uses(reader: Reader, budget: Budget, days: tuple[date, date]) -> dict[Cell, Use]:
    rows = cost_by(reader, ("seller", "model", "team"), scope_of(budget, *days))
    return {
        Cell(*row.group): Use(row.input + row.cache_read + row.cache_written + row.output, row.cost)
        for row in rows
        if row.currency == budget.currency and row.cost is not None
    }
