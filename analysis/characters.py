"""What characters come to in tokens on a route: measured on its first calls, never assumed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.loops import Ints

Floats = NDArray[np.float64]
LEAST = 50
"""So many calls have to tell before anything is made of them."""
SHORTEST = 40
"""Characters of the shortest answer that tells: in a shorter one the tokens around it weigh too much."""
REACH = 3.0
"""A bound lies so many times as far from the median as nine of ten calls do."""
BOTH = 1.5
"""The same where two measures have to agree that tell nothing of one another."""
EVEN = 0.4
"""Least logarithm that REACH comes to (half as much again), however even the first calls are."""
ROUNDS = 30


class Rate(NamedTuple):
    """Tokens per character."""

    usual: tuple[float, ...]
    """Of each kind, by the median of what calls say."""
    low: float
    """Five of a hundred calls have less than this, times the usual."""
    high: float
    """Five of a hundred have more."""
    fall: float
    """How far nine of ten calls are above, as a logarithm."""
    rise: float
    """How far nine of ten calls are below."""
    calls: int
    """So many calls told."""

    def least(self, reach: float = REACH) -> float:
        """Hardly any call has less than this, times the usual."""
        return float(np.exp(-reach * self.fall))

    def most(self, reach: float = REACH) -> float:
        """Hardly any call has more than this, times the usual."""
        return float(np.exp(reach * self.rise))

    def usually(self, chars: Floats) -> Floats:
        """The tokens that characters of each kind usually come to."""
        found: Floats = chars @ np.array(self.usual)
        return found


def measure(chars: Floats, tokens: Ints) -> Rate | None:
    """The rate by which most calls' characters, a column for each kind, come to their tokens; None: too few tell."""
    telling = (chars.sum(axis=1) >= SHORTEST) & (tokens > 0)
    if np.count_nonzero(telling) < LEAST:
        return None
    chars, own = chars[telling], tokens[telling].astype(np.float64)
    usual = _fit(chars, own)
    fitted = chars @ usual
    if not (fitted > 0).all():
        return None
    ratio = np.log(own / fitted)
    low, tenth, middle, ninth, high = np.quantile(ratio, (0.05, 0.1, 0.5, 0.9, 0.95))
    fall, rise = (max(float(each), EVEN / REACH) for each in (middle - tenth, ninth - middle))
    ends = float(np.exp(low - middle)), float(np.exp(high - middle))
    return Rate(tuple((usual * np.exp(middle)).tolist()), *ends, fall, rise, len(own))


def _fit(chars: Floats, tokens: Floats) -> Floats:
    """Least absolute deviations in proportion to each call's length, no kind below 0."""
    used = chars.any(axis=0)
    while True:
        usual = np.zeros(chars.shape[1])
        weight = 1 / chars.sum(axis=1)
        for _ in range(ROUNDS):
            root = np.sqrt(weight / chars.sum(axis=1))
            usual[used] = np.linalg.lstsq(chars[:, used] * root[:, None], tokens * root, rcond=None)[0]
            weight = 1 / np.maximum(np.abs(tokens - chars @ usual), 0.01 * chars.sum(axis=1))
        if (usual >= 0).all():
            return usual
        used &= usual >= 0
