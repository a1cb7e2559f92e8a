"""Forecast figures as the command line writes them: rounded for the eye, whole in JSON."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.figures import rounded
from pricing.money import format_pico

if TYPE_CHECKING:
    from planning.glance import Glance


def amount(pico: int | None) -> str:
    """``105.07``; a dash where there is none."""
    return "–" if pico is None else rounded(Fraction(pico))


def band(found: "Glance") -> str:
    """``77.67 to 213.48``; an assumption has no band."""
    return "no forecast" if not found.is_forecast else f"{amount(found.low)} to {amount(found.high)}"


def figure(found: "Glance") -> str:
    """``105.07 (77.67 to 213.48)``."""
    return f"{amount(found.middle)} ({band(found)})"


def percent(part: float | None) -> str:
    """``12%`` of a share; only none of it is 0%, only all of it 100%."""
    if part is None:
        return "–"
    if 0 < part < 0.01:
        return "<1%"
    return ">99%" if 0.99 < part < 1 else f"{100 * part:.0f}%"


def as_object(found: "Glance") -> dict[str, Any]:
    """A glance as JSON has it: money as decimal strings."""
    return {
        "group": found.group.kind,
        "name": found.group.name or None,
        "currency": found.currency,
        "spent": format_pico(found.spent),
        "projected": format_pico(found.middle),
        "low": format_pico(found.low) if found.is_forecast else None,
        "high": format_pico(found.high) if found.is_forecast else None,
        "run_rate": format_pico(found.run_rate),
        "last_period": format_pico(found.before),
        "last_period_whole": found.before_is_whole,
        "chance_above_last_period": found.above_before,
        "without_forecast": format_pico(found.assumed),
    }
