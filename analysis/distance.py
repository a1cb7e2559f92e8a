"""How far what happened lies from what the paths of the days before held for possible.

A path is a sample, so its far tail cannot be read from a few hundred of them: the distance from the median to a
quantile that can be read is the measure, the wider of both sides, and z counts how often it fits in. It is measured on
the plain scale of the amounts: an alarm is about money, and on a logarithmic scale a quiet Sunday weighs like a
tenfold Monday.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
BELL = NormalDist()
LEAST_SPREAD = 0.03
"""Of the median: paths that all say the same are not so sure."""


class Distance(NamedTuple):
    """One number per row."""

    actual: Floats
    median: Floats
    spread: Floats
    """What one z is, in the amounts' own unit. 0: no path holds anything."""

    @property
    def z(self) -> Floats:
        """Spreads above the median; infinite where something happened that no path knows, 0 where nothing did."""
        beyond = self.actual - self.median
        far = np.where(beyond == 0, 0.0, np.copysign(np.inf, beyond))
        return np.divide(beyond, self.spread, out=far, where=self.spread > 0)


def distance(actual: ArrayLike, paths: ArrayLike, read_at: float) -> Distance:
    """Of (rows,) amounts from (rows, paths); ``read_at`` is the z of the quantiles that make the spread."""
    given, held = np.asarray(actual, dtype=np.float64), np.asarray(paths, dtype=np.float64)
    above = BELL.cdf(read_at)
    low, median, high = np.quantile(held, (1 - above, 0.5, above), axis=-1)
    spread = np.maximum(high - median, median - low) / read_at
    return Distance(given, median, np.maximum(spread, LEAST_SPREAD * median))


def chance(z: ArrayLike) -> Floats:
    """Of a z so far from 0, on either side, under a bell curve."""
    found: Floats = np.array([2 * BELL.cdf(-min(abs(one), 38.0)) for one in np.ravel(z)], dtype=np.float64)
    return found


def reach(chance_left: float) -> float:
    """The z that has this chance; the inverse of :func:`chance`."""
    return -BELL.inv_cdf(min(max(chance_left, 1e-12), 1.0) / 2)


def discoveries(chances: ArrayLike, false_share: float) -> NDArray[np.bool_]:
    """Which of many findings to believe, so that at most ``false_share`` of those are expected to be nothing.

    Benjamini and Hochberg, 1995: the largest k of which the k smallest chances are at most k / n of the share.
    """
    given = np.asarray(chances, dtype=np.float64)
    order = np.argsort(given, kind="stable")
    within = given[order] <= false_share * np.arange(1, len(given) + 1) / max(1, len(given))
    believed = np.zeros(len(given), dtype=np.bool_)
    if within.any():
        believed[order[: int(np.flatnonzero(within)[-1]) + 1]] = True
    return believed
