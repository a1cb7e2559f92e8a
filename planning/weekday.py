"""How the days of a week differ, told apart from chance."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.float64] | NDArray[np.int64]

DOUBT_WEEKS = 1.0
"""So many weeks in which every day is alike are mixed into what was seen."""
AROUND = 3
"""Days on either side of a day that it is compared with: the week around it."""
BY_CHANCE = 0.01
"""A weekday without any traffic is closed if chance alone would leave it so less often than this."""


def profile(values: Floats, weekday: int) -> Floats:
    """Seven factors a series, Monday first, their mean 1: what a day of that name is of the week around it.

    Sums are compared, not ratios of days, so that zeros and single spikes cannot make a factor wild.
    """
    around = centred_mean(values, AROUND)
    seen = np.isfinite(values)
    at = seen[:, None, :] & ((weekday + np.arange(values.shape[1])) % 7 == np.arange(7)[:, None])
    own = np.where(at, values[:, None, :], 0).sum(axis=2)
    whole = np.where(at, around[:, None, :], 0).sum(axis=2)
    number = at.sum(axis=2)
    doubt = DOUBT_WEEKS * divided(whole.sum(axis=1), number.sum(axis=1), 1)[:, None]
    factors = np.where(_closed(values, at, number), 0, divided(own + doubt, whole + doubt, 1))
    return divided(factors, factors.mean(axis=1, keepdims=True), 1)


def _closed(values: Floats, at: NDArray[np.bool_], number: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(series, 7): never any traffic on that weekday, and too much on the others for that to be chance."""
    zeros = (at & (values == 0)[:, None, :]).sum(axis=2)
    other_zeros, others = (counts.sum(axis=1, keepdims=True) - counts for counts in (zeros, number))
    by_chance = divided(other_zeros, others, 1) ** number
    closed: NDArray[np.bool_] = (zeros == number) & (number > 1) & (by_chance < BY_CHANCE)
    return closed


def centred_mean(values: Floats, reach: int) -> Floats:
    """The mean of the known days at most ``reach`` before or after each day; NaN where there are none."""
    known = np.isfinite(values)
    sums, counts = running(np.where(known, values, 0)), running(known)
    days = values.shape[1]
    low, high = np.maximum(np.arange(days) - reach, 0), np.minimum(np.arange(days) + reach + 1, days)
    there = np.maximum(sums[:, high] - sums[:, low], 0)  # Rounding may leave less than nothing of zeros.
    return divided(there, counts[:, high] - counts[:, low], np.nan)


def divided(top: Numbers, bottom: Numbers, otherwise: float) -> Floats:
    """``top / bottom``, and ``otherwise`` where there is nothing to divide by."""
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    found: Floats = np.full(shape, otherwise, dtype=np.float64)
    np.divide(top, bottom, out=found, where=np.broadcast_to(bottom > 0, shape))
    return found


def running(values: Numbers | NDArray[np.bool_]) -> Floats:
    """The sum of all days before each day, and of all at the end."""
    found: Floats = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=found[:, 1:])
    return found
