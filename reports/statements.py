"""A month's books charged back: what each team used itself, and its share of what belongs to no team.

All of it comes from the lines of the books: a closed month's are those that were frozen. What became known of earlier
months and is booked with this one is divided by the same rule, by what the teams used in the month that it is about.
What is charged adds up to the books, to the last pico-unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from analysis.allocation import Basis, Name, Rule, Weights, allocated, apportioned, weights_of
from planning.close import Books
from pricing.books import AMOUNTS, MEASURES, RECURRING, Counts, LineKey, Lines, month_end
from pricing.fx import Leg, Rates, Use, rate_at, uses_of
from pricing.meters import TOKEN_METERS
from reports.errors import NOTHING, ReportError

Kind = Literal["direct", "recurring", "shared", "adjustment"]
KINDS: Mapping[Kind, tuple[str, str]] = {
    "direct": ("Own calls", "What the team's own calls cost, as priced."),
    "recurring": ("Own charges", "The team's own recurring charges: licences, GPU-hours, plans, support."),
    "shared": ("Shared", "The team's share of calls and recurring charges that belong to no team."),
    "adjustment": (
        "Adjustments",
        "What became known of earlier months after they were closed, its shared part divided.",
    ),
}
"""How amounts of a kind are headed, and what they are."""
PLACE = {name: place for place, name in enumerate(MEASURES)}


class Exchange(NamedTuple):
    """Into which currency amounts are converted: each month's at the rate of its last day, or of today's before it."""

    target: str
    rates: Rates
    today: date


class Entry(NamedTuple):
    """One line of a statement."""

    team: str | None
    """None: shared cost that no team is there to take."""
    kind: Kind
    about: date
    """The month that it is about: another than the statement's for an adjustment."""
    what: str
    project: str | None
    currency: str
    pico: int
    rule: Name | None = None
    """By which it was divided. None: it is the team's own, or nobody's."""
    share: Fraction | None = None
    """The team's share of what was divided."""
    requests: int = 0
    review: int = 0
    """How many of the calls are under review."""
    low: int = 0
    high: int = 0
    """Between what the amount lies where calls are under review; both are the amount where none is."""


class Pool(NamedTuple):
    """One shared amount, and who takes part in it."""

    about: date
    adjusted: bool
    what: str
    currency: str
    pico: int
    weights: Weights


class Unknown(NamedTuple):
    """Calls of unknown cost: they are charged to nobody, and are never 0. Fewer than none where an earlier
    month's were given a price."""

    team: str | None
    about: date
    what: str
    project: str | None
    requests: int


class Chargeback(NamedTuple):
    """One month, charged back."""

    books: Books
    rule: Rule
    target: str | None
    """The currency that all was converted into. None: each amount is in the currency that it was billed in."""
    entries: tuple[Entry, ...]
    pools: tuple[Pool, ...]
    unknown: tuple[Unknown, ...]
    uses: tuple[Use, ...]
    """The exchange rates that it rests on."""

    @property
    def month(self) -> date:
        """Its first day."""
        return self.books.month

    @property
    def teams(self) -> list[str]:
        """Everybody with a line of a statement, by name."""
        found = {entry.team for entry in self.entries} | {calls.team for calls in self.unknown}
        return sorted(team for team in found if team is not None)

    @property
    def has_nobody(self) -> bool:
        """Whether something is left that no team takes."""
        return any(entry.team is None for entry in self.entries) or any(calls.team is None for calls in self.unknown)

    @property
    def currencies(self) -> list[str]:
        """What amounts are in."""
        return sorted({entry.currency for entry in self.entries})

    def sums(self) -> dict[tuple[str | None, str, Kind], int]:
        """Pico-units by team, currency and kind."""
        found: dict[tuple[str | None, str, Kind], int] = {}
        for entry in self.entries:
            key = (entry.team, entry.currency, entry.kind)
            found[key] = found.get(key, 0) + entry.pico
        return found


class _Amount(NamedTuple):
    """What an item comes to."""

    currency: str
    pico: int
    low: int
    high: int


class _Item(NamedTuple):
    """A line of the books with a cost, before it is charged."""

    about: date
    adjusted: bool
    key: LineKey
    counts: Counts


def charge_back(books: Sequence[Books], month: date, rule: Rule, *, exchange: Exchange | None = None) -> Chargeback:
    """Divide a month among the teams; raises ReportError where nothing is known of it, or a rate is missing."""
    every = {each.month: each for each in books}
    if month not in every:
        raise ReportError(f"{NOTHING} {month:%Y-%m} to charge back: no call and no charge is in it")
    here = every[month]
    items = [*_items(here.own, month, adjusted=False)]
    for about, lines in here.adjustments.items():
        items += _items(lines, about, adjusted=True)
    legs: set[Leg] = set()
    amounts = _amounts(items, exchange, legs)
    entries, pools = _own(items, amounts), _pools(items, amounts)
    divided = _divided(pools, every, rule, exchange)
    shared = [entry for pool in divided for entry in _shares(pool)]
    return Chargeback(
        here,
        rule,
        exchange.target if exchange else None,
        tuple(sorted([*entries, *shared], key=_order)),
        tuple(divided),
        tuple(_unknown(here)),
        tuple(uses_of(legs)),
    )


def _items(lines: Lines, about: date, *, adjusted: bool) -> Iterable[_Item]:
    for key, counts in sorted(lines.items(), key=lambda line: tuple(map(str, line[0]))):
        if key.currency is not None:
            yield _Item(about, adjusted, key, counts)


def _amounts(items: Sequence[_Item], exchange: Exchange | None, legs: set[Leg]) -> list[_Amount]:
    """What each item comes to; converted amounts add up to the whole, rounded once."""
    if exchange is None:
        return [_Amount(str(item.key.currency), *item.counts[: len(AMOUNTS)]) for item in items]
    rates = [_rate(str(item.key.currency), item.about, exchange, legs) for item in items]
    whole = apportioned({place: item.counts[0] * rates[place] for place, item in enumerate(items)})
    return [
        _Amount(exchange.target, whole[place], *(round(pico * rates[place]) for pico in item.counts[1 : len(AMOUNTS)]))
        for place, item in enumerate(items)
    ]


def _rate(currency: str, about: date, exchange: Exchange, legs: set[Leg]) -> Fraction:
    day = min(month_end(about), exchange.today)
    found = rate_at(exchange.rates, currency, exchange.target, day)
    if found is None:
        raise ReportError(
            f"no rate of {currency}/{exchange.target} is known on {day} or before: tollbook fx import FILE brings it, "
            f"and without --in each amount stays in its own currency"
        )
    legs.update(found.legs)
    return found.rate


def _own(items: Sequence[_Item], amounts: Sequence[_Amount]) -> list[Entry]:
    """What belongs to a team itself."""
    found = []
    for item, amount in zip(items, amounts, strict=True):
        if item.key.team is not None:
            kind: Kind = "recurring" if item.key.kind == RECURRING else "direct"
            kind = "adjustment" if item.adjusted else kind
            counts = (item.counts[PLACE["requests"]], item.counts[PLACE["review"]])
            about = (item.about, _what(item.key), item.key.project)
            entry = Entry(item.key.team, kind, *about, amount.currency, amount.pico, None, None, *counts)
            found.append(entry._replace(low=amount.low, high=amount.high))
    return found


def _pools(items: Sequence[_Item], amounts: Sequence[_Amount]) -> dict[tuple[date, bool, str, str], int]:
    """What belongs to no team: a seller's calls are one amount, each charge is one."""
    found: dict[tuple[date, bool, str, str], int] = {}
    for item, amount in zip(items, amounts, strict=True):
        if item.key.team is None:
            name = _what(item.key) if item.key.charge else f"calls without a team, {item.key.seller or 'no seller'}"
            pool = (item.about, item.adjusted, name, amount.currency)
            found[pool] = found.get(pool, 0) + amount.pico
    return {pool: pico for pool, pico in found.items() if pico}


def _divided(
    pools: Mapping[tuple[date, bool, str, str], int],
    every: Mapping[date, Books],
    rule: Rule,
    exchange: Exchange | None,
) -> list[Pool]:
    """Each amount with the weights of the month that it is about."""
    bases = {about: _bases(every[about], exchange) for about in {pool[0] for pool in pools}}
    return [
        Pool(about, adjusted, what, currency, pico, weights_of(rule, bases[about], currency))
        for (about, adjusted, what, currency), pico in sorted(pools.items())
    ]


def _bases(books: Books, exchange: Exchange | None) -> dict[str, Basis]:
    """What each team used of its own in a month, adjustments left aside: it is frozen with the month."""
    cost: dict[str, dict[str, Fraction]] = {}
    counts: dict[str, list[int]] = {}
    for key, line in books.own.items():
        if key.team is None:
            continue
        sums = counts.setdefault(key.team, [0, 0])
        sums[0] += sum(line[PLACE[meter]] for meter in TOKEN_METERS)
        sums[1] += line[PLACE["requests"]]
        if key.currency is not None:
            rate = _rate(key.currency, books.month, exchange, set()) if exchange else Fraction(1)
            currency = exchange.target if exchange else key.currency
            amounts = cost.setdefault(key.team, {})
            amounts[currency] = amounts.get(currency, Fraction()) + line[0] * rate
    return {team: Basis(cost.get(team, {}), *sums) for team, sums in counts.items()}


def _shares(pool: Pool) -> list[Entry]:
    """Each team's part of a shared amount; nobody's where there is no team."""
    kind: Kind = "adjustment" if pool.adjusted else "shared"
    about = (pool.about, pool.what, None, pool.currency)
    if not pool.weights.parts:
        return [Entry(None, kind, *about, pool.pico)]
    shares = pool.weights.shares()
    return [
        Entry(team, kind, *about, pico, pool.weights.rule, shares[team])
        for team, pico in allocated(pool.pico, pool.weights).items()
    ]


def _unknown(books: Books) -> Iterable[Unknown]:
    """Every line with calls of unknown cost, by team."""
    found = [
        Unknown(key.team, about, _what(key), key.project, counts[PLACE["unpriced"]])
        for about, lines in ((books.month, books.own), *books.adjustments.items())
        for key, counts in lines.items()
        if counts[PLACE["unpriced"]]
    ]
    return sorted(found, key=lambda each: (each.team is None, *map(str, each)))


def _what(key: LineKey) -> str:
    """``stepfun · step-3.7-flash``, or a charge's name with its number."""
    if key.charge is not None:
        number, _, name = key.charge.partition(" ")
        return f"{name} (charge {number})"
    return f"{key.seller or 'no seller'} · {key.model or 'no model'}"


def _order(entry: Entry) -> tuple[object, ...]:
    """By team, then own things first, dearest first."""
    place = list(KINDS).index(entry.kind)
    team = (entry.team is None, entry.team or "")
    return (*team, entry.currency, place, entry.about, -entry.pico, entry.what, entry.project or "")
