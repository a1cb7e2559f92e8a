"""How many tasks come on each day of a plan: users, adoption, sessions, tasks, weekends, and days that differ."""

from datetime import timedelta
from math import log

import numpy as np
from numpy.typing import NDArray

from planning.guess import Floats
from planning.launch_draws import Values
from planning.launch_plan import LaunchPlan, Points

SATURDAY = 5
STEEP = 2 * log(9)
"""From 10% to 90% of the logistic curve, in units of its scale."""


def tasks_by_day(plan: LaunchPlan, values: Values, noise: Floats | None) -> Floats:
    """(days, draws): tasks. ``noise``: normal deviates, one per day and draw; None: no day differs by chance."""
    per_user = values["users"] * values["sessions"] * values["tasks"]
    weekend = np.array([(plan.start + timedelta(days=day)).weekday() >= SATURDAY for day in range(plan.days)])
    found = adoption(plan, values) * per_user * np.where(weekend[:, np.newaxis], values["weekend"], 1.0)
    spread = values["day_noise"]
    if noise is not None and spread.any():
        found = found * np.exp(spread * noise - spread * spread / 2)
    return found


def adoption(plan: LaunchPlan, values: Values) -> Floats:
    """(days, draws): the share of users who are active."""
    day = np.arange(1, plan.days + 1)
    if isinstance(plan.adoption, Points):
        shares = np.array(np.broadcast_arrays(*(values[f"adoption.day {each.day}"] for each in plan.adoption.points)))
        straight: Floats = _weights([each.day for each in plan.adoption.points], day) @ shares
        return straight
    ceiling, half_way, growth = (values[f"adoption.{name}"] for name in ("ceiling", "half_way", "growth_days"))
    found: Floats = ceiling / (1 + np.exp(-STEEP * (day[:, np.newaxis] - half_way) / growth))
    return found


def _weights(points: list[int], day: NDArray[np.int64]) -> Floats:
    """(days, points): what each point adds to a day on a straight line between them."""
    rows = np.eye(len(points))
    return np.array([np.interp(day, points, row) for row in rows]).T
