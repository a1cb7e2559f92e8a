"""The projection of a warehouse: its traffic, its cards and what people marked, joined for commands and pages alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from planning.course import EVERYTHING, Course, Group
from planning.events import Event, apply
from planning.prices import Change, Horizon, Prices, Share, future_prices
from planning.projection import Projected, project
from planning.traffic import MEASURES, REQUESTS, Cell, Traffic, traffic_of
from pricing.rates import Rate
from warehouse.connection import Reader, open_reader
from warehouse.errors import WarehouseError
from warehouse.events import list_events
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.scope import EVERYTHING as ALL_TRAFFIC
from warehouse.scope import Scope
from warehouse.traffic import (
    HISTORY_DAYS,
    BilledRow,
    DayRow,
    MixRow,
    Span,
    billed_by_day,
    daily_traffic,
    traffic_mix,
    traffic_span,
    zone_of,
)

DAY = timedelta(days=1)
KINDS = ("seller", "model", "team")
"""Each value of these has a course of its own, beside the whole."""
NEXT_DAYS = 7
"""So many days are projected at least, however near the end is that was asked for."""


class Outlook(NamedTuple):
    """What was billed and what may come."""

    zone: str
    today: date
    data_through: datetime
    through: date
    """The last whole day of data."""
    since: date
    """The first day with traffic that the projection looks at."""
    later: int
    """Calls that say they are of a day to come: in no figure here."""
    latest: date | None
    courses: tuple[Course, ...]
    """By group and currency, the dearest first."""
    changes: tuple[Change, ...]
    """Rates that begin or end within the projected days."""
    traffic: Traffic
    """As the events leave it."""
    prices: Prices
    events: tuple[Event, ...]
    """What people marked, dismissed proposals too."""

    @property
    def history_days(self) -> int:
        """Whole days from the first with traffic on."""
        return (self.through - self.since).days + 1

    def of(self, group: Group = EVERYTHING) -> list[Course]:
        """The courses of one group, one per currency."""
        return [course for course in self.courses if course.group == group]

    def changes_through(self, last: date) -> tuple[Change, ...]:
        """The rates that begin or end on a billing day up to that one."""
        return tuple(change for change in self.changes if billing_day(change.at, self.zone) <= last)


class Basis(NamedTuple):
    """What a projection is made from, read in one borrowed connection."""

    span: Span
    days: Sequence[DayRow]
    mix: Sequence[MixRow]
    billed: Sequence[BilledRow]
    events: tuple[Event, ...] = ()
    """What people marked, dismissed proposals too."""


def read_basis(reader: Reader, today: date, scope: Scope = ALL_TRAFFIC) -> Basis:
    """Read what a projection of a scope is made from, today a billing day; raises WarehouseError without traffic."""
    span = traffic_span(reader, today)
    if span.begun is None:
        raise WarehouseError("there is no traffic to project: load a log first, with tollbook ingest")
    return Basis(span, daily_traffic(reader, scope), traffic_mix(reader, span, scope), billed_by_day(reader, scope))


def outlook(  # noqa: PLR0913 - what is asked, of which warehouse, when, and whom to tell of a wait
    root: Path,
    now: datetime,
    *,
    until: date,
    scopes: Mapping[str, Scope] | None = None,
    kinds: Sequence[str] = KINDS,
    tell: Tell,
) -> Outlook:
    """Courses of everything, of each value of some kinds, and of each named scope, until a day.

    Ask only for kinds that are shown: over a year each course holds some megabytes.
    """
    rates = compile_rates(read_cards(Folder(root)))
    events = read_events(root, tell=tell)
    with open_reader(root, tell=tell) as reader:
        today = billing_day(now, zone_of(reader))
        basis = read_basis(reader, today)._replace(events=events)
        own = {name: read_basis(reader, today, one)._replace(events=events) for name, one in (scopes or {}).items()}
    whole = project_basis(basis, rates, now, until=until, kinds=kinds)
    courses = list(whole.courses)
    for name, scoped in own.items():
        found = project_basis(scoped, rates, now, until=until, kinds=())
        courses += [course._replace(group=Group("scope", name)) for course in found.of()]
    return whole._replace(courses=tuple(courses))


def read_events(root: Path, *, tell: Tell) -> tuple[Event, ...]:
    """What people marked, dismissed proposals too."""
    return tuple(Event._make(row) for row in list_events(root, tell=tell))


def project_basis(
    basis: Basis, rates: Iterable[Rate], now: datetime, *, until: date, kinds: Sequence[str] = KINDS
) -> Outlook:
    """The same from what was read."""
    span = basis.span
    assert span.data_through is not None  # the reader made sure
    traffic, prices, days = traffic_and_prices(basis, rates, until)
    projected = project(traffic, prices, days, groups_of(traffic.cells, kinds))
    courses = _courses(basis, projected, traffic, kinds)
    return Outlook(
        zone=span.zone,
        today=billing_day(now, span.zone),
        data_through=span.data_through,
        through=traffic.through,
        since=_first_day(traffic),
        later=span.later,
        latest=span.latest,
        courses=tuple(sorted(courses, key=_by_size)),
        changes=prices.changes,
        traffic=traffic,
        prices=prices,
        events=basis.events,
    )


def _first_day(traffic: Traffic) -> date:
    """The first with a call; the one in progress where no whole day has one."""
    some = traffic.counts[:, REQUESTS, :].any(axis=0)
    return traffic.first + (int(some.argmax()) if some.any() else traffic.days) * DAY


def traffic_and_prices(basis: Basis, rates: Iterable[Rate], until: date) -> tuple[Traffic, Prices, int]:
    """What the paths are drawn from and priced at, and how many days there are to project."""
    span = basis.span
    assert span.begun is not None  # the reader made sure
    traffic = apply(build_traffic(basis.days, span), basis.events)
    days = max((until - span.begun).days + 1, NEXT_DAYS)
    horizon = Horizon(span.begun, days, span.zone)
    return traffic, future_prices(traffic.cells, _shares(basis.mix), rates, horizon), days


def build_traffic(rows: Sequence[DayRow], span: Span) -> Traffic:
    """The whole days before the one in progress, at most HISTORY_DAYS; equally many whatever the scope, so that a
    scope's paths are those of its cells among all.
    """
    begun, first = span.begun, span.first
    assert begun is not None and first is not None  # the reader made sure
    first = max(min(first, begun), begun - timedelta(days=HISTORY_DAYS))
    recent = [row for row in rows if first <= row.day <= begun]
    cells = tuple(sorted({Cell(*row[1:4]) for row in recent}, key=lambda cell: [name or "" for name in cell]))
    places = {cell: place for place, cell in enumerate(cells)}
    counts = np.zeros((len(cells), len(MEASURES), (begun - first).days), dtype=np.int64)
    seen = np.zeros((len(cells), len(MEASURES)), dtype=np.int64)
    for row in recent:
        place = places[Cell(*row[1:4])]
        if row.day == begun:
            seen[place] += row.counts
        else:
            counts[place, :, (row.day - first).days] += row.counts
    return traffic_of(first, cells, counts, seen)


def groups_of(cells: Sequence[Cell], kinds: Sequence[str] = KINDS) -> dict[Group, list[int]]:
    """The whole, and each value of some kinds, as places among the cells."""
    groups: dict[Group, list[int]] = {EVERYTHING: list(range(len(cells)))}
    for place, cell in enumerate(cells):
        for group in _named(cell, kinds):
            groups.setdefault(group, []).append(place)
    return groups


def _named(cell: Cell, kinds: Sequence[str]) -> list[Group]:
    return [Group(kind, name) for kind in kinds if (name := getattr(cell, kind)) is not None]


def _shares(mix: Iterable[MixRow]) -> list[Share]:
    return [Share(Cell(*row[:3]), *row[3:]) for row in mix]


def _courses(
    basis: Basis, projected: Mapping[Group, Projected], traffic: Traffic, kinds: Sequence[str]
) -> list[Course]:
    billed: dict[tuple[Group, str], dict[date, int]] = {}
    begun = traffic.through + DAY
    # Calls of days to come, by a clock that is wrong, are in no figure that is projected.
    for row in (row for row in basis.billed if row.day <= begun):
        for group in (EVERYTHING, *_named(Cell(row.seller, row.model, row.team), kinds)):
            by_day = billed.setdefault((group, row.currency), {})
            by_day[row.day] = by_day.get(row.day, 0) + row.cost
    held = set(billed) | {(group, currency) for group, found in projected.items() for currency in found.nano}
    return [_course(group, currency, billed.get((group, currency), {}), projected, begun) for group, currency in held]


def _course(
    group: Group, currency: str, billed: Mapping[date, int], projected: Mapping[Group, Projected], begun: date
) -> Course:
    first = min(billed, default=begun)
    last = max([*billed, begun])
    found = projected.get(group) or _none_of(projected)
    return Course(
        group=group,
        currency=currency,
        billed_from=first,
        billed=tuple(billed.get(first + number * DAY, 0) for number in range((last - first).days + 1)),
        first=begun,
        nano=found.nano[currency] if currency in found.nano else np.zeros_like(found.requests),
        left_out=found.left_out.get(currency, ()),
        requests=found.requests,
        unpriced=found.unpriced,
    )


def _none_of(projected: Mapping[Group, Projected]) -> Projected:
    """Of a group that had no call in the history that is looked at."""
    whole = projected[EVERYTHING]
    return Projected(np.zeros_like(whole.requests), {}, {}, 0.0)


def _by_size(course: Course) -> tuple[object, ...]:
    order = ("all", *KINDS)
    # A year of a thousand paths may be more than whole numbers of 64 bits hold.
    size = float(course.nano.sum(dtype=np.float64))
    return order.index(course.group.kind), course.currency, -size, course.group.name
