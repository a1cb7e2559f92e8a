"""What is asked of the calls of the tasks in scope (see ``put_tasks_in_scope``): by step, per upstream, the dearest."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.overview_tasks import sql_of_calls
from warehouse.sqlfiles import sql


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


def put_steps_in_scope(reader: Reader) -> None:
    """Read the calls of the tasks in scope, for the sums below."""
    reader.rows(sql_of_calls(reader, "task_steps_in_scope"))


def sums_by_step(reader: Reader, edges: Sequence[int] | None = None) -> list[PartSum]:
    """The steps in order, or the bands of steps that begin at the edges."""
    wanted: dict[str, object] = {"upstream": False, "edges": None if edges is None else list(edges)}
    return _sums(reader, wanted, dict(reader.rows(sql("task_part_tasks"), wanted)))


def sums_by_upstream(reader: Reader) -> list[PartSum]:
    """The upstream providers, the one with most calls first."""
    tasks = dict(reader.rows(sql("task_upstream_tasks")))
    found = _sums(reader, {"upstream": True, "edges": None}, tasks)
    return sorted(found, key=lambda each: (-each.calls, each.name or ""))


def _sums(reader: Reader, wanted: dict[str, object], tasks: dict[str | None, int]) -> list[PartSum]:
    costs: dict[str | None, dict[str, int]] = {}
    for part, currency, cost in reader.rows(sql("task_part_costs"), wanted):
        costs.setdefault(part, {})[currency] = int(cost)
    return [
        PartSum._make([part, first, last, tasks[part], *rest, costs.get(part, {})])
        for part, first, last, *rest in reader.rows(sql("task_part_sums"), wanted)
    ]


def dearest_calls(reader: Reader, top: int) -> list[DearCall]:
    """The dearest calls of each currency."""
    text = sql_of_calls(reader, "task_dearest_calls")
    return [
        DearCall._make([*row[:6], int(row[6]), *row[7:]])
        for (currency,) in reader.rows(sql("task_currencies"))
        for row in reader.rows(text, {"currency": currency, "top": top})
    ]
