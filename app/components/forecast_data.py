"""What the page of forecasts shows: read once per state of the traffic, of the cards and of what people marked."""

from datetime import date, datetime
from typing import NamedTuple

from app.components.entered import events_of
from app.components.entries import present
from app.components.page import Run
from app.forecasts import too_far
from app.outlook import Basis, Outlook, project_basis, read_basis, traffic_and_prices
from app.proposed import Open, open_proposals
from planning.backtest import Score, backtest
from planning.course import EVERYTHING, Course, Group, LeftOut
from planning.events import Event
from planning.glance import Day, Glance, Period, daily, glance, month_after, month_of, quarter_of, running
from planning.prices import Change
from pricing.rates import Rate
from warehouse.connection import Reader
from warehouse.rate_trial import own_cards
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.traffic import traffic_span, zone_of

HORIZONS = ("This month", "Next month", "This quarter")
KINDS = ("model", "team", "seller")
BACK_DAYS = 35
"""So many days before the first projected one are drawn at least."""


class Asked(NamedTuple):
    """What the reader wants to see; the cache keeps an answer for each."""

    hour: datetime
    """The present, to the hour."""
    horizon: str
    group: Group
    events: tuple[Event, ...]
    cards: tuple[tuple[str, int], ...]
    """The warehouse's own rate cards: others give other prices."""


class Line(NamedTuple):
    """One currency's days of the chosen group, in pico-units."""

    currency: str
    billed_from: date
    billed: tuple[int, ...]
    """As priced, whole days only."""
    days: tuple[Day, ...]
    running: tuple[Day, ...]
    left_out: tuple[LeftOut, ...]


class Page(NamedTuple):
    """The answers of the page, but for the backtest."""

    period: Period
    begun: date
    """The first projected day."""
    today: date
    why_not: str | None
    """Why there is no forecast of the period; the rest is empty then."""
    data_through: datetime
    history: tuple[date, date, int]
    """First and last whole day that it looks at, and how many."""
    glances: tuple[Glance, ...]
    """Of the chosen group, per currency."""
    parts: tuple[Glance, ...]
    """Every model, team and seller, the dearest first."""
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    """Rates that begin or end until the period's end."""
    unpriced: float
    events: tuple[Event, ...]
    """What people marked of the chosen group."""
    open: Open
    """What waits for an answer, with all traffic's forecast if confirmed."""

    def line(self, currency: str) -> Line:
        """The days of one currency."""
        return next(line for line in self.lines if line.currency == currency)


def asked_of(run: Run, horizon: str, group: Group) -> Asked:
    """The question that the page run asks."""
    hour = present(run).replace(minute=0, second=0, microsecond=0)
    root = run.desk.root
    return Asked(hour, horizon, group, events_of(root), own_cards(root))


def period_of(reader: Reader, asked: Asked) -> Period:
    """The days that the horizon names."""
    today = billing_day(asked.hour, zone_of(reader))
    if asked.horizon == HORIZONS[1]:
        return month_after(month_of(today))
    return quarter_of(today) if asked.horizon == HORIZONS[2] else month_of(today)


def read_page(reader: Reader, asked: Asked) -> Page:
    """The forecast of a horizon and group."""
    period, span = period_of(reader, asked), traffic_span(reader, billing_day(asked.hour, zone_of(reader)))
    assert span.begun and span.data_through  # an empty warehouse has no such page
    why = too_far(period, span.begun)
    if why:
        empty = (span.begun, span.begun, 0)
        return Page(
            period, span.begun, period.first, why, span.data_through, empty, (), (), (), (), 0.0, (), Open((), ())
        )
    basis, rates = _basis(reader, asked)
    found = project_basis(basis, rates, asked.hour, until=period.last, kinds=KINDS)
    courses = found.of(asked.group)
    parts = [glance(course, period) for course in found.courses if course.group != EVERYTHING]
    return Page(
        period,
        span.begun,
        found.today,
        None,
        found.data_through,
        (found.since, found.through, found.history_days),
        tuple(glance(course, period) for course in courses),
        tuple(sorted((part for part in parts if part.high or part.spent), key=lambda part: -part.middle)),
        tuple(_line(course, period) for course in courses),
        found.changes_through(period.last),
        max((course.unpriced for course in courses), default=0.0),
        tuple(event for event in asked.events if event.state == "confirmed" and _touches(event, asked.group, found)),
        open_proposals(found, period),
    )


def read_scores(reader: Reader, asked: Asked, currency: str) -> tuple[Score, ...]:
    """The backtest of the chosen group."""
    basis, rates = _basis(reader, asked)
    traffic, prices, _ = traffic_and_prices(basis, rates, asked.hour.date())
    return tuple(backtest(traffic, prices, asked.events, asked.group, currency))


def _touches(event: Event, group: Group, found: Outlook) -> bool:
    """Whether an event is about any of a group's traffic; what has ended is not among what is forecast."""
    cells = [cell for cell in found.traffic.cells if group == EVERYTHING or getattr(cell, group.kind) == group.name]
    return event.kind == "ended" or any(event.is_about(cell) for cell in cells)


def _basis(reader: Reader, asked: Asked) -> tuple[Basis, list[Rate]]:
    today = billing_day(asked.hour, zone_of(reader))
    return read_basis(reader, today)._replace(events=asked.events), compile_rates(read_cards(reader.folder))


def _line(course: Course, period: Period) -> Line:
    whole = max(0, (course.first - course.billed_from).days)
    return Line(
        course.currency,
        course.billed_from,
        course.billed[:whole],
        tuple(each for each in daily(course, period.last)),
        tuple(running(course, period)),
        course.left_out_within(period.first, period.last),
    )
