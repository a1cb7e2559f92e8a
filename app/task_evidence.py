"""What is known of the tasks in scope, put together: their cost, the kind of work, and how they ended.

The command line and the pages ask here, so that both show the same figures.
"""

from typing import NamedTuple

from analysis.outliers import Costly, Outliers, Sort, find_outliers
from analysis.steps import BANDS, StepSum
from analysis.tasks import Group
from reports.readings.task_groups import Outcomes, groups_by, read_whole, whole_of
from warehouse.connection import Reader
from warehouse.overview_tasks import put_tasks_in_scope
from warehouse.scope import Scope
from warehouse.task_evidence import (
    costs_of_tasks,
    count_kinds,
    put_evidence,
    sorts_of_tasks,
    sum_groups,
    sum_worths,
)
from warehouse.task_facts import DearCall, dearest_calls, put_steps_in_scope, sums_by_step, sums_by_upstream

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
    outcomes: int
    """Outcomes that are known, whether of these tasks or of others."""


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


def read_groups(reader: Reader, scope: Scope, outcomes: Outcomes, by: str) -> Grouped:
    """The tasks in scope by model, team or kind."""
    put_tasks_in_scope(reader, scope)
    put_evidence(reader, outcomes, with_calls=True)
    kinds = count_kinds(reader)
    entered, tagged, held = (kinds.get(source, 0) for source in ("entered", "tagged", "held"))
    return Grouped(whole_of(reader), groups_by(reader, by), entered, tagged, held, len(outcomes))


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
    put_evidence(reader, outcomes, with_calls=True)
    sorts = [Sort(*sort) for sort in sorts_of_tasks(reader)]
    outliers = tuple(
        find_outliers(Costly(each.currency, **costs_of_tasks(reader, each.currency)), sorts, each.total)
        for each in sum_worths(reader, None)
        if each.total
    )
    coverage = next(((each.calls - each.unpriced) / each.calls for each in sum_groups(reader, None)), None)
    return Dear(outliers, tuple(dearest_calls(reader, DEAREST_CALLS)), coverage)


__all__ = ["Dear", "Grouped", "Outcomes", "Steps", "read_dear", "read_groups", "read_steps", "read_whole"]
