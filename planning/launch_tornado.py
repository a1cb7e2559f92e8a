"""Which input moves the total most: each at its low and its high value, all others drawn as before."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planning.guess import Floats, Source, Span
from planning.launch_draws import Drawn
from planning.launch_plan import Input, LaunchPlan, Points, inputs_of
from planning.launch_prices import RoutePrices
from planning.launch_tasks import cost_of_tasks
from planning.launch_volume import tasks_by_day

ADOPTION = "adoption"
"""All points of adoption are low or high together."""
OF_VOLUME = ("users", "sessions", "tasks", "weekend", "day_noise", ADOPTION)


class Swing(NamedTuple):
    """What one input does to the middle of the total, all others drawn as before."""

    name: str
    """Its place in the plan: ``users``, ``kinds.image.share``; ``adoption`` for all points together."""
    source: Source
    span: Span
    """Of adoption by points: that of the last one."""
    at_low: int
    """P50 of the total, in pico-units, with the input at its low value."""
    at_high: int

    @property
    def width(self) -> int:
        """How far apart the two are."""
        return abs(self.at_high - self.at_low)


class Run(NamedTuple):
    """One drawing of a plan."""

    plan: LaunchPlan
    prices: RoutePrices
    drawn: Drawn
    periods: Floats
    """(routes, steps, PRICED, periods)."""
    of_day: Sequence[int]
    """The period of each day."""
    noise: Floats
    """(days, draws)."""


def tornado(run: Run) -> tuple[Swing, ...]:
    """The inputs with spread, the widest first. The chance of which tasks come is left out."""
    volume = _by_period(run, run.drawn)
    mean = cost_of_tasks(run.plan, run.drawn, run.prices, run.periods).mean
    found = []
    for name, group in _groups(run.plan).items():
        ends = []
        for end in ("low", "high"):
            values = run.drawn.values | {each.name: np.array([getattr(each.guess.span, end)]) for each in group}
            drawn = run.drawn._replace(values=values)
            if name.partition(".")[0] in OF_VOLUME:
                ends.append(_middle(_by_period(run, drawn) * mean))
            else:
                ends.append(_middle(volume * cost_of_tasks(run.plan, drawn, run.prices, run.periods).mean))
        found.append(Swing(name, group[-1].guess.source, group[-1].guess.span, *ends))
    return tuple(sorted(found, key=lambda swing: -swing.width))


def _groups(plan: LaunchPlan) -> dict[str, list[Input]]:
    """The inputs that are low and high together, by name; none without spread."""
    found: dict[str, list[Input]] = {}
    for each in inputs_of(plan):
        is_point = isinstance(plan.adoption, Points) and each.name.startswith("adoption.")
        found.setdefault(ADOPTION if is_point else each.name, []).append(each)
    return {name: group for name, group in found.items() if any(each.guess.has_spread for each in group)}


def _by_period(run: Run, drawn: Drawn) -> Floats:
    """(periods, draws): tasks on the days of each."""
    tasks = tasks_by_day(run.plan, drawn.values, run.noise)
    of_day = np.array(run.of_day)
    return np.stack([tasks[of_day == period].sum(axis=0) for period in range(int(of_day.max()) + 1)])


def _middle(cost: Floats) -> int:
    return round(float(np.median(cost.sum(axis=0))))
