"""What is asked of the tasks in scope (see ``put_tasks_in_scope``), for figures per task, by step and per upstream."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


class TaskFact(NamedTuple):
    """One task; ``cost`` in pico-units, None where it is not one known amount."""

    task: str
    currency: str | None
    cost: int | None
    requests: int
    unpriced: int
    errors: int
    input: int
    cache_read: int
    cache_written: int
    output: int
    models: tuple[str, ...]
    team: str | None


class TaskKind(NamedTuple):
    """The steps of a task, the kind it is tagged with, and what its calls hold; None where no log says."""

    steps: int
    tagged: str | None
    held: str | None


class PartSum(NamedTuple):
    """A step, a band of steps or an upstream provider: who has calls there, and their tokens."""

    name: str | None
    first: int
    last: int
    tasks: int
    calls: int
    unpriced: int
    input: int
    cache_read: int
    cache_written: int
    output: int
    reasoning: int
    costs: dict[str, int]
    """Pico-units, by currency."""


class DearCall(NamedTuple):
    """One of the dearest calls, and where it was logged."""

    task: str
    step: int | None
    start_at: datetime
    model: str | None
    upstream_provider: str | None
    currency: str
    cost: int
    input: int
    cache_read: int
    cache_written: int
    output: int
    file: str | None
    line: int


def list_task_facts(reader: Reader) -> list[TaskFact]:
    """Every task in scope, by name."""
    return [_fact(*row) for row in reader.rows(sql("task_facts"))]


def _fact(task: str, currency: str | None, cost: int | None, *rest: object) -> TaskFact:
    *counts, models, team = rest
    assert isinstance(models, list)
    named = tuple(model for model in models if model is not None)
    return TaskFact._make([task, currency, None if cost is None else int(cost), *counts, named, team])


def kinds_of_tasks(reader: Reader) -> dict[str, TaskKind]:
    """The steps and the kind of every task in scope; reads their calls."""
    return {task: TaskKind(int(steps), tagged, held) for task, steps, tagged, held in reader.rows(sql("task_kinds"))}


def put_steps_in_scope(reader: Reader) -> None:
    """Read the calls of the tasks in scope, for the sums below."""
    reader.rows(sql("task_steps_in_scope"))


def sums_by_step(reader: Reader, edges: Sequence[int] | None = None) -> list[PartSum]:
    """The steps in order, or the bands of steps that begin at the edges."""
    return _sums(reader, {"upstream": False, "edges": None if edges is None else list(edges)})


def sums_by_upstream(reader: Reader) -> list[PartSum]:
    """The upstream providers, the one with most calls first."""
    found = _sums(reader, {"upstream": True, "edges": None})
    return sorted(found, key=lambda each: (-each.calls, each.name or ""))


def _sums(reader: Reader, wanted: dict[str, object]) -> list[PartSum]:
    costs: dict[str | None, dict[str, int]] = {}
    for part, currency, cost in reader.rows(sql("task_part_costs"), wanted):
        costs.setdefault(part, {})[currency] = int(cost)
    return [PartSum._make([*row, costs.get(row[0], {})]) for row in reader.rows(sql("task_part_sums"), wanted)]


def dearest_calls(reader: Reader, top: int) -> list[DearCall]:
    """The dearest calls of each currency."""
    return [
        DearCall._make([*row[:6], int(row[6]), *row[7:]])
        for row in reader.rows(sql("task_dearest_calls"), {"top": top})
    ]
