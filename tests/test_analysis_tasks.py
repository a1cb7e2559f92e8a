"""What tasks cost: groups, intervals of money, outliers and steps, on tasks made up here."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.intervals import Interval
from analysis.outliers import find_outliers, reasons
from analysis.steps import StepSum, cache_share, half_spent, total_costs
from analysis.tasks import Task, ends_of, group_of, group_tasks

PICO = 10**12


def task(name: str, cost: int | None, **more: object) -> Task:
    plain = Task(
        name, None if cost is None else "USD", cost, 10, 0, 0, 10, 60, 40, 0, 20, ("small",), "red", None, None, name
    )
    return plain._replace(**more)  # type: ignore[arg-type]


def test_a_resolved_task_costs_what_the_failed_ones_cost_too():
    tasks = [task(f"t{number}", 3 * PICO, resolved=number < 4) for number in range(10)]
    (worth,) = group_of(None, tasks).worths
    assert (worth.mean, worth.mean_resolved) == (Fraction(3 * PICO), Fraction(30 * PICO, 4))
    assert worth.per_resolved.estimate == pytest.approx(7.5 * PICO)
    assert worth.resolved_share.estimate == pytest.approx(0.4)


def test_a_task_without_an_outcome_is_not_one_that_failed():
    tasks = [*(task(f"t{number}", PICO, resolved=True) for number in range(6)), task("nobody said", 100 * PICO)]
    (worth,) = group_of(None, tasks).worths
    assert (worth.tasks, worth.judged, worth.resolved) == (7, 6, 6)
    assert worth.mean_resolved == PICO
    assert worth.mean == Fraction(106 * PICO, 7)


def test_unknown_cost_is_counted_and_in_no_amount():
    tasks = [task("known", PICO), task("unknown", None, unpriced=2), task("two currencies", None)]
    group = group_of(None, tasks)
    assert (group.tasks, group.unknown, group.several_currencies) == (3, 1, 1)
    assert [(worth.tasks, worth.total) for worth in group.worths] == [(1, PICO)]


def test_currencies_stay_apart_and_nothing_known_is_no_amount():
    both = group_of(None, [task("a", 5), task("b", 7, currency="CNY")])
    assert [(worth.currency, worth.total) for worth in both.worths] == [("CNY", 7), ("USD", 5)]
    assert group_of(None, [task("a", None, unpriced=1)]).worths == ()


def test_nothing_resolved_is_no_price():
    (worth,) = group_of(None, [task(f"t{number}", PICO, resolved=False) for number in range(8)]).worths
    assert worth.mean_resolved is None
    assert worth.per_resolved.estimate is None and worth.per_resolved.low is None


def test_a_task_of_two_models_is_in_a_group_of_its_own():
    tasks = [task("a", 1), task("b", 1), task("c", 1, models=("large", "small")), task("d", 1, models=())]
    assert [(group.name, group.tasks) for group in group_tasks(tasks, "model")] == [
        ("small", 2),
        ("large + small", 1),
        (None, 1),
    ]


def test_few_tasks_have_no_interval_and_one_that_is_most_of_the_money_is_told():
    (few,) = group_of(None, [task(f"t{number}", PICO) for number in range(4)]).worths
    assert few.per_task.low is None and "fewer than 5" in (few.per_task.why or "")
    (leaning,) = group_of(None, [*(task(f"t{number}", PICO) for number in range(9)), task("dear", 9 * PICO)]).worths
    assert "50% of the total" in (leaning.per_task.why or "")


def test_tasks_that_repeat_one_piece_of_work_are_drawn_together():
    """Ten runs of each of six pieces of work tell of six, not of sixty."""
    costs = [1, 2, 3, 5, 8, 13]
    runs = [task(f"{work}-{run}", costs[work] * PICO) for work in range(6) for run in range(10)]
    (alone,) = group_of(None, runs).worths
    (repeated,) = group_of(None, [run._replace(work=run.task.partition("-")[0]) for run in runs]).worths
    assert alone.mean == repeated.mean
    assert repeated.per_task.clusters == 6
    widths = [each.per_task.high - each.per_task.low for each in (alone, repeated)]  # type: ignore[operator]
    assert widths[1] > 2 * widths[0]


def test_no_interval_of_money_reaches_below_nothing():
    assert ends_of(Interval(5.0, -2.0, 9.6, 10)) == (0, 10)
    assert ends_of(Interval(5.0, None, None, 3)) is None


def test_an_outlier_is_told_with_what_is_unusual_about_it():
    usual = [task(f"t{number}", PICO + number * 10**10) for number in range(30)]
    loop = task("loop", 40 * PICO, calls=90, input=540, cache_read=360, output=180)
    (found,) = find_outliers([*usual, loop])
    (outlier,) = found.found
    assert (outlier.task, found.cost, found.tasks) == ("loop", 40 * PICO, 31)
    assert reasons(outlier) == ["9.0 times the calls"]


def test_a_task_is_compared_with_tasks_like_it():
    """What is dear among tickets is ordinary among reports."""
    tickets = [task(f"t{number}", PICO + number * 10**10) for number in range(30)]
    reports = [task(f"r{number}", 50 * PICO + number * 10**11, team="blue") for number in range(30)]
    strange = task("strange", 50 * PICO)
    (found,) = find_outliers([*tickets, *reports, strange])
    assert [outlier.task for outlier in found.found] == ["strange"]
    assert found.found[0].usual.in_common == "the same team, kind and models"
    odd_model = task("odd", 50 * PICO, models=("other",))
    (found,) = find_outliers([*tickets, *reports, odd_model])
    assert [(outlier.task, outlier.usual.in_common) for outlier in found.found] == [("odd", "the same team and kind")]


def test_nothing_is_an_outlier_among_too_few_or_where_all_cost_the_same():
    (few,) = find_outliers([task(f"t{number}", PICO**number) for number in range(1, 10)])
    assert few.found == () and few.why == "9 of the 10 tasks that it takes to say what is usual"
    (same,) = find_outliers([*(task(f"t{number}", PICO) for number in range(40)), task("dear", 90 * PICO)])
    assert same.found == ()


@pytest.mark.parametrize("alike", [10, 12, 20, 60])
def test_of_1000_ordinary_tasks_one_or_none_is_told(alike):
    told = count = 0
    for draw in range(20_000 // alike):
        costs = np.random.default_rng(draw).lognormal(24, 0.7, alike)
        (found,) = find_outliers([task(f"t{number}", round(cost)) for number, cost in enumerate(costs)])
        told, count = told + len(found.found), count + alike
    assert told / count < 0.0015


def step(place: int, cost: int, *, cached: int = 0, uncached: int = 100) -> StepSum:
    return StepSum(str(place), place, place, 1, 1, 0, uncached, cached, 0, 5, 0, {"USD": cost})


def test_where_half_of_the_money_is_spent():
    steps = [step(3, 10), step(1, 1), step(2, 8)]
    assert total_costs(steps) == {"USD": 19}
    assert half_spent(steps, "USD") == 3
    assert half_spent([step(1, 10), step(2, 10)], "USD") == 1
    assert half_spent(steps, "CNY") is None


def test_no_input_has_no_cache_share():
    assert cache_share(step(1, 1, cached=300)) == 0.75
    assert cache_share(step(1, 1, uncached=0)) is None
