"""How crowded the minute is that a call begins in: a few levels and their weights, fitted to counts, at any mean rate.

Calls come at random at a level that changes (a mixed Poisson process). The levels are those that calls see, so busy
minutes weigh more. At another mean rate they are the same multiples of it.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.capacity import MINUTE_US, Calls, before_each

GRID = 160
ROUNDS = 300
PARTS = 24
"""So many levels are kept, each seen by as many calls."""
MOST_VALUES = 400
"""Of more different counts so many are fitted, evenly spread over the calls."""
SEED, SAMPLES, MANY = 8, 6000, 60
MOST_RPM = 1 << 22
"""No limit of requests a minute is looked for beyond it."""
FEW_CALLS = 200
"""From so many on the levels of one's own calls mean something."""
Real = NDArray[np.float64]


class Crowd(NamedTuple):
    """The levels of a minute as calls see them, as multiples of the mean rate."""

    levels: tuple[float, ...]
    weights: tuple[float, ...]
    """Share of the calls that begin at each level."""
    stay: float
    """How alike a minute is to the one after it: 0 as any other, 1 the same. Waiting depends on it."""


def crowd_of(calls: Calls) -> Crowd:
    """The crowd that fits the counts of calls best: by maximum likelihood over a grid of levels."""
    counts = np.sort(before_each(calls))
    if len(counts) and len(np.unique(counts)) > MOST_VALUES:
        counts = counts[np.linspace(0, len(counts) - 1, MOST_VALUES).astype(int)]
    values, times = np.unique(counts, return_counts=True)
    grid = np.concatenate([[1e-6], np.geomspace(0.05, max(float(counts.max()), 1.0) * 1.1, GRID)])
    likely = np.exp(_log_chance(values, grid))
    weights = np.full(len(grid), 1 / len(grid))
    for _ in range(ROUNDS):
        joint = likely * weights
        weights = (joint / joint.sum(axis=1, keepdims=True) * times[:, None]).sum(axis=0) / times.sum()
    levels, shares = equal_parts(grid / calls.rate, weights)
    return Crowd(levels, shares, _stay(calls))


def equal_parts(values: Real, weights: Real) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The weighted means of parts of equal weight, the lowest first, and their weights."""
    order = np.argsort(values)
    values, weights = values[order], weights[order]
    edges = np.linspace(0, weights.sum(), PARTS + 1)
    ends = np.cumsum(weights)
    # A value that lies on an edge belongs in part to either side.
    sums = np.concatenate([[0.0], np.cumsum(values * weights)])
    within = np.interp(edges, np.concatenate([[0.0], ends]), sums)
    shares = np.diff(edges)
    return tuple(map(float, np.diff(within) / shares)), tuple(map(float, shares / shares.sum()))


def predicted_over(crowd: Crowd, rate: float, rpm: int) -> float:
    """Share of the calls over a limit of requests per minute, at a mean rate, without a replay."""
    means = np.array(crowd.levels) * rate
    below = np.exp(_log_chance(np.arange(rpm), means)).sum(axis=0)
    # Weights that are shipped are rounded: they need not add up to 1.
    return float(np.average(np.clip(1 - below, 0, 1), weights=np.array(crowd.weights)))


def least_rpm(crowd: Crowd, rate: float, share: float) -> int | None:
    """The lowest limit of requests with no more than a share of the calls over it; None where even the highest is."""
    low, high = 0, 1
    while predicted_over(crowd, rate, high) > share:
        low, high = high, high * 2
        if high > MOST_RPM:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if predicted_over(crowd, rate, middle) > share else (low, middle)
    return high


def spread_out(crowd: Crowd, copies: float) -> Crowd:
    """The crowd of so many times the users, each coming when they please: their bursts meet by chance alone."""
    others = round(copies) - 1
    if others < 1:
        return crowd
    random = np.random.default_rng(SEED)
    levels, shares = _over_time(crowd)
    deviation = math.sqrt(float(shares @ levels**2) - 1)
    # The mean level of many others is all but normal; of a few it is drawn.
    if others > MANY:
        beside = np.maximum(0, random.normal(1, deviation / math.sqrt(others), SAMPLES))
    else:
        beside = random.choice(levels, (SAMPLES, others), p=shares).mean(axis=1)
    own = random.choice(np.array(crowd.levels), SAMPLES, p=np.array(crowd.weights) / sum(crowd.weights))
    seen = (own + others * beside) / (others + 1)
    return Crowd(*equal_parts(seen, np.full(SAMPLES, 1 / SAMPLES)), crowd.stay)


def draw_starts(crowd: Crowd, rate: float, minutes: int, random: np.random.Generator) -> NDArray[np.int64]:
    """When calls might begin: a level drawn for each minute, as like the one before as ``stay`` says."""
    levels, shares = _over_time(crowd)
    shocks = random.standard_normal(minutes)
    path = np.empty(minutes)
    path[0] = shocks[0]
    spread = math.sqrt(1 - crowd.stay**2)
    for place in range(1, minutes):
        path[place] = crowd.stay * path[place - 1] + spread * shocks[place]
    # By rank, so that every draw has the levels in their very shares.
    ranks = (np.argsort(np.argsort(path)) + 0.5) / minutes
    places = np.searchsorted(np.cumsum(shares), ranks).clip(max=len(levels) - 1)
    counts = random.poisson(levels[places] * rate)
    starts = np.repeat(np.arange(minutes), counts) * MINUTE_US
    return np.sort(starts + random.integers(0, MINUTE_US, len(starts)))


def _over_time(crowd: Crowd) -> tuple[Real, Real]:
    """The levels as a clock sees them, and their shares of the time; the rest of the time nothing comes."""
    levels, weights = np.array(crowd.levels), np.array(crowd.weights)
    shares = weights / np.maximum(levels, 1e-9)
    # A level below any real one is seen by calls that nobody else is near to: they come one at a time.
    shares[levels < 1e-3] = 0
    levels, shares = np.append(levels, 0.0), np.append(shares, max(0.0, 1 - shares.sum()))
    order = np.argsort(levels)
    found = shares[order] / shares.sum()
    mean = float(levels[order] @ found)
    return levels[order] / (mean or 1.0), found


def _stay(calls: Calls) -> float:
    """The correlation of the counts of minutes that follow each other."""
    places = (calls.start_us - calls.start_us[0]) // MINUTE_US
    counts = np.bincount(places)
    # Rank, not size: one burst among thousands of minutes would be all of it.
    ranks = np.argsort(np.argsort(counts, kind="stable"), kind="stable")
    if len(ranks) < 3 or counts.min() == counts.max():
        return 0.0
    return float(np.clip(np.corrcoef(ranks[:-1], ranks[1:])[0, 1], 0.0, 0.99))


def _log_chance(counts: NDArray[np.int64], means: Real) -> Real:
    """The logarithm of the Poisson chance of each count (rows) at each mean (columns)."""
    logs = np.array([math.lgamma(count + 1) for count in counts.tolist()])
    safe = np.maximum(means, 1e-12)
    found: Real = counts[:, None] * np.log(safe) - safe - logs[:, None]
    return found
