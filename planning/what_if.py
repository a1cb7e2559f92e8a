"""What traffic would cost after the changes of a scenario: the same calls, cell by cell, under other terms.

Every change is a linear map of a cell's counts with constants of the change's whole scope, so that cells and rows give
the same. Amounts are exact fractions, rounded half-even once per line; totals are sums of lines.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from planning.scenario_cells import Calls
from planning.scenario_notes import notes_of
from planning.scenario_pieces import Piece
from planning.scenario_rates import Place
from planning.scenario_state import Money, Priced, Question, State, state_of
from pricing.meters import METERS

ZERO = Fraction()


class Line(NamedTuple):
    """Calls of one seller, model and team in one currency, or without a known cost: one output cell."""

    seller: str | None
    model: str | None
    team: str | None
    currency: str | None
    requests: Fraction
    counts: tuple[Fraction, ...]
    """Of each meter, in METERS order."""
    cost: int | None
    """Pico-units of ``currency``; None: unknown."""
    reason: str | None
    """Why the cost is unknown."""


class Apart(NamedTuple):
    """Calls, and what they come to where that is known, by currency in pico-units."""

    requests: Fraction
    amounts: dict[str, int]


class Result(NamedTuple):
    """What a scenario comes to."""

    billed: dict[str, int]
    """As priced, by currency; with a target currency named, all in it."""
    cost: dict[str, int]
    """Under the scenario: the sum of its lines."""
    exact: dict[str, Fraction]
    """The same before any rounding, for break-even."""
    before: tuple[Line, ...]
    """As priced, the dearest first."""
    lines: tuple[Line, ...]
    """Under the scenario, the dearest first."""
    requests: int
    """Calls that were made, of known and of unknown cost."""
    billed_unpriced: int
    """Calls whose billed cost is unknown."""
    unpriced: Fraction
    """Calls whose cost under the scenario is unknown."""
    only_billed: Apart
    """Calls whose cost is known as priced and not, or not wholly, under the scenario, with what they were billed."""
    only_scenario: Apart
    """Calls whose cost is known under the scenario and not as priced, with what they come to."""
    read_from_rows: int
    """Calls that were read one by one, because a rate cuts their cell."""
    notes: tuple[str, ...]
    """What a reader has to know, in sentences."""
    rates: tuple[str, ...]
    """Digests of every rate that priced something, in order."""


def evaluate(asked: Question, read_from_rows: int = 0) -> Result:
    """What a scenario comes to; raises ScenarioError for what its traffic or rates do not allow."""
    state = last_state(asked)
    before = _lines(_as_billed(asked.calls, asked.money))
    lines = _lines(state.priced)
    only_billed, only_scenario = _apart(asked, state.priced)
    return Result(
        billed=_totals(before),
        cost=_totals(lines),
        exact=_exact(state.priced),
        before=before,
        lines=lines,
        requests=sum(calls.requests for calls in asked.calls),
        billed_unpriced=sum(calls.requests for calls in asked.calls if calls.cost is None),
        unpriced=sum((line.requests for line in lines if line.cost is None), ZERO),
        only_billed=only_billed,
        only_scenario=only_scenario,
        read_from_rows=read_from_rows,
        notes=notes_of(asked, state, read_from_rows),
        rates=tuple(sorted({priced.digest for priced in state.priced if priced.digest})),
    )


def last_state(asked: Question) -> State:
    """The calls after every change."""
    return state_of(asked, range(len(asked.scenario.changes)), is_repriced=True, is_last=True)


def line_key(priced: Priced) -> tuple[str | None, ...]:
    """What makes pieces one output cell: what is of one key is rounded once."""
    place = priced.piece.place
    return place.seller, place.model, priced.piece.calls.team, priced.currency, priced.reason


def _as_billed(calls: Iterable[Calls], money: Money) -> list[Priced]:
    found = []
    for one in calls:
        piece = Piece(one, Place(one.seller, one.model))
        if one.cost is None:
            found.append(Priced(piece, None, None, one.reason, None))
        elif one.currency is None:
            found.append(Priced(piece, None, Fraction(one.cost), None, None))
        else:
            found.append(Priced(piece, *money.converted(one.currency, Fraction(one.cost)), None, None))
    return found


def _lines(priced: Iterable[Priced]) -> tuple[Line, ...]:
    """The pieces added up, the dearest first; those of unknown cost last."""
    groups: dict[tuple[str | None, ...], list[Priced]] = {}
    for one in priced:
        groups.setdefault(line_key(one), []).append(one)
    lines = [_line(key, found) for key, found in groups.items()]
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.cost is None,
                line.currency or "",
                -(line.cost or 0),
                [str(name) for name in line[:3]],
            ),
        )
    )


def _line(key: tuple[str | None, ...], found: list[Priced]) -> Line:
    requests, cost = ZERO, ZERO
    counts = [ZERO] * len(METERS)
    for piece, _, amount, *_ in found:
        requests += Fraction(piece.requests, piece.over)
        cost += amount or 0
        for meter, count in enumerate(piece.counts):
            if count:
                counts[meter] += Fraction(count, piece.over)
    seller, model, team, currency, reason = key
    return Line(
        seller,
        model,
        team,
        currency,
        requests,
        tuple(counts),
        None if any(one.cost is None for one in found) else round(cost),
        reason,
    )


def _totals(lines: Iterable[Line]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in lines:
        if line.currency is not None and line.cost is not None:
            totals[line.currency] = totals.get(line.currency, 0) + line.cost
    return totals


def _exact(priced: Iterable[Priced]) -> dict[str, Fraction]:
    totals: dict[str, Fraction] = {}
    for one in priced:
        if one.currency is not None and one.cost is not None:
            totals[one.currency] = totals.get(one.currency, ZERO) + one.cost
    return totals


def by_calls(calls: Iterable[Calls], priced: Iterable[Priced]) -> Mapping[int, list[Priced]]:
    """The pieces of each of the calls, by the identity of those; calls that are dropped have none."""
    found: dict[int, list[Priced]] = {id(one): [] for one in calls}
    for one in priced:
        found[id(one.piece.calls)].append(one)
    return found


def _apart(asked: Question, priced: Iterable[Priced]) -> tuple[Apart, Apart]:
    """Calls whose cost is known on one side alone."""
    pieces = by_calls(asked.calls, priced)
    sums = [ZERO, ZERO]
    amounts: tuple[dict[str, Fraction], dict[str, Fraction]] = ({}, {})
    for calls in asked.calls:
        found = pieces[id(calls)]
        known = [one for one in found if one.cost is not None]
        if calls.cost is not None and len(known) < len(found):
            sums[0] += calls.requests
            currency, cost = asked.money.converted(str(calls.currency), Fraction(calls.cost))
            amounts[0][currency] = amounts[0].get(currency, ZERO) + cost
        elif calls.cost is None and known:
            sums[1] += calls.requests
            for one in known:
                amounts[1][str(one.currency)] = amounts[1].get(str(one.currency), ZERO) + (one.cost or 0)
    first, second = (
        Apart(count, {currency: round(cost) for currency, cost in found.items()})
        for count, found in zip(sums, amounts, strict=True)
    )
    return first, second
