"""A launch while it runs: what was seen beside what was planned, and the plan as the days seen change it.

Every draw of the plan is a course that the launch may take. Those that look like the days seen count for more, and each
is moved towards them, for a plan may also be wrong beyond what its inputs allow.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from planning.draws import generator
from planning.guess import Floats
from planning.launch import Band, Simulation, band

WRONG = 0.6
"""How far plans are off beyond what their inputs allow: the standard deviation of the logarithm of their level."""
LEAST_NOISE = 0.12
"""Days differ at least so much, in logarithms."""
DRIFT = 0.12
"""How far the level moves in a week, in logarithms."""
HALF = 0.5
"""What a week seen says of the level to come, as a part of what the week after it says."""
OUTLIER = 1.0
"""No day counts for more than this, in logarithms: it was closed, or something broke."""
FEWEST = 50
"""So many draws count at least: fewer would be one course with a false certainty."""
WEEK = 7


class SeenDay(NamedTuple):
    """One whole day of the launch: planned, and seen."""

    day: date
    planned: Band
    cost: int
    """As priced, in pico-units of the plan's currency."""
    calls: int
    unpriced: int
    """Calls whose cost is unknown: in no amount here."""
    below: float
    """The share of the draws whose cost of this day was lower."""

    @property
    def is_known(self) -> bool:
        """Whether the cost of some of its calls is known, or it has none."""
        return not self.calls or self.unpriced < self.calls


class Blend(NamedTuple):
    """The days to come, as the plan and the days seen say together; in pico-units."""

    seen_days: int
    spent: int
    """As priced on the days seen."""
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
    """None before the first whole day, while no call of the launch was seen, and while no cost of any is known."""


class Seen(NamedTuple):
    """What was seen of one whole day."""

    cost: int
    calls: int
    unpriced: int


def compare(simulation: Simulation, seen: Mapping[date, Seen], through: date) -> Actual:
    """Actual against plan, by whole day through one; a day without an entry had no calls."""
    plan = simulation.plan
    count = min(max((through - plan.start).days + 1, 0), plan.days)
    days = [plan.start + timedelta(days=number) for number in range(count)]
    rows = []
    for number, day in enumerate(days):
        found = seen.get(day, Seen(0, 0, 0))
        below = float((simulation.paths[:, number] < found.cost).mean())
        rows.append(SeenDay(day, simulation.days[number].cost, *found, below))
    is_known = any(row.calls > row.unpriced for row in rows)
    return Actual(tuple(rows), blend(simulation, [row.cost for row in rows], _whole(rows)) if is_known else None)


def blend(simulation: Simulation, costs: Sequence[int], whole: Sequence[float] | None = None) -> Blend:
    """The plan after its first days, which cost so much.

    ``whole``: the same days were the calls of unknown cost as dear as the others; nan: of none is it known. By these
    the days to come are judged.
    """
    plan, count, spent = simulation.plan, len(costs), sum(costs)
    judged = np.array(costs if whole is None else whole, dtype=np.float64)
    is_known = ~np.isnan(judged)
    ahead = _ahead(simulation, judged)
    total = spent + ahead.sum(axis=1)
    planned = sum(each.cost.p50 for each, known in zip(simulation.days, is_known.tolist(), strict=False) if known)
    recent = judged[is_known][-WEEK:]
    return Blend(
        seen_days=count,
        spent=spent,
        total=band(total),
        days=tuple((plan.start + timedelta(days=count + number), band(day)) for number, day in enumerate(ahead.T)),
        over_budget=None if plan.budget_pico is None else float((total > plan.budget_pico).mean()),
        plan_total=simulation.total.p50,
        run_rate=spent + round(float(recent.mean()) * (plan.days - count)),
        level=float(judged[is_known].sum()) / planned if planned else 1.0,
    )


def _whole(rows: Sequence[SeenDay]) -> list[float]:
    """Each day's cost, were its calls of unknown cost as dear as the others; nan where none is known."""
    return [
        row.cost * row.calls / (row.calls - row.unpriced)
        if row.unpriced < row.calls
        else (math.nan if row.calls else 0.0)
        for row in rows
    ]


def _ahead(simulation: Simulation, costs: Floats) -> Floats:
    """(draws, days to come): courses drawn by how well they fit, each moved towards the days of known cost."""
    plan, paths, count = simulation.plan, simulation.paths, len(costs)
    (known,) = np.nonzero(~np.isnan(costs))
    costs, seen = costs[known], paths[:, known]
    weights = HALF ** ((count - 1 - known) // WEEK)
    weights /= weights.sum()
    # Sums, for a day without traffic has no logarithm.
    level = np.log(np.maximum(costs @ weights, 1) / np.maximum(seen @ weights, 1))
    off = np.log(np.maximum(costs, 1) / np.maximum(seen, 1)) - level[:, np.newaxis]
    off = np.clip(off, -OUTLIER, OUTLIER)
    noise = max(LEAST_NOISE, plan.day_noise.span.likely, float(np.median(off.std(axis=1))) / 2**0.5)
    # Both the draw's days and the days seen differ by chance.
    error = 2 * noise**2
    of_mean = error * (weights**2).sum()
    fit = -(off**2).sum(axis=1) / (2 * error) - level**2 / (2 * (WRONG**2 + of_mean))
    stream = generator("launch blend", str(plan.seed))
    chosen = stream.choice(len(paths), len(paths), p=_weights(fit))
    moved = level[chosen] * WRONG**2 / (WRONG**2 + of_mean)
    moved += stream.standard_normal(len(paths)) * np.sqrt(WRONG**2 * of_mean / (WRONG**2 + of_mean))
    weeks = np.arange(plan.days - count) // WEEK
    drift = (DRIFT * stream.standard_normal((len(paths), plan.days // WEEK + 1))).cumsum(axis=1)[:, weeks]
    found: Floats = paths[chosen][:, count:] * np.exp(moved[:, np.newaxis] + drift)
    return found


def _weights(fit: Floats) -> Floats:
    """Weights by logarithms of likelihood, evened out until enough draws count."""
    evened: Floats = fit - fit.max()
    weights: Floats
    for _ in range(60):
        weights = np.exp(evened) / np.exp(evened).sum()
        if 1 / (weights**2).sum() >= min(FEWEST, len(fit) / 2):
            break
        evened = evened * 0.8
    return weights
