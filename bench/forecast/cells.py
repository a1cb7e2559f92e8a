"""The cells of the backtest: a history, a horizon, and what then happened."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.forecast.series import Series

ORIGINS = 4
HISTORIES, HORIZONS = (14, 28, 60, 90, 180), (7, 14, 30)
TRAFFIC_HISTORIES, TRAFFIC_HORIZONS = (4, 6), (2, 4)


class Cell(NamedTuple):
    """One forecast to make."""

    series: str
    first: date
    history: NDArray[np.float64]
    actual: NDArray[np.float64]

    @property
    def horizon(self) -> int:
        """Days to forecast."""
        return len(self.actual)

    def asked(self) -> dict[str, object]:
        """What a library is told: never what then happened."""
        return {"first": self.first.isoformat(), "history": self.history.tolist(), "horizon": self.horizon}

    def digest(self) -> str:
        """The same for the same question."""
        return hashlib.sha256(json.dumps(self.asked()).encode()).hexdigest()[:20]


def cells(series: Iterable[Series], histories: Sequence[int], horizons: Sequence[int]) -> list[Cell]:
    """Up to four rolling origins for each series, history and horizon, evenly spread over what they leave."""
    found = []
    for one in series:
        for history in histories:
            for horizon in horizons:
                latest = len(one.values) - horizon
                if latest < history:
                    continue
                for origin in sorted({round(at) for at in np.linspace(history, latest, ORIGINS)}):
                    found.append(cut(one, origin, history, horizon))
    return found


def cut(series: Series, origin: int, history: int, horizon: int) -> Cell:
    """The cell whose first forecast day is the series' day number `origin`."""
    start = origin - history
    return Cell(
        series.name,
        series.first + timedelta(days=start),
        series.values[start:origin],
        series.values[origin : origin + horizon],
    )
