"""What somebody knows and the series does not tell: an outage, a launch. Planted into the shared series."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bench.forecast.cells import Cell
from bench.forecast.scores import WORST, Floats
from planning.paths import fit

OUTAGES = (1, 2, 4, 8, 15, 22)
"""Days ago on which nothing was served."""
LAUNCH, LAUNCHED = 3.0, 5
"""Traffic is threefold since so many days."""


class Outage(NamedTuple):
    """How far one lost day moves the middle of the total, as a part of it."""

    days_ago: int
    unmarked: float
    masked: float


class Launch(NamedTuple):
    """The error of the total, and whether the 80% band held it."""

    error: float
    covered80: float


def outages(cells: Sequence[Cell]) -> list[Outage]:
    """Each cell with one day after the other lost."""
    found = []
    for cell in cells:
        usual = _middle(cell, cell.history)
        if not usual:
            continue
        for ago in OUTAGES:
            lost, masked = cell.history.copy(), cell.history.copy()
            lost[-ago], masked[-ago] = 0, np.nan
            moved = [_middle(cell, values) for values in (lost, masked)]
            unmarked, marked = (abs((value or 0) / usual - 1) for value in moved)
            found.append(Outage(ago, unmarked, marked))
    return found


def _middle(cell: Cell, values: Floats) -> float | None:
    fitted = fit(values[None], cell.first.weekday(), [cell.series], [0])
    if fitted.why_not[0]:
        return None
    return float(np.median(fitted.sample([0], cell.horizon)[0].sum(axis=1)))


def launches(cells: Sequence[Cell]) -> list[Launch]:
    """A marked launch: history begins anew, and only the weekdays are learnt from before."""
    found = []
    for cell in cells:
        happened = LAUNCH * cell.actual.sum()
        grown = cell.history.copy()
        grown[-LAUNCHED:] *= LAUNCH
        restarted = grown.copy()
        restarted[:-LAUNCHED] = np.nan
        fitted = fit(restarted[None], cell.first.weekday(), [cell.series], [0], profile_values=grown[None])
        if happened <= 0 or fitted.why_not[0]:
            continue
        totals = fitted.sample([0], cell.horizon)[0].sum(axis=1)
        low, middle, high = np.quantile(totals, (0.1, 0.5, 0.9))
        error = min(abs(middle - happened) / happened, WORST)
        found.append(Launch(float(error), float(low <= happened <= high)))
    return found
