"""Tasks far dearer than is usual of tasks like them, and what about them is unusual."""

from collections.abc import Callable, Iterable, Sequence
from math import log
from statistics import median
from typing import NamedTuple

from analysis.tasks import Task

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


Like = Callable[[Task], tuple[object, ...]]
LIKE: tuple[Like, ...] = (
    lambda task: (task.team, task.kind, task.models),
    lambda task: (task.team, task.models),
    lambda task: (task.team, task.kind),
    lambda task: (task.team,),
    lambda task: (),
)
"""Whom a task is compared with: tasks of the same team, kind and models; where they are too few, of less in common."""
IN_COMMON = (
    "the same team, kind and models",
    "the same team and models",
    "the same team and kind",
    "the same team",
    "the same currency",
)


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


def find_outliers(tasks: Iterable[Task]) -> tuple[Outliers, ...]:
    """The outliers of each currency, among the tasks of known cost that cost something."""
    known: dict[str, list[Task]] = {}
    for task in tasks:
        if task.cost and task.currency:
            known.setdefault(task.currency, []).append(task)
    return tuple(_of_currency(currency, known[currency]) for currency in sorted(known))


def _of_currency(currency: str, tasks: Sequence[Task]) -> Outliers:
    total = sum(task.cost or 0 for task in tasks)
    if len(tasks) < LEAST_TASKS:
        why = f"{len(tasks)} of the {LEAST_TASKS} tasks that it takes to say what is usual"
        return Outliers(currency, len(tasks), (), 0, total, why)
    found: list[Outlier] = []
    left = tasks
    for in_common, like in zip(IN_COMMON, LIKE, strict=True):
        groups, waiting = _grouped(tasks, like), _grouped(left, like)
        for key, judged in waiting.items():
            if len(groups[key]) >= LEAST_TASKS:
                found += _far_above(judged, groups[key], in_common)
        left = [task for key, members in waiting.items() if len(groups[key]) < LEAST_TASKS for task in members]
    found.sort(key=lambda each: (-each.cost, each.task))
    return Outliers(currency, len(tasks), tuple(found), sum(each.cost for each in found), total)


def _grouped(tasks: Iterable[Task], like: Like) -> dict[tuple[object, ...], list[Task]]:
    groups: dict[tuple[object, ...], list[Task]] = {}
    for task in tasks:
        groups.setdefault(like(task), []).append(task)
    return groups


def _far_above(judged: Iterable[Task], alike: Sequence[Task], in_common: str) -> list[Outlier]:
    """Those of the judged that are far dearer than the median of tasks like them."""
    logs = [log(task.cost or 1) for task in alike]
    middle = median(logs)
    deviation = SCALE * median(abs(each - middle) for each in logs)
    # Where half of the tasks cost the same, nothing tells how far is far.
    beyond = FAR * (1 + FEWER / len(alike))
    far = [task for task in judged if deviation and (log(task.cost or 1) - middle) / deviation > beyond]
    if not far:
        return []
    usual = _usual(alike, in_common)
    return [_outlier(task, usual, (log(task.cost or 1) - middle) / deviation) for task in far]


def _usual(tasks: Sequence[Task], in_common: str) -> Usual:
    return Usual(
        in_common,
        len(tasks),
        round(median(task.cost or 0 for task in tasks)),
        median(task.calls for task in tasks),
        median(_input(task) / task.calls for task in tasks),
        median(_cached(task) for task in tasks),
        median(task.output / task.calls for task in tasks),
    )


def _outlier(task: Task, usual: Usual, deviations: float) -> Outlier:
    cost = task.cost or 0
    return Outlier(
        task.task,
        task.currency or "",
        cost,
        cost / usual.cost,
        deviations,
        _times(task.calls, usual.calls),
        _times(_input(task) / task.calls, usual.input_per_call),
        _cached(task),
        _times(task.output / task.calls, usual.output_per_call),
        task.errors,
        task.models,
        task.resolved,
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


def _input(task: Task) -> int:
    return task.input + task.cache_read + task.cache_written


def _cached(task: Task) -> float:
    whole = _input(task)
    return task.cache_read / whole if whole else 0.0


def _times(value: float, usual: float) -> float:
    """How many times the usual; 1 where nothing is usual."""
    return value / usual if usual else 1.0
