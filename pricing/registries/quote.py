"""What a registry asks for a model, in one neutral shape: the words of a rate card without its claims."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from itertools import groupby
from typing import NamedTuple

Figures = Mapping[str, str]
"""Meter to quoted decimal: per 1,000,000 tokens, or per single unit."""

ROUNDED = "Rounded half-even to one pico-unit per token."
UNSAID = "Left out, because the registry has no figure of it for long inputs: {meters}."
FREE = "Free at this seller, as its name says."

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SMALLEST = Decimal("0.000001")
_LIMIT = Decimal(1_000_000)
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Step(NamedTuple):
    """What a request asks whose whole input has more than ``above`` tokens."""

    above: int
    per_mtok: Figures


class Window(NamedTuple):
    """What is asked at some hours of some weekdays, in UTC."""

    name: str
    hours: Mapping[str, str]
    """Weekdays to hours, as rate cards write them: ``{"mon-fri": "01:00-04:00, 06:00-10:00"}``."""
    per_mtok: Figures


class Change(NamedTuple):
    """What a service tier asks instead: every token meter, absolute, with its own context steps."""

    per_mtok: Figures
    context: tuple[Step, ...] = ()


class Quote(NamedTuple):
    """One price of one model at one seller, as a registry has it."""

    seller: str
    model: str
    per_mtok: Figures
    source: str
    valid_from: datetime | None = None
    """None: the registry gives no first day."""
    valid_until: datetime | None = None
    currency: str = "USD"
    aliases: tuple[str, ...] = ()
    """Other strings of the same price, exact or with ``{date}``."""
    per_unit: Figures = {}
    context: tuple[Step, ...] = ()
    service_tiers: Mapping[str, Change] = {}
    windows: tuple[Window, ...] = ()
    checked: date | None = None
    notes: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A model that a registry has and no rate card can say exactly, with the reason."""

    seller: str
    model: str
    why: str


class Reading(NamedTuple):
    """What one registry gave."""

    quotes: tuple[Quote, ...]
    skipped: tuple[Skipped, ...]


class Unsayable(Exception):
    """A model's price cannot be said exactly; the message is the reason it is skipped."""


def reading(quotes: Iterable[Quote], skipped: Iterable[Skipped]) -> Reading:
    """Quotes and what was left out, by seller and model; a model that is listed twice at two prices is left out."""
    found: dict[tuple[str, str, datetime | None], Quote] = {}
    twice: dict[tuple[str, str], Skipped] = {}
    for quote in quotes:
        known = found.setdefault((quote.seller, quote.model, quote.valid_from), quote)
        if known._replace(source=quote.source) != quote:
            twice[quote.seller, quote.model] = Skipped(quote.seller, quote.model, "it is listed twice, at two prices")
    kept = [quote for quote in found.values() if (quote.seller, quote.model) not in twice]
    return Reading(
        tuple(sorted(kept, key=lambda quote: (quote.seller, quote.model, quote.valid_from or _NEVER))),
        tuple(sorted({*skipped, *twice.values()})),
    )


def unsaid(base: Iterable[str], steps: Iterable[Iterable[str]]) -> frozenset[str]:
    """Cache meters that a registry prices for short contexts alone: for any length, they are unknown."""
    listed = [set(step) for step in steps]
    return frozenset(
        meter for meter in base if meter.startswith("cache_") and any(meter not in step for step in listed)
    )


def by_days(hours: Mapping[str, str]) -> Mapping[str, str]:
    """Weekdays that have the same hours, joined: ``mon-fri``."""
    joined: dict[str, str] = {}
    for text, together in groupby((day for day in DAYS if day in hours), key=lambda day: hours[day]):
        days = list(together)
        joined[days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"] = text
    return joined


def decimal_of(value: object) -> Decimal | None:
    """A registry's number, exactly as it was written; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def per_mtok_text(value: Decimal) -> str:
    """A figure per 1,000,000 tokens as rate cards write it: plain, with at most 6 decimals, rounded half-even.

    Raises Unsayable below 0, which registries use for "varies", from 1,000,000 up, and for what would round to 0.
    """
    _refuse_no_price(value)
    rounded = value.quantize(_SMALLEST, ROUND_HALF_EVEN)
    if value and not rounded:
        raise Unsayable(f"{value} per 1,000,000 tokens is less than a card can say")
    return _plain(rounded)


def per_unit_text(value: Decimal) -> str:
    """A figure per single unit, plain; Raises Unsayable for what no card can say."""
    _refuse_no_price(value)
    if _decimals(value) > 12:
        raise Unsayable(f"{value} per unit is no price")
    return _plain(value)


def is_rounded(values: Iterable[Decimal]) -> bool:
    """Whether writing these figures per 1,000,000 tokens loses digits."""
    return any(_decimals(value) > 6 for value in values)


def holds(quote: Quote, at: datetime) -> bool:
    """Whether a price is in force at an instant with its zone; one without a first day is, before its end."""
    has_begun = quote.valid_from is None or quote.valid_from <= at
    return has_begun and (quote.valid_until is None or at < quote.valid_until)


def midnight(day: date) -> datetime:
    """The first instant of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _refuse_no_price(value: Decimal) -> None:
    if not 0 <= value < _LIMIT:
        raise Unsayable(f"{value:f} is no price")


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
