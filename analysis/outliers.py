"""Tasks far dearer than is usual of tasks like them, and what about them is unusual."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing.money import PICO

LEAST_TASKS = 10
"""Below so many tasks nothing is usual."""
FAR = 3.5
"""From how many robust deviations on a task is an outlier: Iglewicz and Hoaglin, How to Detect and Handle Outliers."""
FEWER = 8
"""Among n tasks an outlier is 1 + 8/n times as far: of 1,000 ordinary ones one or none is then told at any n."""
SCALE = 1.4826
"""What makes the median deviation of a normal spread its standard deviation."""
TELLING = 1.3
"""From how many times the usual on a part is named as a reason."""


class Sort(NamedTuple):
    """What tasks may have in common."""

    team: str | None
    kind: str | None
    models: tuple[str, ...]


Like = Callable[[Sort], tuple[object, ...]]
LIKE: tuple[Like, ...] = (
    lambda sort: (sort.team, sort.kind, sort.models),
    lambda sort: (sort.team, sort.models),
    lambda sort: (sort.team, sort.kind),
    lambda sort: (sort.team,),
    lambda sort: (),
)
"""Whom a task is compared with: tasks of the same team, kind and models; where they are too few, of less in common."""
IN_COMMON = (
    "the same team, kind and models",
    "the same team and models",
    "the same team and kind",
    "the same team",
    "the same currency",
)


class Costly(NamedTuple):
    """Tasks that cost something in one currency, an array per figure; ``sort`` is their place in a list of sorts."""

    currency: str
    task: NDArray[np.object_]
    whole: NDArray[np.int64]
    """The cost in whole units, and in ``rest`` what is beyond them in pico-units: no float holds a cost exactly."""
    rest: NDArray[np.int64]
    sort: NDArray[np.int64]
    calls: NDArray[np.int64]
    prompt: NDArray[np.int64]
    cache_read: NDArray[np.int64]
    output: NDArray[np.int64]
    errors: NDArray[np.int64]
    resolved: NDArray[np.int64]
    """1, 0, and -1 where nobody said how it ended."""

    def cost(self, row: int) -> int:
        """The exact cost of a task, in pico-units."""
        return int(self.whole[row]) * PICO + int(self.rest[row])


class Usual(NamedTuple):
    """What is usual of tasks that are alike: medians."""

    in_common: str
    """What they have in common."""
    tasks: int
    cost: int
    """Pico-units."""
    calls: float
    input_per_call: float
    cache_share: float
    output_per_call: float


class Outlier(NamedTuple):
    """One task that is far dearer, with how many times the usual each part of it is."""

    task: str
    currency: str
    cost: int
    times: float
    """How many times the median of tasks like it."""
    deviations: float
    """Robust deviations from the median, of the logarithm of the cost."""
    calls: float
    input_per_call: float
    cache_share: float
    """Its own, not how many times."""
    output_per_call: float
    errors: int
    models: tuple[str, ...]
    resolved: bool | None
    usual: Usual


class Outliers(NamedTuple):
    """The outliers of one currency, the dearest first; ``why`` says so where none can be told."""

    currency: str
    tasks: int
    found: tuple[Outlier, ...]
    cost: int
    """What the outliers cost together."""
    total: int
    why: str | None = None


def find_outliers(tasks: Costly, sorts: Sequence[Sort], total: int) -> Outliers:
    """The outliers among the tasks of a currency, which cost ``total`` together."""
    count = len(tasks.task)
    if count < LEAST_TASKS:
        why = f"{count} of the {LEAST_TASKS} tasks that it takes to say what is usual"
        return Outliers(tasks.currency, count, (), 0, total, why)
    logs = np.log(tasks.whole * float(PICO) + tasks.rest)
    waiting = np.ones(count, dtype=bool)
    found: list[Outlier] = []
    for in_common, like in zip(IN_COMMON, LIKE, strict=True):
        for alike in _alike(tasks.sort, [like(sort) for sort in sorts]):
            far = _far_above(logs[alike]) & waiting[alike]
            waiting[alike] = False
            if far.any():
                usual = _usual(tasks, alike, in_common)
                deviations = _deviations(logs[alike])
                found += [
                    _outlier(tasks, int(alike[place]), sorts, usual, float(deviations[place]))
                    for place in np.flatnonzero(far)
                ]
    found.sort(key=lambda each: (-each.cost, each.task))
    return Outliers(tasks.currency, count, tuple(found), sum(each.cost for each in found), total)


def _alike(sort: NDArray[np.int64], keys: Sequence[tuple[object, ...]]) -> Iterator[NDArray[np.intp]]:
    """The rows of tasks whose sorts have the same key, where they are enough."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    of_row = np.array([numbers[key] for key in keys])[sort]
    order, counts = np.argsort(of_row, kind="stable"), np.bincount(of_row, minlength=len(numbers))
    ends = np.cumsum(counts)
    for number in np.flatnonzero(counts >= LEAST_TASKS):
        yield order[ends[number] - counts[number] : ends[number]]


def _deviations(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many robust deviations each lies above the median; 0 where half of the tasks cost the same.

    Nothing tells then how far is far.
    """
    gaps = logs - np.median(logs)
    deviation = SCALE * float(np.median(np.abs(gaps)))
    return gaps / deviation if deviation else np.zeros(len(logs))


def _far_above(logs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which are far dearer than the median of all of them."""
    far: NDArray[np.bool_] = _deviations(logs) > FAR * (1 + FEWER / len(logs))
    return far


def _usual(tasks: Costly, alike: NDArray[np.intp], in_common: str) -> Usual:
    calls, prompt = tasks.calls[alike], tasks.prompt[alike]
    order = alike[np.lexsort((tasks.rest[alike], tasks.whole[alike]))]
    middle = [tasks.cost(int(order[place])) for place in ((len(order) - 1) // 2, len(order) // 2)]
    return Usual(
        in_common,
        len(alike),
        round(Fraction(sum(middle), 2)),
        float(np.median(calls)),
        float(np.median(prompt / calls)),
        float(np.median(tasks.cache_read[alike] / np.maximum(prompt, 1))),
        float(np.median(tasks.output[alike] / calls)),
    )


def _outlier(tasks: Costly, row: int, sorts: Sequence[Sort], usual: Usual, deviations: float) -> Outlier:
    cost, calls, prompt = tasks.cost(row), int(tasks.calls[row]), int(tasks.prompt[row])
    return Outlier(
        str(tasks.task[row]),
        tasks.currency,
        cost,
        cost / usual.cost,
        deviations,
        _times(calls, usual.calls),
        _times(prompt / calls, usual.input_per_call),
        int(tasks.cache_read[row]) / prompt if prompt else 0.0,
        _times(int(tasks.output[row]) / calls, usual.output_per_call),
        int(tasks.errors[row]),
        sorts[int(tasks.sort[row])].models,
        {1: True, 0: False}.get(int(tasks.resolved[row])),
        usual,
    )


def reasons(outlier: Outlier) -> list[str]:
    """What about a task is unusual, in words, the most unusual first; nothing where only its rates can be."""
    usual = outlier.usual
    # A cache read costs a tenth to a half: what is not read from the cache is what costs.
    uncached = _times(1 - outlier.cache_share, 1 - usual.cache_share)
    parts = [
        (outlier.calls, f"{outlier.calls:.1f} times the calls"),
        (outlier.input_per_call, f"{outlier.input_per_call:.1f} times the input per call"),
        (outlier.output_per_call, f"{outlier.output_per_call:.1f} times the output per call"),
        (uncached, f"{outlier.cache_share:.0%} from the cache instead of {usual.cache_share:.0%}"),
    ]
    telling = sorted((part for part in parts if part[0] >= TELLING), key=lambda part: -part[0])
    failed = [f"{outlier.errors} failed calls"] if outlier.errors > 1 else []
    return [text for _, text in telling] + failed


def _times(value: float, usual: float) -> float:
    """How many times the usual; 1 where nothing is usual."""
    return value / usual if usual else 1.0
