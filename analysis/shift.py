"""Whether answers became longer or faster from one batch of tasks to the next: a hint, and no verdict on any call."""

from math import exp, log
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

BATCH = 100
"""Tasks in a batch, at least."""
CHANCE = 0.01
"""How often anything is told of series that do not change, over all of their batches."""
LEAST = log(1.1)
"""A change of less than a tenth is none."""


class Shift(NamedTuple):
    """A batch unlike all tasks before it; ``factor`` with its 95% interval."""

    first: int
    """The place of the batch's first task."""
    tasks: int
    before: int
    factor: float
    low: float
    high: float


def shifts(logs: ArrayLike, series: int = 1) -> list[Shift]:
    """Batches of tasks that differ, of one mean logarithm per task, in order; needs two batches.

    ``series``: how many of them are looked at together.
    """
    values = np.asarray(logs, dtype=np.float64)
    starts = list(range(BATCH, len(values) - BATCH + 1, BATCH))
    if not starts:
        return []
    beyond = NormalDist().inv_cdf(1 - CHANCE / 2 / len(starts) / series)
    ends = [*starts[1:], len(values)]
    found = [_shift(values[:start], values[start:end], beyond) for start, end in zip(starts, ends, strict=True)]
    return [each for each in found if each]


def _shift(before: NDArray[np.float64], batch: NDArray[np.float64], beyond: float) -> Shift | None:
    apart = float(batch.mean() - before.mean())
    error = float(np.sqrt(before.var(ddof=1) / len(before) + batch.var(ddof=1) / len(batch)))
    if abs(apart) < LEAST or abs(apart) <= beyond * error:
        return None
    ends = exp(apart - 1.96 * error), exp(apart + 1.96 * error)
    return Shift(len(before), len(batch), len(before), exp(apart), *ends)
