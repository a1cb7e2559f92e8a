"""What a task costs, and what a resolved one costs: for groups of tasks, with intervals that draw tasks, not calls."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from analysis.intervals import Interval, mean, ratio


class Task(NamedTuple):
    """One task. ``cost`` in pico-units: None where a call's cost is unknown, or where there are several currencies."""

    task: str
    currency: str | None
    cost: int | None
    calls: int
    unpriced: int
    errors: int
    steps: int | None
    input: int
    cache_read: int
    cache_written: int
    output: int
    models: tuple[str, ...]
    """The models that answered in it."""
    team: str | None
    kind: str | None
    resolved: bool | None
    """None: nobody said whether it was."""
    work: str
    """The piece of work: tasks that repeat it are drawn together."""


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


Key = Callable[[Task], str | None]
BY: dict[str, Key] = {
    "model": lambda task: " + ".join(task.models) or None,
    "team": lambda task: task.team,
    "kind": lambda task: task.kind,
}
"""What tasks are put together by. A task that several models answered is in a group of its own kind."""


def group_tasks(tasks: Iterable[Task], by: str) -> tuple[Group, ...]:
    """The groups, the one with most tasks first."""
    found: dict[str | None, list[Task]] = {}
    for task in tasks:
        found.setdefault(BY[by](task), []).append(task)
    groups = [group_of(name, members) for name, members in found.items()]
    return tuple(sorted(groups, key=lambda group: (-group.tasks, group.name is None, group.name or "")))


def group_of(name: str | None, tasks: Sequence[Task]) -> Group:
    """One group of tasks."""
    known: dict[str, list[Task]] = {}
    for task in tasks:
        if task.cost is not None and task.currency is not None:
            known.setdefault(task.currency, []).append(task)
    steps = [task.steps for task in tasks]
    return Group(
        name,
        len(tasks),
        sum(task.unpriced > 0 for task in tasks),
        sum(task.unpriced == 0 and task.cost is None for task in tasks),
        sum(task.calls for task in tasks),
        sum(task.unpriced for task in tasks),
        None if None in steps else sum(step or 0 for step in steps),
        sum(task.resolved is not None for task in tasks),
        sum(task.resolved is True for task in tasks),
        tuple(_worth(currency, known[currency]) for currency in sorted(known)),
    )


def _worth(currency: str, tasks: Sequence[Task]) -> Worth:
    judged = [task for task in tasks if task.resolved is not None]
    works, totals, counts = _by_work(tasks)
    _, judged_totals, judged_counts = _by_work(judged)
    solved = _by_work(task for task in judged if task.resolved)[0]
    won = [solved.get(work, 0) for work in _by_work(judged)[0]]
    return Worth(
        currency,
        len(tasks),
        sum(task.cost or 0 for task in tasks),
        ratio(totals, counts, key=f"per task {currency}") if works else mean([], key=currency),
        len(judged),
        sum(task.cost or 0 for task in judged),
        sum(task.resolved is True for task in judged),
        ratio(judged_totals, won, key=f"per resolved {currency}"),
        ratio(won, judged_counts, key=f"resolved {currency}"),
    )


def _by_work(tasks: Iterable[Task]) -> tuple[dict[str, int], list[int], list[int]]:
    """Tasks of each piece of work; and in the same order, what they cost together, and how many they are."""
    counts: dict[str, int] = {}
    totals: dict[str, int] = {}
    for task in tasks:
        counts[task.work] = counts.get(task.work, 0) + 1
        totals[task.work] = totals.get(task.work, 0) + (task.cost or 0)
    return counts, list(totals.values()), list(counts.values())


def ends_of(interval: Interval) -> tuple[int, int] | None:
    """Both ends of an interval of money, as whole pico-units and never below nothing; None where it is withheld."""
    if interval.low is None or interval.high is None:
        return None
    return max(0, round(interval.low)), round(interval.high)
