"""Tasks put together: what each group cost, by task and by resolved task. Pages and reports ask here."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.intervals import DRAWN_CLUSTERS, Spread
from analysis.tasks import Group, Known, Works, Worth, worth_of
from warehouse.connection import Reader
from warehouse.outcomes import Outcome
from warehouse.overview_tasks import put_tasks_in_scope
from warehouse.scope import Scope
from warehouse.task_evidence import Columns, put_evidence, sum_groups, sum_worths, works_of_groups

Outcomes = Mapping[str, Outcome]
TASK_DIMENSIONS = frozenset({"seller", "model", "team"})
"""What tasks can be narrowed by: a task counts whole."""


class Tasks(NamedTuple):
    """The tasks that began in a period."""

    whole: Group
    by_model: tuple[Group, ...]
    by_team: tuple[Group, ...]


def read_tasks(reader: Reader, scope: Scope, outcomes: Outcomes) -> Tasks | None:
    """The tasks of a scope, without a look at their calls; None where it is by something that tasks are not."""
    if not scope.dimensions <= TASK_DIMENSIONS:
        return None
    whole = read_whole(reader, scope, outcomes)
    if not whole.tasks:
        return Tasks(whole, (), ())
    return Tasks(whole, groups_by(reader, "model"), groups_by(reader, "team"))


def read_whole(reader: Reader, scope: Scope, outcomes: Outcomes) -> Group:
    """All tasks in scope as one group; their calls are not read."""
    put_tasks_in_scope(reader, scope)
    put_evidence(reader, outcomes, with_calls=False)
    return whole_of(reader)


def whole_of(reader: Reader) -> Group:
    """All tasks of which evidence was put together as one group, of none where there are none."""
    return next(iter(groups_by(reader, None)), Group(None, 0, 0, 0, 0, 0, 0, 0, 0, ()))


def groups_by(reader: Reader, by: str | None) -> tuple[Group, ...]:
    """The tasks of which evidence was put together by model, team or kind; without ``by`` all as one."""
    worths: dict[str | None, list[Worth]] = {}
    sums, begins = sum_worths(reader, by, DRAWN_CLUSTERS), 0
    columns: Columns = dict.fromkeys(Works._fields, np.empty(0))
    if any(each.listed for each in sums):
        columns = works_of_groups(reader, by, DRAWN_CLUSTERS)
    for each in sums:
        ends = begins + each.listed
        works = Works(**{figure: column[begins:ends] for figure, column in columns.items()})
        many = None
        if each.works > DRAWN_CLUSTERS:
            many = Spread(each.works, each.total, each.tasks, each.dearest, each.squares)
        worths.setdefault(each.name, []).append(worth_of(Known(*each[1:7]), works, many))
        begins = ends
    return tuple(Group(*each, tuple(worths.get(each.name, ()))) for each in sum_groups(reader, by))
