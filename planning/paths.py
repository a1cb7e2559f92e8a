"""Joint sample paths of daily series: what the coming days may hold, so that any sum of them has an honest band.

A day is its series' level, times its weekday, times what is left over. A path shifts the level by a heavy-tailed
shock and a little more every week, and repeats whole weeks of what was left over. The days of the past that it
repeats and a part of its shocks are the same for all series. docs/projection.md says more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from planning import draws
from planning.left_over import left_over
from planning.level import LEAST, WEEK, level
from planning.tame import lost_days, tame
from planning.weekday import Floats, divided, profile

BLOCK = 7
"""Days of the past that are repeated together."""
CLOSED = 0.1
"""A weekday with less of the mean than this says nothing about the level."""
ENDED = 28
"""Known days of zeros after which a series has ended."""
WALK = 0.3
"""What a further week adds to the level's shock, as a part of the first."""
ALL, CELL = 0.2, 0.75
"""Parts of a shock's variance: that of all series, and that of the series of one cell. The rest is a series' own."""
FURTHEST = 2.0
"""No path's level moves further than this, in logarithms: about sevenfold."""


@dataclass(frozen=True)
class Fit:
    """What was learnt of each series."""

    keys: tuple[str, ...]
    cells: tuple[int, ...]
    why_not: tuple[str | None, ...]
    """Why a series cannot be forecast; None where it can."""
    weekday: int
    """Of the first day to forecast, Monday 0."""
    level: Floats
    error: Floats
    profile: Floats
    left_over: Floats

    def sample(self, rows: Sequence[int], horizon: int, *, paths: int = 1000) -> NDArray[np.int64]:
        """(rows, paths, horizon): whole numbers, never negative.

        A row's are the same whatever else is asked, a day's however many days follow. Raises ValueError for a row
        that cannot be forecast.
        """
        refused = [self.keys[row] for row in rows if self.why_not[row]]
        if refused:
            raise ValueError(f"cannot be forecast: {', '.join(refused)}")
        at = np.array(rows, dtype=np.intp)
        weeks = -(-horizon // WEEK)
        tails, shared = draws.tails(paths), draws.normals(paths, weeks, "all")
        of_cell = {cell: draws.normals(paths, weeks, "cell", str(cell)) for cell in {self.cells[row] for row in rows}}
        normal = np.empty((len(rows), weeks, paths))
        for place, row in enumerate(rows):
            own = draws.normals(paths, weeks, "own", self.keys[row])
            normal[place] = ALL**0.5 * shared + CELL**0.5 * of_cell[self.cells[row]] + (1 - ALL - CELL) ** 0.5 * own
        ahead = np.arange(horizon)
        usual = self.profile[at[:, None], (self.weekday + ahead) % 7]
        expected = self._course(at, tails * normal)[:, ahead // WEEK] * usual[:, :, None]
        expected *= np.take(self.left_over[at], _repeated(self.left_over.shape[1], horizon, paths), axis=1)
        return np.rint(expected, out=expected).transpose(0, 2, 1).astype(np.int64, order="C")

    def _course(self, rows: NDArray[np.intp], shocks: Floats) -> Floats:
        """(rows, weeks, paths): the level of each week."""
        steps = self.error[rows, None, None] * shocks
        steps[:, 1:] *= WALK
        course: Floats = self.level[rows, None, None] * np.exp(np.clip(steps.cumsum(axis=1), -FURTHEST, FURTHEST))
        return course


@lru_cache(maxsize=2)
def _repeated(past: int, horizon: int, paths: int) -> NDArray[np.int64]:
    """(horizon, paths): which of the days of the past a day repeats; after the last comes the first."""
    starts = (draws.picks(paths, -(-horizon // BLOCK)) * past).astype(np.int64)
    ahead = np.arange(horizon)
    days: NDArray[np.int64] = (starts[ahead // BLOCK] + (ahead % BLOCK)[:, None]) % max(past, 1)
    days.setflags(write=False)
    return days


def fit(
    values: ArrayLike,
    weekday: int,
    keys: Sequence[str],
    cells: Sequence[int],
    profile_values: ArrayLike | None = None,
) -> Fit:
    """Learn from (series, days), the last day the one before the first to forecast; NaN is unknown or masked.

    ``weekday`` is the first column's. ``profile_values`` has the days, too, that a restart takes out of ``values``:
    from them only the weekdays are learnt.
    """
    given = np.array(values, dtype=np.float64, ndmin=2)
    begun = np.where(_before_first(given), np.nan, given)
    whole = begun if profile_values is None else np.array(profile_values, dtype=np.float64, ndmin=2)
    profiles = profile(whole, weekday)
    days = weekday + np.arange(begun.shape[1])
    usual = profiles[:, days % 7]
    plain = divided(np.where(usual < CLOSED, np.nan, begun), usual, np.nan)
    plain[lost_days(plain)] = np.nan

    order = np.argsort(np.isfinite(plain), axis=1, kind="stable")
    in_a_row = tame(np.take_along_axis(plain, order, axis=1))
    tamed = np.empty_like(plain)
    np.put_along_axis(tamed, order, in_a_row, axis=1)
    now = level(in_a_row)
    return Fit(
        keys=tuple(keys),
        cells=tuple(cells),
        why_not=tuple(_why_not(row) for row in begun),
        weekday=(weekday + begun.shape[1]) % 7,
        level=now.now,
        error=now.error,
        profile=profiles,
        left_over=left_over(plain, tamed),
    )


def _before_first(values: Floats) -> NDArray[np.bool_]:
    """Zeros before a series' first traffic: it did not exist yet. One that never had any is known to be zero."""
    some = np.nan_to_num(values) > 0
    before: NDArray[np.bool_] = ~np.logical_or.accumulate(some, axis=1) & some.any(axis=1, keepdims=True)
    return before


def _why_not(values: Floats) -> str | None:
    known = values[np.isfinite(values)]
    if len(known) < LEAST:
        return f"{len(known)} known days of history; a projection needs {LEAST}."
    if len(known) >= ENDED and known.any() and not known[-ENDED:].any():
        return f"Nothing in the last {ENDED} days: it has ended."
    return None
