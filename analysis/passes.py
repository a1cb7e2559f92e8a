"""Pass rates of tasks that were run several times, and how many passes it takes to know one.

Runs of one task are alike: ten passes of twenty tasks are no two hundred tasks. So the rate is the mean of the tasks'
own rates, and what is uncertain about it comes from how those differ.
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEAST_CLUSTERS, LEVEL, Interval
from analysis.student import quantile

ENOUGH_PASSES = 5
"""A task run fewer times shows noise; a figure of it is marked."""


class Tally(NamedTuple):
    """One task: how often it was run, and how often it was solved."""

    runs: int
    solved: float


class Passes(NamedTuple):
    """What a wanted precision takes. ``passes`` is None where no number of passes gives it with these tasks."""

    passes: int | None
    reached: float
    """Half the interval's width with the passes given, or as many as anybody would run."""
    tasks_needed: int
    """Tasks that would give it with the least passes that are enough."""


def pass_rate(tasks: Sequence[Tally]) -> Interval:
    """The share of runs that are solved, every task weighing the same, with its 95% interval over tasks.

    Wilson's interval (1927) of so many independent runs as the spread between the tasks' rates amounts to: never fewer
    than there are tasks, never more than there are runs.
    """
    held = [task for task in tasks if task.runs]
    count = len(held)
    if not count:
        return Interval(None, None, None, 0, "no run has an outcome")
    rates = [task.solved / task.runs for task in held]
    rate = sum(rates) / count
    if count < LEAST_CLUSTERS:
        return Interval(rate, None, None, count, f"no interval from fewer than {LEAST_CLUSTERS} tasks")
    spread = sum((each - rate) ** 2 for each in rates) / (count - 1) / count
    runs = sum(task.runs for task in held)
    alike = rate * (1 - rate) / spread if spread else float(count)
    low, high = _wilson(rate, min(max(alike, count), runs), quantile((1 + LEVEL) / 2, 2 * (count - 1)))
    return Interval(rate, low, high, count)


def share_of(solved: NDArray[np.float64], runs: NDArray[np.float64]) -> Interval:
    """The share of all runs that are solved, each run weighing the same, with its 95% interval over tasks.

    As ``pass_rate``: what every task did alike is not taken for certain. One array item per task.
    """
    count, whole = len(runs), float(runs.sum())
    if not whole:
        return Interval(None, None, None, count, "no run has an outcome")
    rate = float(solved.sum()) / whole
    if count < LEAST_CLUSTERS:
        return Interval(rate, None, None, count, f"no interval from fewer than {LEAST_CLUSTERS} tasks")
    least = whole**2 / float((runs**2).sum())
    spread = count / (count - 1) * float(((solved - rate * runs) ** 2).sum()) / whole**2
    alike = rate * (1 - rate) / spread if spread else least
    low, high = _wilson(rate, min(max(alike, least), whole), quantile((1 + LEVEL) / 2, 2 * (count - 1)))
    return Interval(rate, low, high, count)


def naive_pass_rate(tasks: Sequence[Tally]) -> Interval:
    """Wilson's interval as if every run were a task of its own: too narrow, here to be compared with."""
    runs, solved = sum(task.runs for task in tasks), sum(task.solved for task in tasks)
    if not runs:
        return Interval(None, None, None, 0, "no run has an outcome")
    return Interval(solved / runs, *_wilson(solved / runs, runs, quantile((1 + LEVEL) / 2, 10_000)), runs)


def likeness(tasks: Sequence[Tally]) -> float | None:
    """How alike the runs of one task are, from 0 (every run is drawn anew) to 1 (a task always ends the same).

    The analysis-of-variance estimate of the intraclass correlation. None where no task was run twice.
    """
    held = [task for task in tasks if task.runs]
    count, runs = len(held), sum(task.runs for task in held)
    if count < LEAST_CLUSTERS or runs <= count:
        return None
    rate = sum(task.solved for task in held) / runs
    between = sum(task.runs * (task.solved / task.runs - rate) ** 2 for task in held) / (count - 1)
    within = sum(task.solved * (1 - task.solved / task.runs) for task in held) / (runs - count)
    typical = (runs - sum(task.runs**2 for task in held) / runs) / (count - 1)
    whole = between + (typical - 1) * within
    return min(1.0, max(0.0, (between - within) / whole)) if whole else None


def passes_needed(tasks: int, half_width: float, *, rate: float = 0.5, alike: float = 0.5, most: int = 100) -> Passes:
    """The passes that give an interval no wider than this to either side, and the tasks that would do instead."""
    if tasks < LEAST_CLUSTERS:
        return Passes(None, 1.0, _tasks_needed(half_width, rate, alike))
    for passes in range(ENOUGH_PASSES, most + 1):
        reached = half_width_of(tasks, passes, rate=rate, alike=alike)
        if reached <= half_width:
            return Passes(passes, reached, _tasks_needed(half_width, rate, alike))
    return Passes(
        None,
        half_width_of(tasks, most, rate=rate, alike=alike),
        _tasks_needed(half_width, rate, alike),
    )


def half_width_of(tasks: int, passes: int, *, rate: float, alike: float) -> float:
    """Half the width of the interval that so many tasks and passes are expected to give."""
    runs = tasks * passes / (1 + (passes - 1) * alike)
    low, high = _wilson(rate, runs, quantile((1 + LEVEL) / 2, 2 * (tasks - 1)))
    return (high - low) / 2


def _tasks_needed(half_width: float, rate: float, alike: float) -> int:
    low, high = LEAST_CLUSTERS, LEAST_CLUSTERS
    while half_width_of(high, ENOUGH_PASSES, rate=rate, alike=alike) > half_width:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        wide = half_width_of(middle, ENOUGH_PASSES, rate=rate, alike=alike) > half_width
        low, high = (middle + 1, high) if wide else (low, middle)
    return low


def _wilson(rate: float, runs: float, far: float) -> tuple[float, float]:
    whole = 1 + far * far / runs
    centre = (rate + far * far / (2 * runs)) / whole
    reach = far * sqrt(rate * (1 - rate) / runs + far * far / (4 * runs * runs)) / whole
    return max(0.0, centre - reach), min(1.0, centre + reach)
