"""Where a reader stands on the page Explore: a stretch of time, and values that were picked on the way there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from app.periods import period_of
from app.session import UserMistake
from warehouse.scope import Scope, is_dimension

STEPS = ("month", "week", "day", "hour")
"""From coarse to fine."""
HOURS_UP_TO, DAYS_UP_TO, WEEKS_UP_TO = 2, 92, 2 * 366
"""Days of a stretch up to which it is told by hours, by days, by weeks."""
HOURS_AT_MOST = 14
"""Days of the longest stretch that can be told by hours: there would be more bars than pixels."""
SEPARATOR = "="
SAFE = ":_-. "

Picked = tuple[tuple[str, str], ...]
"""Dimensions with the value picked of each; an empty one: where the log names none."""


class Place(NamedTuple):
    """A stretch of time as people write it, and what was picked."""

    at: str | None = None
    """``2026-10``, ``2026-W42``, ``2026-10-14`` or ``2026-10-14T15``; None: all that the filters leave."""
    where: Picked = ()

    @property
    def hour(self) -> datetime | None:
        """The hour, where it is one: in the billing zone."""
        return datetime.fromisoformat(self.at) if self.at and "T" in self.at else None

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of the stretch, both included."""
        if self.at is None:
            return None
        period = period_of(self.at.partition("T")[0], "at")
        return period.first, period.last


def place_of(at: str | None, where: Sequence[str]) -> Place:
    """The place that a link names; raises UserMistake."""
    place = Place(at or None, tuple(_picked(each) for each in where))
    try:
        hour = place.hour
    except ValueError:
        raise UserMistake(f"{at!r} is no hour: write it as in 2026-10-14T15") from None
    if hour is not None and hour.tzinfo is not None:
        raise UserMistake(f"{at!r}: an hour is one of the billing zone's clock; write it as in 2026-10-14T15")
    if hour is not None:
        place = place._replace(at=f"{hour:%Y-%m-%dT%H}")
    place.days  # noqa: B018 - it raises for what is no stretch of days
    return place


def _picked(text: str) -> tuple[str, str]:
    name, separator, value = text.partition(SEPARATOR)
    if not separator or not is_dimension(unquote(name)):
        raise UserMistake(f"{text!r} picks no value of a dimension; write it as in team=search")
    return unquote(name), value


def written(where: Picked) -> list[str]:
    """What was picked, as a link says it."""
    return [f"{quote(name, SAFE)}{SEPARATOR}{value}" for name, value in where]


def picked(place: Place, name: str, value: str) -> Place:
    """The place with one more value picked; one of the same dimension is left for it."""
    return place._replace(where=(*(each for each in place.where if each[0] != name), (name, value)))


def opened(start: Any, step: str) -> str:
    """The stretch that a bar stands for, by its start."""
    if step == "hour":
        return f"{start:%Y-%m-%dT%H}"
    if step == "day":
        return f"{start:%Y-%m-%d}"
    if step == "week":
        year, week, _ = start.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return f"{start:%Y-%m}"


def crumbs(at: str | None) -> list[tuple[str, str]]:
    """The way to a stretch, the widest first: what each is called, and the stretch."""
    if at is None:
        return []
    first, last = Place(at).days or (date.min, date.min)
    found = []
    if first == last or at == f"{first:%Y-%m}":
        found.append((f"{first:%B %Y}", f"{first:%Y-%m}"))
    elif "W" in at.upper():
        found.append((f"Week of {first:%-d %b %Y}", at))
    else:
        found.append((f"{first:%-d %b %Y} to {last:%-d %b %Y}", at))
    if first == last:
        found.append((f"{first:%a %-d %b}", f"{first}"))
    if hour := Place(at).hour:
        found.append((f"{hour:%H}:00 to {hour + timedelta(hours=1):%H}:00", at))
    return found


def narrowed(scope: Scope, place: Place) -> Scope:
    """The filters and the place together: only what both leave."""
    values: dict[str, tuple[str, ...]] = dict(scope.values)
    for name, value in place.where:
        values[name] = (value,) if value in values.get(name, (value,)) else ()
    if place.days is None:
        return scope._replace(values=tuple(values.items()))
    first, last = place.days
    since = max(first, scope.since) if scope.since else first
    until = min(last, scope.until) if scope.until else last
    return Scope(since, until, tuple(values.items()))


def steps_for(days: int) -> tuple[str, ...]:
    """The steps by which a stretch of so many days can be told."""
    return STEPS if days <= HOURS_AT_MOST else STEPS[:-1]


def step_for(days: int) -> str:
    """The step by which a stretch of so many days is told unless the reader says otherwise."""
    if days <= HOURS_UP_TO:
        return "hour"
    if days <= DAYS_UP_TO:
        return "day"
    return "week" if days <= WEEKS_UP_TO else "month"
