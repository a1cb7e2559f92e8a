"""Anomalies of a warehouse: which scopes were unusual of late, and what drove it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.anomalies import LEAST_DAYS, Found
from analysis.drivers import Driver, Part, Span, drivers
from analysis.episodes import GAP, Episode, episodes
from analysis.silence import LOOK_BACK, UNLIKELY, chance_of_silence
from app.outlook import read_events
from app.watch import WEEK, Daily, judge_days
from planning.course import Group
from planning.events import MASKS, RESTARTS, Event
from pricing.money import PICO
from warehouse.alerts import Alert
from warehouse.connection import Reader, open_reader
from warehouse.cost import CostRow, cost_by
from warehouse.drivers import count_retries, read_parts
from warehouse.errors import WarehouseError
from warehouse.locks import Tell
from warehouse.recurring import billing_day
from warehouse.scope import Scope
from warehouse.traffic import traffic_span, zone_of

DAY = timedelta(days=1)
NANO = 1000
"""Pico-units in a nano-unit."""
BY = ("all", "model", "team", "seller")
DAYS = 7
"""How many of the last days are looked at, unless told otherwise."""
LEAST = PICO
"""The smallest impact that is told, unless told otherwise: one unit of the currency."""
COMPARED_DAYS = 28
UNPRICED = 0.05
"""A day whose share of calls without a price is so much above the usual one is not known."""


class Watched(NamedTuple):
    """A scope in one currency."""

    group: Group
    currency: str

    @property
    def scope(self) -> Scope:
        """What to ask for."""
        return Scope() if self.group.kind == "all" else Scope(values=((self.group.kind, (self.group.name,)),))

    @property
    def subject(self) -> str:
        """A stable text: ``model=step-3.7-flash USD``."""
        return f"{'all' if self.group.kind == 'all' else '='.join(self.group)} {self.currency}"


class Anomaly(NamedTuple):
    """One episode of one scope."""

    watched: Watched
    episode: Episode
    actual: int
    """Pico-units, as priced, of the episode's clearest day; for a week, of its seven days."""
    expected: int
    """Pico-units: the paths' median; for a stop, a mean day."""
    drivers: tuple[Driver, ...]

    @property
    def since(self) -> date:
        """The first of the days that the figures are about."""
        return self.episode.day - (WEEK - 1) * DAY if self.episode.found.rule == "week" else self.episode.day

    @property
    def alert(self) -> Alert:
        """As it is remembered once it was told."""
        return Alert("anomaly", self.watched.subject, self.episode.direction, self.episode.first)


class Judged(NamedTuple):
    """A scope on the last day that was looked at."""

    watched: Watched
    found: Found
    cost: int
    """Pico-units of that day, as priced."""
    why_not: str | None
    """Why it was not judged."""


class Silence(NamedTuple):
    """No calls at all, on whole days on which there should have been some."""

    data_through: datetime
    first: date
    last: date

    @property
    def alert(self) -> Alert:
        """As it is remembered once it was told."""
        return Alert("anomaly", "data", "stopped", self.first)


class Look(NamedTuple):
    """What was found."""

    through: date
    """The last whole day that was looked at."""
    data_through: datetime
    anomalies: tuple[Anomaly, ...]
    """The largest impact first, per currency."""
    scopes: tuple[Judged, ...]
    silence: Silence | None

    @property
    def alerts(self) -> list[tuple[Alert, date]]:
        """What fired, with the last day on which it did."""
        found = [(self.silence.alert, self.silence.last)] if self.silence else []
        return [*found, *((each.alert, each.episode.last) for each in self.anomalies)]

    @property
    def why_not(self) -> str | None:
        """Why nothing could be judged at all; None where something was, or fired."""
        if self.alerts or any(each.why_not is None for each in self.scopes):
            return None
        if not self.scopes:
            return "no call has a price: tollbook rates unpriced"
        return f"on {self.through}, {'; '.join(sorted({each.why_not or '' for each in self.scopes}))}"

    def without(self, alerts: Collection[Alert]) -> "Look":
        """The same without some of what fired."""
        silence = self.silence if self.silence and self.silence.alert not in alerts else None
        kept = tuple(each for each in self.anomalies if each.alert not in alerts)
        return self._replace(anomalies=kept, silence=silence)


class Question(NamedTuple):
    """What to look at."""

    by: Sequence[str] = BY
    day: date | None = None
    """The last day to look at. None: the last whole day of data."""
    days: int = DAYS
    least: int = LEAST


def look(root: Path, question: Question, now: datetime, *, tell: Tell) -> Look:
    """Look for anomalies; raises WarehouseError where there is no whole day to look at."""
    events = read_events(root, tell=tell)
    with open_reader(root, tell=tell) as reader:
        return look_through(reader, question, now, events)


def look_through(reader: Reader, question: Question, now: datetime, marked: Sequence[Event]) -> Look:
    """The same in one borrowed connection; ``marked`` is what people marked, dismissed proposals too."""
    events = [event for event in marked if event.state == "confirmed"]
    today = billing_day(now, zone_of(reader))
    span = traffic_span(reader, today)
    if span.begun is None or span.first is None or span.data_through is None:
        raise WarehouseError("there is no traffic to look at: load a log first, with tollbook ingest")
    through = min(question.day or span.begun, span.begun - DAY)
    if through < span.first:
        raise WarehouseError(f"there is no whole day of data yet: it goes from {span.first} to {span.begun}")
    rows = cost_by(reader, ("day", "model", "team", "seller"), Scope(until=through))
    table = _table(rows, question.by, through)
    found, judged = _judged(table, events, question, through)
    anomalies = [_explained(reader, anomaly) for anomaly in found]
    back = question.day is not None and question.day <= through
    silence = None if back else _silence(rows, span.data_through, span.begun, today)
    return Look(through, span.data_through, tuple(anomalies), judged, silence)


class _Table(NamedTuple):
    """Daily cost of every scope, up to one day."""

    first: date
    costs: dict[Watched, dict[date, int]]
    """Pico-units by day."""
    unpriced: dict[Group, dict[date, tuple[int, int]]]
    """Calls without a price, and all calls, by day."""


def _table(rows: Iterable[CostRow], by: Sequence[str], through: date) -> _Table:
    costs: dict[Watched, dict[date, int]] = {}
    calls: dict[Group, dict[date, tuple[int, int]]] = {}
    for row in rows:
        day, *names = row.group
        values = dict(zip(("model", "team", "seller"), names, strict=True)) | {"all": ""}
        for group in (Group(kind, values[kind]) for kind in by if values[kind] is not None):
            unpriced, requests = calls.setdefault(group, {}).get(day, (0, 0))
            calls[group][day] = unpriced + row.unpriced, requests + row.requests
            if row.currency is not None and row.cost is not None:
                daily = costs.setdefault(Watched(group, row.currency), {})
                daily[day] = daily.get(day, 0) + row.cost
    first = max(min((day for daily in calls.values() for day in daily), default=through), through - 2 * LOOK_BACK * DAY)
    return _Table(first, _distinct(costs), calls)


def _distinct(costs: Mapping[Watched, dict[date, int]]) -> dict[Watched, dict[date, int]]:
    """Without scopes that cost the same as an earlier one on every day: the one seller there is has all the traffic."""
    found: dict[tuple[object, ...], Watched] = {}
    for watched, daily in costs.items():
        found.setdefault((watched.currency, *sorted(daily.items())), watched)
    kept = sorted(found.values(), key=lambda each: (BY.index(each.group.kind), each.group.name, each.currency))
    return {watched: costs[watched] for watched in kept if any(costs[watched].values())}


def _judged(
    table: _Table, events: Sequence[Event], question: Question, through: date
) -> tuple[list[Anomaly], tuple[Judged, ...]]:
    count = (through - table.first).days + 1
    watched = list(table.costs)
    values = np.array(
        [[table.costs[each].get(table.first + n * DAY, 0) / NANO for n in range(count)] for each in watched]
    )
    values = values.reshape(len(watched), count)
    for row, each in enumerate(watched):
        values[row, _not_known(each, table, events, count)] = np.nan
    daily = Daily(table.first, tuple(each.subject for each in watched), values)
    # Far enough back to know when an episode began.
    since = max(table.first, through - (question.days - 1) * DAY - COMPARED_DAYS * DAY)
    days = judge_days(daily, since, question.least / NANO)
    found = [
        _anomaly(each, episode, table)
        for row, each in enumerate(watched)
        for episode in episodes({day: judged[row] for day, judged in days.items()})
        if episode.last > through - question.days * DAY
    ]
    last = days.get(through, [])
    judged = tuple(
        Judged(each, last[row], table.costs[each].get(through, 0), _why_not(values[row], last[row]))
        for row, each in enumerate(watched)
    )
    return sorted(found, key=lambda each: (each.watched.currency, -abs(each.actual - each.expected))), judged


def _anomaly(watched: Watched, episode: Episode, table: _Table) -> Anomaly:
    found = Anomaly(watched, episode, 0, round(episode.found.expected or 0) * NANO, ())
    span = range((episode.day - found.since).days + 1)
    return found._replace(actual=sum(table.costs[watched].get(found.since + n * DAY, 0) for n in span))


def _not_known(watched: Watched, table: _Table, events: Sequence[Event], count: int) -> list[int]:
    """Days that are not known: calls without a price, and what people marked."""
    calls = table.unpriced[watched.group]
    days = [table.first + number * DAY for number in range(count)]
    shares = [
        unpriced / requests if requests else 0.0 for unpriced, requests in (calls.get(day, (0, 0)) for day in days)
    ]
    usual = float(np.median(shares))
    found = {number for number, share in enumerate(shares) if share > usual + UNPRICED}
    for event in events:
        if event.kind in MASKS and _touches(event, watched.group):
            found |= {n for n, day in enumerate(days) if event.first <= day <= (event.last or event.first)}
        if event.kind in RESTARTS and _covers(event, watched.group):
            found |= {n for n, day in enumerate(days) if day < event.first}
    return sorted(found)


def _touches(event: Event, group: Group) -> bool:
    """Whether some of a scope's traffic may be what the event is about."""
    own = None if group.kind == "all" else getattr(event, group.kind)
    return own is None or own == group.name


def _covers(event: Event, group: Group) -> bool:
    """Whether all of a scope's traffic is what the event is about."""
    named = {kind for kind in BY[1:] if getattr(event, kind) is not None}
    return not named or (named == {group.kind} and getattr(event, group.kind) == group.name)


def _why_not(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], found: Found) -> str | None:
    if np.isnan(values[-1]):
        return "calls without a price, or a marked event"
    known = int(np.isfinite(values[int(np.argmax(np.nan_to_num(values) > 0)) :]).sum()) - 1
    return f"{known} of {LEAST_DAYS} days of history" if found.expected is None else None


def _explained(reader: Reader, anomaly: Anomaly) -> Anomaly:
    """With what drove it: the days it is about, beside the days before them."""
    scope = anomaly.watched.scope._replace(since=anomaly.since, until=anomaly.episode.day)
    before, currency = anomaly.since - COMPARED_DAYS * DAY, anomaly.watched.currency
    rows = read_parts(reader, scope, before, currency)
    retries = count_retries(reader, scope, before, currency)
    spans = [
        Span(days, tuple(Part._make(row[1:]) for row in rows if row.is_now is is_now), retries[is_now])
        for is_now, days in ((False, COMPARED_DAYS), (True, (anomaly.episode.day - anomaly.since).days + 1))
    ]
    found = [driver for driver in drivers(*spans) if driver.cause != anomaly.watched.group.kind]
    return anomaly._replace(drivers=tuple(found))


def _silence(rows: Iterable[CostRow], data_through: datetime, begun: date, today: date) -> Silence | None:
    """Whole days without any call since the newest one."""
    first, last = begun + DAY, today - DAY
    if last < first:
        return None
    calls: dict[date, int] = {}
    for row in rows:
        calls[row.group[0]] = calls.get(row.group[0], 0) + row.requests
    span = range((begun - min(calls)).days)
    history = [float(calls.get(min(calls) + n * DAY, 0)) for n in span] + [1.0]
    quiet = chance_of_silence([*history, *[0.0] * ((last - first).days + 1)])
    return Silence(data_through, first, last) if quiet <= UNLIKELY and len(history) > LEAST_DAYS else None


def is_told(alert: Alert, last: date, told: Iterable[Alert]) -> bool:
    """Whether an episode that lasts to a day was told before, when it began or while it went on."""
    return any(alert[:3] == each[:3] and alert.period - GAP <= each.period <= last for each in told)
