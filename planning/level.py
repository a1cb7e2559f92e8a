"""Where a series stands now, and how far the next week has usually been from there: both from its own past."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.weekday import Floats, divided, running

WINDOWS = (2, 7, 28, 56)
"""Known days whose mean is a level: from quick to steady."""
WEEK = 7
LEAST = 3
"""Known days without which nothing is said."""
TRUST = 6.0
"""How much the window that erred least is preferred: a weight is the error to the power of minus this."""
PRIOR_ERROR, PRIOR_WEEKS = 0.35, 0.5
"""What the next week's mean is taken to be off by, in logarithms, and how many weeks of its own past outweigh it."""
FLOOR = 0.3
"""Part of the steadiest mean that is added before a logarithm is taken: a week of zeros is far off, not infinitely."""
TINY = 1e-9


class Level(NamedTuple):
    """One number a series."""

    now: Floats
    error: Floats
    """The root mean square of what the next week's mean was off by, in logarithms."""


def level(values: Floats) -> Level:
    """Of known days, right-aligned (NaN only before the first): the windows' means, blended.

    Each window is judged by how well it would have told the week to come on every day of the past.
    """
    sums, counts = running(np.nan_to_num(values)), running(np.isfinite(values))
    ends = np.arange(values.shape[1] + 1)
    means = np.stack([_mean(sums, counts, ends - window, ends) for window in WINDOWS])
    floor = FLOOR * means[-1, :, -1:] + TINY
    said = np.log(means + floor)
    happened = np.log(_mean(sums, counts, ends, ends + WEEK) + floor)
    judged = (counts >= LEAST) & (ends + WEEK <= values.shape[1])

    errors = _typical(happened - said, judged)
    weights = errors**-TRUST / (errors**-TRUST).sum(axis=0)
    blended = (weights[:, :, None] * said).sum(axis=0)
    now = np.maximum(np.exp(blended[:, -1]) - floor[:, 0], 0)
    return Level(now, _typical(happened - blended, judged))


def _typical(off: Floats, judged: NDArray[np.bool_]) -> Floats:
    """The root of the mean square over the judged days, the prior mixed in: seven days are one week's knowledge."""
    weeks = judged.sum(axis=1) / WEEK
    squares = np.where(judged, off**2, 0).sum(axis=-1) / WEEK
    typical: Floats = np.sqrt((PRIOR_WEEKS * PRIOR_ERROR**2 + squares) / (PRIOR_WEEKS + weeks))
    return typical


def _mean(sums: Floats, counts: Floats, low: NDArray[np.int64], high: NDArray[np.int64]) -> Floats:
    """Of the days from ``low`` to before ``high``, as many of them as there are; 0 where there are none."""
    low, high = np.clip(low, 0, sums.shape[1] - 1), np.clip(high, 0, sums.shape[1] - 1)
    there = np.maximum(sums[:, high] - sums[:, low], 0)  # Rounding may leave less than nothing of zeros.
    return divided(there, counts[:, high] - counts[:, low], 0)
