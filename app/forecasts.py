"""A forecast of one period, joined for the command and the page: figures, what they rest on, how good they were."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from app.outlook import Outlook, outlook
from planning.backtest import Score, backtest
from planning.course import EVERYTHING, Course, Group
from planning.events import Event
from planning.glance import Glance, Period, glance
from warehouse.locks import Tell

FURTHEST = timedelta(days=366)


class Forecast(NamedTuple):
    """What a period comes to."""

    period: Period
    outlook: Outlook
    total: tuple[Glance, ...]
    """All traffic, per currency."""
    groups: tuple[Glance, ...]
    """Each value of the dimension that was asked for, the dearest first within a currency."""

    @property
    def events(self) -> list[Event]:
        """The events that it takes into account."""
        return [event for event in self.outlook.events if event.state == "confirmed"]

    def courses(self, group: Group = EVERYTHING) -> list[Course]:
        """The courses of a group, one per currency."""
        return self.outlook.of(group)


def forecast_of(root: Path, now: datetime, period: Period, by: str | None, *, tell: Tell) -> Forecast:
    """Forecast a period for all traffic, and by a dimension; raises WarehouseError where nothing was loaded."""
    found = outlook(root, now, until=period.last, kinds=(by,) if by else (), tell=tell)
    return forecast_from(found, period, by)


def forecast_from(found: Outlook, period: Period, by: str | None) -> Forecast:
    """The same from an outlook that reaches the period's end."""
    total = tuple(glance(course, period) for course in found.of())
    parts = [glance(course, period) for course in found.courses if course.group.kind == by]
    shown = [part for part in parts if part.high or part.spent]
    groups = sorted(shown, key=lambda part: (part.currency, -part.middle, part.group.name))
    return Forecast(period, found, total, tuple(groups))


def scores_of(found: Outlook, group: Group, currency: str) -> list[Score]:
    """How well this forecast would have done on its own past."""
    return backtest(found.traffic, found.prices, found.events, group, currency)


def too_far(period: Period, begun: date) -> str | None:
    """Why a period cannot be forecast; None where it can. ``begun`` is the first projected day."""
    if period.last < begun:
        return f"{period.name} is over: tollbook cost --since {period.first} --until {period.last} says what it cost"
    if period.last > begun + FURTHEST:
        return f"{period.last} is more than a year after the newest data, {begun}: nobody can say that from it"
    return None
