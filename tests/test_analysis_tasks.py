"""What tasks cost: groups, intervals of money, outliers and steps, on tasks made up here."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.intervals import Interval
from analysis.outliers import Costly, Outliers, Sort, find_outliers, reasons
from analysis.steps import StepSum, cache_share, half_spent, total_costs
from analysis.tasks import Known, Works, Worth, ends_of, worth_of

PICO = 10**12


def worth(costs: list[int], ends: list[bool | None] | None = None, works: list[int] | None = None) -> Worth:
    """What tasks of these costs cost, of which the ends and the pieces of work are known, or none is repeated."""
    said = ends or [None] * len(costs)
    sums: dict[int, list[float]] = {}
    for work, cost, end in zip(works or range(len(costs)), costs, said, strict=True):
        judged = end is not None
        figures = (cost, 1, cost if judged else 0, judged, end is True)
        sums[work] = [was + more for was, more in zip(sums.get(work, [0.0] * 5), figures, strict=True)]
    judged_costs = [cost for cost, end in zip(costs, said, strict=True) if end is not None]
    known = Known("USD", len(costs), sum(costs), len(judged_costs), sum(judged_costs), said.count(True))
    return worth_of(known, Works(*(np.array(column, dtype=float) for column in zip(*sums.values(), strict=True))))


def test_a_resolved_task_costs_what_the_failed_ones_cost_too():
    found = worth([3 * PICO] * 10, [number < 4 for number in range(10)])
    assert (found.mean, found.mean_resolved) == (Fraction(3 * PICO), Fraction(30 * PICO, 4))
    assert found.resolved_share.estimate == pytest.approx(0.4)
    assert found.per_resolved.estimate == pytest.approx(7.5 * PICO)


def test_a_task_without_an_outcome_is_not_one_that_failed():
    found = worth([*[PICO] * 6, 100 * PICO], [*[True] * 6, None])
    assert (found.tasks, found.judged, found.resolved) == (7, 6, 6)
    assert found.mean_resolved == PICO
    assert found.mean == Fraction(106 * PICO, 7)


def test_nothing_resolved_is_no_price():
    found = worth([PICO] * 8, [False] * 8)
    assert found.mean_resolved is None
    assert found.per_resolved.estimate is None and found.per_resolved.low is None


def test_what_withholds_an_interval_is_named():
    """Of 100 tasks with 3 resolved it is the resolved ones that are too few."""
    found = worth([PICO + number for number in range(100)], [number < 3 for number in range(100)])
    assert found.per_task.why is None
    assert (found.per_resolved.low, found.per_resolved.why) == (None, "no interval from fewer than 5 resolved tasks")
    assert worth([PICO] * 9, [True] * 9).per_resolved.why == "no interval: all tasks are alike"


def test_what_all_of_a_few_tasks_did_is_not_certain():
    """Six of six resolved is not 100% to 100%, and of any number no share lies beyond none and all."""
    all_of_six = worth([PICO] * 6, [True] * 6).resolved_share
    assert all_of_six.high == 1 and all_of_six.low == pytest.approx(0.55, abs=0.1)
    for solved in range(1, 40):
        share = worth([PICO] * 40, [number < solved for number in range(40)]).resolved_share
        assert share.low is not None and share.high is not None
        assert 0 <= share.low < solved / 40 < share.high <= 1
    one_by_one = worth([PICO] * 50, [number < 25 for number in range(50)])
    repeated = worth([PICO] * 50, [number < 25 for number in range(50)], [number // 5 for number in range(50)])
    widths = [each.resolved_share.high - each.resolved_share.low for each in (one_by_one, repeated)]  # type: ignore[operator]
    assert widths[1] > 1.8 * widths[0], "ten pieces of work tell less than fifty"


def test_few_tasks_have_no_interval_and_one_that_is_most_of_the_money_is_told():
    few = worth([PICO] * 4)
    assert few.per_task.low is None and "fewer than 5" in (few.per_task.why or "")
    assert "50% of the total" in (worth([*[PICO] * 9, 9 * PICO]).per_task.why or "")


def test_tasks_that_repeat_one_piece_of_work_are_drawn_together():
    """Ten runs of each of six pieces of work tell of six, not of sixty."""
    costs = [cost * PICO for cost in (1, 2, 3, 5, 8, 13) for _ in range(10)]
    alone, repeated = worth(costs), worth(costs, works=[number // 10 for number in range(60)])
    assert alone.mean == repeated.mean
    assert repeated.per_task.clusters == 6
    widths = [each.per_task.high - each.per_task.low for each in (alone, repeated)]  # type: ignore[operator]
    assert widths[1] > 2 * widths[0]


def test_no_interval_of_money_reaches_below_nothing():
    assert ends_of(Interval(5.0, -2.0, 9.6, 10)) == (0, 10)
    assert ends_of(Interval(5.0, None, None, 3)) is None


USUAL = Sort("red", None, ("small",))
"""Of what sort a task is that is not said to be of another."""


def outliers(
    costs: list[int], *, others: dict[int, dict[str, int]] | None = None, sorts: dict[int, Sort] | None = None
):
    """The outliers of tasks t0, t1 and so on, of which some are unlike the others, or of another sort."""
    usual = {"calls": 10, "prompt": 100, "cache_read": 40, "output": 20, "errors": 0, "resolved": -1}
    rows = [usual | (others or {}).get(place, {}) for place in range(len(costs))]
    known = list(dict.fromkeys([USUAL, *(sorts or {}).values()]))
    tasks = Costly(
        "USD",
        np.array([f"t{place}" for place in range(len(costs))], dtype=object),
        np.array([cost // PICO for cost in costs]),
        np.array([cost % PICO for cost in costs]),
        np.array([known.index((sorts or {}).get(place, USUAL)) for place in range(len(costs))]),
        **{name: np.array([row[name] for row in rows]) for name in usual},
    )
    return find_outliers(tasks, known, sum(costs))


def test_an_outlier_is_told_with_what_is_unusual_about_it():
    loop = {"calls": 90, "prompt": 900, "cache_read": 360, "output": 180, "errors": 3, "resolved": 0}
    found = outliers([*(PICO + number * 10**10 for number in range(30)), 40 * PICO], others={30: loop})
    (outlier,) = found.found
    assert (outlier.task, found.cost, found.tasks) == ("t30", 40 * PICO, 31)
    assert (outlier.errors, outlier.resolved, outlier.models) == (3, False, ("small",))
    assert reasons(outlier) == ["9.0 times the calls", "3 failed calls"]


def test_what_is_usual_is_exact_in_money():
    """No float holds these costs: the median of an even number of tasks is the mean of the middle two."""
    costs = [20_000 * PICO + number * 10**15 + number % 2 for number in range(14)]
    found = outliers([*costs, 10**6 * PICO + 1, 10**6 * PICO + 3])
    assert [outlier.cost for outlier in found.found] == [10**6 * PICO + 3, 10**6 * PICO + 1]
    assert found.found[0].usual.cost == 20_000 * PICO + 7 * 10**15 + 5 * 10**14, (
        "0.5 of a pico-unit goes to the even one"
    )
    assert (found.cost, found.total) == (2 * 10**6 * PICO + 4, sum(costs) + 2 * 10**6 * PICO + 4)


def test_a_task_is_compared_with_tasks_like_it():
    """What is dear among tickets is ordinary among reports."""
    tickets = [PICO + number * 10**10 for number in range(30)]
    reports = [50 * PICO + number * 10**11 for number in range(30)]
    blue = {place: Sort("blue", None, ("small",)) for place in range(30, 60)}
    found = outliers([*tickets, *reports, 50 * PICO], sorts=blue)
    assert [outlier.task for outlier in found.found] == ["t60"]
    assert found.found[0].usual.in_common == "the same team, kind and models"
    found = outliers([*tickets, *reports, 50 * PICO], sorts=blue | {60: Sort("red", None, ("other",))})
    assert [(outlier.task, outlier.usual.in_common) for outlier in found.found] == [("t60", "the same team and kind")]


def test_nothing_is_an_outlier_among_too_few_or_where_all_cost_the_same():
    few = outliers([10**number for number in range(1, 10)])
    assert few.found == () and few.why == "9 of the 10 tasks that it takes to say what is usual"
    assert outliers([*[PICO] * 40, 90 * PICO]).found == ()
    assert outliers([]) == Outliers("USD", 0, (), 0, 0, "0 of the 10 tasks that it takes to say what is usual")


@pytest.mark.parametrize("alike", [10, 12, 20, 60])
def test_of_1000_ordinary_tasks_one_or_none_is_told(alike):
    told = count = 0
    for draw in range(20_000 // alike):
        costs = np.random.default_rng(draw).lognormal(24, 0.7, alike)
        found = outliers([round(cost) for cost in costs])
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
