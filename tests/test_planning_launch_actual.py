"""A launch while it runs: the blend of plan and days seen, held against the days that were held back."""

from datetime import timedelta

import numpy as np
import pytest

from planning.launch import simulate
from planning.launch_actual import Seen, blend, compare
from planning.launch_plan import read_launch_plan
from planning.launch_prices import route_prices
from tests.test_planning_launch import PLAIN, RATES, drawn

GROWING = {
    "curve": "logistic",
    "ceiling": {"low": 0.05, "likely": 0.1, "high": 0.2},
    "half_way": {"low": 8, "likely": 14, "high": 25},
    "growth_days": {"low": 20, "likely": 30, "high": 45},
}
LEVEL = {"curve": "points", "points": [{"day": 1, "share": {"low": 0.05, "likely": 0.1, "high": 0.2}}]}
PLAN = {
    "name": "Launch",
    "start": PLAIN["start"],
    "days": 60,
    "budget": "40",
    "users": {"low": 500, "likely": 1000, "high": 2500},
    "sessions": 1,
    "tasks": {"low": 1, "likely": 2, "high": 4},
    "weekend": {"low": 0.4, "likely": 0.6, "high": 1},
    "day_noise": 0.15,
    "kinds": {
        "short_text": {"share": 1, "input_tokens": {"low": 500, "likely": 1000, "high": 2500}, "output_tokens": 9}
    },
    "routes": [{"seller": "acme", "model": "large"}],
}
TRUTHS = 40


def launches(adoption, wrong):
    """A plan, and courses that launches took: from the plan's own inputs, and off by a level that it does not know."""
    plan = read_launch_plan(PLAN | {"adoption": adoption})
    prices = route_prices(plan, RATES)
    found, true = simulate(plan, prices, draws=4000), simulate(plan, prices, seed=99, draws=TRUTHS)
    stream = np.random.default_rng(3)
    level = stream.normal(0, wrong, (TRUTHS, 1)) + stream.normal(0, 0.05, (TRUTHS, 60)).cumsum(axis=1) / 3
    return found, true.paths * np.exp(level)


@pytest.mark.parametrize("days", [7, 14])
@pytest.mark.parametrize("wrong", [0.0, 0.6])
def test_the_blend_beats_the_plan_alone_and_the_run_rate_alone(days, wrong):
    """On the days held back, on average over launches that grow and launches that do not."""
    errors: dict[str, list[float]] = {"blend": [], "plan": [], "run_rate": []}
    within = []
    for adoption in (GROWING, LEVEL):
        found, true = launches(adoption, wrong)
        planned = np.median(found.paths[:, days:].sum(axis=1))
        for course in true:
            said = blend(found, [round(cost) for cost in course[:days]])
            held_back = course[days:].sum()
            guesses = {"blend": said.total.p50 - said.spent, "plan": planned, "run_rate": said.run_rate - said.spent}
            for name, guess in guesses.items():
                errors[name].append(abs(float(np.log(max(guess, 1) / held_back))))
            within.append(said.total.p10 - said.spent <= held_back <= said.total.p90 - said.spent)
    mean = {name: np.mean(each) for name, each in errors.items()}
    assert mean["blend"] < 0.8 * mean["plan"] and mean["blend"] < 0.8 * mean["run_rate"]
    assert 0.65 < np.mean(within) < 0.95


def test_days_as_planned_leave_the_plan_where_it_is():
    found, _ = launches(LEVEL, 0)
    said = blend(found, [day.cost.p50 for day in found.days[:10]])
    assert said.total.p50 == pytest.approx(found.total.p50, rel=0.15)
    assert said.level == 1 and said.total.p90 - said.total.p10 < 0.8 * (found.total.p90 - found.total.p10)


def test_actual_against_plan_day_by_day():
    found = drawn(PLAIN | {"users": {"low": 500, "likely": 1000, "high": 3000}, "day_noise": 0.2})
    start = found.plan.start
    seen = {start + timedelta(days=day): Seen(found.days[day].cost.p50, 100, day) for day in (0, 1)}
    actual = compare(found, seen, start + timedelta(days=2))
    assert [row.cost for row in actual.days] == [found.days[0].cost.p50, found.days[1].cost.p50, 0]
    assert actual.days[0].below == pytest.approx(0.5, abs=0.05) and actual.days[2].below == 0
    assert actual.days[1].unpriced == 1 and actual.days[1].planned == found.days[1].cost
    assert actual.blend is not None and actual.blend.seen_days == 3 and len(actual.blend.days) == 7
    assert actual.blend == compare(found, seen, start + timedelta(days=2)).blend
    assert compare(found, seen, start - timedelta(days=1)) == ((), None)


def test_when_all_days_are_seen_nothing_is_left_to_guess():
    found = drawn(PLAIN)
    costs = [day.cost.p50 for day in found.days]
    said = blend(found, costs)
    assert said.days == () and said.total.p10 == said.total.p99 == sum(costs) == said.spent == said.run_rate
    assert said.over_budget in (0.0, 1.0)


def test_calls_of_unknown_cost_are_not_taken_to_be_free():
    """Half of each day's calls have no price: the days to come are judged as if they had cost what the others did."""
    found = drawn(PLAIN | {"users": {"low": 500, "likely": 1000, "high": 3000}, "day_noise": 0.2})
    start = found.plan.start
    days = [start + timedelta(days=number) for number in range(4)]
    whole = {day: Seen(found.days[number].cost.p50, 100, 0) for number, day in enumerate(days)}
    half = {day: Seen(seen.cost // 2, 100, 50) for day, seen in whole.items()}
    one, other = (compare(found, seen, days[-1]).blend for seen in (whole, half))
    assert one is not None and other is not None
    assert [day.p50 for _, day in other.days] == pytest.approx([day.p50 for _, day in one.days], rel=1e-6)
    assert other.level == pytest.approx(one.level)
    assert other.spent == pytest.approx(one.spent / 2)
    gone = whole | {days[1]: Seen(0, 100, 100)}
    without = compare(found, gone, days[-1])
    assert not without.days[1].is_known and without.blend is not None
    assert without.blend.level == pytest.approx(1)


def test_where_no_call_or_no_cost_was_seen_nothing_is_said_of_the_days_to_come():
    found = drawn(PLAIN)
    start = found.plan.start
    assert compare(found, {}, start + timedelta(days=2)).blend is None
    unknown = compare(found, {start: Seen(0, 9, 9)}, start)
    assert unknown.blend is None and not unknown.days[0].is_known
