"""Traffic to come under a scenario, as points of the same sample paths."""

from datetime import date
from typing import NamedTuple

SAME = 0.001


class ScenarioPoints(NamedTuple):
    """Traffic to come in one currency: over the same paths, the 10%, 50% and 90% points, in pico-units. Estimates."""

    currency: str
    first: date
    last: date
    as_is: tuple[int, int, int]
    """As the forecast has it, at dated rates."""
    scenario: tuple[int, int, int]
    difference: tuple[int, int, int]
    """Of scenario minus as-is, path by path."""
    unpriced: float
    """Share of the calls to come that have no known cost under the scenario: they are in none of its figures."""
    unpriced_as_is: float
    """The same without the changes."""

    @property
    def is_of_the_same(self) -> bool:
        """Whether as much of it has a known cost on both sides, to a thousandth: else the difference misleads."""
        return abs(self.unpriced - self.unpriced_as_is) < SAME
