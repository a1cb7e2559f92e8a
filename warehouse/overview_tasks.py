"""What the pages ask about tasks, within a scope; a task counts whole. Money in pico-units."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition, table_for
from warehouse.sqlfiles import run, sql, statements

IN_SCOPE = "task in (select task from task_in_scope)"


class TaskCounts(NamedTuple):
    """Tasks in scope, and those left out of every spread, by why their cost is not one known amount."""

    tasks: int
    unknown: int
    several_currencies: int


class TaskSpread(NamedTuple):
    """How the cost of wholly known tasks is spread in one currency."""

    currency: str
    tasks: int
    total: int
    median: int
    p90: int
    dearest: int
    cheapest: int | None
    """The least cost above 0; None when every task was free."""
    free: int
    dearest_task: str

    @property
    def mean(self) -> int:
        """Cost per task, rounded half-even to a pico-unit."""
        return round(Fraction(self.total, self.tasks))


class TaskLine(NamedTuple):
    """One task in a list; ``costs`` by currency, without the calls counted in ``unpriced``."""

    task: str
    first_at: datetime
    last_at: datetime
    requests: int
    errors: int
    unpriced: int
    review: int
    models: int
    model: str | None
    team: str | None
    input: int
    cache_read: int
    cache_written: int
    output: int
    costs: dict[str, int]


class TaskStep(NamedTuple):
    """One call of a task; a cost is None where it is unknown, a token count where it was not reported."""

    start_at: datetime
    step: int | None
    attempt: int | None
    seller: str | None
    model: str | None
    http_status: int | None
    error_category: str | None
    latency_ms: int | None
    input: int | None
    cache_read: int | None
    cache_written: int
    output: int | None
    reasoning: int | None
    currency: str | None
    cost: int | None
    input_cost: int | None
    cache_read_cost: int | None
    cache_written_cost: int | None
    output_cost: int | None
    unit_cost: int | None
    cost_low: int | None
    cost_high: int | None
    review: str | None
    unpriced_reason: str | None
    billable_reason: str
    counted: bool
    rate_source: str | None
    rate_checked: date | None
    file: str
    line: int


def put_tasks_in_scope(reader: Reader, scope: Scope) -> None:
    """Choose the tasks that the other questions of this module are about, for as long as the reader is open."""
    if reader.chosen == scope:
        return
    reader.chosen = scope
    run(reader.connection, "overview_task_scope", {"since": scope.since, "until": scope.until})
    if not scope.values:
        run(reader.connection, "overview_task_every")
        return
    where, wanted = condition(scope._replace(since=None, until=None))
    # Tasks have a table of their own where it knows what is asked for; else their calls are looked through.
    table = table_for({"task", *scope.dimensions}).removesuffix("_priced")
    text = (
        sql("overview_task_chosen").replace("from task_rate", f"from {table}").replace("where true", f"where {where}")
    )
    statements(reader.connection, text, wanted)


def sql_of_calls(reader: Reader, name: str) -> str:
    """A question about the calls of the tasks in scope; where all tasks are in it, that of a call is not looked up."""
    text, all_tasks = sql(name), reader.row(sql("all_tasks_in_scope"))
    return text.replace(IN_SCOPE, "task is not null") if all_tasks == (True,) else text


def count_tasks(reader: Reader) -> TaskCounts:
    """How many tasks there are, and how many without one known amount."""
    return TaskCounts(*reader.rows(sql("overview_task_counts"))[0])


def spread_of_tasks(reader: Reader) -> list[TaskSpread]:
    """How the cost of tasks is spread, one row per currency."""
    return [_spread(row) for row in reader.rows(sql("overview_task_spread"))]


def _spread(row: tuple[Any, ...]) -> TaskSpread:
    currency, tasks, total, median, p90, dearest, cheapest, free, dearest_task = row
    return TaskSpread(
        currency=currency,
        tasks=tasks,
        total=int(total),
        median=int(median),
        p90=int(p90),
        dearest=int(dearest),
        cheapest=None if cheapest is None else int(cheapest),
        free=free,
        dearest_task=dearest_task,
    )


def tasks_per_bin(reader: Reader, currency: str, edges: list[int]) -> list[int]:
    """Tasks from each edge to the next; the last bin has no end, tasks below the first edge count in the first."""
    counts = [0] * len(edges)
    for reached, tasks in reader.rows(sql("overview_task_bins"), {"currency": currency, "edges": edges}):
        counts[max(reached - 1, 0)] += tasks
    return counts


def list_tasks(
    reader: Reader, currency: str | None, *, like: str | None = None, top: int | None = None
) -> list[TaskLine]:
    """Tasks, dearest in the currency first."""
    rows = reader.rows(sql("overview_tasks"), {"currency": currency, "contains": like, "top": top})
    return [_line(row) for row in rows]


def find_line(reader: Reader, task: str) -> TaskLine | None:
    """One task by its exact name, in whatever scope."""
    row = reader.row(sql("overview_task"), {"task": task})
    return None if row is None else _line(row)


def read_steps(reader: Reader, line: TaskLine) -> list[TaskStep]:
    """The calls of a task, in order; its time range keeps the search to a sliver of ``usage``."""
    within = {"task": line.task, "first_at": line.first_at, "last_at": line.last_at}
    return [TaskStep(*row) for row in reader.rows(sql("overview_steps"), within)]


def _line(row: tuple[Any, ...]) -> TaskLine:
    *figures, costs = row
    return TaskLine._make([*figures, {currency: int(cost) for currency, cost in costs.items()}])
