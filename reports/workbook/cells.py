"""Typed cells as a spreadsheet takes them: a number with its format, a day, or text that is never computed."""

from datetime import date, datetime
from fractions import Fraction
from math import floor, isfinite, log10
from typing import NamedTuple

from pricing.money import PICO
from reports.colours import LIGHT
from reports.document import Cell, Link, Money, Number, Share, UnitRate
from reports.workbook.words import NO_TEXT, looks_like_formula, visible

ROOM = "_0"
"""A digit's width behind a figure, so that it does not touch the text to its right."""
DAY = "yyyy-mm-dd" + ROOM
INSTANT = 'yyyy-mm-dd hh:mm "UTC"' + ROOM
COUNT = f'#,##0{ROOM};"−"#,##0{ROOM}'
WHOLE = 2**53
"""Up to here a spreadsheet counts exactly."""
FIRST_YEAR = 1900
TOKENS_QUOTED = 10**6
MOST_DECIMALS = 12

Looks = dict[str, str | int | bool | float]
"""Properties of a format."""
RIGHT: Looks = {"align": "right", "num_format": "@" + ROOM}
SOFT: Looks = {**RIGHT, "font_color": LIGHT.soft, "italic": True}
WIDTHS = {DAY: 10, INSTANT: 20}
SHARE_DECIMALS = 4


class Shown(NamedTuple):
    """What stands in a cell of the sheet, how, and how many characters wide it is."""

    value: str | int | float | date | datetime
    looks: Looks
    width: int


def shown(cell: Cell) -> Shown:
    """A cell for the sheet; exact amounts become the nearest number that a spreadsheet has."""
    match cell:
        case None:
            return Shown(NO_TEXT, SOFT, 1)
        case Money(pico=pico, currency=currency):
            return _unknown() if pico is None else _figure(pico / PICO, money_format(pico, currency))
        case Share(value=share):
            return _share(share)
        case UnitRate():
            return _rate(cell)
        case Number(value=value, unit=unit):
            return _number(value, unit)
        case Link(url=url):
            return text(url)
        case str():
            return text(cell)
        case datetime():
            return _dated(cell, INSTANT)
        case date():
            return _dated(cell, DAY)
    return _figure(cell, COUNT) if abs(cell) < WHOLE else Shown(f"{cell:,}", RIGHT, len(str(cell)) * 4 // 3)


def text(value: str) -> Shown:
    """Text that stays text, also when somebody edits the cell."""
    plain = visible(value)
    return Shown(plain, {"quote_prefix": True} if looks_like_formula(plain) else {}, len(plain))


def money_format(pico: int | Fraction, currency: str | None) -> str:
    """Two decimals, and below 1 as many as tell three digits, with the currency behind."""
    return _signed(f"#,##0.{'0' * _decimals(abs(Fraction(pico, PICO)))}", currency or "")


def rate_format(currency: str, per: str) -> str:
    """A rate per 1,000,000 tokens, or for one unit."""
    if per == "token":
        return _signed("#,##0.00####", f"{currency} per 1M")
    return _signed("#,##0.00##########", f"{currency} per unit")


def _rate(rate: UnitRate) -> Shown:
    if rate.pico is None:
        return Shown(NO_TEXT, SOFT, 1)
    quoted = rate.pico * TOKENS_QUOTED if rate.per == "token" else rate.pico
    return _figure(quoted / PICO, rate_format(rate.currency, rate.per))


def _share(value: float | None) -> Shown:
    """Nearly all is not all, and hardly any is not none: decimals are added until they tell."""
    if value is None or not isfinite(value):
        return Shown(NO_TEXT, SOFT, 1)
    places = 1
    while places < SHARE_DECIMALS and value not in (0, 1) and round(100 * value, places) in (0, 100):
        places += 1
    return _figure(value, _signed(f"0.{'0' * places}%", ""))


def _number(value: float | None, unit: str) -> Shown:
    """Three digits, or more where there are more before the point."""
    if value is None or not isfinite(value):
        return Shown(NO_TEXT, SOFT, 1)
    places = min(max(0, 2 - floor(log10(abs(value)))), MOST_DECIMALS) if value else 0
    return _figure(value, _signed("#,##0" + ("." + "0" * places if places else ""), unit))


def _dated(day: date, pattern: str) -> Shown:
    if day.year < FIRST_YEAR:
        return Shown(day.isoformat(), RIGHT, 19)
    return Shown(day, {**RIGHT, "num_format": pattern}, WIDTHS[pattern] + 1)


def _figure(value: float, pattern: str) -> Shown:
    places = len(pattern.partition(";")[0].partition(".")[2])
    return Shown(value, {**RIGHT, "num_format": pattern}, len(f"{abs(value):,.0f}") + places + 2)


def _unknown() -> Shown:
    return Shown("unknown", SOFT, 7)


def _decimals(value: Fraction) -> int:
    places = 2
    while 0 < value < 1 and value * 10 ** (places - 2) < 1 and places < MOST_DECIMALS:
        places += 1
    return places


def _signed(digits: str, unit: str) -> str:
    """A number format with a true minus and a unit, in which nothing of the unit is a sign of the format."""
    ending = ' "' + visible(unit).replace('"', "'")[:40] + '"' if unit else ""
    return f'{digits}{ending}{ROOM};"−"{digits}{ending}{ROOM}'
