"""Figures as the command line writes them: exact money, unknown as a word, instants with their zone."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from pricing.money import PICO, format_pico

UNKNOWN = "unknown"


def money(pico: int | None, currency: str | None) -> str:
    """``0.00017428 USD``, to the last digit; ``unknown`` where there is no price."""
    text = format_pico(pico)
    return UNKNOWN if text is None else f"{text} {currency}"


def rounded(exact: Fraction) -> str:
    """Pico-units for the eye, rounded half-even once: two decimals, and below 1 as many as tell three digits."""
    value = abs(exact) / PICO
    places = 2
    while 0 < value < 1 and value * 10 ** (places - 2) < 1 and places < 12:
        places += 1
    number = round(value * 10**places)
    return f"{'-' if exact < 0 and number else ''}{number // 10**places:,}.{number % 10**places:0{places}d}"


def count(value: int | None) -> str:
    """``1,234``; a dash where nothing was reported."""
    return "–" if value is None else f"{value:,}"


def things(number: int, noun: str) -> str:
    """``1 call``, ``1,234 calls``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share(part: int | None, whole: int | None) -> str:
    """``12.3%`` of a whole; a dash where there is none."""
    return "–" if part is None or not whole else f"{100 * part / whole:.1f}%"


def instant(at: datetime | None) -> str | None:
    """ISO 8601 with a ``Z``: every instant here is UTC."""
    return None if at is None else at.isoformat(timespec="seconds") + "Z"


def days_since(day: date, now: datetime) -> int:
    """Whole days from a day to now; 0 for a clock that is set to before."""
    return max(0, (now.date() - day).days)


def sentence(text: str) -> str:
    """With a capital, unless it begins with what stands as it is: a command, a file's or a model's name."""
    first = text.split(" ", 1)[0].rstrip(",:")
    return text[:1].upper() + text[1:] if first.isalpha() and first != "tollbook" else text


def plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value
