"""How far a forecast was off, and how honest its band was."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Of a total: the bounds of 95, 80 and 50%, and the middle."""
WORST = 2.0
"""Errors are clipped here: a total missed by 300% teaches no more than one missed by 200%."""


class Forecast(NamedTuple):
    """What one method says of one cell."""

    mean: Floats
    """Of each day."""
    total: Floats | None
    """Quantiles of the days' total; None where a method gives no band."""
    middle: float
    """The one number that is given for the total."""


class Score(NamedTuple):
    """Of one forecast, or the mean of many."""

    wape: float
    total_error: float
    interval_score: float
    covered80: float
    covered95: float


def score(forecast: Forecast, actual: Floats) -> Score | None:
    """None where nothing happened: there is nothing to be a part of."""
    happened = float(actual.sum())
    if happened <= 0:
        return None
    wape = min(float(np.abs(forecast.mean - actual).sum()) / happened, WORST)
    error = min(abs(forecast.middle - happened) / happened, WORST)
    if forecast.total is None:
        return Score(wape, error, np.nan, np.nan, np.nan)
    low95, low80, _, _, _, high80, high95 = forecast.total
    return Score(
        wape,
        error,
        interval_score(forecast.total, happened),
        float(low80 <= happened <= high80),
        float(low95 <= happened <= high95),
    )


def interval_score(total: Floats, happened: float) -> float:
    """The weighted interval score over what happened: width and misses of the three bands, and of the middle."""
    found = abs(happened - total[3]) / 2
    for low, level, high in zip(total[:3], (0.95, 0.8, 0.5), total[:3:-1], strict=True):
        outside = 1 - level
        missed = max(low - happened, 0) + max(happened - high, 0)
        found += outside / 2 * (high - low) + missed
    return float(found / 3.5 / happened)


def mean(scores: Sequence[Score]) -> Score:
    """Of each number."""
    return Score(*np.array(scores).mean(axis=0).tolist())
