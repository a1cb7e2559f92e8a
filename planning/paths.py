"""Joint sample paths of daily series: what the coming days may hold, so that any sum of them has an honest band.

A series' day is its level, times its weekday, times what is left over. The level is the blend of three recent
means; a path shifts it once by a heavy-tailed shock and again every week; what is left over is a block of days as they
were. The same days of the past and a part of the shocks are shared by all series. See docs/projection.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from planning import draws
from planning.level import LEAST, WEEK, level
from planning.weekday import Floats, centred_mean, divided, profile

BLOCK = 7
"""Days of the past that are taken together."""
SMOOTH = 7
"""Days on either side over which the level is followed, to see what is left over."""
ENDED = 28
"""Days of zeros after which a series has ended."""
WALK = 0.5
"""A week's further step of the level, as a part of the first week's error."""
ALL, CELL = 0.2, 0.75
"""Parts of a shock's variance: that of all series, and that of the meters of one cell. The rest is a series' own."""
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
        """(rows, paths, horizon) whole numbers; the same for a series whatever else is asked, and for a day
        however many days follow it."""
        refused = [self.keys[row] for row in rows if self.why_not[row]]
        if refused:
            raise ValueError(f"cannot be forecast: {', '.join(refused)}")
        weeks = -(-horizon // WEEK)
        found = np.empty((len(rows), paths, horizon), dtype=np.int64)
        if not found.size:
            return found
        tails, days = draws.tails(paths), self._days(horizon, paths)
        shared = draws.normals(paths, weeks + 1, "all")
        of_cell = {cell: draws.normals(paths, weeks + 1, "cell", str(cell)) for cell in {self.cells[r] for r in rows}}
        names = (self.weekday + np.arange(horizon)) % 7
        for at, row in enumerate(rows):
            own = draws.normals(paths, weeks + 1, "own", self.keys[row])
            mixed = ALL**0.5 * shared + CELL**0.5 * of_cell[self.cells[row]] + (1 - ALL - CELL) ** 0.5 * own
            course = self._course(row, mixed, tails)[np.arange(horizon) // WEEK]
            expected = course * self.profile[row, names][:, None]
            found[at] = np.rint(expected * self.left_over[row, days]).T
        return found

    def _days(self, horizon: int, paths: int) -> NDArray[np.int64]:
        """(horizon, paths): the day of the past whose left-over a day takes; after the last day comes the first."""
        known = self.left_over.shape[1]
        starts = (draws.picks(paths, -(-horizon // BLOCK)) * known).astype(np.int64)
        ahead = np.arange(horizon)
        taken: NDArray[np.int64] = (starts[ahead // BLOCK] + (ahead % BLOCK)[:, None]) % known
        return taken

    def _course(self, row: int, normal: Floats, tails: Floats) -> Floats:
        """(weeks, paths): the level of each week."""
        steps = self.error[row] * tails * normal[:-1]
        steps[1:] *= WALK
        course: Floats = self.level[row] * np.exp(np.clip(steps.cumsum(axis=0), -FURTHEST, FURTHEST))
        return course


def fit(
    values: ArrayLike,
    weekday: int,
    keys: Sequence[str],
    cells: Sequence[int],
    profile_values: ArrayLike | None = None,
) -> Fit:
    """Learn from (series, days), the last day yesterday; NaN is a day that is unknown or masked.

    `profile_values` has the days that a restart takes out of `values`: only weekdays are learnt from them.
    """
    given = np.array(values, dtype=np.float64, ndmin=2)
    begun = np.where(_before_first(given), np.nan, given)
    whole = begun if profile_values is None else np.array(profile_values, dtype=np.float64, ndmin=2)
    profiles = profile(whole, weekday)
    days = begun.shape[1]
    plain = divided(begun, profiles[:, (weekday + np.arange(days)) % 7], np.nan)
    now = level(_right_aligned(plain))
    return Fit(
        tuple(keys),
        tuple(cells),
        tuple(_why_not(row) for row in begun),
        (weekday + days) % 7,
        now.now,
        now.error,
        profiles,
        _left_over(plain),
    )


def _before_first(values: Floats) -> NDArray[np.bool_]:
    """Zeros before a series' first traffic: it did not exist yet. One that never had any is known to be zero."""
    some = np.nan_to_num(values) > 0
    return ~np.logical_or.accumulate(some, axis=1) & some.any(axis=1, keepdims=True)


def _why_not(values: Floats) -> str | None:
    known = values[np.isfinite(values)]
    if len(known) < LEAST:
        return f"{len(known)} known days of history; a projection needs {LEAST}."
    if len(known) >= ENDED and known.any() and not known[-ENDED:].any():
        return f"Nothing in the last {ENDED} days: it has ended."
    return None


def _right_aligned(values: Floats) -> Floats:
    """The known days of each series moved together at the end."""
    order = np.argsort(np.isfinite(values), axis=1, kind="stable")
    return np.take_along_axis(values, order, axis=1)


def _left_over(plain: Floats) -> Floats:
    """What each day was of the level around it, the mean 1; a day that is unknown repeats those that are known."""
    ratios = np.where(np.isfinite(plain), divided(plain, centred_mean(plain, SMOOTH), 0), np.nan)
    for row in ratios:
        known = row[np.isfinite(row)]
        if len(known) == 0 or not known.any():
            row[:] = 1
            continue
        row[~np.isfinite(row)] = np.resize(known, (~np.isfinite(row)).sum())
    return divided(ratios, ratios.mean(axis=1, keepdims=True) if ratios.size else ratios, 1)
