"""Rates: cards compiled to integers, one rate for each cell of an entry.

Instants of cards carry a zone. From here on they are naive and in UTC, as the warehouse stores them. A rate
holds from ``valid_from`` (inclusive) to ``valid_until`` (exclusive); an open one ends at ``OPEN``, not None.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import NamedTuple

from pricing.call_terms import dated_name
from pricing.card_model import Card, Entry
from pricing.card_terms import Contract, Discount, Sighting
from pricing.cells import ANY, Cell, PricedCell, cells_of, round_pico

OPEN = datetime(9999, 12, 31)  # noqa: DTZ001 - naive UTC, like every instant of a compiled rate
"""The end of what has no end."""

PRECEDENCE = {"contract": 3, "own": 2, "shipped": 1, "registry": 0}
"""Whose word counts where cards differ: the highest."""
ROUNDED = "Composed figures are rounded half-even to 10^-12 per token."


class Rate(NamedTuple):
    """What a seller asks for one cell of one model for a stretch of time."""

    seller: str
    model: str
    strings: tuple[str, ...]
    """The model string and its aliases: every string that selects this rate."""
    region: str | None
    """Where its figures are from, for the record; ``cell.region`` is what selects it."""
    currency: str
    valid_from: datetime
    valid_until: datetime
    pico: tuple[int | None, ...]
    """Pico-units of ``currency`` per token or unit, in METERS order. None: the card does not sell it."""
    source: str
    checked: date
    confidence: str
    note: str | None
    card: str
    """Name of the card's file."""
    precedence: int
    digest: str
    """32 hex digits of what makes the price: seller, model, region, currency, valid_from and pico, and of its terms
    (cell, contract, correction) where it has any.

    Not in it: when the rate ends and which card says so (its successor or another card may change those), its
    aliases (a string more reprices nothing), and its evidence (looking at the source again is no new price).
    """
    entry: str = ""
    """What the cells of one entry of a card have in common: a call's rate is one of them."""
    cell: Cell = Cell()
    org: str = ANY
    team: str = ANY
    """Whose calls alone a contract is about."""
    correction: int = 0
    """0: no correction; else its number among those of its model: a later one goes before."""
    list_precedence: int = 0
    """Of a contract's discount, whose list rate it is taken off; of a rate with figures of its own, its precedence."""
    promotion: str | None = None
    corrects: str | None = None
    sightings: tuple[Sighting, ...] = ()


def compile_card(card: Card, *, precedence: int) -> list[Rate]:
    """The rates of a card, by model and start; those of a card with a contract have a contract's precedence.

    An entry without an end ends where the next entry of its model and region starts. Discounts are not here:
    they depend on other cards (``discounted``).
    """
    if card.contract is not None:
        precedence = PRECEDENCE["contract"]
    rates: list[Rate] = []
    for model, entries in card.models.items():
        corrections = [entry for entry in entries if entry.corrects is not None]
        for entry in sorted(entries, key=lambda entry: entry.valid_from):
            number = corrections.index(entry) + 1 if entry.corrects is not None else 0
            base = _base(card, model, entry, precedence)._replace(valid_until=_end(entry, entries), correction=number)
            cells = [_of_cell(base, priced) for priced in cells_of(entry)]
            name = _hash(sorted(rate.digest for rate in cells))
            rates += [rate._replace(entry=name) for rate in cells]
    return rates


def discounted(cards: Iterable[Card], rates: Sequence[Rate]) -> list[Rate]:
    """What contracts make of the list rates: each with so much off, for as long as both hold.

    Of a card's discounts one that names the model goes before one for all.
    """
    found: list[Rate] = []
    for card in (card for card in cards if card.discounts):
        for rate in rates:
            if rate.seller == card.seller and rate.precedence < PRECEDENCE["contract"]:
                named = _held([part for part in card.discounts if is_about(part, rate)], rate, ())
                taken = [(start, end) for _, start, end in named]
                rest = _held([part for part in card.discounts if not part.models], rate, taken)
                found += [_taken_off(card, rate, *stretch) for stretch in named + rest]
    return found


def discount_entry(list_entry: str, discount: Discount, start: datetime) -> str:
    """What the cells of a list entry have in common after a discount from this start on."""
    return _hash([list_entry, discount.percent_off, start.isoformat()])


def is_about(discount: Discount, rate: Rate) -> bool:
    """Whether a discount names the rate's model, by any string that selects it."""
    return any(name in rate.strings or dated_name(name) in rate.strings for name in discount.models)


def _held(
    discounts: Sequence[Discount], rate: Rate, taken: Sequence[tuple[datetime, datetime]]
) -> list[tuple[Discount, datetime, datetime]]:
    """The stretches of a rate in which each discount holds: until the next begins, and where nothing is ``taken``."""
    found = []
    for discount in discounts:
        later = (to_naive(other.valid_from) for other in discounts if other.valid_from > discount.valid_from)
        last = OPEN if discount.valid_until is None else to_naive(discount.valid_until)
        at, end = max(to_naive(discount.valid_from), rate.valid_from), min(last, rate.valid_until, *later)
        for begins, ends in sorted(taken):
            if at < min(begins, end):
                found.append((discount, at, min(begins, end)))
            at = max(at, ends)
        if at < end:
            found.append((discount, at, end))
    return found


def to_naive(at: datetime) -> datetime:
    """An instant with a zone as naive UTC."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _taken_off(card: Card, rate: Rate, discount: Discount, start: datetime, end: datetime) -> Rate:
    contract = card.contract
    assert contract is not None  # the reader of the card made sure
    left = 1 - Fraction(discount.percent_off) / 100
    exact = [None if pico is None else pico * left for pico in rate.pico]
    rounded = any(figure is not None and figure.denominator != 1 for figure in exact)
    note = f"{discount.percent_off} % off the list rate of {rate.card} ({rate.source})."
    taken = rate._replace(
        valid_from=start,
        valid_until=end,
        pico=tuple(None if figure is None else round_pico(figure) for figure in exact),
        source=discount.source,
        checked=discount.checked,
        confidence="contract",
        note=" ".join(part for part in (discount.note, note, ROUNDED if rounded else None) if part),
        card=card.file,
        precedence=PRECEDENCE["contract"],
        list_precedence=rate.precedence,
        entry=discount_entry(rate.entry, discount, start),
    )
    return _digested(_of_contract(taken, contract))


def _of_contract(rate: Rate, contract: Contract | None) -> Rate:
    return rate if contract is None else rate._replace(org=contract.org or ANY, team=contract.team or ANY)


def _end(entry: Entry, entries: Iterable[Entry]) -> datetime:
    """Of a correction too, where the next entry that is none starts."""
    if entry.valid_until is not None:
        return to_naive(entry.valid_until)
    later = (
        other.valid_from
        for other in entries
        if other.region == entry.region and other.valid_from > entry.valid_from and other.corrects is None
    )
    return min(map(to_naive, later), default=OPEN)


def _base(card: Card, model: str, entry: Entry, precedence: int) -> Rate:
    """The rate of an entry, without figures."""
    rate = Rate(
        seller=card.seller,
        model=model,
        strings=(model, *entry.aliases),
        region=entry.region,
        currency=entry.currency,
        valid_from=to_naive(entry.valid_from),
        valid_until=OPEN,
        pico=(),
        source=entry.source,
        checked=entry.checked,
        confidence=entry.confidence,
        note=entry.note,
        card=card.file,
        precedence=precedence,
        digest="",
        list_precedence=precedence,
        promotion=entry.promotion,
        corrects=entry.corrects,
        sightings=entry.sightings,
    )
    return _of_contract(rate, card.contract)


def _of_cell(base: Rate, priced: PricedCell) -> Rate:
    note = " ".join(part for part in (base.note, ROUNDED if priced.is_rounded else None) if part)
    return _digested(base._replace(cell=priced.cell, pico=priced.pico, note=note or None))


def _digested(rate: Rate) -> Rate:
    """With its digest; terms are in it only where there are some, so that plain rates keep the one they had."""
    plain = (rate.seller, rate.model, rate.region, rate.currency, rate.valid_from.isoformat(), rate.pico)
    is_discount = rate.list_precedence != rate.precedence
    terms = (rate.cell, rate.org, rate.team, is_discount and rate.list_precedence, rate.correction)
    parts = plain if terms == (Cell(), ANY, ANY, False, 0) else (*plain, *terms)
    return rate._replace(digest=_hash(parts))


def _hash(parts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
