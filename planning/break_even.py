"""Break-even: how far a slider has to go until two scenarios cost the same, or why they never do."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

Difference = Callable[[Fraction], Fraction]
"""What one scenario costs beyond another with the slider at a value, in pico-units, unrounded."""


class Crossing(NamedTuple):
    """Where two scenarios cost the same."""

    at: Fraction
    is_exact: bool
    """False: found by halving, to a millionth of the slider's way."""
    cheaper_above: str
    """``one`` or ``other``: which is cheaper from here on."""


class BreakEven(NamedTuple):
    """What a slider's whole way says of two scenarios."""

    low: Fraction
    high: Fraction
    at_low: Fraction
    """What ``one`` costs beyond ``other`` there."""
    at_high: Fraction
    crossings: tuple[Crossing, ...]
    why_none: str | None
    """Why there is no crossing; None where there is one."""


def break_even(difference: Difference, low: Fraction, high: Fraction, kinks: Iterable[Fraction] = ()) -> BreakEven:
    """Every crossing from low to high. Between kinks a straight line is crossed exactly, any other by halving."""
    raise NotImplementedError
