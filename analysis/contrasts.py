"""Two ways of doing the same tasks, compared: each task with itself where both did it, else task set with task set."""

from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple

import numpy as np

from analysis.intervals import LEAST_CLUSTERS, LEVEL, Interval
from analysis.student import quantile

UPPER = (1 + LEVEL) / 2


class Contrast(NamedTuple):
    """By how much the second differs from the first, with its 95% interval; withheld ends are None, ``why`` says so."""

    estimate: float | None
    low: float | None
    high: float | None
    tasks: int
    """Tasks that both did where ``paired``, else those of the smaller side."""
    paired: bool
    error: float | None = None
    """The standard error, on the scale on which the comparison is made."""
    why: str | None = None

    def tells_apart(self, neutral: float) -> bool | None:
        """Whether the interval leaves out what would be no difference; None where it is withheld."""
        if self.low is None or self.high is None:
            return None
        return not self.low <= neutral <= self.high


Values = Mapping[str, float]
"""One figure per task."""


def in_common(first: Values, second: Values) -> list[str]:
    """The tasks that both did, in order; none where they are too few to compare each task with itself."""
    both = sorted(first.keys() & second.keys())
    return both if len(both) >= LEAST_CLUSTERS else []


def difference(first: Values, second: Values) -> Contrast:
    """The mean of the second less that of the first: Student's t over tasks, Welch's where the tasks differ."""
    if both := in_common(first, second):
        gaps = np.array([second[task] - first[task] for task in both])
        error = float(gaps.std(ddof=1)) / sqrt(len(both))
        return _around(float(gaps.mean()), error, len(both) - 1, len(both), paired=True)
    sides = [np.array(list(side.values())) for side in (first, second)]
    fewest = min(map(len, sides))
    if fewest < LEAST_CLUSTERS:
        gap = float(sides[1].mean() - sides[0].mean()) if fewest else None
        return Contrast(gap, None, None, fewest, False, None, f"no interval from fewer than {LEAST_CLUSTERS} tasks")
    parts = [float(side.var(ddof=1)) / len(side) for side in sides]
    whole = sum(parts)
    shared = sum(part**2 / (len(side) - 1) for part, side in zip(parts, sides, strict=True))
    gap = float(sides[1].mean() - sides[0].mean())
    return _around(gap, sqrt(whole), whole**2 / shared if shared else 1.0, fewest, paired=False)


def log_ratio(first: Values, second: Values) -> Contrast:
    """How many times the first the second is, from a logarithm per task."""
    gap = difference(first, second)
    ends = [None if end is None else exp(end) for end in (gap.estimate, gap.low, gap.high)]
    return gap._replace(estimate=ends[0], low=ends[1], high=ends[2])


def gap_of(first: Interval, second: Interval) -> Contrast:
    """The second figure less the first, of different tasks, from the interval of each (Newcombe, 1998)."""
    tasks = min(first.clusters, second.clusters)
    if first.estimate is None or second.estimate is None:
        return Contrast(None, None, None, tasks, False, None, first.why or second.why)
    gap = second.estimate - first.estimate
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Contrast(gap, None, None, tasks, False, None, first.why or second.why)
    below = sqrt((second.estimate - second.low) ** 2 + (first.high - first.estimate) ** 2)
    above = sqrt((second.high - second.estimate) ** 2 + (first.estimate - first.low) ** 2)
    return Contrast(gap, gap - below, gap + above, tasks, False, None, first.why or second.why)


def price_of_more(money: Sequence[float], solved: Sequence[float]) -> Contrast:
    """What one more solved task costs, from both differences per task, with Fieller's interval (1954).

    Withheld where the tiers cannot be told apart by what they solve: then the price may be anything.
    """
    count = len(money)
    costs, gains = np.asarray(money, dtype=float), np.asarray(solved, dtype=float)
    gain = float(gains.mean()) if count else 0.0
    price = float(costs.mean()) / gain if gain else None
    if count < LEAST_CLUSTERS:
        return Contrast(price, None, None, count, True, None, f"no interval from fewer than {LEAST_CLUSTERS} tasks")
    spread = np.cov(costs, gains) / count
    far = quantile(UPPER, count - 1) ** 2
    firm = gain**2 - far * float(spread[1, 1])
    if firm <= 0 or price is None:
        return Contrast(price, None, None, count, True, None, "whether more are solved cannot be told")
    middle = float(costs.mean()) * gain - far * float(spread[0, 1])
    under = middle**2 - firm * (float(costs.mean()) ** 2 - far * float(spread[0, 0]))
    reach = sqrt(max(0.0, under))
    return Contrast(price, (middle - reach) / firm, (middle + reach) / firm, count, True)


def _around(middle: float, error: float, freedom: float, tasks: int, paired: bool) -> Contrast:
    if error <= 1e-12 * max(1.0, abs(middle)):
        why = "the tasks do not differ among themselves: copies, or too round figures"
        return Contrast(middle, None, None, tasks, paired, 0.0, why)
    far = quantile(UPPER, freedom) * error
    return Contrast(middle, middle - far, middle + far, tasks, paired, error)
