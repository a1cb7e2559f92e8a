"""Intervals of figures per task, whose money is unevenly spread: tasks are what is drawn anew, not calls."""

from hashlib import blake2b
from math import isfinite, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
LEAST_CLUSTERS = 5
"""Below so many tasks an interval says nothing, and is withheld."""
LARGEST_SHARE = 0.2
"""From one task with more than this share of the total on, the interval leans on that one task, and says so."""
ALIKE = 1e-12
"""Below so small a part of the figure the tasks do not differ but for rounding: how far others may lie is not known."""
DRAWS = 1999
DRAWN_CLUSTERS = 2000
"""Above so many tasks the sum is as good as normal, and nothing is drawn."""
NORMAL_95 = 1.959964


class Interval(NamedTuple):
    """A figure and where it may lie. ``low`` and ``high`` are None where withheld; ``why`` says so, or warns."""

    estimate: float | None
    low: float | None
    high: float | None
    clusters: int
    """How many tasks it is made from."""
    why: str | None = None


class Spread(NamedTuple):
    """More clusters than are drawn, as sums: a ratio of which every cluster has something to divide by."""

    clusters: int
    over: int
    under: int
    largest: int
    """Of ``over``, which is below nothing in no cluster."""
    squares: float
    """Of how far each cluster is from the ratio times what it divides by, in units of the ratio."""


def ratio(over: ArrayLike, under: ArrayLike, *, key: str) -> Interval:
    """Sum of ``over`` by sum of ``under``, one row per task, with its 95% interval.

    The interval is a bootstrap-t over tasks (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section
    12.5) with the linearised error of a ratio, so that it is longer on the side of the dear tasks. The draws are seeded
    by ``key``: the same bits each time.
    """
    top, bottom = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    clusters, total = len(bottom), float(bottom.sum())
    if total <= 0:
        return Interval(None, None, None, clusters, "nothing to divide by")
    estimate = float(top.sum()) / total
    held = int(np.count_nonzero(bottom))
    if held < LEAST_CLUSTERS:
        return Interval(estimate, None, None, clusters, f"no interval from fewer than {LEAST_CLUSTERS} tasks")
    error = float(_errors(top[None], bottom[None])[0])
    if error <= ALIKE * abs(estimate):
        return Interval(estimate, None, None, clusters, "no interval: all tasks are alike")
    below, above = _quantiles(top, bottom, estimate, key)
    return Interval(estimate, estimate - above * error, estimate - below * error, clusters, _leans(top))


def ratio_of(many: Spread) -> Interval:
    """As ``ratio``, from sums: where nothing is drawn, no cluster need be looked at."""
    estimate = many.over / many.under
    error = estimate * sqrt(many.clusters / (many.clusters - 1) * many.squares) / many.under
    if error <= ALIKE * estimate:
        return Interval(estimate, None, None, many.clusters, "no interval: all tasks are alike")
    reach, share = NORMAL_95 * error, many.largest / many.over
    return Interval(estimate, estimate - reach, estimate + reach, many.clusters, _leaning(share))


def mean(values: ArrayLike, *, key: str) -> Interval:
    """The mean of one value per task, with its 95% interval."""
    return ratio(values, np.ones(len(np.asarray(values))), key=key)


def seeded(key: str) -> np.random.Generator:
    """The draws of a key: the same each time, whatever else is asked."""
    return np.random.default_rng(int.from_bytes(blake2b(key.encode(), digest_size=8).digest()))


def _leans(values: NDArray[np.float64]) -> str | None:
    total = float(np.abs(values).sum())
    return _leaning(float(np.abs(values).max()) / total if total else 0.0)


def _leaning(share: float) -> str | None:
    return f"one task is {share:.0%} of the total: the interval leans on it" if share > LARGEST_SHARE else None


def _errors(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """The linearised standard error of the ratio in each row of draws; 0 where it cannot be told."""
    count, total = top.shape[1], bottom.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = top - (top.sum(axis=1) / total)[:, None] * bottom
        found = np.sqrt(count / (count - 1) * (gaps**2).sum(axis=1)) / total
    return np.where(np.isfinite(found), found, 0.0)


def _quantiles(top: NDArray[np.float64], bottom: NDArray[np.float64], estimate: float, key: str) -> tuple[float, float]:
    """The 2.5% and 97.5% quantile of the error, in standard errors."""
    count = len(top)
    if count > DRAWN_CLUSTERS:
        return -NORMAL_95, NORMAL_95
    random, found = seeded(key), []
    for _ in range(0, DRAWS, rows := max(1, 2_000_000 // count)):
        drawn = random.integers(0, count, size=(min(rows, DRAWS), count))
        above, below = top[drawn], bottom[drawn]
        error, whole = _errors(above, below), below.sum(axis=1)
        sound = (error > 0) & (whole > 0)
        found.append((above.sum(axis=1)[sound] / whole[sound] - estimate) / error[sound])
    errors = np.concatenate(found)[:DRAWS]
    if not len(errors):
        return 0.0, 0.0
    low, high = np.quantile(errors, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    return (float(low), float(high)) if isfinite(low) and isfinite(high) else (-NORMAL_95, NORMAL_95)
