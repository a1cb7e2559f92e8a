"""What is compared on every cell: ours, and what people do without a method."""

from collections.abc import Sequence

import numpy as np

from bench.forecast.cells import Cell
from bench.forecast.scores import QUANTILES, Floats, Forecast
from planning.paths import fit

OURS, MIDDLE = "ours", "ours, middle of the paths"


def ours(cells: Sequence[Cell]) -> tuple[list[Forecast], list[Forecast]]:
    """The projection, each cell for itself: days as the mean of the paths, as libraries give them, and as the middle.

    Where it says that it cannot forecast, the days count as zero.
    """
    means, middles = [], []
    for cell in cells:
        fitted = fit(cell.history[None], cell.first.weekday(), [cell.series], [0])
        paths = np.zeros((1, cell.horizon)) if fitted.why_not[0] else fitted.sample([0], cell.horizon)[0]
        total = np.quantile(paths.sum(axis=1), QUANTILES)
        means.append(Forecast(paths.mean(axis=0), total, float(total[3])))
        middles.append(Forecast(np.median(paths, axis=0), total, float(total[3])))
    return means, middles


def last_value(cell: Cell) -> Forecast:
    """Every day like the last."""
    return _days(np.full(cell.horizon, cell.history[-1]))


def run_rate(cell: Cell) -> Forecast:
    """Every day like the mean of the last 30, or of as many as there are."""
    return _days(np.full(cell.horizon, cell.history[-30:].mean()))


def last_month(cell: Cell) -> Forecast:
    """The last 30 days over again, or as many as there are."""
    return _days(np.resize(cell.history[-30:], cell.horizon))


def _days(days: Floats) -> Forecast:
    return Forecast(days, None, float(days.sum()))


WITHOUT = {"run-rate": run_rate, "last value": last_value, "last month": last_month}
