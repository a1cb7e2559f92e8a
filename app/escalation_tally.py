"""Adds up what logs say of the calls of loops, some tasks at a time: other models' work, bills, and whole tasks."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.billed import billed_otherwise
from analysis.declared import Names, Reason, bare_name, reason_of, second_model
from analysis.escalation import Calls, Rates
from analysis.loops import Ints, Mask, Sizes, Steps
from warehouse.loops import LoopBatch, LoopKind

KEPT = 1000
"""Bills apart from the card that are kept, per kind of call."""
PARTS = ("advisor", "compaction")
"""Roles of records that are part of a call, and no step of the loop."""
ADDRESS = ("kind", "step", "start_us", "file_id", "line")
SIZES = (
    "sent_messages", "known_messages", "new_back_chars", "new_other_chars", "answer_chars", "call_chars",
    "thinking_chars",
)  # fmt: skip
HIGH, NO_EFFORT = "high", "none"
Key = TypeVar("Key", bound=Hashable)
Columns = dict[str, NDArray[Any]]


class Said(NamedTuple):
    """What logs say of one kind of call, for one reason."""

    calls: int = 0
    tasks: int = 0
    cost: int = 0
    unknown: int = 0


class Bills(NamedTuple):
    """The bills of one kind of call beside its cards."""

    compared: int = 0
    apart: int = 0
    over: int = 0
    """Pico-units by which bills are above the card, those below taken off."""


class Tasks(NamedTuple):
    """Whole tasks, one row each."""

    number: Ints
    kind: Ints
    """That of the task's first call."""
    worker: Ints
    """Who the work was for: the team and the project of the first call."""
    currency: Ints
    """0: of no call."""
    model: Ints
    """Of the first call; -1: not reported."""
    calls: Ints
    cost: Ints
    """Pico-units; -1: not wholly known, or of several currencies."""
    said: Ints
    """Pico-units of calls that the log says are another's work."""
    plain_high: Mask
    """Every call by one model at high effort, and nothing said otherwise."""
    log_output: NDArray[np.float64]
    log_speed: NDArray[np.float64]
    """Mean logarithms of output tokens, and of output tokens per second; NaN: not known."""


class Tally:
    """What was added so far."""

    def __init__(self, not_thinking: frozenset[str]) -> None:
        """``not_thinking``: bare names of models that are known not to think."""
        self._not_thinking = not_thinking
        self.kinds: dict[LoopKind, int] = {}
        self.routes: dict[tuple[str | None, ...], int] = {}
        self.models: dict[str, int] = {}
        self.currencies: dict[str | None, int] = {None: 0}
        self.said: dict[tuple[Reason, int], Said] = {}
        self.bills: dict[int, Bills] = {}
        self.billed_rows: dict[int, list[Ints]] = {}
        """Of bills apart from the card: task, cost, bill, and the address."""
        self.tasks: list[Tasks] = []

    def add(self, batch: LoopBatch) -> Calls:
        """Add some tasks; gives their steps, for the book-keeping."""
        columns = {name: np.asarray(column) for name, column in batch.columns.items()}
        keys, place = np.unique(columns["kind"], return_inverse=True)
        kinds = [batch.kinds[key] for key in keys.tolist()]
        columns["kind"] = _numbers(self.kinds, kinds)[place]
        columns["route"] = _numbers(self.routes, [kind.route for kind in kinds])[place]
        names = [bare_name(kind.model_served or kind.model_requested or "") for kind in kinds]
        columns["model"] = np.where(np.array(names)[place] != "", _numbers(self.models, names)[place], -1)
        columns["currency"] = _numbers(self.currencies, [kind.currency for kind in kinds])[place]
        columns["thinks"] = np.array([self._thinks(kind, name) for kind, name in zip(kinds, names, strict=True)])[place]
        columns["role_part"] = np.array([kind.role in PARTS or kind.granularity != "request" for kind in kinds])[place]
        columns["high"] = np.array([(kind.effort or "").lower() == HIGH for kind in kinds])[place]
        other = self._say(columns, kinds, place)
        self._bill(columns)
        scope = columns["in_scope"]
        if scope.any():
            self.tasks.append(_tasks_of({name: column[scope] for name, column in columns.items()}, other[scope]))
        return _steps_of(columns)

    def _thinks(self, kind: LoopKind, name: str) -> bool:
        """Whether calls may have thought: they were asked to, or nothing says that their model does not."""
        return (kind.effort or NO_EFFORT).lower() != NO_EFFORT or name not in self._not_thinking

    def _say(self, columns: Columns, kinds: Sequence[LoopKind], place: Ints) -> Mask:
        """Count what the log says; which calls of those in scope are another's work."""
        reasons: list[Reason | None] = [
            reason_of(
                Names(
                    kind.role,
                    kind.model_requested,
                    kind.model_served,
                    kind.provider_asked,
                    kind.upstream_provider,
                    kind.one_rate,
                )
            )
            for kind in kinds
        ]
        plain = np.array(
            [reason is None and kind.role != "compaction" for reason, kind in zip(reasons, kinds, strict=True)]
        )
        second = second_model(columns["number"], columns["model"], plain[place])
        other: Mask = (np.array([reason is not None for reason in reasons])[place] | second) & columns["in_scope"]
        for index, (reason, kind) in enumerate(zip(reasons, kinds, strict=True)):
            mine = other & (place == index)
            if mine.any():
                self._count(reason or "second_model", self.kinds[kind], columns, mine)
        return other

    def _count(self, reason: Reason, kind: int, columns: Columns, mine: Mask) -> None:
        cost, before = columns["cost"][mine], self.said.get((reason, kind), Said())
        self.said[reason, kind] = Said(
            before.calls + len(cost),
            before.tasks + len(np.unique(columns["number"][mine])),
            before.cost + int(cost[cost >= 0].sum()),
            before.unknown + int(np.count_nonzero(cost < 0)),
        )

    def _bill(self, columns: Columns) -> None:
        cost, billed, kind = columns["cost"], columns["billed"], columns["kind"]
        compared = columns["in_scope"] & (cost >= 0) & (billed >= 0)
        apart = compared & billed_otherwise(cost, billed)
        for each in np.unique(kind[compared]).tolist():
            mine, before = compared & (kind == each), self.bills.get(each, Bills())
            rows = np.flatnonzero(mine & apart)
            self.bills[each] = Bills(
                before.compared + int(np.count_nonzero(mine)),
                before.apart + len(rows),
                before.over + int((billed[rows] - cost[rows]).sum()),
            )
            held = self.billed_rows.setdefault(each, [])
            rows = rows[: max(0, KEPT - sum(map(len, held)))]
            if len(rows):
                held.append(np.stack([columns[name][rows] for name in ("number", "cost", "billed", *ADDRESS)], axis=1))


def _numbers(known: dict[Key, int], keys: Sequence[Key]) -> Ints:
    """The number of each key; a new one gets the next."""
    return np.array([known.setdefault(key, len(known)) for key in keys], np.int64)


def _steps_of(columns: Columns) -> Calls:
    """The steps of the loops: without parts of calls, and without tries that brought nothing."""
    kept = np.flatnonzero(~columns["role_part"] & ~(columns["failed"] & (columns["output"] <= 0)))
    own = {name: column[kept] for name, column in columns.items()}
    begins = np.ones(len(kept), np.bool_)
    begins[1:] = (own["number"][1:] != own["number"][:-1]) | (own["agent"][1:] != own["agent"][:-1])
    sound = ~own["failed"] & ~own["doubtful"] & ~own["has_parts"]
    # A count that is not reported is none that is known, unless the model is known not to think.
    counted = (own["reasoning"] >= 0) | ~own["thinks"]
    counts = own["prompt"], own["output"], own["reasoning"]
    sizes = Sizes(*(own[name] for name in SIZES)) if (own["answer_chars"] >= 0).any() else None
    steps = Steps(np.cumsum(begins), own["route"], *counts, counted, sound, sizes)
    rates = Rates(own["rate_input"], own["rate_cache_read"], own["rate_output"])
    address = np.stack([own[name] for name in ADDRESS], axis=1)
    return Calls(steps, own["number"], own["in_scope"], rates, own["cache_read"], address)


def _tasks_of(columns: Columns, other: Mask) -> Tasks:
    number, first, which = np.unique(columns["number"], return_index=True, return_inverse=True)
    count, cost = len(number), columns["cost"]
    calls = np.bincount(which, minlength=count)
    total, said = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(total, which, np.maximum(cost, 0))
    np.add.at(said, which[other], np.maximum(cost[other], 0))
    currency = np.zeros(count, np.int64)
    np.maximum.at(currency, which, columns["currency"])
    unknown = np.bincount(which, (cost < 0) | ((cost > 0) & (columns["currency"] != currency[which])), count) > 0
    model = columns["model"]
    one_model = np.bincount(which, model != model[first][which], count) == 0
    all_high = np.bincount(which, ~columns["high"], count) == 0
    output, latency = columns["output"].astype(np.float64), columns["latency_ms"].astype(np.float64)
    wrote = (output > 0) & ~columns["failed"] & ~columns["role_part"]
    timed = wrote & (latency > 0)
    return Tasks(
        number,
        columns["kind"][first],
        columns["worker"][first],
        currency,
        columns["model"][first],
        calls,
        np.where(unknown, -1, total),
        said,
        one_model & all_high & (np.bincount(which, other, count) == 0),
        _mean_log(which, output, wrote, count),
        _mean_log(which, 1000 * output / np.maximum(latency, 1), timed, count),
    )


def _mean_log(which: Ints, values: NDArray[np.float64], counts: Mask, count: int) -> NDArray[np.float64]:
    """The mean logarithm per task of the values that count; NaN where none does."""
    logs = np.log(np.where(counts, np.maximum(values, 1e-9), 1.0))
    of = np.bincount(which, counts, count)
    return np.where(of > 0, np.bincount(which, logs, count) / np.maximum(of, 1), np.nan)
