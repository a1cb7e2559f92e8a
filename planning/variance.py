"""Why a period cost more or less than the one before it: volume, mix and price, in this order, adding up exactly.

Volume: all traffic grew or shrank alike, at what a token cost before. Mix: tokens moved to other sellers, models and
teams, each at what its tokens cost before; what is new costs what it costs. Price: what a token of the same seller,
model and team costs now and cost then. That is its rates, and how many of its tokens are cached, read or written.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from planning.traffic import Cell


class Use(NamedTuple):
    """What one cell used in one period, and what it cost."""

    tokens: int
    pico: int


NOTHING = Use(0, 0)


class Bridge(NamedTuple):
    """From what one period cost to what another did, in pico-units: ``before`` and the three steps are ``now``."""

    before: int
    volume: int
    mix: int
    price: int
    now: int


def bridge(before: Mapping[Cell, Use], now: Mapping[Cell, Use]) -> Bridge:
    """The steps from one period to another; each is rounded once, half-even, as the difference of two sums."""
    begin, end = _whole(before), _whole(now)
    if not begin.tokens:
        # Nothing is known of what a token cost: all of it is new.
        return Bridge(begin.pico, end.pico - begin.pico, 0, 0, end.pico)
    alike = round(Fraction(begin.pico * end.tokens, begin.tokens))
    moved = round(sum((_at_old_price(before.get(cell, NOTHING), use) for cell, use in now.items()), Fraction()))
    return Bridge(begin.pico, alike - begin.pico, moved - alike, end.pico - moved, end.pico)


def days_before(first: date, last: date) -> tuple[date, date]:
    """The equally many days just before."""
    return first - (last - first) - timedelta(days=1), first - timedelta(days=1)


def _whole(cells: Mapping[Cell, Use]) -> Use:
    return Use(sum(use.tokens for use in cells.values()), sum(use.pico for use in cells.values()))


def _at_old_price(before: Use, now: Use) -> Fraction:
    return Fraction(now.tokens * before.pico, before.tokens) if before.tokens else Fraction(now.pico)
