"""Intervals of figures per task: what they are made from, what they withhold, and how often they hold."""

import numpy as np
import pytest

from analysis.intervals import Spread, mean, ratio, ratio_of, seeded


def test_a_ratio_is_the_sums_divided():
    found = ratio([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1, 0, 1, 0, 1, 1], key="x")
    assert found.estimate == 21 / 4
    assert found.clusters == 6


def test_the_same_key_gives_the_same_bits():
    values = seeded("sample").lognormal(size=40)
    assert mean(values, key="a") == mean(values, key="a")
    assert mean(values, key="a") != mean(values, key="b")


def test_few_tasks_have_a_mean_and_no_interval():
    found = mean([1.0, 2.0, 3.0, 4.0], key="x")
    assert (found.estimate, found.low, found.high) == (2.5, None, None)
    assert "fewer than 5 tasks" in (found.why or "")


def test_nothing_to_divide_by_is_no_figure():
    assert ratio([1.0, 2.0], [0, 0], key="x").estimate is None
    assert mean([], key="x").estimate is None


@pytest.mark.parametrize("value", [2.0, 0.1, 0.0, 1 / 3])
def test_equal_tasks_do_not_make_a_figure_certain(value):
    found = mean([value] * 80, key="x")
    assert found.estimate == pytest.approx(value)
    assert found[1:] == (None, None, 80, "no interval: all tasks are alike")


def test_one_task_that_is_most_of_the_total_is_warned_about():
    assert "52% of the total" in (mean([1.0] * 12 + [13.0], key="x").why or "")
    assert mean([1.0] * 12 + [3.0], key="x").why is None


def test_many_tasks_take_the_normal_interval():
    values = seeded("many").lognormal(size=50_000)
    found = mean(values, key="x")
    error = values.std() / np.sqrt(len(values))
    assert found.low == pytest.approx(values.mean() - 1.96 * error, rel=1e-4)


@pytest.mark.parametrize("tasks", [20, 60])
def test_nominal_95_is_held_to_on_uneven_costs(tasks: int):
    """Costs of tasks are lognormal here, with the spread of real agent runs; plain Student's t holds less often."""
    chance, truth, held, plain = seeded("coverage"), float(np.exp(0.8**2 / 2)), 0, 0
    for number in range(300):
        values = np.exp(0.8 * chance.standard_normal(tasks))
        found = mean(values, key=str(number))
        assert found.low is not None and found.high is not None
        held += found.low <= truth <= found.high
        plain += abs(values.mean() - truth) <= 2.05 * values.std(ddof=1) / np.sqrt(tasks)
    assert 0.89 <= held / 300 <= 0.985
    assert held > plain


@pytest.mark.parametrize("kind", ["uneven", "repeated", "alike", "free", "one dear"])
def test_of_many_tasks_sums_tell_what_each_of_them_tells(kind):
    random = seeded(kind)
    costs = {"alike": np.full(2500, 7), "free": np.zeros(2500, dtype=int)}.get(
        kind, np.rint(random.lognormal(20, 2, size=2500)).astype(int)
    )
    tasks = random.integers(1, 4, size=2500) if kind == "repeated" else np.ones(2500, dtype=int)
    if kind == "one dear":
        costs[5] = costs.sum()
    over, under = int(costs.sum()), int(tasks.sum())
    squares = float(((costs * under / over - tasks) ** 2).sum()) if over else 0.0
    found = ratio_of(Spread(2500, over, under, int(costs.max()), squares))
    told = ratio(costs, tasks, key="x")
    assert found[3:] == told[3:]
    assert (found.low is None) == (kind in ("alike", "free"))
    assert [each for each in found[:3] if each] == pytest.approx([each for each in told[:3] if each], rel=1e-12)
