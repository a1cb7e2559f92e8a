"""What this warehouse measured of the things that claims are about: cost per task, tasks resolved, speed."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.claims import same_model, same_name
from analysis.intervals import DRAWN_CLUSTERS, Interval, Spread, mean, ratio, ratio_of
from analysis.passes import ENOUGH_PASSES, Tally, pass_rate
from pricing.money import PICO
from warehouse.claim_measures import (
    CallMix,
    ModelTask,
    ModelTasks,
    TaskCosts,
    busiest_minute,
    costs_of_tasks,
    mix_of_models,
    models_seen,
    speed_of_models,
    tasks_of_models,
)

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.eval_runs import EvalRun
    from warehouse.outcomes import Outcome


class Measurement(NamedTuple):
    """Our own figure, in the unit of the claim beside which it stands."""

    what: str
    found: Interval
    sample: int
    of: str
    """What the sample is made of: tasks, streams or calls."""
    first_at: datetime
    last_at: datetime
    exact: int | None = None
    """Of an amount, the estimate in pico-units, rounded once."""
    left_out: tuple[tuple[int, str], ...] = ()
    """How many more there are that could not be measured, by why."""

    @staticmethod
    def figure(value: float) -> str:
        """Three digits that count, of whatever size."""
        return f"{Decimal(f'{value:.3g}'):,f}"


class ModelEvidence(NamedTuple):
    """The tasks of one model, and how they were called."""

    model: str
    strings: tuple[str, ...]
    """The model as the logs name it."""
    find_tasks: Callable[[], ModelTasks]
    """Looks through every task, the first time: most claims need none."""
    find_mix: Callable[[], Sequence[CallMix]]
    """Looks through every call, the first time."""
    outcomes: "dict[str, Outcome]"
    costs: Callable[[str], TaskCosts]
    """Of the tasks, in a currency."""

    @property
    def tasks(self) -> ModelTasks:
        """The tasks."""
        return self.find_tasks()

    @property
    def mix(self) -> Sequence[CallMix]:
        """Where and how their calls were made."""
        return self.find_mix()

    def of_kind(self, kind: str | None) -> "ModelEvidence":
        """The tasks of one kind of work, where there are any; else all of them."""
        if not kind or not self.outcomes:
            return self
        found = tuple(task for task in self.tasks.told if self._is_of(task, kind))
        if not found:
            return self
        tasks = ModelTasks(len(found), sum(task.is_advised for task in found), found)
        return self._replace(find_tasks=lambda: tasks, costs=lambda currency: _costs(found, currency))

    def has_kind(self, kind: str) -> bool:
        """Whether all of the tasks are of a kind of work."""
        told = self.tasks.told
        return 0 < self.tasks.number == len(told) and all(self._is_of(task, kind) for task in told)

    def _is_of(self, task: ModelTask, kind: str) -> bool:
        outcome = self.outcomes.get(task.task)
        return outcome is not None and outcome.kind is not None and same_name(outcome.kind, kind)

    def resolved(self) -> dict[str, bool]:
        """Which of the tasks were resolved, of those where that is known."""
        if not self.outcomes:
            return {}
        known = ((task.task, self.outcomes.get(task.task)) for task in self.tasks.told)
        return {name: told.resolved for name, told in known if told is not None and told.resolved is not None}


def evidence_of(reader: "Reader", model: str, outcomes: "dict[str, Outcome]") -> ModelEvidence:
    """The tasks that a model did alone, advisors aside."""
    strings = tuple(string for string in models_seen(reader) if same_model(string, model))
    if not strings:
        nothing = ModelTasks(0, 0, ())
        return ModelEvidence(model, (), lambda: nothing, tuple, outcomes, lambda currency: _costs((), currency))
    find_tasks = cache(partial(tasks_of_models, reader, model, strings, sorted(outcomes)))

    def costs(currency: str) -> TaskCosts:
        number = find_tasks().number
        return costs_of_tasks(reader, model, currency, number=number, listed=DRAWN_CLUSTERS)

    return ModelEvidence(model, strings, find_tasks, cache(partial(mix_of_models, reader, strings)), outcomes, costs)


def cost_per_task(evidence: ModelEvidence, currency: str) -> Measurement | None:
    """What a task costs, over tasks whose whole cost is known and in one currency."""
    known = evidence.costs(currency)
    if known.first_at is None or known.last_at is None:
        return None
    if known.spread:
        found = _in_units(ratio_of(Spread(known.tasks, known.total, known.tasks, *known.spread)))
    else:
        found = mean(np.asarray(known.costs, dtype=float) / PICO, key=f"claim cost {evidence.model} {currency}")
    exact = round(Fraction(known.total, known.tasks))
    said = [
        (known.unknown, "of unknown cost, in whole or in part"),
        (known.foreign, f"billed in another currency than {currency}"),
    ]
    left_out = tuple((count, why) for count, why in said if count)
    return Measurement("cost per task", found, known.tasks, "task", known.first_at, known.last_at, exact, left_out)


def cost_per_resolved(evidence: ModelEvidence, currency: str) -> Measurement | None:
    """What all tasks with a known outcome cost, by those of them that were resolved."""
    resolved = evidence.resolved()
    if not resolved:
        return None
    known = [
        task for task in evidence.tasks.told
        if task.task in resolved and not task.unpriced and set(task.costs) == {currency}
    ]  # fmt: skip
    solved = sum(resolved[task.task] for task in known)
    if not solved:
        return None
    costs = [task.costs[currency] for task in known]
    key = f"claim resolved {evidence.model} {currency}"
    found = ratio([cost / PICO for cost in costs], [resolved[task.task] for task in known], key=key)
    return _measured("cost per resolved task", found, known, exact=round(Fraction(sum(costs), solved)))


def resolved_share(evidence: ModelEvidence) -> Measurement | None:
    """Share of tasks that were resolved, in percent, of those with a known outcome."""
    resolved = evidence.resolved()
    if not resolved:
        return None
    known = [task for task in evidence.tasks.told if task.task in resolved]
    found = mean([100.0 * resolved[task.task] for task in known], key=f"claim share {evidence.model}")
    without = evidence.tasks.number - len(known)
    left_out = ((without, "without a known outcome"),) if without else ()
    # No task counts for more than another here: that one is a fifth of the resolved ones is no reason for a doubt.
    return _measured("resolved", found._replace(why=found.why if found.low is None else None), known, left_out=left_out)


def solved_in_runs(runs: "Sequence[EvalRun]", model: str, benchmark: str) -> Measurement | None:
    """Share of loaded evaluation runs of the claim's own set that the model solved, in percent, over tasks."""
    held = [run for run in _runs_of(runs, model) if same_name(run.run_set, benchmark) and run.cases == 1]
    tallies: dict[str, list[float]] = {}
    for run in held:
        tallies.setdefault(run.task, []).append(float(run.solved or 0))
    if not tallies:
        return None
    found = pass_rate([Tally(len(solved), sum(solved)) for solved in tallies.values()])
    percent = [None if value is None else 100 * value for value in found[:3]]
    scaled = Interval(percent[0], percent[1], percent[2], found.clusters, found.why)
    when = [run.ran_at or run.entered_at for run in held]
    return _of_runs(f"solved, in {benchmark}", scaled, len(tallies), "task", when)


def spread_of_passes(runs: "Sequence[EvalRun]", model: str) -> list[Measurement]:
    """How far the passes of each loaded evaluation lie apart: a range, which has no interval."""
    found: list[Measurement] = []
    for run_set in dict.fromkeys(run.run_set for run in _runs_of(runs, model)):
        held = [run for run in _runs_of(runs, model) if run.run_set == run_set and run.cases == 1]
        passes: dict[tuple[object, ...], list[float]] = {}
        for run in held:
            passes.setdefault((run.seller, run.effort, run.variant, run.number), []).append(float(run.solved or 0))
        rates = [100 * sum(solved) / len(solved) for solved in passes.values()]
        if len(rates) > 1:
            few = "" if len(rates) >= ENOUGH_PASSES else f", fewer than {ENOUGH_PASSES}"
            how = f"from {min(rates):.3g} to {max(rates):.3g}; a range, no interval"
            why = f"{len(rates)} passes of {run_set}{few}: {how}"
            interval = Interval(sum(rates) / len(rates), None, None, len(rates), why)
            when = [run.ran_at or run.entered_at for run in held]
            measured = _of_runs("solved on average", interval, len(rates), "full run", when)
            found += [measured] if measured else []
    return found


def _runs_of(runs: "Sequence[EvalRun]", model: str) -> "list[EvalRun]":
    """Runs of a model that have an outcome."""
    return [run for run in runs if run.model and same_model(run.model, model) and run.solved is not None]


def _of_runs(what: str, found: Interval, sample: int, of: str, when: "Sequence[datetime | None]") -> Measurement | None:
    known = [at for at in when if at is not None]
    return Measurement(what, found, sample, of, min(known), max(known)) if known else None


def speed(reader: "Reader", evidence: ModelEvidence, seller: str) -> Measurement | None:
    """Output tokens per second of single streams, after the first token; without an interval."""
    found = speed_of_models(reader, evidence.strings, seller)
    if found.middle is None or found.fastest is None or found.first_at is None or found.last_at is None:
        return None
    how = f"the median of single streams, of which the fastest hundredth reached {found.fastest:,.0f}: no interval"
    interval = Interval(found.middle, None, None, found.streams, how)
    return Measurement("speed", interval, found.streams, "stream", found.first_at, found.last_at)


def throughput(reader: "Reader", evidence: ModelEvidence, seller: str) -> Measurement | None:
    """Output tokens per second in the busiest minute; without an interval, and of what was asked for then."""
    found = busiest_minute(reader, evidence.strings, seller)
    if found is None:
        return None
    how = "the busiest minute tells what was asked for in it, not what the machine can do: no interval"
    interval = Interval(found.output / 60, None, None, found.calls, how)
    return Measurement("throughput", interval, found.calls, "call", found.minute, found.minute)


def _measured(
    what: str,
    found: Interval,
    tasks: Sequence[ModelTask],
    *,
    exact: int | None = None,
    left_out: tuple[tuple[int, str], ...] = (),
) -> Measurement:
    first, last = min(task.first_at for task in tasks), max(task.last_at for task in tasks)
    return Measurement(what, found, len(tasks), "task", first, last, exact, left_out)


def _costs(tasks: Sequence[ModelTask], currency: str) -> TaskCosts:
    """The same of tasks that are known one by one."""
    known = [task for task in tasks if not task.unpriced and set(task.costs) == {currency}]
    unknown = sum(bool(task.unpriced) or not task.costs for task in tasks)
    costs = [task.costs[currency] for task in known]
    first_at = min((task.first_at for task in known), default=None)
    last_at = max((task.last_at for task in known), default=None)
    return TaskCosts(len(known), sum(costs), costs, None, first_at, last_at, unknown, len(tasks) - len(known) - unknown)


def _in_units(pico: Interval) -> Interval:
    """An interval of pico-units in whole units of its currency."""
    estimate, low, high = (None if end is None else end / PICO for end in pico[:3])
    return pico._replace(estimate=estimate, low=low, high=high)
