"""Which rate a call would have at another seller, as another model, at another instant; and where such rates begin.

Rates as of an instant are held always: of a card with hours, each call takes those of its own hour.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from planning.scenario_changes import Move
from pricing.call_terms import CallTerms, dated_name
from pricing.cells import ANY, NO_LIMIT
from pricing.cost import FEES
from pricing.meters import METERS
from pricing.rates import OPEN, Rate
from pricing.spans import RateFinder, Span, scopes
from pricing.week import WEEK

CACHE_METERS = frozenset({"cache_read", "cache_write_5m", "cache_write_1h", "cache_write"})
"""What a seller that has no price for them counts as input, of calls that move there."""
LONG_AGO = datetime(1900, 1, 1)


class Place(NamedTuple):
    """Where calls may end up: a seller and model, and how many input tokens they then have for one."""

    seller: str | None
    model: str | None
    input: Fraction = Fraction(1)
    is_moved: bool = False


class Edges(NamedTuple):
    """Where rates of a pair's places begin or end; as the warehouse takes them."""

    seller: str | None
    model: str | None
    times: tuple[datetime, ...]
    weeks: tuple[tuple[str, tuple[int, ...]], ...]
    sizes: tuple[int, ...]
    lacks: int
    moves: bool


class Terms(NamedTuple):
    """What of some calls selects a rate, beside where they are and on which tier."""

    seller: str | None
    model: str | None
    org: str
    team: str
    region: str
    at: datetime
    minutes: tuple[tuple[str, int], ...]
    """Per zone, a minute of the week that stands for theirs."""
    size: int
    """A size of input that stands for theirs."""


def places_of(seller: str | None, model: str | None, moves: Iterable[Move]) -> tuple[Place, ...]:
    """Where calls of a seller and model may be after some moves; home first."""
    found = [Place(seller, model)]
    for move in moves:
        for place in list(found):
            if move.where.seller in (None, place.seller) and move.where.model in (None, place.model):
                there = Place(move.seller, move.model, place.input * Fraction(move.input.value), True)
                found += [there] if there not in found else []
    return tuple(found)


class Finder:
    """Finds rates for the places of a scenario; the same question is answered once."""

    def __init__(self, rates: Iterable[Rate], pairs: Iterable[tuple[str | None, str | None]], at: datetime | None):
        wanted = {(seller, name) for seller, model in pairs if model for name in (model, dated_name(model))}
        sellers = {seller for seller, _ in wanted}
        held = [
            rate
            for rate in rates
            if rate.seller in sellers and any((rate.seller, string) in wanted for string in rate.strings)
        ]
        self.at = at
        """The instant whose rates are used; None: each call's own time."""
        self._finder = RateFinder(held)
        self._scopes = scopes(held)
        self._named = tuple(frozenset().union(*(getattr(one, name) for one in self._scopes.values()))
                            for name in ("org", "team", "region"))  # fmt: skip
        self._found: dict[tuple[Terms, Place, str], Rate | None] = {}

    def edges(self, seller: str | None, model: str | None, places: Sequence[Place]) -> Edges:
        """Where the rates begin and end that calls of a seller and model may take."""
        times, sizes, lacks = set[datetime](), set[int](), 0
        weeks: dict[str, set[int]] = {}
        for place in places:
            for span in self._spans(place):
                rate = self._finder.rates[span.digest]
                if self.at is None:
                    times |= {span.valid_from, span.valid_until} - {OPEN}
                if span.zone is not None:
                    weeks.setdefault(span.zone, set()).update({span.week_from, span.week_until} - {0, WEEK})
                if place.input:
                    least = {span.context_from, span.context_until} - {0, NO_LIMIT}
                    sizes |= {ceil(edge / place.input) for edge in least}
                lacks |= _lacks(rate, place)
        by_zone = tuple((zone, tuple(sorted(minutes))) for zone, minutes in sorted(weeks.items()))
        return Edges(seller, model, tuple(sorted(times)), by_zone, tuple(sorted(sizes)), lacks, len(places) > 1)

    def terms(self, pair: tuple[str | None, str | None], who: tuple[str | None, ...], edges: Edges | None) -> Terms:
        """The terms of calls of a pair in the first stretch, hours and size; ``who``: organisation, team, region."""
        org, team, region = (
            name if name is not None and name in named else ANY for name, named in zip(who, self._named, strict=True)
        )
        minutes = tuple((zone, 0) for zone, _ in edges.weeks) if edges else ()
        return Terms(*pair, org, team, region, self.at or LONG_AGO, minutes, 0)

    def find(self, terms: Terms, place: Place, tier: str) -> Rate | None:
        """The rate of calls on these terms at a place; None: there is none."""
        key = terms, place, tier
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def missing(self, place: Place, tier: str) -> str:
        """Why calls at a place have no rate."""
        if place.seller is None or place.model is None:
            return "seller unknown" if place.seller is None else "no rate"
        return self._finder.missing(CallTerms(place.seller, place.model, LONG_AGO, tier=tier))

    def _look_up(self, terms: Terms, place: Place, tier: str) -> Rate | None:
        named = self._scopes.get(place.seller or "")
        if named is None:
            return None
        # A region is the seller's own word: it means nothing at another.
        region = terms.region if place.seller == terms.seller and terms.region in named.region else ANY
        org = terms.org if terms.org in named.org else ANY
        team = terms.team if terms.team in named.team else ANY
        size, minutes = terms.size * place.input, dict(terms.minutes)
        held = [
            span
            for span in self._spans(place)
            if span.valid_from <= terms.at < span.valid_until
            and span.context_from <= size < span.context_until
            and (span.tier, span.region, span.org, span.team) == (tier, region, org, team)
            and (span.zone is None or span.week_from <= minutes[span.zone] < span.week_until)
        ]
        assert len(held) <= 1, "spans overlap"
        return self._finder.rates[held[0].digest] if held else None

    def _spans(self, place: Place) -> list[Span]:
        if place.seller is None or place.model is None:
            return []
        spans = self._finder.spans_of(place.seller, place.model)
        return [span for span in spans if self.at is None or span.valid_from <= self.at < span.valid_until]


def located(terms: Terms, edges: Edges | None, stretch: int, hours: Sequence[int], size: int) -> Terms:
    """The terms of calls in a stretch, hours and size that are counted from the edges they come after."""
    if edges is None:
        return terms
    at = edges.times[stretch - 1] if stretch else terms.at
    minutes = tuple(
        (zone, held[number - 1] if number else 0) for (zone, held), number in zip(edges.weeks, hours, strict=True)
    )
    return terms._replace(at=at, minutes=minutes, size=edges.sizes[size - 1] if size else 0)


def _lacks(rate: Rate, place: Place) -> int:
    """The meters that a rate does not sell, a bit each; what counts as input there is sold."""
    sold = rate.pico[METERS.index("input")] is not None
    return sum(
        1 << number
        for number, (meter, pico) in enumerate(zip(METERS, rate.pico, strict=True))
        if pico is None and meter not in FEES and not (place.is_moved and sold and meter in CACHE_METERS)
    )
