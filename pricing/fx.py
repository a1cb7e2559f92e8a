"""Conversion for display: exact fractions, each day at its own rate, rounded once per figure that is shown.

A day without a rate takes the last one before it, and the result says so. Before the first known rate there is none.
Rates go through EUR where no pair of the two currencies is known. A pair of one's own goes before the library's
from its first day on.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

EUR = "EUR"
Pair = tuple[str, str]
"""Base and quote: a rate is so many of the quote for one of the base."""


class Known(NamedTuple):
    """One day's rate of a pair."""

    day: date
    rate: Fraction
    source: str


Series = dict[Pair, list[Known]]
"""Each pair's rates, by day."""


class Rates(NamedTuple):
    """Every exchange rate that is known: one's own, and those that the library ships."""

    own: Series
    library: Series


class Leg(NamedTuple):
    """Which rate stood for which day."""

    pair: Pair
    wanted: date
    known: date
    source: str


class Conversion(NamedTuple):
    """So many of the target for one of the base, and the rates that say so."""

    rate: Fraction
    legs: tuple[Leg, ...]


class Converted(NamedTuple):
    """A figure in another currency; ``exact`` is None where some day has no rate, and ``missing`` says which."""

    exact: Fraction | None
    legs: frozenset[Leg]
    missing: frozenset[tuple[str, date]]

    @property
    def pico(self) -> int | None:
        """Pico-units, rounded half-even."""
        return None if self.exact is None else round(self.exact)


class Use(NamedTuple):
    """What one source of one pair was used for."""

    pair: Pair
    source: str
    first: date
    last: date
    days: int
    carried: int
    """Days without a rate of their own, which took the last one before them."""
    carried_from: date | None
    """The rate that was carried furthest."""
    carried_days: int
    """How many days it was carried at most."""


def rate_at(rates: Rates, base: str, target: str, day: date) -> Conversion | None:
    """The rate of a day; None where there is none on that day or before it."""
    if base == target:
        return Conversion(Fraction(1), ())
    if direct := _leg(rates, base, target, day):
        return direct
    if EUR in (base, target):
        return None
    first, second = _leg(rates, base, EUR, day), _leg(rates, EUR, target, day)
    return Conversion(first.rate * second.rate, first.legs + second.legs) if first and second else None


def converted(amounts: Iterable[tuple[str, date, int]], target: str, rates: Rates) -> Converted:
    """The sum of amounts (currency, day, pico-units) in the target currency."""
    total, legs, missing = Fraction(), set[Leg](), set[tuple[str, date]]()
    for currency, day, pico in amounts:
        found = rate_at(rates, currency, target, day)
        if found is None:
            missing.add((currency, day))
        else:
            total += pico * found.rate
            legs.update(found.legs)
    return Converted(None if missing else total, frozenset(legs), frozenset(missing))


def uses_of(legs: Iterable[Leg]) -> list[Use]:
    """Each source of each pair with the days it was used for, by pair."""
    groups: dict[tuple[Pair, str], set[Leg]] = {}
    for leg in legs:
        groups.setdefault((leg.pair, leg.source), set()).add(leg)
    return [_use(pair, source, found) for (pair, source), found in sorted(groups.items())]


def _use(pair: Pair, source: str, legs: set[Leg]) -> Use:
    known = [leg.known for leg in legs]
    carried = [leg for leg in legs if leg.known < leg.wanted]
    furthest = max(carried, key=lambda leg: leg.wanted - leg.known, default=None)
    age = (furthest.wanted - furthest.known).days if furthest else 0
    return Use(pair, source, min(known), max(known), len(legs), len(carried), furthest and furthest.known, age)


def _leg(rates: Rates, base: str, target: str, day: date) -> Conversion | None:
    """From one's own pair, in whichever direction it is given and the newer of the two; else from the library's."""
    for series in (rates.own, rates.library):
        straight = _last_before(series.get((base, target), []), day)
        inverse = _last_before(series.get((target, base), []), day)
        if straight and (inverse is None or straight.day >= inverse.day):
            return Conversion(straight.rate, (Leg((base, target), day, straight.day, straight.source),))
        if inverse:
            return Conversion(1 / inverse.rate, (Leg((target, base), day, inverse.day, inverse.source),))
    return None


def _last_before(series: list[Known], day: date) -> Known | None:
    place = bisect_right(series, day, key=attrgetter("day"))
    return series[place - 1] if place else None
