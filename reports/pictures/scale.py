"""From a figure to a place on an axis: round steps, zero always on it; and figures short enough for a picture."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from pricing.money import PICO
from reports.figures import MINUS, rounded

STEPS = 5
_UNITS = ((10**9, "B"), (10**6, "M"), (10**3, "k"))
_SHORTENED_FROM = 10_000


class Scale(NamedTuple):
    """An axis from one place to another, with the figures that are marked on it."""

    ticks: tuple[int, ...]
    start: float
    end: float

    def place(self, value: int) -> float:
        """Where the figure is."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.start + (self.end - self.start) * ((value - low) / (high - low))


def scale_of(values: Iterable[int | None], start: float, end: float, *, steps: int = STEPS) -> Scale:
    """An axis that holds zero and every value, and begins and ends at a round figure."""
    known = [value for value in values if value is not None]
    low, high = min(0, *known, 0), max(0, *known, 0)
    step = _round_step(max(1, high - low), steps)
    first, last = low // step, -(-high // step)
    return Scale(tuple(step * place for place in range(first, max(last, first + 1) + 1)), start, end)


def _round_step(span: int, steps: int) -> int:
    """The least of 1, 2, 2.5 and 5 with zeros behind that covers the span in so many steps."""
    size = 10 ** max(0, len(str(span // steps)) - 1)
    candidates = (Fraction(factor, 10) * size for factor in (10, 20, 25, 50, 100, 200))
    return next(int(each) for each in candidates if each.denominator == 1 and each * steps >= span)


def is_currency(unit: str) -> bool:
    """Whether values are pico-units of a currency; otherwise they are counts."""
    return len(unit) == 3 and unit.isascii() and unit.isalpha() and unit.isupper()


def tick_text(value: int, unit: str) -> str:
    """A round figure, as short as it is exact: ``0``, ``2.5k``, ``1M``, ``0.002``."""
    exact = Fraction(value, PICO if is_currency(unit) else 1)
    for size, letter in _UNITS:
        if abs(exact) >= size:
            return _plain(exact / size) + letter
    return _plain(exact)


def short(value: int | None, unit: str) -> str:
    """A figure of three or more digits to stand beside what is drawn: ``48.2k``; a dash for none."""
    if value is None:
        return "–"
    money = is_currency(unit)
    exact = Fraction(value, PICO if money else 1)
    if abs(exact) < _SHORTENED_FROM:
        return rounded(exact) if money else f"{value:,}".replace("-", MINUS)
    return _shortened(exact)


def signed(value: int, unit: str) -> str:
    """A change: the same with its sign."""
    return f"{'+' if value > 0 else ''}{short(value, unit)}"


def _shortened(exact: Fraction) -> str:
    sign = MINUS if exact < 0 else ""
    for size, letter in reversed(_UNITS):
        scaled = abs(exact) / size
        places = max(0, 3 - len(str(int(scaled))))
        near = round(scaled, places)
        if near < 1000:
            return f"{sign}{float(near):.{places}f}{letter}"
    return f"{sign}{round(abs(exact) / 10**9):,}B"


def _plain(exact: Fraction) -> str:
    text = f"{float(abs(exact)):,.12f}".rstrip("0").rstrip(".")
    return f"{MINUS if exact < 0 else ''}{text}"
