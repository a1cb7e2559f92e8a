"""What the page of rates asks: every rate with what it priced in a scope, and the calls that no rate prices."""

from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from pricing.meters import METERS
from warehouse.connection import Reader
from warehouse.folder import STALE_DAYS, Folder
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql

OWN = 2
"""From this precedence on a card belongs to the warehouse, not to the program."""
OPEN_YEAR = 9999


class Stretch(NamedTuple):
    """A stretch of time in which a rate prices one exact model string."""

    model: str
    valid_from: datetime
    valid_until: datetime


class BookedRate(NamedTuple):
    """One rate, and what it priced in scope; figures and cost in pico-units."""

    rate_id: int
    seller: str
    model: str
    region: str | None
    currency: str
    valid_from: datetime
    valid_until: datetime
    pico: tuple[int | None, ...]
    """Per token or unit, in METERS order. None: the card does not sell it."""
    source: str
    checked: date
    confidence: str
    note: str | None
    card: str
    precedence: int
    active: bool
    """Whether a card still says so; a rate that priced something stays known without one."""
    requests: int
    tokens: int
    cost: int | None
    """None: it priced nothing in scope."""
    stretches: tuple[Stretch, ...]
    """When it prices which model string: not where a card that goes before it has a rate."""

    @property
    def is_own(self) -> bool:
        """Whether the card is the warehouse's own, not a shipped one."""
        return self.precedence >= OWN

    @property
    def is_open(self) -> bool:
        """Whether no end is known."""
        return self.valid_until.year == OPEN_YEAR

    @property
    def strings(self) -> tuple[str, ...]:
        """Every exact model string that it prices: its model, then aliases."""
        return tuple(dict.fromkeys([self.model, *(stretch.model for stretch in self.stretches)]))

    def figure(self, meter: str) -> int | None:
        """Pico-units per token or unit of one meter."""
        return self.pico[METERS.index(meter)]

    def state(self, now: datetime) -> str:
        """Whether it prices a call that begins now, and why not."""
        if any(stretch.valid_from <= now < stretch.valid_until for stretch in self.stretches):
            return "in force"
        if self.valid_from > now:
            return "future"
        if not self.active:
            return "withdrawn"
        return "past" if self.valid_until <= now else "overruled"

    def age_days(self, now: datetime) -> int:
        """Days since someone looked at its source; 0 for a clock that is set to before."""
        return max(0, (now.date() - self.checked).days)


class RateGap(NamedTuple):
    """Calls in scope that no rate prices."""

    seller: str
    seller_name: str
    model: str | None
    reason: str
    sells_no_tokens: bool
    """The seller has no token price: nothing is missing."""
    requests: int
    tokens: int
    first_day: date
    last_day: date
    known_from: datetime | None
    """Start of the earliest rate of this very model and seller. None: there never was one."""
    known_until: datetime | None
    note: str | None
    """What the card says of the latest of them: perhaps why no other follows."""


class RateBook(NamedTuple):
    """The answers of the page of rates."""

    rates: list[BookedRate]
    gaps: list[RateGap]


def read_rate_book(reader: Reader, scope: Scope) -> RateBook:
    """Every rate, and what is missing."""
    where, parameters = condition(scope)
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    for rate_id, *stretch in reader.rows(sql("rate_stretches")):
        stretches[rate_id].append(Stretch(*stretch))
    rates = []
    for row in reader.rows(sql("rate_book").replace("and true", f"and {where}"), parameters):
        *known, requests, tokens, cost = row
        sums = [int(requests), int(tokens), None if cost is None else int(cost)]
        booked = BookedRate._make([*known, *sums, tuple(stretches[known[0]])])
        rates.append(booked._replace(pico=tuple(booked.pico)))
    return RateBook(rates, read_gaps(reader, scope))


def read_gaps(reader: Reader, scope: Scope = EVERYTHING) -> list[RateGap]:
    """The calls in scope that no rate prices, most first."""
    where, parameters = condition(scope)
    gaps = reader.rows(sql("rate_gaps").replace("and true", f"and {where}"), parameters)
    return [RateGap(*gap)._replace(requests=int(gap[5])) for gap in gaps]


def used_digests(reader: Reader) -> set[str]:
    """Digests of the rates that have priced something."""
    return {digest for digest, *_ in reader.rows(sql("used_rates"), {"own": 0})}


def stale_days_of(root: Path) -> int:
    """After how many days without a look at its source a rate is stale; raises WarehouseError."""
    folder = Folder(root)
    return folder.settings().stale_days if folder.settings_file.exists() else STALE_DAYS
