"""What one call costs under one rate. The warehouse's SQL does the same; a property test holds them equal."""

from typing import NamedTuple

from pricing.errors import UsageError
from pricing.meters import METERS, Usage
from pricing.rates import Rate

NO_RATE = "no rate"
USAGE_MISSING = "usage missing"
NEGATIVE = "its usage would cost less than nothing"
FEES = frozenset({"request"})
"""Meters of which every call has one: a card without such a fee charges none."""


class Cost(NamedTuple):
    """Pico-units of ``currency``, in total and per meter (in ``METERS`` order; None: not reported).

    A call without a known cost has ``unpriced_reason`` and nothing else: its cost is unknown, not 0.
    """

    pico: int | None
    currency: str | None
    per_meter: tuple[int | None, ...]
    unpriced_reason: str | None


def cost_of(usage: Usage, rate: Rate | None) -> Cost:
    """What ``usage`` costs under ``rate``; unpriced without a rate, usage, or the rate of a meter in use.

    Raises UsageError for a negative count; of a call under review the input alone can be negative, as long as the
    whole is not.
    """
    for meter, count in zip(METERS, usage, strict=True):
        if count is not None and count < 0 and meter != "input":
            raise UsageError(meter, count)
    if rate is None:
        return _unpriced(NO_RATE)
    if usage.input is None or usage.output is None:
        return _unpriced(USAGE_MISSING)
    for meter, count, pico in zip(METERS, usage, rate.pico, strict=True):
        if count and pico is None and meter not in FEES:
            return _unpriced(no_meter_rate(meter))
    per_meter = tuple(
        None if count is None else count * (pico or 0) for count, pico in zip(usage, rate.pico, strict=True)
    )
    total = sum(part or 0 for part in per_meter)
    return Cost(total, rate.currency, per_meter, None) if total >= 0 else _unpriced(NEGATIVE)


def no_meter_rate(meter: str) -> str:
    """Why a call is unpriced that used ``meter``, which its rate does not sell."""
    return f"no {meter} rate"


def _unpriced(reason: str) -> Cost:
    return Cost(None, None, (None,) * len(METERS), reason)
