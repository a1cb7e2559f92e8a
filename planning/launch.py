"""What a launch plan comes to: thousands of draws of its inputs, each priced day by day at the dated rates.

Amounts are quantiles of draws: estimates, in pico-units, rounded half-even. docs/launch.md says how they are made.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planning.guess import Floats, Source, Span
from planning.launch_lengths import Lengths
from planning.launch_plan import LaunchPlan
from planning.launch_prices import RoutePrices

DRAWS = 10_000


class Band(NamedTuple):
    """Of what is drawn: half of the draws stay below ``p50``, one in ten exceeds ``p90``, one in a hundred ``p99``."""

    p10: int
    p50: int
    p90: int
    p99: int


class PlanDay(NamedTuple):
    """One day of the plan."""

    day: date
    cost: Band
    """Pico-units of the day."""
    cumulative: Band
    """Pico-units from the first day through this one: of sums, never the sum of the days' bands."""
    calls: Band
    """Billed attempts."""


class Swing(NamedTuple):
    """What one input does to the middle of the total, all others drawn as before."""

    name: str
    """Its place in the plan: ``users``, ``kinds.image.share``."""
    source: Source
    span: Span
    at_low: int
    """P50 of the total, in pico-units, with the input at its low value."""
    at_high: int

    @property
    def width(self) -> int:
        """How far apart the two are."""
        return abs(self.at_high - self.at_low)


class KindPart(NamedTuple):
    """What the tasks of one kind come to over all days."""

    name: str
    tasks: Band
    calls: Band
    cost: Band


class Simulation(NamedTuple):
    """A plan drawn many times."""

    plan: LaunchPlan
    """As it was drawn: nothing in it is still to be measured."""
    draws: int
    total: Band
    calls: Band
    days: tuple[PlanDay, ...]
    at_likely: int
    """The total with every input at its likely value: no percentile, and seldom the middle."""
    at_likely_rank: float
    """The share of the draws whose total is below it."""
    over_budget: float | None
    """The share of the draws whose total exceeds the budget; None without one."""
    contingency: int
    """P90 less P50: what to put aside beside P50, so that nine launches in ten stay within."""
    tornado: tuple[Swing, ...]
    """The inputs with spread, the widest first."""
    kinds: tuple[KindPart, ...]
    """The dearest first."""
    notes: tuple[str, ...]
    totals: Floats
    """(draws,): each draw's total in pico-units."""
    paths: Floats
    """(draws, days): each draw's cost of each day in pico-units."""


def simulate(
    plan: LaunchPlan,
    prices: RoutePrices,
    lengths: Mapping[str, Lengths] | None = None,
    *,
    seed: int | None = None,
    draws: int = DRAWS,
) -> Simulation:
    """Draw a plan in which nothing is open. ``lengths``: by kind, calls like its own, where there are any.

    Raises PlanError where an input is open or a price is missing.
    """
    raise NotImplementedError
