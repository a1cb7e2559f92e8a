"""What a scenario makes of one token of each series: the same linear map, so that paths can be priced by it."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from planning.prices import Prices
from planning.scenario_cells import Calls
from planning.scenario_pieces import OUTPUT
from planning.scenario_state import Question, state_of
from planning.traffic import Cell
from planning.what_if import last_state
from pricing.meters import METERS

NOTHING = (0,) * len(METERS)


def scenario_prices(asked: Question, cells: Iterable[Cell], expected: NDArray[np.bool_], like: Prices) -> Prices:
    """Prices per token of each cell and meter, the same on every day: whatever its calls become, per token that was.

    What a change adds to every call is spread over its input. ``expected``: by cell and meter, whether its traffic may
    use it. A meter that the calls themselves have not used is priced as if each used one; where that has no known
    cost, all of its cell's calls count as unpriced, and are in no figure. So do calls that would have none.
    """
    days = like.unpriced.shape[1]
    places = {cell: number for number, cell in enumerate(cells)}
    calls = _with_one_each(asked.calls, places, expected)
    used = _summed(calls, places)
    found, known = _costs(asked, calls, places)
    shares = _unpriced(asked, places)
    is_new = expected & ~np.array([[count > 0 for count in row] for row in _summed(asked.calls, places)], dtype=bool)
    shares[(is_new & ~known).any(axis=1)] = 1.0
    grids: dict[str, NDArray[np.int64]] = {}
    for currency, costs in found.items():
        grid = np.zeros((len(places), len(METERS)), dtype=np.int64)
        for (place, meter), cost in costs.items():
            if (tokens := used[place][meter]) and shares[place] < 1:
                grid[place, meter] = round(cost / tokens)
        grids[currency] = np.repeat(grid[:, :, np.newaxis], days, axis=2)
    return like._replace(pico=grids, unpriced=np.repeat(shares[:, np.newaxis], days, axis=1), changes=())


def _with_one_each(calls: Iterable[Calls], places: dict[Cell, int], expected: NDArray[np.bool_]) -> list[Calls]:
    """The calls, each with one token of every meter that its cell's traffic may use and none of them has used."""
    held = list(calls)
    used = _summed(held, places)
    found = []
    for one in held:
        place = places.get(Cell(one.seller, one.model, one.team))
        if place is None or not one.is_charged:
            found.append(one)
            continue
        new = [bool(expected[place, meter]) and not used[place][meter] for meter in range(len(METERS))]
        counts = tuple(one.requests if is_new else count for is_new, count in zip(new, one.counts, strict=True))
        lengths = tuple((one.requests, 0) for _ in one.lengths) if new[OUTPUT] else one.lengths
        found.append(one._replace(counts=counts, lengths=lengths))
    return found


def _summed(calls: Iterable[Calls], places: dict[Cell, int]) -> list[list[int]]:
    used = [[0] * len(METERS) for _ in places]
    for one in calls:
        place = places.get(Cell(one.seller, one.model, one.team))
        if place is not None:
            used[place] = [a + b for a, b in zip(used[place], one.counts, strict=True)]
    return used


def _costs(
    asked: Question, calls: Sequence[Calls], places: dict[Cell, int]
) -> tuple[dict[str, dict[tuple[int, int], Fraction]], NDArray[np.bool_]]:
    """By currency: what the tokens of each cell and meter come to; and which of them have a known cost at all."""
    shares = last_state(asked).shares
    every = range(len(asked.scenario.changes))
    found: dict[str, dict[tuple[int, int], Fraction]] = {}
    known = np.zeros((len(places), len(METERS)), dtype=bool)
    nothing = [one._replace(counts=NOTHING) for one in calls]
    for meter, masked in [(None, nothing), *((number, _masked(calls, number)) for number in range(len(METERS)))]:
        if meter is not None and not any(one.counts[meter] for one in masked):
            continue
        state = state_of(asked._replace(calls=masked), every, is_repriced=True, is_last=True, shares=shares)
        bare = state_of(asked._replace(calls=nothing), every, is_repriced=True, is_last=True, shares=shares)
        for sign, some in ((1, state.priced), (-1, bare.priced if meter is not None else [])):
            for one in some:
                place = places.get(Cell(one.piece.calls.seller, one.piece.calls.model, one.piece.calls.team))
                is_told = sign > 0 and meter is not None and one.cost is not None and one.piece.calls.is_charged
                if place is not None and meter is not None and is_told:
                    known[place, meter] = True
                if place is not None and one.currency is not None and one.cost:
                    costs = found.setdefault(one.currency, {})
                    key = place, meter or 0
                    costs[key] = costs.get(key, Fraction()) + sign * one.cost
    return found, known


def _masked(calls: Iterable[Calls], meter: int) -> list[Calls]:
    """The calls with what they count of one meter alone."""
    return [
        one._replace(counts=tuple(count if number == meter else 0 for number, count in enumerate(one.counts)))
        for one in calls
    ]


def _unpriced(asked: Question, places: dict[Cell, int]) -> NDArray[np.float64]:
    """By cell, the share of its calls that have no known cost."""
    whole, missing = np.zeros(len(places)), np.zeros(len(places))
    for one in last_state(asked).priced:
        place = places.get(Cell(one.piece.calls.seller, one.piece.calls.model, one.piece.calls.team))
        if place is not None:
            requests = float(Fraction(one.piece.requests, one.piece.over))
            whole[place] += requests
            missing[place] += requests if one.cost is None else 0.0
    shares: NDArray[np.float64] = np.divide(missing, whole, out=1.0 - _held(asked.calls, places), where=whole > 0)
    return shares


def _held(calls: Iterable[Calls], places: dict[Cell, int]) -> NDArray[np.float64]:
    """By cell, 1 where it has calls: should a scenario leave none of them, they cost nothing, which is known."""
    held = np.zeros(len(places))
    for one in calls:
        place = places.get(Cell(one.seller, one.model, one.team))
        if place is not None:
            held[place] = 1.0
    return held
