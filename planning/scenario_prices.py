"""What a scenario makes of one token of each series: the same linear map, so that paths can be priced by it."""

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from planning.prices import Prices
from planning.scenario_cells import Calls
from planning.scenario_state import Question, state_of
from planning.traffic import Cell
from planning.what_if import last_state
from pricing.meters import METERS

NOTHING = (0,) * len(METERS)


def scenario_prices(asked: Question, cells: Iterable[Cell], like: Prices) -> Prices:
    """Prices per token of each cell and meter, the same on every day: whatever its calls become, per token that was.

    What a change adds to every call is spread over its input. A meter that the calls have not used has no price, and
    its cell's calls count as unpriced; so do calls that would have none.
    """
    days = like.unpriced.shape[1]
    places = {cell: number for number, cell in enumerate(cells)}
    used = _summed(asked.calls, places)
    grids: dict[str, NDArray[np.int64]] = {}
    for currency, costs in _costs(asked, places).items():
        grid = np.zeros((len(places), len(METERS)), dtype=np.int64)
        for (place, meter), cost in costs.items():
            if tokens := used[place][meter]:
                grid[place, meter] = round(cost / tokens)
        grids[currency] = np.repeat(grid[:, :, np.newaxis], days, axis=2)
    unpriced = np.repeat(_unpriced(asked, places)[:, np.newaxis], days, axis=1)
    return like._replace(pico=grids, unpriced=unpriced, changes=())


def _summed(calls: Iterable[Calls], places: dict[Cell, int]) -> list[list[int]]:
    used = [[0] * len(METERS) for _ in places]
    for one in calls:
        place = places.get(Cell(one.seller, one.model, one.team))
        if place is not None:
            used[place] = [a + b for a, b in zip(used[place], one.counts, strict=True)]
    return used


def _costs(asked: Question, places: dict[Cell, int]) -> dict[str, dict[tuple[int, int], Fraction]]:
    """By currency: what the tokens of each cell and meter come to."""
    shares = last_state(asked).shares
    every = range(len(asked.scenario.changes))
    found: dict[str, dict[tuple[int, int], Fraction]] = {}
    nothing = [one._replace(counts=NOTHING) for one in asked.calls]
    for meter, masked in [(None, nothing), *((number, _masked(asked.calls, number)) for number in range(len(METERS)))]:
        if meter is not None and not any(one.counts[meter] for one in masked):
            continue
        state = state_of(asked._replace(calls=masked), every, is_repriced=True, is_last=True, shares=shares)
        bare = state_of(asked._replace(calls=nothing), every, is_repriced=True, is_last=True, shares=shares)
        for sign, some in ((1, state.priced), (-1, bare.priced if meter is not None else [])):
            for one in some:
                place = places.get(Cell(one.piece.calls.seller, one.piece.calls.model, one.piece.calls.team))
                if place is not None and one.currency is not None and one.cost:
                    costs = found.setdefault(one.currency, {})
                    key = place, meter or 0
                    costs[key] = costs.get(key, Fraction()) + sign * one.cost
    return found


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
    shares: NDArray[np.float64] = np.divide(missing, whole, out=np.ones(len(places)), where=whole > 0)
    return shares
