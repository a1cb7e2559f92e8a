"""What stands out in what many scopes cost: a day, a week or a stop that the days before did not lead to expect.

The rule: a day beyond z 3 of the one-day path made the day before, or seven days beyond z 2 of the path made before
them, with an impact of at least a quarter of a mean day, for a fall and for each of seven days half of one, and of a
least amount. A stop is a rule of its own. Over the scopes of one day false discoveries are held at a tenth. See
docs/alerts.md.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.distance import Distance, Floats, chance, discoveries, distance, reach
from analysis.silence import UNLIKELY

Rule = Literal["stop", "day", "week"]
Mask = NDArray[np.bool_]
DAY_Z, WEEK_Z = 3.0, 2.0
READ_AT = 1.96
"""The z at which spreads are read: the ends of a 95% band, for 1 path in 740 lies beyond z 3."""
IMPACT, LASTING_IMPACT = 0.25, 0.5
"""Of a mean day: what a day has to be above by; and what it has to be below by, or each of seven days to be off."""
FALSE_SHARE = 0.1
LEAST_DAYS = 28
"""Whole days before a day without which nothing is judged."""
CAPS_ALONE = 20.0
"""From this factor on a change is found too late: a cap in money is the better guard."""


class Watch(NamedTuple):
    """Many scopes on one day; each array begins with one row per scope, in whatever unit of amounts."""

    day: ArrayLike
    """(scopes,): what the day came to."""
    day_paths: ArrayLike
    """(scopes, paths): what the paths made the day before held for possible; NaN where there are none."""
    week: ArrayLike
    """(scopes,): what the last seven days came to."""
    week_paths: ArrayLike
    """(scopes, paths): what the paths made before those seven days held for possible."""
    mean: ArrayLike
    """(scopes,): a mean day of the 28 before."""
    silence: ArrayLike
    """(scopes,): the chance of so many days of nothing, 1 where the day had something."""


class Found(NamedTuple):
    """What was made of one scope's day."""

    rule: Rule | None
    """What fired; of several the first of stop, day, week."""
    above: bool
    actual: float
    """What the day came to; for a week, what its seven days did."""
    expected: float | None
    """The paths' median, for a stop a mean day. None: there are no paths."""
    impact: float
    z: float | None
    """None for a stop, and without paths."""
    smallest_day: float | None
    """The smallest factor on what is expected of a day that is found. None: nothing is expected of it."""
    smallest_week: float | None
    """The same for each of seven days."""

    @property
    def caps_alone(self) -> bool:
        """Whether only a cap in money guards this scope, so rarely could anything be found."""
        return self.smallest_week is None or self.smallest_week >= CAPS_ALONE


def judge(watch: Watch, least: ArrayLike = 0) -> list[Found]:
    """What fired on one day, for each scope; ``least`` is the smallest impact that is told, per scope or for all."""
    mean, least = np.asarray(watch.mean, dtype=np.float64), np.asarray(least, dtype=np.float64)
    day, week = distance(watch.day, watch.day_paths, READ_AT), distance(watch.week, watch.week_paths, READ_AT)
    rise, fall = np.maximum(IMPACT * mean, least), np.maximum(LASTING_IMPACT * mean, least)
    lasting = np.maximum(7 * LASTING_IMPACT * mean, least)
    by_day = _beyond(day, DAY_Z, np.where(day.actual > day.median, rise, fall))
    by_week = _beyond(week, WEEK_Z, lasting)
    believed = discoveries(_chances(day, week, by_day, by_week), FALSE_SHARE)
    stopped = (np.asarray(watch.silence) <= UNLIKELY) & (mean > 0) & (mean >= least)
    far = reach(FALSE_SHARE / (2 * max(1, len(mean))))
    smallest_day = _smallest(day, max(DAY_Z, far), rise)
    smallest_week = _smallest(week, max(WEEK_Z, far), lasting)
    return [
        _found(rule, day if rule != "week" else week, row, float(mean[row]))._replace(
            smallest_day=_known(smallest_day[row]), smallest_week=_known(smallest_week[row])
        )
        for row, rule in enumerate(map(_first, stopped, by_day & believed, by_week & believed))
    ]


def _first(stopped: bool, by_day: bool, by_week: bool) -> Rule | None:
    return "stop" if stopped else "day" if by_day else "week" if by_week else None


def _found(rule: Rule | None, seen: Distance, row: int, mean: float) -> Found:
    actual, expected = float(seen.actual[row]), _known(seen.median[row])
    if rule == "stop":
        return Found(rule, False, actual, mean, mean, None, None, None)
    beyond = None if expected is None else actual - expected
    z = None if beyond is None else _known(seen.z[row])
    return Found(rule, beyond is not None and beyond > 0, actual, expected, abs(beyond or 0), z, None, None)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _beyond(found: Distance, z: float, floor: Floats) -> Mask:
    """Whether an amount is so far off, and matters; not where there are no paths."""
    with np.errstate(invalid="ignore"):
        mask: Mask = (np.abs(found.z) >= z) & (np.abs(found.actual - found.median) >= floor)
    return mask


def _chances(day: Distance, week: Distance, by_day: Mask, by_week: Mask) -> Floats:
    """Of each scope's day: twice the smaller of its two, as it was looked at twice. Where no rule is met it is 1."""
    both = np.stack([np.where(by_day, chance(day.z), 1), np.where(by_week, chance(week.z), 1)])
    chances: Floats = np.minimum(1, 2 * both.min(axis=0, initial=1))
    return chances


def _smallest(found: Distance, z: float, floor: Floats) -> Floats:
    """The smallest factor that would be found; NaN where nothing is expected."""
    change = np.maximum(z * found.spread, floor)
    none = np.full_like(change, np.nan)
    np.divide(change, found.median, out=none, where=found.median > 0)
    return none + 1
