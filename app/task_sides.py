"""Two tasks side by side: what each took, and what each step had cost by then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.outcomes import Outcome
from warehouse.overview_tasks import TaskLine, TaskStep, find_line, read_steps

PARTS: dict[str, Callable[[TaskStep], int | None]] = {
    "uncached input": lambda step: step.input_cost,
    "cached input": lambda step: step.cache_read_cost,
    "input to cache": lambda step: step.cache_written_cost,
    "output": lambda step: step.output_cost,
    "searches and requests": lambda step: step.unit_cost,
}
"""What the cost of a call is made of."""


class Spent(NamedTuple):
    """What one step of a task cost and sent; ``costs`` in pico-units, without the calls counted in ``unpriced``."""

    step: int
    calls: int
    unpriced: int
    costs: dict[str, int]
    prompt: int
    output: int


class Side(NamedTuple):
    """One of the two; money in pico-units by currency, without the calls counted in ``unpriced``."""

    task: str
    costs: dict[str, int]
    calls: int
    unpriced: int
    errors: int
    prompt: int
    cache_read: int
    output: int
    reasoning: int | None
    """None where no call reports it."""
    took_ms: int
    models: tuple[str, ...]
    resolved: bool | None
    score: float | None
    parts: dict[str, dict[str, int]]
    """What its cost is made of: by part, by currency."""
    steps: tuple[Spent, ...]


def read_side(reader: Reader, task: str, outcomes: Mapping[str, Outcome]) -> Side | None:
    """One task by its exact name."""
    line = find_line(reader, task)
    return None if line is None else side_of(line, read_steps(reader, line), outcomes.get(task))


def side_of(line: TaskLine, steps: Sequence[TaskStep], outcome: Outcome | None) -> Side:
    """A task and its calls as one side."""
    counted = [step for step in steps if step.counted]
    reasoning = [step.reasoning for step in counted if step.reasoning is not None]
    return Side(
        line.task,
        line.costs,
        line.requests,
        line.unpriced,
        line.errors,
        line.input + line.cache_read + line.cache_written,
        line.cache_read,
        line.output,
        sum(reasoning) if reasoning else None,
        int((line.last_at - line.first_at).total_seconds() * 1000),
        _models(counted),
        outcome.resolved if outcome else None,
        outcome.score if outcome else None,
        {name: _costs((step.currency, part(step)) for step in counted) for name, part in PARTS.items()},
        _spent(counted),
    )


def _models(steps: Iterable[TaskStep]) -> tuple[str, ...]:
    """The models that answered, in order of appearance; where none did, those that were asked."""
    answered = [step.model for step in steps if step.model and (step.input or step.cache_read or step.output)]
    return tuple(dict.fromkeys(answered or [step.model for step in steps if step.model]))


def _costs(amounts: Iterable[tuple[str | None, int | None]]) -> dict[str, int]:
    costs: dict[str, int] = {}
    for currency, cost in amounts:
        if currency and cost:
            costs[currency] = costs.get(currency, 0) + cost
    return costs


def _spent(steps: Sequence[TaskStep]) -> tuple[Spent, ...]:
    """The steps in order; a call without a step counts by its place among those without."""
    placed: dict[int, list[TaskStep]] = {}
    without = 0
    for step in steps:
        without += step.step is None
        placed.setdefault(without if step.step is None else step.step, []).append(step)
    return tuple(
        Spent(
            place,
            len(calls),
            sum(call.cost is None for call in calls),
            _costs((call.currency, call.cost) for call in calls),
            sum((call.input or 0) + (call.cache_read or 0) + call.cache_written for call in calls),
            sum(call.output or 0 for call in calls),
        )
        for place, calls in sorted(placed.items())
    )


def spent_by(side: Side, step: int) -> dict[str, int]:
    """What the task had cost when that step was done."""
    return _costs((currency, cost) for each in side.steps if each.step <= step for currency, cost in each.costs.items())
