"""How a cell is written, in one place for everything that people read: PDF, page and previews.

Exact figures are rounded here, once, half-even. Unknown is a word and what was not reported is a dash: neither is 0.
"""

import math
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from pricing.money import PICO, format_pico
from reports.characters import visible
from reports.document import Cell, Kind, Link, Money, Number, Share, UnitRate

DASH = "–"
MINUS = "−"
UNKNOWN = "unknown"
_MOST_PLACES = 12
_SHARE_PLACES = 4
_TOKENS_QUOTED = 10**6


class Written(NamedTuple):
    """A figure and its unit, for renderers that set the unit apart; the unit may be empty."""

    figure: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.figure} {self.unit}" if self.unit else self.figure


def text_of(cell: Cell, kind: Kind) -> str:
    """What stands in a table: ``1,234.50 USD``, ``12.3%``, ``2026-10-07``, ``unknown``; a dash for None."""
    return str(written(cell, kind))


def kind_of(cell: Cell) -> Kind:
    """What a fact that stands in no column holds."""
    kinds: dict[type, Kind] = {
        Money: "money",
        Share: "share",
        UnitRate: "rate",
        Link: "link",
        Number: "number",
        int: "count",
        datetime: "instant",
        date: "day",
    }
    return kinds.get(type(cell), "text")


def is_figure(kind: Kind) -> bool:
    """Whether a column is figures, which stand right-aligned under one another."""
    return kind in ("count", "money", "share", "rate", "number")


def written(cell: Cell, kind: Kind) -> Written:
    """The figure and its unit apart."""
    match cell:
        case Money(pico, currency):
            return Written(UNKNOWN) if pico is None else Written(rounded(Fraction(pico, PICO)), visible(currency or ""))
        case UnitRate(pico, currency, per):
            return _rate(pico, visible(currency), per)
        case Number(value, unit):
            return _number(value, visible(unit))
        case Share(value):
            return Written(_share(value))
        case Link(url):
            return Written(visible(url))
        case _:
            return Written(_plain(cell, kind))


def _plain(cell: str | int | date | None, kind: Kind) -> str:
    match cell:
        case None:
            return DASH
        case str():
            return visible(cell)
        case int():
            return str(cell) if kind == "text" else f"{cell:,}".replace("-", MINUS)
        case datetime() if kind != "day":
            return f"{cell:%Y-%m-%d %H:%M{':%S' if cell.second else ''}} UTC"
        case _:
            return cell.isoformat()[:10]


def rounded(exact: Fraction) -> str:
    """Two decimals with thousands apart, and below 1 as many decimals as tell three digits; a true minus."""
    value, places = abs(exact), 2
    while 0 < value < 1 and value * 10 ** (places - 2) < 1 and places < _MOST_PLACES:
        places += 1
    number = round(value * 10**places)
    if value < 1 and number == 10**places:
        places, number = 2, 100
    whole, part = divmod(number, 10**places)
    return f"{MINUS if exact < 0 and number else ''}{whole:,}.{part:0{places}d}"


def _rate(pico: int | None, currency: str, per: str) -> Written:
    if pico is None:
        return Written(DASH)
    # A rate is quoted to the last digit: what is signed is what is charged.
    whole, _, part = (format_pico(pico * _TOKENS_QUOTED if per == "token" else pico) or "").partition(".")
    figure = f"{int(whole):,}.{part.ljust(2, '0')}".replace("-", MINUS)
    return Written(figure, f"{currency} per {'1M' if per == 'token' else 'unit'}")


def _share(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return DASH
    exact = 100 * Fraction(value)
    if exact.denominator == 1 and exact in (0, 100):
        return f"{exact.numerator}%"
    # Nearly all is not all, and hardly any is not none: decimals are added until they tell.
    places = 1
    while places < _SHARE_PLACES and round(exact, places) in (0, 100):
        places += 1
    near = round(exact, places)
    if near in (0, 100):
        return _beyond(exact, places)
    return f"{float(near):,.{places}f}%".replace("-", MINUS)


def _beyond(exact: Fraction, places: int) -> str:
    """So near to none or all that the decimals end: which side it is on."""
    step = Fraction(1, 10**places)
    edge = (100 - step if exact < 100 else 100 + step) if exact > 50 else (step if exact > 0 else -step)
    return f"{'>' if edge < exact else '<'}{float(edge):.{places}f}%".replace("-", MINUS)


def _number(value: float | None, unit: str) -> Written:
    if value is None or not math.isfinite(value):
        return Written(DASH)
    size = abs(value)
    places = min(max(0, 2 - math.floor(math.log10(size))), _MOST_PLACES) if size else 0
    return Written(f"{value:,.{places}f}".replace("-", MINUS), unit)
