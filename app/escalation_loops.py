"""Whole loops: whether answers changed from one batch of tasks to the next, and what loops cost beside high effort."""

from collections.abc import Iterator, Mapping
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.baseline import Compared, Loop, compare
from analysis.loops import Ints, Mask
from analysis.shift import BATCH, Shift, shifts
from app.escalation_tally import Tally, Tasks
from warehouse.connection import Reader
from warehouse.loops import LoopKind, names_of

LOOP_STEPS = 10
"""From so many calls on a task is a loop whose whole cost is compared."""
Works = Mapping[str, str]
"""The piece of work that a task did, by the task's name."""


class Signed(NamedTuple):
    """What rules found, one row per task: pico-units at least, and calls."""

    at_least: Ints
    calls: Ints


class Hint(NamedTuple):
    """A batch of tasks whose answers were longer, or came faster, than those of the tasks before."""

    measure: str
    kind: LoopKind
    shift: Shift
    task: str


class Whole(NamedTuple):
    """Loops with or without a sign of escalation beside loops at high effort on one model, in one currency."""

    with_signs: bool
    model: str
    currency: str
    compared: Compared


def find_hints(reader: Reader, tasks: Tasks, kinds: list[LoopKind]) -> tuple[Hint, ...]:
    """Of each kind of first call, and each team and project, the batch of tasks most unlike those before, if any is."""
    series = list(_series(tasks))
    found: list[tuple[str, int, Shift, int]] = []
    for measure, rows, logs in series:
        largest = max(shifts(logs, len(series)), key=lambda shift: abs(log(shift.factor)), default=None)
        if largest:
            found.append((measure, int(tasks.kind[rows[0]]), largest, int(tasks.number[rows[largest.first]])))
    names = names_of(reader, {row[3] for row in found})
    return tuple(Hint(measure, kinds[kind], shift, names[number][0]) for measure, kind, shift, number in found)


def _series(tasks: Tasks) -> Iterator[tuple[str, Ints, NDArray[np.float64]]]:
    """Tasks of one kind of first call, team and project, in order, with a figure of each; two batches and more."""
    order = np.lexsort((tasks.number, tasks.worker, tasks.kind))
    kind, worker = tasks.kind[order], tasks.worker[order]
    begins = np.flatnonzero((kind[1:] != kind[:-1]) | (worker[1:] != worker[:-1])) + 1
    for rows in np.split(order, begins):
        for measure, logs in (("output tokens", tasks.log_output), ("output tokens per second", tasks.log_speed)):
            known = rows[np.isfinite(logs[rows])]
            if len(known) >= 2 * BATCH:
                yield measure, known, logs[known]


def find_wholes(reader: Reader, tasks: Tasks, signed: Signed, tally: Tally, works: Works) -> tuple[Whole, ...]:
    """Loops beside those at high effort: of the same work where any is on both sides, else of the same model."""
    loops = (tasks.calls >= LOOP_STEPS) & (tasks.cost >= 0) & (tasks.currency > 0)
    base, signs = loops & tasks.plain_high, (tasks.said > 0) | (signed.calls > 0)
    base &= ~signs
    if not base.any():
        return ()
    names = names_of(reader) if works else {}
    models, currencies, found = list(tally.models), list(tally.currencies), []

    def rows_of(mask: Mask) -> list[Loop]:
        numbers = tasks.number[mask].tolist()
        work = [works.get(names[number][0]) if works else None for number in numbers]
        named = [each or f"#{number}" for each, number in zip(work, numbers, strict=True)]
        return list(zip(named, tasks.cost[mask].tolist(), strict=True))

    for model, currency in sorted(set(zip(tasks.model[base].tolist(), tasks.currency[base].tolist(), strict=True))):
        theirs = rows_of(base & (tasks.model == model) & (tasks.currency == currency))
        for with_signs in (True, False):
            mine = loops & ~base & (signs == with_signs) & (tasks.currency == currency)
            ours = rows_of(mine)
            if not {work for work, _ in ours} & {work for work, _ in theirs}:
                ours = rows_of(mine & (tasks.model == model))
            if ours:
                name, code = models[model], currencies[currency] or ""
                found.append(Whole(with_signs, name, code, compare(ours, theirs, key=f"{name} {code} {with_signs}")))
    return tuple(found)
