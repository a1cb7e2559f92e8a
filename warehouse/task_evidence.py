"""What is known of each task in scope, its outcome included, put together in the database and summed up there.

Tasks may be a million: they come out as sums, and as columns where a statistic needs every one of them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from warehouse.connection import Reader
from warehouse.outcomes import Outcome
from warehouse.rates import put_rows
from warehouse.sqlfiles import sql

Columns = dict[str, Any]


class GroupSum(NamedTuple):
    """The tasks of one group, those of unknown cost included; ``steps`` is None where they were not counted."""

    name: str | None
    tasks: int
    unknown: int
    several_currencies: int
    calls: int
    unpriced: int
    steps: int | None
    judged: int
    resolved: int


class WorthSum(NamedTuple):
    """The tasks of known cost of one group and currency; money in pico-units."""

    name: str | None
    currency: str
    tasks: int
    total: int
    judged: int
    judged_total: int
    resolved: int
    works: int
    """Pieces of work."""
    listed: int
    """Of them, those that ``works_of_groups`` has a row of."""
    dearest: int
    """What the dearest piece of work cost."""
    squares: float
    """Of how far the pieces of work are from costing the mean for each of their tasks, in units of the mean."""


def put_evidence(reader: Reader, outcomes: Mapping[str, Outcome], *, with_calls: bool) -> None:
    """Put together what is known of the tasks in scope; without their calls, their steps and kinds are not."""
    _put_outcomes(reader, outcomes)
    reader.rows(sql("task_kinds" if with_calls else "no_task_kinds"))
    reader.rows(sql("task_evidence"))
    reader.rows(sql("task_evidence_held" if with_calls else "task_evidence_asked"))
    reader.rows(sql("task_sums"))


def _put_outcomes(reader: Reader, outcomes: Mapping[str, Outcome]) -> None:
    import pyarrow as pa

    said = outcomes.values()
    text = pa.string()
    columns = {
        "task": pa.array((each.task for each in said), text),
        "resolved": pa.array((each.resolved for each in said), pa.bool_()),
        "kind": pa.array((each.kind for each in said), text),
        "work": pa.array((each.work for each in said), text),
    }
    put_rows(reader.connection, "said_outcomes", pa.table(columns))


def sum_groups(reader: Reader, by: str | None) -> list[GroupSum]:
    """The groups by model, team or kind, that with most tasks first; without ``by`` all tasks as one."""
    return [GroupSum(*row) for row in reader.rows(sql("task_groups"), {"by": by})]


def sum_worths(reader: Reader, by: str | None, drawn: int = 0) -> list[WorthSum]:
    """What the tasks of each group cost, currency by currency."""
    return [
        WorthSum(
            name, currency, tasks, int(total), judged, int(judged_total), resolved, works, listed, int(dearest), far
        )
        for name, currency, tasks, total, judged, judged_total, resolved, works, listed, dearest, far in reader.rows(
            sql("task_worths"), {"by": by, "drawn": drawn}
        )
    ]


def works_of_groups(reader: Reader, by: str | None, drawn: int) -> Columns:
    """A column per figure of the pieces of work, in the order of ``sum_worths``: of each so many rows as are listed.

    Of a group with more than so many as are drawn, the judged ones alone: of the others their sums tell all.
    """
    return reader.columns(sql("task_works"), {"by": by, "drawn": drawn})


def count_kinds(reader: Reader) -> dict[str, int]:
    """On whose word the kinds of tasks are: entered, tagged or held by their calls."""
    return dict(reader.rows(sql("task_kind_sources")))


def sorts_of_tasks(reader: Reader) -> list[tuple[str | None, str | None, tuple[str, ...]]]:
    """Every team, kind and models that tasks which cost something have; ``costs_of_tasks`` names them by place."""
    return [(team, kind, tuple(models)) for team, kind, models in reader.rows(sql("task_sorts"))]


def costs_of_tasks(reader: Reader, currency: str) -> Columns:
    """A column per figure of the tasks that cost something in a currency, by name."""
    found = reader.columns(sql("task_costs"), {"currency": currency})
    return {name: np.ma.getdata(column) for name, column in found.items()}
