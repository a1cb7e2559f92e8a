"""Budgets as they stand: what was entered, what was billed in each one's scope, and what the projection says of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from app.forecasts import FURTHEST
from app.outlook import Outlook, project_basis, read_basis, read_events
from planning.budget import Budget, span_shown
from planning.budget import Scope as Wanted
from planning.budget_form import read_form
from planning.burn import Burn, burn_of
from planning.course import EVERYTHING, Course, Group, LeftOut
from planning.events import Event
from planning.flow import flow_of
from planning.standing import Standing, standing
from planning.traffic import Cell
from planning.variance import Bridge, Use, bridge, days_before
from pricing.charges import Charge
from warehouse.budgets import BudgetVersion
from warehouse.charges import list_charges
from warehouse.connection import Reader
from warehouse.cost import cost_by, coverage_of
from warehouse.demo import demo_state
from warehouse.invoices import Invoice, credited_days, list_invoices
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import charged_days
from warehouse.scope import DIMENSIONS, Scope
from warehouse.traffic import traffic_span

OPEN_DAYS = 92
"""How far ahead a project without a last day is looked at."""
SIMPLE = ("seller", "model", "team")
"""A budget about one value of one of these, or about everything, needs no projection of its own."""
Courses = Mapping[str, Course]
"""The courses of one scope, by currency."""


class Beside(NamedTuple):
    """What people entered beside budgets: what is charged beside calls, and what happened to the traffic."""

    charges: tuple[Charge, ...]
    invoices: tuple[Invoice, ...]
    events: tuple[Event, ...]


class Stood(NamedTuple):
    """One budget with where it stands, and what that rests on."""

    entry: BudgetVersion
    standing: Standing
    burn: Burn
    left_out: tuple[LeftOut, ...]
    """Traffic without a forecast, taken to go on as in its last days."""
    unpriced: int
    """Calls of its scope and period whose cost is unknown: they are in no figure."""
    bridge: Bridge | None
    """From as many days before the period to its whole days so far; None where nothing was billed on either."""
    compared: tuple[date, date]
    """The days before."""
    billed_from: date | None
    """The first day on which anything was billed in its scope and currency; None where nothing ever was."""
    unpriced_ahead: float = 0.0
    """Share of the projected calls of its scope that no rate prices: their cost is in no figure."""
    projected_through: date | None = None
    """The last projected day: what is left out is taken to go on until then."""

    @property
    def carries_unknown(self) -> bool:
        """Whether what is carried over counts days before anything was billed as days on which nothing was spent."""
        place = self.standing
        return bool(place.carried) and (self.billed_from is None or place.budget.first < self.billed_from)

    @property
    def compares_unknown(self) -> bool:
        """Whether the variance does."""
        return self.bridge is not None and (self.billed_from is None or self.compared[0] < self.billed_from)


class Budgets(NamedTuple):
    """Every budget, the worst first."""

    today: date
    data_through: datetime | None
    stood: tuple[Stood, ...]
    has_demo: bool = False
    """Whether made-up records are in the figures."""

    @property
    def is_behind(self) -> bool:
        """Whether whole days have passed since the newest data: what they cost is projected, not known."""
        return self.data_through is not None and (self.today - self.data_through.date()).days > 1


class Known(NamedTuple):
    """What budgets stand on beside traffic."""

    entries: tuple[BudgetVersion, ...]
    beside: Beside
    today: date
    cards: object = None
    """The state of the warehouse's own cards, for callers that keep answers."""


def budget_of(entry: BudgetVersion) -> Budget:
    """What an entered budget means."""
    return read_form(entry.form, DIMENSIONS, entry.changed_at.date())._replace(number=entry.number)


def read_beside(root: Path, *, tell: Tell) -> Beside:
    """What people entered beside budgets."""
    charges, invoices = list_charges(root, tell=tell), list_invoices(root, tell=tell)
    return Beside(tuple(charges), tuple(invoices), read_events(root, tell=tell))


def read_budgets(reader: Reader, known: Known) -> Budgets:
    """Every budget with where it stands, in one borrowed connection."""
    budgets = [budget_of(entry) for entry in known.entries]
    courses = read_courses(reader, budgets, known)
    end = traffic_span(reader, known.today)
    found = [
        _stood(reader, entry, budget, courses[budget.scope], (known, end.begun or known.today))
        for entry, budget in zip(known.entries, budgets, strict=True)
    ]
    found.sort(key=lambda each: (each.standing.worst_first, each.entry.name))
    has_demo = demo_state(reader).demo_files > 0
    return Budgets(known.today, end.data_through, tuple(found), has_demo)


def read_courses(reader: Reader, budgets: Sequence[Budget], known: Known) -> dict[Wanted, Courses]:
    """The courses of each budget's scope, by scope and currency; scopes that are alike are projected once."""
    if not budgets:
        return {}
    until, now = _horizon(budgets, known.today), datetime.combine(known.today, time(12))
    rates = compile_rates(read_cards(reader.folder))
    groups = {budget.scope: _group(budget.scope) for budget in budgets}
    kinds = sorted({group.kind for group in groups.values() if group} - {EVERYTHING.kind})

    def projected(scope: Wanted, kinds: Sequence[str]) -> Outlook:
        basis = read_basis(reader, known.today, Scope(values=scope))._replace(events=known.beside.events)
        return project_basis(basis, rates, now, until=until, kinds=kinds)

    whole = projected((), kinds) if any(groups.values()) else None
    found: dict[Wanted, Courses] = {}
    for scope, group in groups.items():
        courses = whole.of(group) if whole and group else projected(scope, ()).of()
        found[scope] = {course.currency: course for course in courses}
    return found


def _group(scope: Wanted) -> Group | None:
    if not scope:
        return EVERYTHING
    (name, values), *others = scope
    return Group(name, values[0]) if not others and name in SIMPLE and len(values) == 1 else None


def _horizon(budgets: Sequence[Budget], today: date) -> date:
    """The last day that the budgets have to know of; no further ahead than anybody can say something of."""
    ends = [span_shown(budget, today).last or today + timedelta(days=OPEN_DAYS) for budget in budgets]
    return min(max([today, *ends]), today + FURTHEST)


def _stood(reader: Reader, entry: BudgetVersion, budget: Budget, courses: Courses, at: tuple[Known, date]) -> Stood:
    known, begun = at
    course = courses.get(budget.currency)
    span = span_shown(budget, known.today)
    last = span.last or max(known.today, course.last if course else known.today)
    fixed = _fixed(budget, Scope(budget.first, last, budget.scope), known.beside)
    flow = flow_of(course, fixed, begun)
    if span.last is None and flow.nano is not None:
        # However far the other budgets have to look: alike for the same budget on its own.
        flow = flow._replace(nano=flow.nano[:, : max(1, (known.today - flow.first).days + OPEN_DAYS)])
    place = standing(budget, flow, known.today)
    until = min(last, known.today)
    others = {code: each.spent(span.first, until) for code, each in courses.items() if code != budget.currency}
    place = place._replace(not_counted=tuple(sorted((code, pico) for code, pico in others.items() if pico)))
    unpriced = coverage_of(reader, Scope(span.first, until, budget.scope)).unpriced if until >= span.first else 0
    through = min(place.through, last)
    compared = days_before(span.first, through)
    found = _bridge(reader, budget, (span.first, through), compared) if through >= span.first else None
    burn = burn_of(place, flow, known.today)
    return Stood(
        entry,
        place,
        burn,
        course.left_out if course else (),
        unpriced,
        found,
        compared,
        course.billed_from if course else None,
        max((each.unpriced for each in courses.values()), default=0.0),
        course.last if course else None,
    )


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
    rows = cost_by(reader, ("seller", "model", "team"), Scope(*days, budget.scope))
    return {
        Cell(*row.group): Use(row.input + row.cache_read + row.cache_written + row.output, row.cost)
        for row in rows
        if row.currency == budget.currency and row.cost is not None
    }
