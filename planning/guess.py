"""An input that nobody knows exactly: low, likely and high, and where the figures come from.

One launch in ten stays below ``low`` and one in ten exceeds ``high``; ``likely`` is the likeliest value. Between them
lies a triangle: the one whose 10% and 90% points are low and high and whose top is at likely.
"""

from functools import cache
from math import sqrt
from typing import Annotated, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from pricing.card_fields import Part, Prose

Floats = NDArray[np.float64]
Source = Literal["measured", "claim", "guess"]
"""Where a figure comes from: one's own records, a vendor, or somebody's head."""
MEASURED: Source = "measured"
TAIL = 0.1
"""Of the chance, how much lies below low, and how much above high."""
MOST = 1e12
Value = Annotated[float, Field(ge=0, le=MOST, allow_inf_nan=False)]


class Guess(Part):
    """Low, likely and high. A plain number in their place has no spread; ``measured`` is filled from the records."""

    low: Value | None = None
    likely: Value | None = Field(None, description="The likeliest value; absent with the source measured: to be filled")
    high: Value | None = None
    source: Source = "guess"
    note: Prose | None = Field(None, description="Where it was measured, who claims it.")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        if value == MEASURED:
            return {"source": MEASURED}
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return {"likely": value}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "Guess":
        if self.likely is None:
            if self.source != MEASURED or self.low is not None or self.high is not None:
                raise ValueError("it says no likely value; write likely: and a number, or measured alone")
            return self
        if not self.span.low <= self.likely <= self.span.high:
            raise ValueError(f"low {self.low}, likely {self.likely} and high {self.high} are not in this order")
        return self

    @property
    def is_open(self) -> bool:
        """Whether it is still to be filled from the records."""
        return self.likely is None

    @property
    def has_spread(self) -> bool:
        """Whether low and high differ."""
        return not self.is_open and self.span.low < self.span.high

    @property
    def span(self) -> "Span":
        """Low, likely and high as numbers; of a plain number three times the same. Not of one that is open."""
        assert self.likely is not None
        low = self.likely if self.low is None else self.low
        return Span(low, self.likely, self.likely if self.high is None else self.high)


class Span(NamedTuple):
    """The three points of a guess."""

    low: float
    likely: float
    high: float


class Bounds(NamedTuple):
    """What is possible at all."""

    least: float = 0.0
    most: float = np.inf


SHARE = Bounds(0.0, 1.0)


def values_at(span: Span, bounds: Bounds, chance: Floats) -> Floats:
    """The values below which a guess stays with these chances (from 0 to 1).

    Where the triangle would pass what is possible, its tail is squeezed to end there: still one in ten.
    """
    low, likely, high = span
    if low == high:
        return np.full_like(chance, likely)
    below, above = _legs(likely - low, high - likely)
    rising = below / (below + above)
    left = likely - below + np.sqrt(chance * (below + above) * below)
    right = likely + above - np.sqrt((1 - chance) * (below + above) * above)
    found = np.where(chance < rising, left, right)
    least, most = max(likely - below, bounds.least), min(likely + above, bounds.most)
    found = np.where(chance < TAIL, least + (low - least) * np.sqrt(chance / TAIL), found)
    squeezed: Floats = np.where(chance > 1 - TAIL, most - (most - high) * np.sqrt((1 - chance) / TAIL), found)
    return squeezed


@cache
def _legs(down: float, up: float) -> tuple[float, float]:
    """How far a triangle reaches below and above its top, by how far its 10% and 90% points are from there."""
    wanted = down / (down + up)
    least, most = TAIL, 1 - TAIL
    for _ in range(100):
        rising = (least + most) / 2
        if _share_below(rising) < wanted:
            least = rising
        else:
            most = rising
    rising = (least + most) / 2
    width = (down + up) / _between(rising)
    return rising * width, (1 - rising) * width


def _share_below(rising: float) -> float:
    """Of the stretch from the 10% to the 90% point, how much is below the top, by the chance to be below it."""
    return (rising - sqrt(TAIL * rising)) / _between(rising)


def _between(rising: float) -> float:
    """That stretch as a part of the triangle's width."""
    return 1 - sqrt(TAIL * rising) - sqrt(TAIL * (1 - rising))
