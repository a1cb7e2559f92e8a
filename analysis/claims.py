"""Somebody's figure beside our own measurement of the same: whether it holds here, and how sure that is.

Nothing is made from a claim: what stands here compares, and hands nothing on to any other figure.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEAST_CLUSTERS, Interval, seeded

Status = Literal["unverified", "consistent", "contradicted"]
"""``unverified``: nothing here can tell. ``consistent``: the claimed figure lies within our interval. ``contradicted``:
it lies outside, and both were measured in one set-up as far as anything tells."""

WIDEST = 1.0
"""An interval wider than its own estimate agrees with nearly anything: it verifies nothing."""
DRAWS = 9999
DATED = re.compile(r"[-@]?(20\d{6}|20\d\d-\d\d-\d\d)$")


class Claimed(NamedTuple):
    """The claimed figure, or a range of two."""

    low: float
    high: float
    bound: str | None = None
    """``up to``, ``at least`` or ``about``."""


class Difference(NamedTuple):
    """How our set-up differs from the claim's, or may."""

    says: str
    is_decisive: bool
    """As long as it stands, one figure cannot speak against the other."""


class Verdict(NamedTuple):
    """What can be said of a claim."""

    status: Status
    why: str


def same_model(string: str, model: str) -> bool:
    """Whether a model string of a log names the model: whatever its maker's prefix, date, variant or kind of dot."""
    return plain_name(string) == plain_name(model)


def plain_name(model: str) -> str:
    """A model's name without maker, variant and date, in one spelling."""
    return DATED.sub("", model.rsplit("/", 1)[-1].split(":")[0].lower()).replace(".", "-")


def same_name(one: str, other: str) -> bool:
    """Whether two texts are one name, whatever their case, spaces and dashes."""
    first, second = (re.sub(r"[^a-z0-9]", "", text.lower()) for text in (one, other))
    return bool(first) and first == second


def judge(claimed: Claimed, found: Interval | None, differences: Sequence[Difference]) -> Verdict:
    """What our measurement says of a claim. A doubt of any kind leaves it unverified."""
    if found is None or found.estimate is None:
        return Verdict("unverified", "nothing here measures it")
    if found.low is None or found.high is None:
        return Verdict("unverified", found.why or "the measurement has no interval")
    if found.why:
        return Verdict("unverified", found.why)
    decisive = [difference.says for difference in differences if difference.is_decisive]
    if decisive:
        return Verdict("unverified", f"measured in another set-up: {decisive[0]}")
    if found.high - found.low > WIDEST * abs(found.estimate):
        return Verdict("unverified", "the interval is wider than the figure: more tasks are needed")
    if _holds(claimed, found.low, found.high):
        return Verdict("consistent", "the claimed figure lies within the interval")
    above = found.low > claimed.high
    return Verdict("contradicted", f"the whole interval lies {'above' if above else 'below'} the claimed figure")


def _holds(claimed: Claimed, low: float, high: float) -> bool:
    if claimed.bound == "up to":
        return low <= claimed.high
    if claimed.bound == "at least":
        return high >= claimed.low
    return low <= claimed.high and high >= claimed.low


def relation(claimed: Claimed, found: Interval) -> str | None:
    """How our figure lies to the claimed one, whatever the set-up: ``2.4 times the claim``."""
    if found.estimate is None or not claimed.high > 0:
        return None
    if claimed.low <= found.estimate <= claimed.high:
        return "as claimed"
    nearest = claimed.low if found.estimate < claimed.low else claimed.high
    return f"{found.estimate / nearest:.2f} times the claim"


def ratio_of_means(over: Sequence[float], under: Sequence[float], *, key: str) -> Interval:
    """One mean by another, of tasks of two kinds that are not paired, with its 95% interval by drawing both anew.

    The interval is of percentiles; a task counts once in each draw of its own kind. Withheld below 5 tasks of either.
    """
    first, second = np.asarray(over, dtype=float), np.asarray(under, dtype=float)
    clusters = min(len(first), len(second))
    if not clusters or second.mean() <= 0:
        return Interval(None, None, None, clusters, "nothing to compare with")
    estimate = float(first.mean() / second.mean())
    if clusters < LEAST_CLUSTERS:
        return Interval(estimate, None, None, clusters, f"no interval from fewer than {LEAST_CLUSTERS} tasks of either")
    random = seeded(key)
    means = [_drawn_means(each, random) for each in (first, second)]
    sound = means[1] > 0
    low, high = np.quantile(means[0][sound] / means[1][sound], (0.025, 0.975))
    return Interval(estimate, float(low), float(high), clusters)


def _drawn_means(values: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Means of draws with putting back; equal values are drawn together, so that many tasks are no burden."""
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) <= 20:
        drawn = random.multinomial(len(values), counts / len(values), size=DRAWS)
        return np.asarray(drawn @ distinct / len(values), dtype=float)
    rows = max(1, 2_000_000 // len(values))
    parts = [
        values[random.integers(0, len(values), size=(min(rows, DRAWS - begun), len(values)))].mean(axis=1)
        for begun in range(0, DRAWS, rows)
    ]
    return np.concatenate(parts)
