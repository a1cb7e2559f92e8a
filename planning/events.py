"""What happened to the traffic, as people marked it: the days that a forecast must not learn from.

A launch or a migration restarts the history: what was before it says nothing of the level from then on. An outage or
a backfill masks its days: they are neither high nor low, they are not known. What has ended is forecast no more.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, NamedTuple, get_args

import numpy as np

from planning.traffic import Cell, Mask, Traffic

Kind = Literal["launch", "migration", "outage", "backfill", "ended"]
State = Literal["proposed", "confirmed", "dismissed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RESTARTS: tuple[Kind, ...] = ("launch", "migration")
MASKS: tuple[Kind, ...] = ("outage", "backfill")
SCOPES = ("seller", "model", "team")
"""What an event may be about; one that names nothing is about all traffic."""
WHAT_IT_DOES: dict[Kind, str] = {
    "launch": "the forecast learns its level from that day on",
    "migration": "the forecast learns its level from that day on",
    "outage": "the forecast leaves these days out",
    "backfill": "the forecast leaves these days out",
    "ended": "the forecast takes it as ended: nothing more comes",
}


class Event(NamedTuple):
    """One thing that happened, to all traffic or to what it names."""

    event_id: int
    kind: Kind
    first: date
    last: date | None
    """The last day of an outage or a backfill; None for what goes on."""
    seller: str | None = None
    model: str | None = None
    team: str | None = None
    note: str | None = None
    state: State = "confirmed"

    def is_about(self, cell: Cell) -> bool:
        """Whether the event happened to this part of the traffic."""
        wanted = ((self.seller, cell.seller), (self.model, cell.model), (self.team, cell.team))
        return all(name is None or name == value for name, value in wanted)

    @property
    def about(self) -> str:
        """``seller novita, team search``; ``all traffic``."""
        named = [f"{name} {getattr(self, name)}" for name in SCOPES if getattr(self, name) is not None]
        return ", ".join(named) or "all traffic"

    @property
    def days(self) -> str:
        """``2026-11-03``, ``2026-11-03 to 2026-11-05``, ``from 2026-11-03``."""
        if self.kind not in MASKS:
            return f"from {self.first}"
        return str(self.first) if self.last in (None, self.first) else f"{self.first} to {self.last}"


def apply(traffic: Traffic, events: Iterable[Event]) -> Traffic:
    """The traffic as the confirmed events leave it: what is not known is marked, and what has ended is not in it."""
    known, shaped = traffic.known.copy(), traffic.shaped.copy()
    over = np.zeros(len(traffic.cells), dtype=bool)
    for event in events:
        if event.state != "confirmed":
            continue
        rows = np.array([event.is_about(cell) for cell in traffic.cells], dtype=bool)
        first, last = _columns(traffic, event)
        if event.kind == "ended":
            over |= rows & ~_any_since(traffic, first)
        if event.kind in MASKS:
            known[rows, first : last + 1] = False
            shaped[rows, first : last + 1] = False
        else:
            known[rows, :first] = False
    return Traffic(
        traffic.first,
        tuple(cell for cell, ended in zip(traffic.cells, over, strict=True) if not ended),
        traffic.counts[~over],
        known[~over],
        shaped[~over],
        traffic.begun[~over],
    )


def why_not(event: Event, through: date) -> str | None:
    """Why an event cannot be entered; None where it can. ``through`` is the newest day with data."""
    if event.last is not None and event.kind not in MASKS:
        return f"{_a(event.kind)} has a first day alone: what is from then on goes on"
    if event.last is not None and event.last < event.first:
        return f"the first day {event.first} is after the last day {event.last}"
    if event.first > through:
        return f"{event.first} is after the newest day with data, {through}: a forecast learns from past days alone"
    return None


def _a(kind: Kind) -> str:
    return f"an event of the kind {kind}" if kind == "ended" else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _columns(traffic: Traffic, event: Event) -> tuple[int, int]:
    """First and last column of an event's days, within those there are."""
    first = max(0, (event.first - traffic.first).days)
    last = max(-1, ((event.last or event.first) - traffic.first).days)
    return min(first, traffic.days), last


def _any_since(traffic: Traffic, column: int) -> Mask:
    """Per cell: whether anything came from a day on, today included."""
    past = traffic.counts[:, :, column:].any(axis=(1, 2))
    return np.asarray(past | traffic.begun.any(axis=1), dtype=bool)
