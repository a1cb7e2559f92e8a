"""What a task costs, and what a resolved one costs: for groups of tasks, with intervals that draw tasks, not calls."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEAST_CLUSTERS, Interval, Spread, ratio, ratio_of
from analysis.passes import share_of


class Works(NamedTuple):
    """The pieces of work of one group and currency, an array per figure.

    Tasks that repeat a piece of work are drawn together. Judged are those of which somebody said how they ended.
    """

    totals: NDArray[np.float64]
    tasks: NDArray[np.float64]
    judged_totals: NDArray[np.float64]
    judged: NDArray[np.float64]
    resolved: NDArray[np.float64]


class Known(NamedTuple):
    """The tasks of known cost of one group and currency; sums in whole pico-units."""

    currency: str
    tasks: int
    total: int
    judged: int
    judged_total: int
    resolved: int


class Worth(NamedTuple):
    """What the tasks of a group cost in one currency; money in pico-units."""

    currency: str
    tasks: int
    total: int
    per_task: Interval
    judged: int
    """Tasks of known cost of which somebody said how they ended."""
    judged_total: int
    resolved: int
    per_resolved: Interval
    """The cost of every judged task, by the resolved ones."""
    resolved_share: Interval

    @property
    def mean(self) -> Fraction:
        """Cost per task, exactly."""
        return Fraction(self.total, self.tasks)

    @property
    def mean_resolved(self) -> Fraction | None:
        """Cost per resolved task, exactly: what did not succeed is paid for, too."""
        return Fraction(self.judged_total, self.resolved) if self.resolved else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why an interval of money is withheld, or leans on one task."""
        intervals = [self.per_task, *([self.per_resolved] if self.resolved else [])]
        return tuple(dict.fromkeys(interval.why for interval in intervals if interval.why))


class Group(NamedTuple):
    """The tasks of one group, those of unknown cost counted."""

    name: str | None
    tasks: int
    unknown: int
    several_currencies: int
    calls: int
    unpriced: int
    steps: int | None
    """Of all its tasks; None where they were not counted."""
    judged: int
    resolved: int
    worths: tuple[Worth, ...]


BY = ("model", "team", "kind")
"""What tasks are put together by. A task that several models answered is in a group of its own kind."""


def worth_of(known: Known, works: Works, many: Spread | None = None) -> Worth:
    """What the tasks of a group cost, with intervals that draw pieces of work.

    ``many``: of more pieces of work than are drawn, of which ``works`` holds only the judged ones.
    """
    currency, judged = known.currency, works.judged > 0
    won, runs = works.resolved[judged], works.judged[judged]
    per_resolved = ratio(works.judged_totals[judged], won, key=f"per resolved {currency}")
    if 0 < np.count_nonzero(won) < LEAST_CLUSTERS:
        per_resolved = per_resolved._replace(why=f"no interval from fewer than {LEAST_CLUSTERS} resolved tasks")
    return Worth(
        currency,
        known.tasks,
        known.total,
        ratio_of(many) if many else ratio(works.totals, works.tasks, key=f"per task {currency}"),
        known.judged,
        known.judged_total,
        known.resolved,
        per_resolved,
        share_of(won, runs),
    )


def ends_of(interval: Interval) -> tuple[int, int] | None:
    """Both ends of an interval of money, as whole pico-units and never below nothing; None where it is withheld."""
    if interval.low is None or interval.high is None:
        return None
    return max(0, round(interval.low)), round(interval.high)
