"""Whether a tier of effort was ignored: by output tokens, and only where the data could have shown a difference."""

from math import ceil, exp, log, sqrt
from typing import Literal, NamedTuple

from analysis.contrasts import UPPER, Contrast, Values, log_ratio
from analysis.intervals import LEAST_CLUSTERS
from analysis.student import quantile

ALIKE_WITHIN = 1.25
"""Tiers are as good as the same only if both ends of the interval are within this factor, either way."""
POWER = 0.8
"""The chance with which a difference is to be seen, for data to be called enough."""
MOST_TASKS = 1_000_000

Verdict = Literal["ignored", "told apart", "told apart, a little", "not enough data"]


class Judged(NamedTuple):
    """Two tiers by their output: how many times the first the second writes, and what may be said about it."""

    ratio: Contrast
    verdict: Verdict
    seen_from: float | None
    """The ratio that this comparison would have seen with a chance of 80%."""
    tasks_needed: int | None
    """Tasks, each done at both tiers where these were, to see 1.25 times with that chance."""
    calls_needed: int | None
    """Calls at each tier, as many to a task as now."""


def judge(first: Values, second: Values, calls_per_task: float) -> Judged:
    """Compare two tiers by the mean logarithm of output tokens per call, one figure per task.

    "Ignored" takes an interval that lies within 25% either way and holds no difference: where it is wider, there is not
    enough data to say so.
    """
    ratio = log_ratio(first, second)
    tasks = None
    if ratio.error:
        # One task's own share of the error: what more tasks divide.
        tasks = tasks_to_see(ratio.error * sqrt(ratio.tasks))
    seen = None if not ratio.error else exp(_reach(ratio.tasks) * ratio.error)
    calls = None if tasks is None else ceil(tasks * calls_per_task)
    return Judged(ratio, _verdict(ratio), seen, tasks, calls)


def _verdict(ratio: Contrast) -> Verdict:
    if ratio.low is None or ratio.high is None:
        return "not enough data"
    alike = 1 / ALIKE_WITHIN <= ratio.low and ratio.high <= ALIKE_WITHIN
    if ratio.tells_apart(1):
        return "told apart, a little" if alike else "told apart"
    return "ignored" if alike else "not enough data"


def tasks_to_see(spread: float, factor: float = ALIKE_WITHIN) -> int | None:
    """How many tasks show a factor with a chance of 80%, where a task's own figure is off by so much."""
    needed = (2.8 * spread / log(factor)) ** 2
    if needed > MOST_TASKS:
        return None
    # A little fewer than many tasks would take, then one more at a time: few tasks have a wider t.
    tasks = max(LEAST_CLUSTERS, int(needed))
    while _reach(tasks) * spread / sqrt(tasks) > log(factor):
        tasks += 1
    return tasks


def _reach(tasks: int) -> float:
    """How many standard errors away a true difference is seen with the wanted chance."""
    return quantile(UPPER, tasks - 1) + quantile(POWER, tasks - 1)
