"""Tasks: what each cost, the dearest, and one task step by step."""

from datetime import datetime
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql


class TaskCost(NamedTuple):
    """One task. ``cost`` in pico-units, None when no call is priced or in several currencies (then see ``costs``)."""

    task: str
    first_at: datetime
    last_at: datetime
    requests: int
    errors: int
    unpriced: int
    review: int
    partial: int
    models: int
    model: str | None
    team: str | None
    input: int | None
    cache_read: int | None
    cache_written: int | None
    output: int | None
    reasoning: int | None
    currency: str | None
    cost: int | None
    band_low: int | None
    band_high: int | None
    costs: dict[str, int]
    cost_reported: int | None


class Step(NamedTuple):
    """One call of a task, with the rate that priced it."""

    start_at: datetime
    step: int | None
    attempt: int | None
    seller: str | None
    model_requested: str | None
    model_served: str | None
    role: str | None
    http_status: int | None
    error_category: str | None
    finish_reason: str | None
    latency_ms: int | None
    input: int | None
    cache_read: int | None
    cache_written: int | None
    output: int | None
    reasoning: int | None
    usage_status: str
    review: str | None
    currency: str | None
    cost: int | None
    cost_low: int | None
    cost_high: int | None
    unpriced_reason: str | None
    billable_reason: str
    cost_reported: int | None
    rate_source: str | None
    rate_checked: Any
    counted: bool
    file: str
    line: int


def dearest_tasks(
    reader: Reader, top: int | None = None, *, like: str | None = None, in_scope: bool = False
) -> list[TaskCost]:
    """Tasks, dearest first within a currency, those without a known cost last; all, or those put in scope."""
    text = sql("dearest_tasks")
    text = text.replace("from task_cost", "from task_in_scope") if in_scope else text
    rows = reader.rows(text, {"top": top, "contains": like})
    return [_task(row) for row in rows]


def count_tasks(reader: Reader, *, like: str | None = None, in_scope: bool = False) -> int:
    """How many tasks there are, of a name if one is given; all, or those put in scope."""
    text = sql("count_tasks")
    row = reader.row(text.replace("from task_cost", "from task_in_scope") if in_scope else text, {"contains": like})
    return int(row[0]) if row else 0


def find_task(reader: Reader, task: str) -> TaskCost | None:
    """One task by its exact name."""
    rows = reader.rows(sql("one_task"), {"task": task})
    return next(
        (_task(row) for row in rows),
        None,
    )


def steps_of(reader: Reader, task: TaskCost) -> list[Step]:
    """The calls of a task, in order; read from the sliver of ``usage`` that its time range leaves."""
    return [
        Step(*row)
        for row in reader.rows(
            sql("task_steps"), {"task": task.task, "first_at": task.first_at, "last_at": task.last_at}
        )
    ]


def _task(row: tuple[Any, ...]) -> TaskCost:
    """A row of the query: sums come as decimals or wide integers, and are whole numbers here."""
    named = dict(zip(TaskCost._fields, row, strict=True))
    whole = {name: _whole(named[name]) for name in ("cost", "band_low", "band_high", "cost_reported")}
    return TaskCost(**{**named, **whole, "costs": _costs(named["costs"])})


def _costs(value: Any) -> dict[str, int]:
    return {currency: int(cost) for currency, cost in (value or {}).items()}


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
