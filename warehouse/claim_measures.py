"""What traffic of a model has to say beside somebody's claim about it. Nothing here knows of claims."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import run, sql

LEAST_OUTPUT = 50
"""A stream of fewer tokens tells no speed: how its first ones were bundled is most of it."""


class ModelTask(NamedTuple):
    """One task that a model did alone, advisors aside; ``costs`` by currency, in pico-units."""

    task: str
    first_at: datetime
    last_at: datetime
    requests: int
    unpriced: int
    costs: dict[str, int]
    is_advised: bool
    """Its log declares an advisor, and no other model did anything else."""


class ModelTasks(NamedTuple):
    """Tasks that a model did alone: how many there are, and one by one those of which an outcome is told."""

    number: int
    advised: int
    told: tuple[ModelTask, ...]


class CostSpread(NamedTuple):
    """How the costs of many tasks are spread."""

    dearest: int
    """Pico-units."""
    squares: float
    """Of how far each is from costing the mean, in units of the mean."""


class TaskCosts(NamedTuple):
    """Costs of tasks whose whole cost is known and in one currency, in pico-units, and how many others there are."""

    tasks: int
    total: int
    costs: Sequence[float]
    """One by one, by the name of the task; of more tasks than are listed, none."""
    spread: CostSpread | None
    """Of those whose costs are not listed."""
    first_at: datetime | None
    last_at: datetime | None
    unknown: int
    foreign: int
    """Of known cost, billed in another currency."""


class CallMix(NamedTuple):
    """Calls of one seller and effort among those of a model's tasks."""

    seller: str | None
    effort: str | None
    calls: int


class Speed(NamedTuple):
    """How fast streams of a model came at one seller, in output tokens per second after the first token."""

    streams: int
    middle: float | None
    fastest: float | None
    """99% of the streams were slower."""
    first_at: datetime | None
    last_at: datetime | None


class BusyMinute(NamedTuple):
    """The minute in which most output of a model came from one seller."""

    minute: datetime
    calls: int
    """Answers that were coming in it, wholly or in part."""
    output: float


def models_seen(reader: Reader) -> list[str]:
    """Every model string of the traffic."""
    return [model for (model,) in reader.rows(sql("overview_models"))]


def tasks_of_models(reader: Reader, model: str, strings: Sequence[str], told: Sequence[str]) -> ModelTasks:
    """The tasks that models of these strings did alone, advisors aside; ``costs_of_tasks`` asks of the same."""
    run(reader.connection, "claim_tasks", {"model": model, "models": list(strings)})
    rows = reader.rows(sql("claim_told"), {"model": model, "told": list(told)})
    each = (ModelTask._make((*row[:5], {name: int(cost) for name, cost in row[5].items()}, row[6])) for row in rows)
    tasks, advised = reader.rows(sql("claim_counts"), {"model": model})[0]
    return ModelTasks(tasks, advised, tuple(each))


def costs_of_tasks(reader: Reader, model: str, currency: str, *, number: int, listed: int) -> TaskCosts:
    """What the tasks of a model cost that ``tasks_of_models`` found last, and so many of.

    Those of known cost come one by one where they are at most ``listed``.
    """
    values = {"model": model, "currency": currency}
    tasks, total, dearest, first_at, last_at = reader.rows(sql("claim_costs"), values)[0]
    # Looked at where there are any: what a task cost in each currency takes longer to read than all the rest.
    unknown, foreign = reader.rows(sql("claim_others"), values)[0] if tasks < number else (0, 0)
    costs, spread = [], None
    if tasks > listed:
        ((squares,),) = reader.rows(sql("claim_spread"), {**values, "mean": int(total) / tasks})
        spread = CostSpread(int(dearest), squares)
    else:
        costs = [cost for (cost,) in reader.rows(sql("claim_each"), values)]
    return TaskCosts(tasks, int(total or 0), costs, spread, first_at, last_at, unknown, foreign)


def mix_of_models(reader: Reader, models: Sequence[str]) -> list[CallMix]:
    """Where and how calls of tasks were made, most calls first."""
    values = {"models": list(models)}
    # Where none is outside of tasks, the days' sums tell it; else every call is looked at.
    all_in_tasks = reader.row(sql("claim_all_in_tasks"), values) == (True,)
    text = sql("claim_calls_of_days" if all_in_tasks else "claim_calls")
    return [CallMix(*row) for row in reader.rows(text, values)]


def speed_of_models(reader: Reader, models: Sequence[str], seller: str) -> Speed:
    """How fast answers came, as far as the log tells it."""
    values = {"models": list(models), "seller": seller, "least": LEAST_OUTPUT}
    return Speed(*reader.rows(sql("claim_speed"), values)[0])


def busiest_minute(reader: Reader, models: Sequence[str], seller: str) -> BusyMinute | None:
    """The minute of most output; None where no answer says how long it took."""
    row = reader.row(sql("claim_throughput"), {"models": list(models), "seller": seller})
    return BusyMinute(*row) if row else None
