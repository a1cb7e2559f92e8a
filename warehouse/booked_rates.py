"""One entry of a rate card as the page of rates knows it: its cells, when they price, and what they priced."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from pricing.cells import ANY
from pricing.meters import METERS
from pricing.rates import OPEN, PRECEDENCE, Rate

OWN = PRECEDENCE["own"]
"""From this precedence on a card belongs to the warehouse, not to the program."""


class Use(NamedTuple):
    """What rates priced of one team's calls in scope; cost in pico-units."""

    team: str | None
    requests: int
    tokens: int
    cost: int
    last_day: date


class Stretch(NamedTuple):
    """A stretch of time in which a rate prices an exact model string, for one organisation and team or for all."""

    model: str
    valid_from: datetime
    valid_until: datetime
    org: str = ANY
    team: str = ANY


class BookedEntry(NamedTuple):
    """One entry of a card, which is a rate for each of its cells."""

    cells: tuple[Rate, ...]
    """The base first: the shortest context, outside every window, of the standard tier, in no region apart."""
    active: bool
    """Whether a card still says so; a rate stays known without one."""
    stretches: tuple[Stretch, ...]
    """When it prices which model string: not where a card that goes before it has a rate."""
    uses: tuple[Use, ...]
    """By team, most calls first; none: it priced nothing in scope."""
    same_in: tuple[tuple[str, int], ...]
    """Other cards, with their precedence, that say the very same."""

    @property
    def base(self) -> Rate:
        """The rate of its base."""
        return self.cells[0]

    @property
    def is_own(self) -> bool:
        """Whether the card is the warehouse's own."""
        return self.base.precedence >= OWN

    @property
    def is_open(self) -> bool:
        """Whether no end is known."""
        return self.base.valid_until >= OPEN

    @property
    def requests(self) -> int:
        """Calls in scope that it priced."""
        return sum(use.requests for use in self.uses)

    @property
    def tokens(self) -> int:
        """Their tokens."""
        return sum(use.tokens for use in self.uses)

    @property
    def cost(self) -> int | None:
        """Their cost in pico-units. None: it priced nothing in scope."""
        return sum(use.cost for use in self.uses) if self.uses else None

    @property
    def last_day(self) -> date | None:
        """The last day in scope with a call that it priced."""
        return max((use.last_day for use in self.uses), default=None)

    def figure(self, meter: str) -> int | None:
        """Pico-units per token or unit of one meter, at the base."""
        return self.base.pico[METERS.index(meter)]

    def state(self, now: datetime) -> str:
        """Whether it prices a call that begins now, and why not."""
        if any(stretch.valid_from <= now < stretch.valid_until for stretch in self.stretches):
            return "in force"
        if self.base.valid_from > now:
            return "future"
        if not self.active:
            return "withdrawn"
        return "past" if self.base.valid_until <= now else "overruled"

    def is_stale(self, now: datetime, days: int) -> bool:
        """Whether it is in force and nobody has looked at its source for longer; what has ended stays as it was."""
        return self.age_days(now) > days and self.state(now) == "in force"

    def age_days(self, now: datetime) -> int:
        """Days since someone looked at its source; 0 for a clock that is set to before."""
        return max(0, (now.date() - self.base.checked).days)


class Stated(NamedTuple):
    """A rate as a card states it."""

    rate: Rate
    active: bool


def book(
    stated: Sequence[Stated], stretches: dict[str, list[Stretch]], uses: dict[str, list[Use]]
) -> list[BookedEntry]:
    """The entries that rates belong to, by model, seller and start.

    A figure that two cards give alike is one rate: its use is told at the card that counts more, and an entry of
    which nothing is left is that card's with another name on it.
    """
    by_entry: dict[tuple[object, ...], list[Stated]] = defaultdict(list)
    for one in stated:
        by_entry[_key(one.rate)].append(one)
    ranked = sorted(by_entry.values(), key=lambda cells: _rank(cells[0].rate), reverse=True)
    first: dict[str, int] = {}
    for place, cells in enumerate(ranked):
        for cell in cells:
            first.setdefault(cell.rate.digest, place)
    same: dict[int, list[tuple[str, int]]] = defaultdict(list)
    found: list[tuple[int, list[Stated]]] = []
    for place, cells in enumerate(ranked):
        holders = {first[cell.rate.digest] for cell in cells}
        if place in holders:
            found.append((place, cells))
        else:
            same[min(holders)].append((cells[0].rate.card, cells[0].rate.precedence))
    entries = []
    for place, cells in found:
        digests = [cell.rate.digest for cell in cells if first[cell.rate.digest] == place]
        entries.append(
            BookedEntry(
                tuple(sorted((cell.rate for cell in cells), key=_from_base)),
                any(cell.active for cell in cells),
                tuple(dict.fromkeys(stretch for digest in digests for stretch in stretches.get(digest, ()))),
                _summed([use for digest in digests for use in uses.get(digest, ())]),
                tuple(same[place]),
            )
        )
    return sorted(entries, key=lambda entry: (entry.base.model, entry.base.seller, entry.base.valid_from))


def _key(rate: Rate) -> tuple[object, ...]:
    """What the cells of one entry of one card have in common."""
    return (
        rate.seller, rate.model, rate.entry, rate.card, rate.precedence, rate.list_precedence, rate.correction,
        rate.valid_until, rate.org, rate.team,
    )  # fmt: skip


def _rank(rate: Rate) -> tuple[object, ...]:
    return rate.precedence, rate.list_precedence, rate.correction, rate.checked, rate.card, rate.entry


def _from_base(rate: Rate) -> tuple[object, ...]:
    cell = rate.cell
    return (
        cell.tier != "standard", cell.tier, cell.region, cell.context_from, cell.window is not None, cell.week,
        rate.digest,
    )  # fmt: skip


def _summed(uses: Sequence[Use]) -> tuple[Use, ...]:
    """By team, most calls first."""
    teams: dict[str | None, Use] = {}
    for use in uses:
        known = teams.get(use.team)
        teams[use.team] = (
            use
            if known is None
            else Use(
                use.team,
                known.requests + use.requests,
                known.tokens + use.tokens,
                known.cost + use.cost,
                max(known.last_day, use.last_day),
            )
        )
    return tuple(sorted(teams.values(), key=lambda use: (-use.requests, use.team is None, use.team or "")))
