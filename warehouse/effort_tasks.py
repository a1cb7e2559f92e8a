"""Tasks in the logs as runs of an evaluation: what each wrote, took and cost, by the model and tier that did it."""

from datetime import date, datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class EffortTask(NamedTuple):
    """The calls that one model and tier made in a task; what not every call reports is None."""

    task: str
    model: str | None
    seller: str | None
    effort: str | None
    first_at: datetime
    last_at: datetime
    day: date
    calls: int
    work: str | None
    """The piece of work that a tag of the log names."""
    kind: str | None
    """The kind of work: as tagged, else what its calls hold."""
    output: int | None
    log_output: float | None
    """The mean logarithm of a call's output tokens."""
    latency_ms: int | None
    pico: int | None
    currency: str | None


def effort_tasks(reader: Reader, scope: Scope) -> list[EffortTask]:
    """The tasks in scope, a row for each model and tier in them; what failed counts for its cost and time alone."""
    where, parameters = condition(scope)
    return [
        EffortTask._make((*row[:10], _whole(row[10]), row[11], _whole(row[12]), _whole(row[13]), row[14]))
        for row in reader.rows(sql("effort_tasks").replace("and true", f"and {where}"), parameters)
    ]


def has_tiers(reader: Reader, scope: Scope) -> bool:
    """Whether one model at one seller was called at two tiers of effort, so that they can be compared."""
    where, parameters = condition(scope)
    return reader.row(sql("has_tiers").replace("and true", f"and {where}"), parameters) is not None


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))
