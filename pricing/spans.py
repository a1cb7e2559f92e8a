"""Which rate prices a call: rates of all cards laid out as spans of which exactly one, or none, holds a call."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

from pricing.call_terms import CallTerms, dated_name, no_tier_rate
from pricing.card_terms import STANDARD
from pricing.cells import ANY, NO_LIMIT, Cell
from pricing.rates import Rate
from pricing.week import WEEK, minute_of_week


class Span(NamedTuple):
    """The calls of one seller that one rate, by its digest, prices: disjoint per seller and model string."""

    seller: str
    model: str
    """An exact model string, or one with ``{date}`` in it."""
    valid_from: datetime
    valid_until: datetime
    digest: str
    org: str = ANY
    """As a contract of this seller names it; ``ANY``: of every organisation that none names. Team and region alike."""
    team: str = ANY
    region: str = ANY
    tier: str = STANDARD
    context_from: int = 0
    context_until: int = NO_LIMIT
    zone: str | None = None
    """None: at every hour of the week."""
    week_from: int = 0
    week_until: int = WEEK


class Scopes(NamedTuple):
    """The organisations, teams and regions that some rate of a seller names."""

    org: frozenset[str]
    team: frozenset[str]
    region: frozenset[str]


Entry = tuple[object, ...]
"""What the cells of one entry of a card have in common."""


def spans(rates: Iterable[Rate]) -> list[Span]:
    """Which rate prices each call, in order of seller and model string.

    At every instant that any entry covers, the one of the highest precedence wins, among equals the narrower
    contract, the one that names the very string and not one with ``{date}``, the later correction, the one that
    started last, the one checked last, then the greater digest: so that the order of ``rates`` never matters. All
    cells of a call come from one entry.
    """
    known = list(rates)
    named = scopes(known)
    by_string: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    for rate in known:
        for string in rate.strings:
            by_string[rate.seller, string].append(rate)
    return [
        span
        for (seller, string), found in sorted(by_string.items())
        for span in _spans_of(_Named(seller, string, found, _dated(by_string, seller, string)), named[seller])
    ]


def _dated(by_string: dict[tuple[str, str], list[Rate]], seller: str, string: str) -> list[Rate]:
    """The rates that name an exact string by one with ``{date}`` in it."""
    name = dated_name(string)
    return by_string.get((seller, name), []) if name != string else []


def scopes(rates: Iterable[Rate]) -> dict[str, Scopes]:
    """By seller, what its rates name."""
    named: dict[str, list[set[str]]] = defaultdict(lambda: [set(), set(), set()])
    for rate in rates:
        for place, name in zip(named[rate.seller], (rate.org, rate.team, rate.cell.region), strict=True):
            place.update({name} - {ANY})
    return {seller: Scopes(*map(frozenset, places)) for seller, places in named.items()}


class RateFinder:
    """Finds the rate of single calls; the warehouse does the same for whole files."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        known = sorted(rates, key=_rank)
        self.rates = {rate.digest: rate for rate in known}
        self._scopes = scopes(known)
        self._spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        for span in spans(known):
            self._spans[span.seller, span.model].append(span)

    def find(self, call: CallTerms) -> Rate | None:
        """The rate of a call; None where there is none."""
        named = self._scopes.get(call.seller)
        if named is None:
            return None
        clock = cache(partial(minute_of_week, call.at))
        held = [
            span
            for span in self.spans_of(call.seller, call.model)
            if span.valid_from <= call.at < span.valid_until
            and span.context_from <= call.input_tokens < span.context_until
            and span.tier == call.tier
            and span.region == (call.region if call.region in named.region else ANY)
            and span.org == (call.org if call.org in named.org else ANY)
            and span.team == (call.team if call.team in named.team else ANY)
            and (span.zone is None or span.week_from <= clock(span.zone) < span.week_until)
        ]
        assert len(held) <= 1, "spans overlap"
        return self.rates[held[0].digest] if held else None

    def missing(self, call: CallTerms) -> str:
        """Why a call has no rate."""
        has_others = call.tier != STANDARD and self.spans_of(call.seller, call.model)
        return no_tier_rate(call.tier) if has_others else "no rate"

    def spans_of(self, seller: str, model: str) -> list[Span]:
        """Spans of the very model string, else of the one with ``{date}``."""
        return self._spans.get((seller, model)) or self._spans.get((seller, dated_name(model)), [])


class _Named(NamedTuple):
    """A model string of a seller, with the rates that name it and those that name it by a dated alias."""

    seller: str
    string: str
    exactly: list[Rate]
    by_date: list[Rate]


class _Entry(NamedTuple):
    """The cells of one entry of a card, and whether it names the very string."""

    cells: list[Rate]
    is_exact: bool


def _entries(named: _Named) -> list[_Entry]:
    found: dict[Entry, dict[str, Rate]] = defaultdict(dict)
    for rate in (*named.exactly, *named.by_date):
        found[_entry(rate)][rate.digest] = rate
    exact = {_entry(rate) for rate in named.exactly}
    return [_Entry(list(cells.values()), entry in exact) for entry, cells in found.items()]


def _spans_of(model: _Named, named: Scopes) -> Iterator[Span]:
    seller, string, entries = model.seller, model.string, _entries(model)
    for org in sorted({ANY, *named.org}):
        for team in sorted({ANY, *named.team}):
            meant = [
                entry for entry in entries if entry.cells[0].org in (ANY, org) and entry.cells[0].team in (ANY, team)
            ]
            for start, end, cells in _winners(meant):
                for cell, region, digest in _cells(cells, named.region):
                    for week_from, week_until in cell.week:
                        yield Span(
                            seller, string, start, end, digest, org, team, region, cell.tier,
                            cell.context_from, cell.context_until, cell.zone, week_from, week_until,
                        )  # fmt: skip


def _cells(cells: list[Rate], regions: frozenset[str]) -> Iterator[tuple[Cell, str, str]]:
    """Each cell with every region that it stands for."""
    own = {rate.cell.region for rate in cells}
    for rate in cells:
        meant = {ANY, *regions} - (own - {ANY}) if rate.cell.region == ANY else {rate.cell.region}
        for region in sorted(meant):
            yield rate.cell, region, rate.digest


def _winners(entries: list[_Entry]) -> list[tuple[datetime, datetime, list[Rate]]]:
    """Start, end and cells of each stretch that one entry prices, in time order."""
    found: list[tuple[datetime, datetime, list[Rate]]] = []
    edges = sorted({edge for each in entries for edge in (each.cells[0].valid_from, each.cells[0].valid_until)})
    for start, end in pairwise(edges):
        known = [each for each in entries if each.cells[0].valid_from <= start and end <= each.cells[0].valid_until]
        if not known:
            continue
        cells = max(known, key=_standing).cells
        if found and found[-1][1] == start and _digests(found[-1][2]) == _digests(cells):
            start = found.pop()[0]
        found.append((start, end, cells))
    return found


def _digests(cells: list[Rate]) -> set[str]:
    return {rate.digest for rate in cells}


def _entry(rate: Rate) -> Entry:
    return rate.entry, rate.card, rate.precedence, rate.list_precedence, rate.valid_until, rate.org, rate.team


def _standing(entry: _Entry) -> tuple[object, ...]:
    return max(_rank(rate, is_exact=entry.is_exact) for rate in entry.cells)


def _rank(rate: Rate, *, is_exact: bool = True) -> tuple[object, ...]:
    narrow = (rate.org != ANY) + 2 * (rate.team != ANY)
    return (
        rate.precedence, narrow, rate.list_precedence, is_exact, rate.correction, rate.valid_from, rate.checked,
        rate.digest,
    )  # fmt: skip
