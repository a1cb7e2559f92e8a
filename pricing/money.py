"""Money as integers: a rate is pico-units of its currency per token (or per unit), a cost is pico-units.

Integers are exact and give the same sum in every order. Decimal strings exist only where figures come in
(rate cards) and where they go out (tables and reports).
"""

import re
from decimal import Decimal

from pricing.errors import RateError

PICO = 10**12
"""Pico-units in one unit of a currency."""

RATE_PATTERN = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"
"""How a figure is written: digits and at most one point; no sign, exponent, separator or space."""

_FIGURE = re.compile(RATE_PATTERN)
_TOKENS_QUOTED = 10**6
_RATE_DECIMALS = 6
_RATE_LIMIT = 1_000_000
_UNIT_DECIMALS = 12
_UNIT_LIMIT = 10_000
_AMOUNT_LIMIT = 10**9


def parse_rate(text: object) -> int:
    """Pico-units per token from a rate as quoted, per 1,000,000 tokens: ``"0.04"`` gives 40,000.

    Raises RateError for anything but a plain decimal string, for more than 6 decimals (a token would then
    cost a fraction of a pico-unit) and from 1,000,000 up (a token would cost a whole unit: a slip).
    """
    return _pico(text, decimals=_RATE_DECIMALS, limit=_RATE_LIMIT) // _TOKENS_QUOTED


def parse_unit_rate(text: object) -> int:
    """Pico-units per unit from a rate as quoted for one search or one request: ``"0.01"`` gives 10**10.

    Raises RateError for anything but a plain decimal string, for more than 12 decimals and from 10,000 up.
    """
    return _pico(text, decimals=_UNIT_DECIMALS, limit=_UNIT_LIMIT)


def parse_signed_amount(text: str, *, decimals: int = _UNIT_DECIMALS) -> int:
    """Pico-units of an amount as a person writes it: ``"1512.50"``, or ``"-12"`` for a credit.

    Raises RateError for anything but a plain decimal string, for too many decimals and from 1,000,000,000 up.
    """
    amount = _pico(text.removeprefix("-"), decimals=decimals, limit=_AMOUNT_LIMIT)
    return -amount if text.startswith("-") else amount


def _pico(text: object, *, decimals: int, limit: int) -> int:
    if not isinstance(text, str):
        raise RateError(text, f'quote it, as in "{text}": an unquoted number loses digits')
    # fullmatch, because "$" alone also matches before a line feed at the end.
    if not _FIGURE.fullmatch(text):
        raise RateError(text, "write digits and at most one point, without sign, exponent or spaces")
    whole, _, fraction = text.partition(".")
    if len(fraction) > decimals:
        raise RateError(text, f"it has {len(fraction)} decimals, and at most {decimals} are exact")
    # The length is asked first: Python refuses to read integers of thousands of digits.
    if len(whole) > len(str(limit)) or int(whole) >= limit:
        raise RateError(text, f"it is not below {limit:,}")
    return int(whole) * PICO + int(fraction.ljust(12, "0"))


def format_pico(pico: int | None) -> str | None:
    """Pico-units as a plain decimal string, every digit kept and no zeros behind them; None stays None."""
    if pico is None:
        return None
    whole, fraction = divmod(abs(pico), PICO)
    sign = "-" if pico < 0 else ""
    return f"{sign}{whole}.{fraction:012d}".rstrip("0").rstrip(".")


def to_decimal(pico: int | None) -> Decimal | None:
    """Pico-units as a Decimal, exact at any size; None stays None."""
    text = format_pico(pico)
    return None if text is None else Decimal(text)
