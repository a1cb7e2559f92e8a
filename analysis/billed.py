"""Calls that were billed at something else than the card's rates."""

import numpy as np

from analysis.loops import Ints, Mask

LEAST = 500_000
"""Pico-units: half of a millionth, for bills are rounded."""
PART = 1000
"""One part in so many may differ."""


def billed_otherwise(cost: Ints, billed: Ints) -> Mask:
    """Which calls were billed for more or less than they cost by the card; -1: not known, and not compared."""
    apart = np.abs(billed - cost)
    differs: Mask = (cost >= 0) & (billed >= 0) & (apart > np.maximum(cost // PART, LEAST))
    return differs
