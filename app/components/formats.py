"""Figures as people read them. Money comes in as integer pico-units and is rounded half-even, once, here."""

import re
from datetime import date, datetime
from decimal import Decimal

from pricing.money import to_decimal

SYMBOLS = {"USD": "$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "JPY": "JP¥"}
MINUS = "−"
UNKNOWN = "unknown"
MARKDOWN = re.compile(r"[\\`*_{}\[\]()<>!|~$&:]|^[#+-]", re.MULTILINE)
SIGNIFICANT = 3
"""Digits that a shortened figure keeps."""


def symbol_of(currency: str) -> str:
    """The sign written before an amount; a currency without a sign of its own is written by its code."""
    return SYMBOLS.get(currency, f"{currency} ")


def money(pico: int | None, currency: str | None) -> str:
    """An amount, at least four decimals below 1, two below 10,000, shortened from there: $0.000174, $16.3k, $1.20M."""
    amount = to_decimal(pico)
    if amount is None or currency is None:
        return UNKNOWN
    sign = MINUS if amount < 0 else ""
    return f"{sign}{symbol_of(currency)}{_amount_text(abs(amount))}"


def _amount_text(amount: Decimal) -> str:
    if amount >= 10_000:
        return _shortened(amount)
    if amount >= 1 or amount == 0:
        return f"{amount:,.2f}"
    # The digits after the leading zeros are what tells small amounts apart.
    return f"{amount:.{min(max(4, SIGNIFICANT - amount.adjusted() - 1), 12)}f}"


def _shortened(amount: Decimal) -> str:
    for exponent, unit in ((3, "k"), (6, "M"), (9, "B")):
        scaled = amount.scaleb(-exponent)
        text = f"{scaled:.{max(0, SIGNIFICANT - 1 - max(0, scaled.adjusted()))}f}"
        if Decimal(text) < 1000:
            return text + unit
    return f"{amount.scaleb(-9):,.0f}B"


def rate(pico: int | None, currency: str) -> str:
    """A rate to its last digit, at least two decimals: $0.20, $0.0028; a dash where there is none."""
    amount = to_decimal(pico)
    if amount is None:
        return "–"
    exponent = amount.as_tuple().exponent
    return f"{symbol_of(currency)}{amount:,.{max(2, -exponent if isinstance(exponent, int) else 0)}f}"


def amounts(costs: dict[str, int]) -> str:
    """Amounts in several currencies, side by side and never added; unknown where there is none."""
    return " and ".join(money(cost, currency) for currency, cost in sorted(costs.items())) or UNKNOWN


def count(number: int | None) -> str:
    """A number of things: 9,456 in full, shortened from a million."""
    if number is None:
        return "–"
    return f"{number:,}" if abs(number) < 1_000_000 else _shortened(Decimal(number))


def share(part: int, whole: int) -> str:
    """A share in percent; only all of it is 100%, and only none of it 0%."""
    if whole == 0:
        return "–"
    if part in (0, whole):
        return "100%" if part else "0%"
    text = f"{Decimal(part) / Decimal(whole) * 100:.1f}%"
    return {"100.0%": ">99.9%", "0.0%": "<0.1%"}.get(text, text)


def duration(milliseconds: int | None) -> str:
    """A time span: 840 ms, 12.4 s, 3 min 20 s, 2 h 5 min."""
    if milliseconds is None:
        return "–"
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    seconds = milliseconds // 1000
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600:,} h {seconds % 3600 // 60} min"


def size(number: int) -> str:
    """Bytes: 840 B, 21.3 KB, 1.2 GB, by thousands."""
    value = Decimal(number)
    for unit in ("B", "KB", "MB"):
        if value < 1000:
            return f"{value:.1f} {unit}" if unit != "B" else f"{number} B"
        value /= 1000
    return f"{value:.1f} GB"


def instant(at: datetime | None) -> str:
    """An instant to the minute, in UTC."""
    return "–" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def day(on: date | None) -> str:
    """A date."""
    return "–" if on is None else f"{on:%Y-%m-%d}"


def plural(number: int, noun: str) -> str:
    """A number with its noun: 1 call, 2,000 calls."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def literal(text: str) -> str:
    """Text of a log for Markdown, in which it is nothing but text: no link, no picture, no formula."""
    return MARKDOWN.sub(r"\\\g<0>", text)


def written(text: str) -> str:
    """Text for Markdown: a dollar sign, which begins a formula there, stays one."""
    return text.replace("$", "\\$")
