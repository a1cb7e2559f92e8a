"""What seems to have happened, with the forecast that confirming it would give; and entering the answer."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.outlook import Outlook, project_basis, read_basis
from planning.confirming import confirmed
from planning.course import EVERYTHING, Course
from planning.events import Event
from planning.glance import Glance, Period, glance
from planning.proposals import Proposal, propose
from warehouse.connection import Reader
from warehouse.entries import Author
from warehouse.events import EventRow, add_event
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

MOST = 6
"""So many proposals are projected; more than that is no news but a different kind of traffic."""


class Proposed(NamedTuple):
    """A proposal, and all traffic's forecast of a period as it is and as confirming would make it, per currency."""

    proposal: Proposal
    now: tuple[Glance, ...]
    confirmed: tuple[Glance, ...]


class Open(NamedTuple):
    """The proposals that wait for an answer, and what confirming all of them would give, per currency."""

    proposed: tuple[Proposed, ...]
    together: tuple[Glance, ...]


def read_proposed(reader: Reader, events: tuple[Event, ...], now: datetime, period: Period) -> Open:
    """Every open proposal; raises WarehouseError where nothing was loaded."""
    today = billing_day(now, zone_of(reader))
    basis = read_basis(reader, today)._replace(events=events)
    rates = compile_rates(read_cards(reader.folder))
    return open_proposals(project_basis(basis, rates, now, until=period.last, kinds=()), period)


def open_proposals(found: Outlook, period: Period) -> Open:
    """The same from an outlook."""
    courses = found.of(EVERYTHING)
    before = _glances(courses, period)
    proposals = propose(found.traffic, found.events)[:MOST]

    def with_these(said: Sequence[Proposal]) -> tuple[Glance, ...]:
        events = [each.event._replace(state="confirmed") for each in said]
        return _glances(confirmed(courses, found.traffic, found.prices, events), period)

    proposed = tuple(Proposed(each, before, with_these([each])) for each in proposals)
    return Open(proposed, with_these(proposals) if len(proposals) > 1 else ())


def _glances(courses: Sequence[Course], period: Period) -> tuple[Glance, ...]:
    return tuple(glance(course, period) for course in courses)


def enter(root: Path, event: Event, author: Author, *, tell: Tell) -> Event:
    """Keep an event as it says, confirmed or dismissed; returns it with its number."""
    return event._replace(event_id=add_event(root, EventRow._make(event), author, tell=tell))
