"""Events, as people entered them: added, removed, each with its line in the audit.

The rows come and go as plain values: what an event does to a forecast is for those who forecast.
"""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from warehouse.entries import Author, open_entries, read_entries
from warehouse.locks import Tell


class EventRow(NamedTuple):
    """One event in the state database; ``kind`` and ``state`` are words of planning.events."""

    event_id: int
    kind: str
    first: date
    last: date | None
    seller: str | None
    model: str | None
    team: str | None
    note: str | None
    state: str


def list_events(root: Path, *, tell: Tell) -> list[EventRow]:
    """Every event that was not removed, dismissed ones too, in the order in which they were entered."""
    return [EventRow._make(row) for row in read_entries(root, "event", tell=tell)]


def add_event(root: Path, event: EventRow, author: Author, *, tell: Tell) -> int:
    """Enter an event; returns its number, whatever number it came with."""
    values = event._asdict()
    del values["event_id"]
    values |= {"first_day": values.pop("first"), "last_day": values.pop("last")}
    with open_entries(root, author, purpose="an event", tell=tell) as entries:
        return entries.put("event", values)


def remove_event(root: Path, number: int, author: Author, *, tell: Tell) -> EventRow:
    """Take an event out of every forecast to come; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="an event", tell=tell) as entries:
        return EventRow._make(entries.take("event", number).values())
