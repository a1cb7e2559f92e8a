"""How the days of a week differ, told apart from chance."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DOUBT_WEEKS = 2.0
"""So many weeks of "every day is alike" are mixed into what was seen: two weeks of history count half."""
CENTRED = 3
"""Days on either side of the day that its weekday is compared with: the week around it."""


def profile(values: Floats, weekday: int) -> Floats:
    """Seven factors a series, Monday first, their mean 1: what a day of that name is of the week around it.

    Sums are compared, not ratios of days, so that zeros and single spikes cannot make a factor wild.
    """
    around = centred_mean(values, CENTRED)
    seen = np.isfinite(values) & np.isfinite(around)
    days = (weekday + np.arange(values.shape[1])) % 7
    own, whole = np.zeros((len(values), 7)), np.zeros((len(values), 7))
    for name in range(7):
        at = seen & (days == name)
        own[:, name] = np.where(at, values, 0).sum(axis=1)
        whole[:, name] = np.where(at, around, 0).sum(axis=1)
    doubt = DOUBT_WEEKS * divided(whole.sum(axis=1), seen.sum(axis=1), 1)[:, None]
    factors = divided(own + doubt, whole + doubt, 1)
    return divided(factors, factors.mean(axis=1, keepdims=True), 1)


def centred_mean(values: Floats, reach: int) -> Floats:
    """The mean of the known days at most `reach` before or after each day; NaN where there are none."""
    known = np.isfinite(values)
    sums = _running(np.where(known, values, 0))
    counts = _running(known.astype(np.float64))
    days = values.shape[1]
    low, high = np.maximum(np.arange(days) - reach, 0), np.minimum(np.arange(days) + reach + 1, days)
    return divided(sums[:, high] - sums[:, low], counts[:, high] - counts[:, low], np.nan)


def divided(top: Floats, bottom: Floats, otherwise: float) -> Floats:
    """`top / bottom`, and `otherwise` where that is no number."""
    shape = np.broadcast_shapes(np.shape(top), np.shape(bottom))
    found: Floats = np.divide(
        top, bottom, out=np.full(shape, float(otherwise)), where=np.broadcast_to(bottom, shape) > 0
    )
    return found


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
