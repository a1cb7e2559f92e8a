"""Reads a table of exchange rates of one's own: ``date,currency,per_eur`` or ``date,base,quote,rate``."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pricing.errors import FxTableError
from pricing.fx import EUR

HEADS = (("date", "currency", "per_eur"), ("date", "base", "quote", "rate"))
RATE = re.compile(r"(?=.*[1-9])[0-9]{1,12}(\.[0-9]{1,18})?")


class OwnRate(NamedTuple):
    """One line of the table: so many of the quote for one of the base, as it was written."""

    day: date
    base: str
    quote: str
    rate: str


def read_table(lines: Iterable[str], name: str) -> list[OwnRate]:
    """The rates of a CSV; raises FxTableError naming the first line that cannot be used, and how many there are."""
    rows = csv.reader(lines)
    head = tuple(cell.strip().lower() for cell in next(rows, []))
    if head not in HEADS:
        raise FxTableError(f"{name}: the first line is not {' or '.join(','.join(names) for names in HEADS)}")
    found: dict[tuple[date, str, str], OwnRate] = {}
    wrong: list[str] = []
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            rate = _rate([cell.strip() for cell in cells], len(head))
            if found.setdefault(rate[:3], rate) != rate:
                raise ValueError(f"{rate.base}/{rate.quote} of {rate.day} stands there twice, with two rates")
        except ValueError as error:
            wrong.append(f"{name} line {number}: {error}")
    if wrong:
        raise FxTableError(wrong[0] + (f" (and {len(wrong) - 1:,} more such lines)" if len(wrong) > 1 else ""))
    if not found:
        raise FxTableError(f"{name}: there is no rate in it")
    return list(found.values())


def _rate(cells: list[str], width: int) -> OwnRate:
    if len(cells) != width:
        raise ValueError(f"it has {len(cells)} cells, and the first line has {width}")
    day, *names, rate = cells
    base, quote = (EUR, *names) if width == len(HEADS[0]) else names
    for code in (base, quote):
        if not re.fullmatch("[A-Z]{3}", code):
            raise ValueError(f"{code!r} is no currency; write its code, as in USD")
    if base == quote:
        raise ValueError(f"a rate from {base} to itself is none")
    if not RATE.fullmatch(rate):
        raise ValueError(f"{rate!r} is no rate; write digits and at most one point, above 0")
    try:
        return OwnRate(date.fromisoformat(day), base, quote, rate)
    except ValueError:
        raise ValueError(f"{day!r} is no day; write it as in 2026-11-01") from None
