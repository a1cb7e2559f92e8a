"""Rates: cards compiled to integers, and which of several cards prices a call at each instant.

Instants of cards carry a zone. From here on they are naive and in UTC, as the warehouse stores them. A rate
holds from ``valid_from`` (inclusive) to ``valid_until`` (exclusive); an open one ends at ``OPEN``, not None.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import NamedTuple

from pricing.card import Card, Entry, read_folder, read_shipped
from pricing.card_model import same_as
from pricing.meters import BASE_METER, TOKEN_METERS, UNIT_METERS, TokenMeter
from pricing.money import parse_rate, parse_unit_rate

__all__ = [
    "OPEN",
    "PRECEDENCE",
    "Rate",
    "Span",
    "compile_card",
    "read_folder",
    "read_shipped",
    "spans",
    "to_naive",
]

OPEN = datetime(9999, 12, 31)  # noqa: DTZ001 - naive UTC, like every instant of a compiled rate
"""The end of what has no end."""

PRECEDENCE = {"contract": 3, "own": 2, "shipped": 1, "registry": 0}
"""Whose word counts where cards differ: the highest."""


class Rate(NamedTuple):
    """What a seller asks for one model for a stretch of time."""

    seller: str
    model: str
    strings: tuple[str, ...]
    """The model string and its aliases: every exact string that selects this rate."""
    region: str | None
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
    """32 hex digits of what makes the price: seller, model, region, currency, valid_from and pico.

    Not in it: when the rate ends and which card says so (its successor or another card may change those), its
    aliases (a string more reprices nothing), and its evidence (looking at the source again is no new price).
    """


class Span(NamedTuple):
    """A stretch of time in which one rate, by its digest, prices one exact model string of one seller."""

    seller: str
    model: str
    valid_from: datetime
    valid_until: datetime
    digest: str


def compile_card(card: Card, *, precedence: int) -> list[Rate]:
    """The rates of a card, by model and start.

    An entry without an end ends where the next entry of its model and region starts.
    """
    return [
        _rate(card, model, entry, precedence=precedence, ends=_end(entry, entries))
        for model, entries in card.models.items()
        for entry in sorted(entries, key=lambda entry: entry.valid_from)
    ]


def spans(rates: Iterable[Rate]) -> list[Span]:
    """Which rate prices each model string when: disjoint per seller and string, in their order.

    At every instant that any rate covers, the one of the highest precedence wins; among equals the one that
    started last, then the greater digest, so that the order of ``rates`` never matters.
    """
    by_string: dict[tuple[str, str], list[Rate]] = {}
    for rate in rates:
        for string in rate.strings:
            by_string.setdefault((rate.seller, string), []).append(rate)
    return [
        Span(seller, string, start, end, digest)
        for (seller, string), known in sorted(by_string.items())
        for start, end, digest in _winners(known)
    ]


def to_naive(at: datetime) -> datetime:
    """An instant with a zone as naive UTC."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _winners(rates: list[Rate]) -> list[tuple[datetime, datetime, str]]:
    """Start, end and digest of each stretch that one rate prices, in time order."""
    found: list[tuple[datetime, datetime, str]] = []
    edges = sorted({rate.valid_from for rate in rates} | {rate.valid_until for rate in rates})
    for start, end in pairwise(edges):
        known = [rate for rate in rates if rate.valid_from <= start and end <= rate.valid_until]
        if not known:
            continue
        digest = max(known, key=_rank).digest
        if found and found[-1][1:] == (start, digest):
            start = found.pop()[0]
        found.append((start, end, digest))
    return found


def _rank(rate: Rate) -> tuple[int, datetime, str]:
    return rate.precedence, rate.valid_from, rate.digest


def _end(entry: Entry, entries: Iterable[Entry]) -> datetime:
    if entry.valid_until is not None:
        return to_naive(entry.valid_until)
    later = (
        other.valid_from for other in entries if other.region == entry.region and other.valid_from > entry.valid_from
    )
    return min(map(to_naive, later), default=OPEN)


def _rate(card: Card, model: str, entry: Entry, *, precedence: int, ends: datetime) -> Rate:
    starts = to_naive(entry.valid_from)
    pico = tuple(_token_pico(entry, meter) for meter in TOKEN_METERS) + tuple(
        parse_unit_rate(entry.per_unit[meter]) if meter in entry.per_unit else None for meter in UNIT_METERS
    )
    return Rate(
        seller=card.seller,
        model=model,
        strings=(model, *entry.aliases),
        region=entry.region,
        currency=entry.currency,
        valid_from=starts,
        valid_until=ends,
        pico=pico,
        source=entry.source,
        checked=entry.checked,
        confidence=entry.confidence,
        note=entry.note,
        card=card.file,
        precedence=precedence,
        digest=_digest(card.seller, model, entry.region, entry.currency, starts.isoformat(), pico),
    )


def _token_pico(entry: Entry, meter: TokenMeter) -> int | None:
    figures = {str(name): figure for name, figure in entry.per_mtok.items()}
    figure = figures.get(meter) or figures.get(BASE_METER.get(meter, meter))
    # The reader of the card has made sure that what `same_as` names has a figure of its own.
    target = same_as(figure) if figure else None
    figure = figures[target] if target else figure
    return None if figure is None else parse_rate(figure)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
