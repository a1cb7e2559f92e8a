"""What traffic of a model has to say beside somebody's claim about it. Nothing here knows of claims."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql

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


def tasks_of_models(reader: Reader, models: Sequence[str]) -> list[ModelTask]:
    """The tasks that models of these strings did alone, advisors aside."""
    return [
        ModelTask._make((*row[:5], {currency: int(cost) for currency, cost in row[5].items()}, row[6]))
        for row in reader.rows(sql("claim_tasks"), {"models": list(models)})
    ]


def mix_of_models(reader: Reader, models: Sequence[str]) -> list[CallMix]:
    """Where and how calls of tasks were made, most calls first."""
    return [CallMix(*row) for row in reader.rows(sql("claim_calls"), {"models": list(models)})]


def speed_of_models(reader: Reader, models: Sequence[str], seller: str) -> Speed:
    """How fast answers came, as far as the log tells it."""
    values = {"models": list(models), "seller": seller, "least": LEAST_OUTPUT}
    return Speed(*reader.rows(sql("claim_speed"), values)[0])


def busiest_minute(reader: Reader, models: Sequence[str], seller: str) -> BusyMinute | None:
    """The minute of most output; None where no answer says how long it took."""
    row = reader.row(sql("claim_throughput"), {"models": list(models), "seller": seller})
    return BusyMinute(*row) if row else None
