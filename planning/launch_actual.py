"""A launch while it runs: what was seen beside what was planned, and the plan as the days seen change it."""

from datetime import date
from typing import NamedTuple

from planning.launch import Band, Simulation


class SeenDay(NamedTuple):
    """One whole day of the launch: planned, and seen."""

    day: date
    planned: Band
    cost: int
    """As billed, in pico-units of the plan's currency."""
    calls: int
    unpriced: int
    """Calls whose cost is unknown: in no amount here."""
    below: float
    """The share of the draws whose cost of this day was lower."""


class Blend(NamedTuple):
    """The days to come, as the plan and the days seen say together; in pico-units."""

    seen_days: int
    spent: int
    """As billed on the days seen."""
    total: Band
    """Of all days of the plan: what was billed, and what may come."""
    days: tuple[tuple[date, Band], ...]
    """The days to come."""
    over_budget: float | None
    plan_total: int
    """P50 of the plan as it was written."""
    run_rate: int
    """What was billed, and the mean of the last seven days seen for each day to come: for comparison."""
    level: float
    """How the days seen compare with the middle of the plan: 1.3 is 30% dearer."""


class Actual(NamedTuple):
    """Actual against plan."""

    days: tuple[SeenDay, ...]
    blend: Blend | None
    """None before the first whole day."""


def compare(simulation: Simulation, seen: dict[date, tuple[int, int, int]]) -> Actual:
    """Actual against plan: by whole day, what it was billed in pico-units, its calls, and those of unknown cost."""
    raise NotImplementedError
