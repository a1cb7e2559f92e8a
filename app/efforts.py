"""What tiers of effort cost and gain, for the command and the page: runs from the logs and from files, side by side."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from analysis.effort import Comparison, Standing, TaskRun, compare, runs_by_arm, standings
from analysis.tiers import Arm, By, pairs_of
from pricing.call_terms import CallTerms
from pricing.cost import cost_of
from pricing.meters import Usage
from pricing.spans import RateFinder
from warehouse.connection import Reader
from warehouse.effort_tasks import EffortTask, effort_tasks
from warehouse.eval_runs import EvalRun
from warehouse.folder import Folder
from warehouse.outcomes import Outcome
from warehouse.rates import compile_rates, read_cards
from warehouse.scope import EVERYTHING, Scope

LOGS = "the logs"
UNNAMED = "kind not known"


class Wanted(NamedTuple):
    """What is to be compared."""

    by: By = "effort"
    against: str | None = None
    """Part of the name of an arm that every other is compared with."""
    split: date | None = None
    """A day of migration: what was before it against what is since, whatever did it."""
    sets: tuple[str, ...] = ()
    """Evaluations, and ``the logs``; none named: all."""
    kind: str | None = None
    """Of the logs, tasks of this kind of work alone."""


class Effort(NamedTuple):
    """Every arm's figures, the arms side by side, and what was left out."""

    standings: list[Standing]
    comparisons: list[Comparison]
    notes: tuple[str, ...]
    sets: tuple[str, ...]
    """The evaluations that there are, the logs first."""
    kinds: tuple[str, ...] = ()
    """The kinds of work in the logs, the one with the most judged tasks first."""

    @property
    def ignored(self) -> list[Comparison]:
        """Tiers that make no difference to how much is written: the setting seems to be ignored."""
        return list(filter(_is_ignored, self.comparisons))


class Material(NamedTuple):
    """What is known: tasks of the logs with their outcomes, and runs that were loaded."""

    tasks: Sequence[EffortTask]
    outcomes: dict[str, Outcome]
    runs: Sequence[EvalRun]


class _Gathered(NamedTuple):
    runs: list[TaskRun]
    notes: tuple[str, ...]
    sets: tuple[str, ...]
    kinds: tuple[str, ...]


def effort_of(material: Material, wanted: Wanted, root: Path, now: datetime) -> Effort:
    """The figures; ``now`` is when runs without a time are priced."""
    found = _gathered(material, wanted, root, now)
    return Effort(standings(found.runs), _side_by_side(found.runs, wanted), found.notes, found.sets, found.kinds)


def ignored_tiers(material: Material, root: Path, now: datetime) -> list[Comparison]:
    """The same tiers as ``Effort.ignored`` has, without the figures of each."""
    wanted = Wanted()
    return list(filter(_is_ignored, _side_by_side(_gathered(material, wanted, root, now).runs, wanted)))


def _gathered(material: Material, wanted: Wanted, root: Path, now: datetime) -> _Gathered:
    """The runs that are wanted, and what there is beside them."""
    found, notes = _of_logs(material, wanted.split)
    loaded, more = _of_files(material.runs, root, now)
    runs = [*found, *([] if wanted.split else loaded)]
    sets = tuple(([LOGS] if found else []) + sorted({run.arm.run_set or "" for run in loaded}))
    kinds = kinds_of(found)
    if len(kinds) == 1:
        runs = [run._replace(arm=run.arm._replace(kind=None)) for run in runs]
    elif wanted.kind:
        runs = [run for run in runs if run.arm.run_set or run.arm.kind == wanted.kind]
    if wanted.sets:
        runs = [run for run in runs if (run.arm.run_set or LOGS) in wanted.sets]
    is_of_logs = not wanted.sets or LOGS in wanted.sets
    return _Gathered(runs, (*(notes if is_of_logs else ()), *more), sets, kinds)


def _side_by_side(runs: Iterable[TaskRun], wanted: Wanted) -> list[Comparison]:
    by_arm = runs_by_arm(runs)
    pairs = pairs_of(list(by_arm), wanted.by, wanted.against) if not wanted.split else _before_after(list(by_arm))
    return [compare(by_arm[one], by_arm[other], f"{one} {other}") for one, other in pairs]


def read_tasks(reader: Reader, scope: Scope = EVERYTHING) -> list[EffortTask]:
    """The tasks of the logs in scope."""
    return effort_tasks(reader, scope)


def _is_ignored(each: Comparison) -> bool:
    return each.output is not None and each.output.verdict == "ignored"


def _of_logs(material: Material, split: date | None) -> tuple[list[TaskRun], list[str]]:
    """Tasks that one arm did alone, as runs; and how many were left out because several did them."""
    by_task: dict[str, list[EffortTask]] = {}
    for each in material.tasks:
        by_task.setdefault(each.task, []).append(each)
    alone = [held[0] for held in by_task.values() if len(held) == 1]
    notes = []
    if mixed := len(by_task) - len(alone):
        notes.append(
            f"{mixed:,} of {len(by_task):,} tasks in the logs used several models, sellers or tiers: left out."
        )
    found = []
    for each in alone:
        outcome = material.outcomes.get(each.task)
        solved = None if outcome is None else outcome.score if outcome.resolved is None else float(outcome.resolved)
        kind = (outcome and outcome.kind) or each.kind or UNNAMED
        arm = Arm(each.model, each.seller, each.effort) if split is None else _side(each, split)
        work = (outcome and outcome.work) or each.work or each.task
        found.append(
            TaskRun(
                arm._replace(kind=kind),
                work,
                solved,
                each.pico,
                each.currency,
                each.latency_ms,
                each.output,
                each.calls,
                each.log_output,
            )
        )
    return found, notes


def kinds_of(runs: Iterable[TaskRun]) -> tuple[str, ...]:
    """The kinds of work in the logs, the one with the most judged tasks first."""
    judged: dict[str, tuple[int, int]] = {}
    for run in runs:
        was = judged.get(run.arm.kind or UNNAMED, (0, 0))
        judged[run.arm.kind or UNNAMED] = (was[0] - (run.solved is not None), was[1] - 1)
    return tuple(sorted(judged, key=lambda kind: (judged[kind], kind)))


def _side(task: EffortTask, split: date) -> Arm:
    return Arm(None, variant=f"before {split}" if task.day < split else f"from {split}")


def _before_after(arms: Sequence[Arm]) -> list[tuple[Arm, Arm]]:
    by_kind: dict[str | None, list[Arm]] = {}
    for arm in arms:
        by_kind.setdefault(arm.kind, []).append(arm)
    return [(held[0], held[1]) for held in by_kind.values() if len(held) == 2]


def _of_files(runs: Iterable[EvalRun], root: Path, now: datetime) -> tuple[list[TaskRun], list[str]]:
    """Loaded runs; those without a cost are priced by their tokens where a rate is known."""
    held = list(runs)
    sellers = {run.seller for run in held if run.pico is None and run.seller and run.cases == 1}
    finder = _finder(root, sellers) if sellers else None
    found, priced, undated = [], 0, 0
    for run in held:
        pico, currency = run.pico, run.currency
        if pico is None and finder is not None:
            pico, currency = _price(run, finder, now)
            priced += pico is not None
            undated += pico is not None and run.ran_at is None
        arm = Arm(run.model, run.seller, run.effort, run.variant, run.run_set)
        solved = run.score if run.solved is None else run.solved
        calls = run.calls or 1
        found.append(TaskRun(arm, run.task, solved, pico, currency, run.latency_ms, run.output, calls, None, run.cases))
    notes = []
    if priced:
        when = f"; {undated:,} of them tell no time and are priced at {now:%Y-%m-%d}" if undated else ""
        notes.append(
            f"{priced:,} loaded runs come without a cost and are priced by their tokens, from the cards{when}."
        )
    return found, notes


def _finder(root: Path, sellers: set[str]) -> RateFinder:
    return RateFinder(rate for rate in compile_rates(read_cards(Folder(root))) if rate.seller in sellers)


def _price(run: EvalRun, finder: RateFinder, now: datetime) -> tuple[int | None, str | None]:
    """What a run's tokens cost; unknown where it does not say whose, which, or how many."""
    if run.cases > 1 or not run.seller or not run.model or run.input is None or run.output is None:
        return None, None
    terms = CallTerms(run.seller, run.model, run.ran_at or now, run.input // (run.calls or 1))
    cost = cost_of(Usage(run.input - (run.cache_read or 0), run.cache_read, output=run.output), finder.find(terms))
    return cost.pico, cost.currency
