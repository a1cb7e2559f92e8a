"""Watches daily amounts of many scopes: what each day came to, beside paths that were made from the days before it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.anomalies import LEAST_DAYS, Found, Watch, judge
from analysis.silence import LOOK_BACK, chance_of_silence
from planning.paths import fit

PATHS = 400
WEEK = 7
Floats = NDArray[np.float64]


class Daily(NamedTuple):
    """What some scopes came to, day by day, in any unit."""

    first: date
    """The day of the first column."""
    keys: tuple[str, ...]
    """A stable text per scope: the seed of its paths."""
    values: Floats
    """(scopes, days); NaN where a day is not known, or an event takes it out."""

    @property
    def through(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.values.shape[1] - 1)


class Paths(NamedTuple):
    """(origins, scopes, paths): what the day, and the seven days, that begin at each origin may come to."""

    day: Floats
    week: Floats


def judge_days(daily: Daily, since: date, least: Sequence[float] | float = 0) -> dict[date, list[Found]]:
    """What is made of each scope's days from ``since`` on; a scope of few days yet is not judged on them."""
    days = daily.values.shape[1]
    begin = max((since - daily.first).days, 0)
    earliest = max(begin - WEEK + 1, 0)
    paths = paths_before(daily, range(earliest, days))
    found = {}
    for at in range(begin, days):
        held = Paths(paths.day[at - earliest], paths.week[max(at - WEEK + 1, 0) - earliest])
        found[daily.first + timedelta(days=at)] = judge(watch_of(daily.values[:, : at + 1], held), np.asarray(least))
    return found


def paths_before(daily: Daily, origins: Sequence[int]) -> Paths:
    """Paths of a day and of seven for each origin, a column, from the ``LOOK_BACK`` days before it alone."""
    scopes = len(daily.keys)
    made = Paths(*np.full((2, len(origins), scopes, PATHS), np.nan))
    padded = np.concatenate([np.full((scopes, LOOK_BACK), np.nan), daily.values], axis=1)
    # Origins on one day of the week are fitted together: their histories have the same weekdays.
    for number in range(WEEK):
        alike = [place for place, at in enumerate(origins) if at % WEEK == number]
        if not alike or not scopes:
            continue
        histories = np.concatenate([padded[:, origins[place] : origins[place] + LOOK_BACK] for place in alike])
        first_weekday = (daily.first.weekday() + number - LOOK_BACK) % WEEK
        learnt = fit(histories, first_weekday, daily.keys * len(alike), list(range(scopes)) * len(alike))
        rows = [row for row, why in enumerate(learnt.why_not) if why is None]
        sampled = learnt.sample(rows, WEEK, paths=PATHS)
        for row, held in zip(rows, sampled, strict=True):
            made.day[alike[row // scopes], row % scopes] = held[:, 0]
            made.week[alike[row // scopes], row % scopes] = held.sum(axis=1)
    return made


def watch_of(values: Floats, held: Paths) -> Watch:
    """The last day of some values, beside its paths."""
    before = values[:, :-1]
    young = np.isfinite(before).sum(axis=1) - _before_first(before) < LEAST_DAYS
    known = [row[np.isfinite(row)] for row in before[:, -4 * WEEK :]]
    mean = np.array([row.mean() if len(row) else 0.0 for row in known])
    silence = [
        1.0 if no_say or not np.isfinite(row[-1]) else chance_of_silence(row[np.isfinite(row)].tolist())
        for no_say, row in zip(young, values, strict=True)
    ]
    day, week = np.where(young[:, None], np.nan, held.day), np.where(young[:, None], np.nan, held.week)
    return Watch(values[:, -1], day, values[:, -WEEK:].sum(axis=1), week, mean, silence)


def _before_first(values: Floats) -> NDArray[np.int64]:
    """How many known days of nothing lie before each scope's first amount."""
    begun = np.logical_or.accumulate(np.nan_to_num(values) > 0, axis=1)
    nothing: NDArray[np.int64] = (~begun & np.isfinite(values)).sum(axis=1)
    return nothing
