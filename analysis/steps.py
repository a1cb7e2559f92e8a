"""Where the money of tasks goes, step by step."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class StepSum(NamedTuple):
    """The calls of one step, or of a band of steps, or of one upstream provider; money in pico-units by currency."""

    name: str | None
    first: int
    last: int
    tasks: int
    """Tasks that have a call there."""
    calls: int
    unpriced: int
    input: int
    cache_read: int
    cache_written: int
    output: int
    reasoning: int
    costs: dict[str, int]

    @property
    def prompt(self) -> int:
        """All input, cached and written included."""
        return self.input + self.cache_read + self.cache_written


BANDS = (0, 2, 6, 11, 21, 51, 101, 201, 501)
"""The first steps of the bands that a short table shows."""


def total_costs(sums: Iterable[StepSum]) -> dict[str, int]:
    """What all steps cost, by currency."""
    totals: dict[str, int] = {}
    for each in sums:
        for currency, cost in each.costs.items():
            totals[currency] = totals.get(currency, 0) + cost
    return totals


def half_spent(sums: Sequence[StepSum], currency: str) -> int | None:
    """The step by which half of the money is spent; None where none is."""
    total, spent = total_costs(sums).get(currency, 0), 0
    for each in sorted(sums, key=lambda each: each.first):
        spent += each.costs.get(currency, 0)
        if total and 2 * spent >= total:
            return each.last
    return None


def cache_share(each: StepSum) -> float | None:
    """The part of the input that came from the cache; None where there was no input."""
    return each.cache_read / each.prompt if each.prompt else None
