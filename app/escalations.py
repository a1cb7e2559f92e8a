"""Escalations of a warehouse: what logs say, what the book-keeping of loops finds, and what that costs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.declared import Reason, not_thinking
from analysis.escalation import SIGNS, Found, Hits, RouteCheck, Search, Sign
from analysis.intervals import Interval, ratio
from analysis.loops import Ints
from app.escalation_loops import Hint, Signed, Whole, Works, find_hints, find_wholes
from app.escalation_tally import Bills, Tally, Tasks
from warehouse.connection import Reader
from warehouse.locks import Tell
from warehouse.loops import LeftOut, LoopKind, files_of, left_out, names_of, read_loops, thinking_of
from warehouse.outcomes import outcomes_of
from warehouse.scope import Scope

SHOWN = 200
"""Calls that are shown one by one, the dearest first."""
MOST_APART = 0.5
"""Where more than this share of bills differs from the card, the card is wrong, and no call is told of."""


class Said(NamedTuple):
    """Calls of another model or provider, as logs say it, and what they cost to the last digit."""

    reason: Reason
    seller: str | None
    asked: str | None
    served: str | None
    currency: str | None
    calls: int
    tasks: int
    cost: int
    unknown: int


class Suspected(NamedTuple):
    """Calls that one rule found, in one currency; money in pico-units."""

    sign: Sign
    currency: str | None
    calls: int
    tasks: int
    tokens: int
    at_least: int
    likely: int
    """An estimate."""
    unpriced: int


class Suspicion(NamedTuple):
    """One call that a rule found, or whose bill is not the card's; money in pico-units, None where unknown."""

    sign: str
    task: str
    team: str | None
    step: int | None
    start_at: datetime
    kind: LoopKind
    tokens: int | None
    at_least: int | None
    likely: int | None
    file: str
    line: int


class Bill(NamedTuple):
    """The bills of one kind of call beside its cards."""

    kind: LoopKind
    bills: Bills

    @property
    def card_is_wrong(self) -> bool:
        """So many bills differ that no single call is told of."""
        return self.bills.apart > MOST_APART * self.bills.compared


class Money(NamedTuple):
    """What the tasks of wholly known cost came to in one currency, and which share of that was escalated."""

    currency: str
    tasks: int
    cost: int
    said: int
    said_share: Interval
    at_least: int
    at_least_share: Interval


class Escalations(NamedTuple):
    """What was found in a scope."""

    tasks: int
    found: Found
    routes: tuple[tuple[tuple[str | None, ...], RouteCheck], ...]
    left_out: LeftOut
    said: tuple[Said, ...]
    suspected: tuple[Suspected, ...]
    bills: tuple[Bill, ...]
    suspicions: tuple[Suspicion, ...]
    money: tuple[Money, ...]
    hints: tuple[Hint, ...]
    wholes: tuple[Whole, ...]

    @property
    def verdict(self) -> str:
        """``said``, ``suspected``, ``no evidence`` or ``not checkable``."""
        if self.said:
            return "said"
        if self.suspected or any(bill.bills.apart and not bill.card_is_wrong for bill in self.bills):
            return "suspected"
        return "no evidence" if self.found.checkable else "not checkable"


def find_escalations(
    reader: Reader, scope: Scope, works: Works | None = None, *, newest: int | None = None
) -> Escalations:
    """Everything about the tasks in scope, or their newest calls; ``works`` pairs tasks that did the same."""
    tally, search = Tally(not_thinking(thinking_of(reader))), Search()
    for batch in read_loops(reader, scope, newest):
        search.add(tally.add(batch))
    found, kinds = search.found(), list(tally.kinds)
    tasks = _joined(tally.tasks)
    apart = _apart(tally, kinds)
    signed = _signed(found, tasks, apart)
    routes = list(tally.routes)
    return Escalations(
        len(tasks.number),
        found,
        tuple((routes[route], check) for route, check in sorted(found.routes.items(), key=lambda item: -item[1].calls)),
        left_out(reader),
        tuple(sorted(_said(tally, kinds), key=lambda said: (-said.cost, -said.calls))),
        tuple(each for sign in SIGNS for each in _suspected(sign, found.hits[sign], kinds)),
        tuple(Bill(kinds[kind], bills) for kind, bills in tally.bills.items()),
        _suspicions(reader, found, apart, kinds),
        _money(tasks, signed, list(tally.currencies)),
        find_hints(reader, tasks, kinds),
        find_wholes(reader, tasks, signed, tally, works or {}),
    )


def works_of(root: Path, tell: Tell) -> dict[str, str]:
    """The piece of work that each task did, where its outcome says so."""
    return {task: outcome.work for task, outcome in outcomes_of(root, tell=tell).items() if outcome.work}


def _joined(parts: list[Tasks]) -> Tasks:
    if not parts:
        none = np.zeros(0, np.int64)
        return Tasks(none, none, none, none, none, none, none, none, none > 0, none.astype(float), none.astype(float))
    return Tasks(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _signed(found: Found, tasks: Tasks, apart: list[list[int]]) -> Signed:
    """Per task: what rules found costs at least, and how many calls they, or bills off the card, tell of."""
    money, calls = np.zeros(len(tasks.number), np.int64), np.zeros(len(tasks.number), np.int64)
    order = np.argsort(tasks.number)

    def places(numbers: Ints) -> Ints:
        return order[np.searchsorted(tasks.number, numbers, sorter=order)]

    for hits in found.hits.values():
        if len(hits.task):
            np.add.at(money, places(hits.task), np.maximum(hits.at_least, 0))
            np.add.at(calls, places(hits.task), 1)
    if apart:
        np.add.at(calls, places(np.array([row[0] for row in apart], np.int64)), 1)
    return Signed(money, calls)


def _apart(tally: Tally, kinds: list[LoopKind]) -> list[list[int]]:
    """Calls whose bill is not the card's: task, cost, bill, and address; none of a card that is wrong."""
    right = [kind for kind, bills in tally.bills.items() if not Bill(kinds[kind], bills).card_is_wrong]
    return [row for kind in right for held in tally.billed_rows[kind] for row in held.tolist()]


def _said(tally: Tally, kinds: list[LoopKind]) -> list[Said]:
    """Kinds that tell the same of the same models are one line."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for (reason, number), said in tally.said.items():
        kind = kinds[number]
        asked = kind.provider_asked if reason == "other_provider" else kind.model_requested
        served = kind.upstream_provider if reason == "other_provider" else kind.model_served or kind.model_requested
        sums = found.setdefault((reason, kind.seller, asked, served, kind.currency), [0, 0, 0, 0])
        for place, value in enumerate(said):
            sums[place] += value
    return [Said(*line, *sums) for line, sums in found.items()]


def _suspected(sign: Sign, hits: Hits, kinds: list[LoopKind]) -> list[Suspected]:
    currencies = [kinds[number].currency for number in hits.address[:, 0].tolist()]
    lines = []
    for currency in sorted(set(currencies), key=str):
        mine = np.array([each == currency for each in currencies])
        priced = mine & (hits.at_least >= 0)
        lines.append(
            Suspected(
                sign,
                currency,
                int(np.count_nonzero(mine)),
                len(np.unique(hits.task[mine])),
                int(hits.tokens[mine].sum()),
                int(hits.at_least[priced].sum()),
                int(hits.likely[priced].sum()),
                int(np.count_nonzero(mine & ~priced)),
            )
        )
    return lines


def _suspicions(reader: Reader, found: Found, apart: list[list[int]], kinds: list[LoopKind]) -> tuple[Suspicion, ...]:
    """The calls themselves, the dearest first."""
    rows: list[tuple[str, int, int | None, int, int, list[int]]] = []
    for sign, hits in found.hits.items():
        best = np.argsort(-hits.at_least, kind="stable")[:SHOWN]
        rows += [
            (sign, *(int(column[row]) for column in hits[:1] + hits[2:5]), hits.address[row].tolist())
            for row in best.tolist()
        ]
    for number, cost, billed, *address in apart:
        rows.append(("billed_otherwise", number, None, billed - cost, billed - cost, address))
    rows = sorted(rows, key=lambda row: -abs(row[3]))[:SHOWN]
    names = names_of(reader, {row[1] for row in rows})
    files = files_of(reader, {row[5][3] for row in rows})
    return tuple(_suspicion(row, names, files, kinds) for row in rows)


def _suspicion(
    row: tuple[str, int, int | None, int, int, list[int]],
    names: Mapping[int, tuple[str, str | None]],
    files: Mapping[int, str],
    kinds: list[LoopKind],
) -> Suspicion:
    sign, number, tokens, at_least, likely, (kind, step, start_us, file_id, line) = row
    is_bill = sign == "billed_otherwise"
    return Suspicion(
        sign,
        *names[number],
        None if step < 0 else step,
        datetime.fromtimestamp(start_us / 1_000_000, UTC).replace(tzinfo=None),
        kinds[kind],
        tokens,
        at_least if at_least >= 0 or is_bill else None,
        likely if likely >= 0 or is_bill else None,
        files.get(file_id, ""),
        line,
    )


def _money(tasks: Tasks, signed: Signed, currencies: list[str | None]) -> tuple[Money, ...]:
    found = []
    for number, currency in enumerate(currencies):
        mine = (tasks.currency == number) & (tasks.cost >= 0)
        if currency is None or not mine.any():
            continue
        cost, said, least = tasks.cost[mine], tasks.said[mine], signed.at_least[mine]
        shares = [ratio(part, cost, key=f"escalated {name}") for name, part in (("said", said), ("least", least))]
        sums = [sum(part.tolist()) for part in (cost, said, least)]
        found.append(Money(currency, len(cost), sums[0], sums[1], shares[0], sums[2], shares[1]))
    return tuple(found)
