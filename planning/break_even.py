"""Break-even: how far a slider has to go until two scenarios cost the same, or why they never do."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

Difference = Callable[[Fraction], Fraction]
"""What one scenario costs beyond another with the slider at a value, in pico-units, unrounded."""
PIECES = 16
"""Into so many pieces a stretch is cut that is no straight line."""
HALVINGS = 30


class Crossing(NamedTuple):
    """Where two scenarios cost the same."""

    at: Fraction
    is_exact: bool
    """False: found by halving, to a billionth of the slider's way."""
    cheaper_above: str
    """``one`` or ``other``: which is cheaper from here on; ``same``: neither."""


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
    known: dict[Fraction, Fraction] = {}

    def at(value: Fraction) -> Fraction:
        if value not in known:
            known[value] = difference(value)
        return known[value]

    edges = sorted({low, high, *(kink for kink in kinks if low < kink < high)})
    found: list[Crossing] = []
    for begins, ends in pairwise(edges):
        if _is_straight(at, begins, ends):
            found += _crossed(at, begins, ends)
        else:
            steps = [begins + (ends - begins) * number / PIECES for number in range(PIECES + 1)]
            for first, last in pairwise(steps):
                found += _halved(at, first, last)
    crossings = tuple(dict.fromkeys(found))
    return BreakEven(low, high, at(low), at(high), crossings, None if crossings else _why(at(low), at(high)))


def _is_straight(at: Difference, begins: Fraction, ends: Fraction) -> bool:
    way = ends - begins
    line = (at(begins) + (at(ends) - at(begins)) * part for part in (Fraction(1, 2), Fraction(1, 3)))
    return all(
        at(begins + way * part) == held for part, held in zip((Fraction(1, 2), Fraction(1, 3)), line, strict=True)
    )


def _crossed(at: Difference, begins: Fraction, ends: Fraction) -> list[Crossing]:
    first, last = at(begins), at(ends)
    if first == last or first * last > 0:
        return []
    place = begins + (ends - begins) * first / (first - last)
    return [Crossing(place, True, "one" if last < first else "other")]


def _halved(at: Difference, begins: Fraction, ends: Fraction) -> list[Crossing]:
    first, last = at(begins), at(ends)
    if first == last or first * last > 0:
        return []
    cheaper = "one" if last < first else "other"
    for edge, value in ((begins, first), (ends, last)):
        if value == 0:
            return [Crossing(edge, True, cheaper)]
    for _ in range(HALVINGS):
        middle = (begins + ends) / 2
        if at(middle) * first > 0:
            begins = middle
        else:
            ends = middle
    return [Crossing(ends, False, cheaper)]


def _why(at_low: Fraction, at_high: Fraction) -> str:
    if at_low == at_high == 0:
        return "they cost the same wherever the slider is"
    if at_low == at_high:
        return f"the slider moves neither: one always costs {'more' if at_low > 0 else 'less'}"
    return "one costs more all the way" if at_low > 0 else "one costs less all the way"
