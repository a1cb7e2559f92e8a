"""Where a series stands now, and how far from there its next weeks have been, both from its own past."""

from typing import NamedTuple

import numpy as np

from planning.weekday import Floats, divided

WINDOWS = (7, 14, 28)
"""Known days whose mean is taken for the level: quick, usual and steady."""
WEEK = 7
LEAST = 3
"""Known days without which nothing is said."""
TRUST = 2.0
"""How strongly the window that erred least is preferred: weights go with the error to the power of minus this."""
PRIOR_ERROR, PRIOR_WEEKS = 0.25, 2.0
"""What a week's level is assumed to miss by, in logarithms, before a series has weeks of its own to show it."""
FLOOR = 0.05
"""Part of a series' mean that is added before logarithms are taken, so that a week of zeros is no infinity."""


class Level(NamedTuple):
    """One number a series."""

    now: Floats
    error: Floats
    """The typical miss of the next week's mean, in logarithms."""


def level(values: Floats) -> Level:
    """Of known days, right-aligned (`NaN` only before the first): the blend of the windows' means."""
    sums, counts = _running(values)
    ends = np.arange(values.shape[1] + 1)
    means = np.stack([_mean(sums, counts, ends - window, ends) for window in WINDOWS])
    coming = _mean(sums, counts, ends, ends + WEEK)
    judged = (counts >= LEAST) & (ends + WEEK <= values.shape[1])[None, :]
    floor = FLOOR * means[-1, :, -1:] + 1e-9
    weeks = judged.sum(axis=1) / WEEK

    misses = np.where(judged, np.log((coming + floor) / (means + floor)), 0)
    errors = _typical(misses, weeks)
    weights = errors**-TRUST
    weights /= weights.sum(axis=0)
    blended = (weights[:, :, None] * means).sum(axis=0)
    missed = np.where(judged, np.log((coming + floor) / (blended + floor)), 0)
    return Level(blended[:, -1], _typical(missed, weeks))


def _typical(misses: Floats, weeks: Floats) -> Floats:
    """The root of the mean square, a prior of some weeks mixed in."""
    squares = divided((misses**2).sum(axis=-1), WEEK * weeks, 0)
    return np.sqrt((PRIOR_WEEKS * PRIOR_ERROR**2 + weeks * squares) / (PRIOR_WEEKS + weeks))


def _running(values: Floats) -> tuple[Floats, Floats]:
    known = np.isfinite(values)
    start = np.zeros((len(values), 1))
    sums = np.concatenate([start, np.where(known, values, 0).cumsum(axis=1)], axis=1)
    return sums, np.concatenate([start, known.cumsum(axis=1)], axis=1)


def _mean(sums: Floats, counts: Floats, low: Floats, high: Floats) -> Floats:
    """Of the days from `low` to before `high`, as many of them as there are; 0 where there are none."""
    last = sums.shape[1] - 1
    low, high = np.clip(low, 0, last), np.clip(high, 0, last)
    return divided(sums[:, high] - sums[:, low], counts[:, high] - counts[:, low], 0)
