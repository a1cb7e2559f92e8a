"""The month so far: what is spent, where it ends with its band, its budget, and last month through the same day."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from app.budgets import Stood
from app.forecasts import too_far
from app.morning_change import Values, scope_of
from app.morning_days import DAY, Stretch, same_days_before
from app.outlook import project_basis, read_basis
from planning.course import LeftOut
from planning.events import Event
from planning.glance import Glance, Period, glance, month_of
from warehouse.connection import Reader
from warehouse.cost import cost_by, coverage_of
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.scope import Scope
from warehouse.traffic import traffic_span, zone_of


class Asked(NamedTuple):
    """What the month is asked for."""

    now: datetime
    values: Values
    events: tuple[Event, ...]
    cards: object = None
    """The state of the warehouse's own cards, for callers that keep answers."""


class SoFar(NamedTuple):
    """The month in one currency; amounts in pico-units."""

    glance: Glance
    whole: int
    """Spent on the whole days alone: what stands beside last month."""
    before: int | None
    """Last month through the same day; None where not all of it is in the data."""
    left_out: tuple[LeftOut, ...]
    """Traffic without a forecast, taken to go on as in its last days."""


class Month(NamedTuple):
    """The month of the present day."""

    period: Period
    data_through: datetime
    days: Stretch | None
    """Its whole days so far, from the first call on; None where there is none yet."""
    compared: Stretch | None
    """The days of last month beside them."""
    why_not: str | None
    """Why there is no forecast; then there are no figures."""
    rows: tuple[SoFar, ...]
    """Per currency, the dearest first."""
    unpriced: int
    """Calls of the month whose cost is unknown: they are in no figure."""
    unpriced_ahead: float
    """Share of the calls to come that have no rate."""


def read_month(reader: Reader, asked: Asked) -> Month | None:
    """The month of the traffic with these values, in one borrowed connection; None where no call is loaded."""
    today = billing_day(asked.now, zone_of(reader))
    span = traffic_span(reader, today)
    if span.begun is None or span.first is None or span.data_through is None:
        return None
    period = month_of(today)
    last = min(span.begun - DAY, period.last)
    first = max(period.first, span.first)
    days = Stretch(first, last) if last >= first else None
    compared = same_days_before(Stretch(period.first, last)) if days else None
    unpriced = coverage_of(reader, Scope(period.first, today, asked.values)).unpriced
    found = Month(period, span.data_through, days, compared, None, (), unpriced, 0.0)
    if why_not := too_far(period, span.begun):
        return found._replace(why_not=why_not)
    basis = read_basis(reader, today, Scope(values=asked.values))._replace(events=asked.events)
    rates = compile_rates(read_cards(reader.folder))
    courses = project_basis(basis, rates, asked.now, until=period.last, kinds=()).of()
    before = _costs(reader, compared, asked.values) if compared and span.first <= compared.first else None
    rows = [
        SoFar(
            glance(course, period),
            course.spent(days.first, days.last) if days else 0,
            None if before is None else before.get(course.currency, 0),
            course.left_out_within(period.first, period.last),
        )
        for course in courses
    ]
    rows = [row for row in rows if row.glance.high or row.before]
    rows.sort(key=lambda row: (-row.glance.middle, row.glance.currency))
    return found._replace(rows=tuple(rows), unpriced_ahead=max((course.unpriced for course in courses), default=0.0))


def _costs(reader: Reader, days: Stretch, values: Values) -> dict[str, int]:
    rows = cost_by(reader, (), scope_of(days, values))
    return {row.currency: row.cost for row in rows if row.currency and row.cost is not None}


def budget_beside(stood: Sequence[Stood], currency: str, values: Values, period: Period) -> Stood | None:
    """The budget of just this traffic and month in a currency, the worst of several; None where there is none."""
    wanted = {name: set(names) for name, names in values}
    return next(
        (
            each
            for each in stood
            if each.standing.budget.currency == currency
            and each.standing.span == (period.first, period.last)
            and {name: set(names) for name, names in each.standing.budget.scope} == wanted
        ),
        None,
    )
