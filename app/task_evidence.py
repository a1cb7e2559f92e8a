"""What is known of the tasks in scope, put together: their cost, the kind of work, and how they ended.

The command line and the pages ask here, so that both show the same figures.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from analysis.outliers import Outliers, find_outliers
from analysis.steps import BANDS, StepSum
from analysis.tasks import Group, Task, group_of, group_tasks
from warehouse.connection import Reader
from warehouse.outcomes import Outcome
from warehouse.overview_tasks import put_tasks_in_scope
from warehouse.scope import Scope
from warehouse.task_facts import (
    DearCall,
    TaskKind,
    dearest_calls,
    kinds_of_tasks,
    list_task_facts,
    put_steps_in_scope,
    sums_by_step,
    sums_by_upstream,
)

Outcomes = Mapping[str, Outcome]
DEAREST_CALLS = 5


class Grouped(NamedTuple):
    """The tasks in scope, all together and group by group, and on whose word their kinds are."""

    whole: Group
    groups: tuple[Group, ...]
    entered: int
    """Tasks whose kind stands with their outcome."""
    tagged: int
    held: int
    """Tasks whose kind is what their calls hold."""


class Steps(NamedTuple):
    """Where the money of tasks goes by step, and what the cache gives, by step and by upstream provider."""

    each: tuple[StepSum, ...]
    bands: tuple[StepSum, ...]
    upstream: tuple[StepSum, ...]


class Dear(NamedTuple):
    """The tasks far dearer than is usual, and the dearest calls."""

    outliers: tuple[Outliers, ...]
    calls: tuple[DearCall, ...]
    coverage: float | None
    """Share of the calls of the tasks in scope whose cost is known."""


def read_whole(reader: Reader, scope: Scope, outcomes: Outcomes) -> Group:
    """All tasks in scope as one group; their calls are not read."""
    return group_of(None, read_tasks(reader, scope, outcomes, {}))


def read_groups(reader: Reader, scope: Scope, outcomes: Outcomes, by: str) -> Grouped:
    """The tasks in scope by model, team or kind."""
    put_tasks_in_scope(reader, scope)
    kinds = kinds_of_tasks(reader)
    tasks = read_tasks(reader, scope, outcomes, kinds)
    entered = {task.task for task in tasks if task.task in outcomes and outcomes[task.task].kind}
    tagged = {task.task for task in tasks if kinds[task.task].tagged} - entered
    held = {task.task for task in tasks if kinds[task.task].held} - entered - tagged
    return Grouped(group_of(None, tasks), group_tasks(tasks, by), len(entered), len(tagged), len(held))


def read_steps(reader: Reader, scope: Scope) -> Steps:
    """The steps of the tasks in scope."""
    put_tasks_in_scope(reader, scope)
    put_steps_in_scope(reader)
    return Steps(
        tuple(StepSum(*part) for part in sums_by_step(reader)),
        tuple(StepSum(*part) for part in sums_by_step(reader, BANDS)),
        tuple(StepSum(*part) for part in sums_by_upstream(reader)),
    )


def read_dear(reader: Reader, scope: Scope, outcomes: Outcomes) -> Dear:
    """The outliers and the dearest calls among the tasks in scope."""
    put_tasks_in_scope(reader, scope)
    tasks = read_tasks(reader, scope, outcomes, kinds_of_tasks(reader))
    calls, unpriced = sum(task.calls for task in tasks), sum(task.unpriced for task in tasks)
    coverage = (calls - unpriced) / calls if calls else None
    return Dear(find_outliers(tasks), tuple(dearest_calls(reader, DEAREST_CALLS)), coverage)


def read_tasks(reader: Reader, scope: Scope, outcomes: Outcomes, kinds: Mapping[str, TaskKind]) -> Sequence[Task]:
    """Every task in scope; without kinds, their steps and what their calls hold stay unknown."""
    put_tasks_in_scope(reader, scope)
    tasks = []
    for fact in list_task_facts(reader):
        outcome, kind = outcomes.get(fact.task), kinds.get(fact.task)
        tasks.append(
            Task(
                fact.task,
                fact.currency,
                fact.cost,
                fact.requests,
                fact.unpriced,
                fact.errors,
                kind.steps if kind else None,
                fact.input,
                fact.cache_read,
                fact.cache_written,
                fact.output,
                fact.models,
                fact.team,
                (outcome.kind if outcome else None) or ((kind.tagged or kind.held) if kind else None),
                outcome.resolved if outcome else None,
                (outcome.work if outcome else None) or fact.task,
            )
        )
    return tasks
