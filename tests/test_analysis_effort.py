"""Passes, tiers of effort and what may be said of them: measured on tasks, real ones where they are here."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis.contrasts import Contrast, difference, gap_of, log_ratio, price_of_more
from analysis.effort import TaskRun, compare, runs_by_arm, standings
from analysis.ignored import judge, tasks_to_see
from analysis.intervals import Interval
from analysis.passes import Tally, half_width_of, likeness, naive_pass_rate, pass_rate, passes_needed
from analysis.student import quantile
from analysis.tiers import Arm, pairs_of

Lengths = dict[str, np.ndarray]
REPEATS = 1000


def ends(found: Interval | Contrast) -> tuple[float, float]:
    """Both ends of an interval that is there."""
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


@pytest.fixture(scope="module")
def lengths(shared: Path) -> Lengths:
    """The logarithm of output tokens of each call of 239 real agent tasks, by task."""
    found: dict[str, list[int]] = {}
    with gzip.open(shared / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["instance_id"], []).append(max(1, row["usage"]["completion_tokens"]))
    return {task: np.log(calls) for task, calls in found.items()}


def two_halves(lengths: Lengths, tasks: int, seed: int) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
    """Real tasks, the calls of each split at random in two: as if it were done twice, at tiers that are the same."""
    random = np.random.default_rng(seed)
    names = sorted(lengths)
    for _ in range(REPEATS):
        first, second = {}, {}
        for task in random.choice(names, tasks, replace=False):
            order = random.permutation(lengths[task])
            half = len(order) // 2
            first[task], second[task] = float(order[:half].mean()), float(order[half:].mean())
        yield first, second


@pytest.mark.parametrize("tasks", [10, 20, 34])
def test_tiers_that_are_the_same_are_told_apart_in_one_comparison_of_twenty(lengths: Lengths, tasks: int):
    apart = [bool(judge(*halves, 17).ratio.tells_apart(1)) for halves in two_halves(lengths, tasks, seed=tasks)]
    assert 0.03 <= np.mean(apart) <= 0.07


def test_unpaired_tiers_that_are_the_same_are_told_apart_in_one_comparison_of_twenty(lengths: Lengths):
    random, names = np.random.default_rng(3), sorted(lengths)
    apart = []
    for _ in range(REPEATS):
        drawn = random.choice(names, 68, replace=False)
        sides = [{task: float(lengths[task].mean()) for task in part} for part in (drawn[:34], drawn[34:])]
        found = log_ratio(*sides)
        apart.append(bool(found.tells_apart(1)))
        assert not found.paired
    assert 0.03 <= np.mean(apart) <= 0.07


def test_a_quarter_more_output_is_seen_with_34_tasks_done_at_both_tiers(lengths: Lengths):
    verdicts = Counter[str]()
    for first, second in two_halves(lengths, 34, seed=1):
        verdicts[judge(first, {task: value + np.log(1.25) for task, value in second.items()}, 17).verdict] += 1
    seen = verdicts["told apart"] + verdicts["told apart, a little"]
    assert seen / REPEATS >= 0.8
    assert verdicts["ignored"] / REPEATS <= 0.05, "a real difference of a quarter is hardly ever called none"


def test_ignored_is_said_only_of_an_interval_within_a_quarter_either_way(lengths: Lengths):
    said = Counter[str]()
    for tasks in (10, 34, 100):
        for first, second in two_halves(lengths, tasks, seed=tasks + 1):
            found = judge(first, second, 17)
            low, high = ends(found.ratio)
            within = low >= 0.8 and high <= 1.25
            assert within or found.verdict != "ignored"
            assert not within or found.verdict in ("ignored", "told apart, a little")
            said[f"{tasks}: {found.verdict}"] += 1
    assert said["10: not enough data"] > 0.8 * REPEATS
    assert said["100: ignored"] > 0.9 * REPEATS


def test_the_tasks_said_to_be_needed_are_enough(lengths: Lengths):
    needed = [judge(*halves, 17).tasks_needed for halves in two_halves(lengths, 60, seed=5)]
    assert 28 <= np.median([number for number in needed if number]) <= 40
    assert tasks_to_see(0.1) == 5
    assert tasks_to_see(10_000) is None
    # With 34 tasks a spread of 0.447 is the most of which a quarter is seen four times in five.
    assert tasks_to_see(0.447) == 34


def runs_of(random: np.random.Generator, rate: float, alike: float, passes: int | None) -> list[Tally]:
    """20 tasks, some hard and some easy: so alike are the runs of one; ``passes`` None: each has 1 to 10 of its own."""
    whole = 1 / alike - 1
    rates = random.beta(rate * whole, (1 - rate) * whole, 20)
    counts = random.integers(1, 11, 20) if passes is None else np.full(20, passes)
    return [Tally(int(runs), int(random.binomial(runs, chance))) for runs, chance in zip(counts, rates, strict=True)]


@pytest.mark.parametrize("passes", [*range(1, 11), None])
def test_the_interval_of_a_pass_rate_holds_the_rate_as_often_as_it_says(passes: int | None):
    random = np.random.default_rng(passes or 99)
    held: list[bool] = []
    naive: list[bool] = []
    for rate in (0.25, 0.4, 0.55, 0.7, 0.8):
        for alike in (0.2, 0.5, 0.8):
            for _ in range(REPEATS // 5):
                tasks = runs_of(random, rate, alike, passes)
                found, other = pass_rate(tasks), naive_pass_rate(tasks)
                for of, among in ((found, held), (other, naive)):
                    low, high = ends(of)
                    among.append(low <= rate <= high)
    assert 0.92 <= np.mean(held) <= 0.97
    if passes != 1:
        assert np.mean(naive) < 0.92, "runs of one task are no tasks of their own"


def test_a_pass_rate_of_all_or_nothing_has_an_interval_of_its_tasks():
    alone, often = pass_rate([Tally(1, 1)] * 20), pass_rate([Tally(10, 10)] * 20)
    assert alone == often
    assert alone.estimate == 1
    assert 0.8 < ends(alone)[0] < 0.9
    assert ends(alone)[1] == 1


def test_few_tasks_have_a_rate_and_no_interval():
    found = pass_rate([Tally(10, 5)] * 4)
    assert (found.estimate, found.low, found.high, found.clusters) == (0.5, None, None, 4)
    assert pass_rate([]) == Interval(None, None, None, 0, "no run has an outcome")


def test_likeness_is_that_of_the_runs():
    random = np.random.default_rng(2)
    whole = [likeness([task for _ in range(20) for task in runs_of(random, 0.6, 0.5, 5)]) for _ in range(5)]
    assert np.mean([value for value in whole if value is not None]) == pytest.approx(0.5, abs=0.05)
    assert likeness([Tally(1, 1)] * 20) is None
    assert likeness([Tally(5, 5)] * 10 + [Tally(5, 0)] * 10) == 1


def test_more_passes_help_only_so_far():
    assert passes_needed(60, 0.12, rate=0.6, alike=0.3).passes == 5
    few = passes_needed(20, 0.05, alike=0.5)
    assert few.passes is None
    assert few.reached == pytest.approx(half_width_of(20, 100, rate=0.5, alike=0.5))
    assert half_width_of(few.tasks_needed, 5, rate=0.5, alike=0.5) <= 0.05
    assert half_width_of(few.tasks_needed - 1, 5, rate=0.5, alike=0.5) > 0.05


def test_the_passes_planned_give_the_width_wanted():
    plan = passes_needed(40, 0.14, rate=0.6, alike=0.4)
    assert plan.passes is not None
    random = np.random.default_rng(8)
    widths = []
    for _ in range(400):
        whole = 1 / 0.4 - 1
        chances = random.beta(0.6 * whole, 0.4 * whole, 40)
        found = pass_rate([Tally(plan.passes, int(random.binomial(plan.passes, chance))) for chance in chances])
        low, high = ends(found)
        widths.append((high - low) / 2)
    assert np.mean(widths) == pytest.approx(plan.reached, rel=0.08)


def test_a_difference_compares_each_task_with_itself_where_both_did_it():
    first = {f"t{number}": float(number * 100) for number in range(10)}
    second = {task: value + 5 + (number % 3) for number, (task, value) in enumerate(first.items())}
    found = difference(first, second)
    assert found.paired
    low, high = ends(found)
    assert low < 6 < high < 8
    apart = difference(first, {f"other {task}": value for task, value in second.items()})
    assert not apart.paired
    assert ends(apart)[0] < -100
    assert difference(first, dict(first)).low is None, "a copy is no evidence"
    assert difference(first, {"t1": 1.0}).why == "no interval from fewer than 5 tasks"


def test_paired_money_that_is_the_same_is_told_apart_in_one_comparison_of_twenty(lengths: Lengths):
    # Totals, whose few long tasks weigh most; the halves stand for two tiers that cost the same.
    random, names, apart = np.random.default_rng(6), sorted(lengths), []
    for _ in range(REPEATS):
        first, second = {}, {}
        for task in random.choice(names, 34, replace=False):
            order = np.exp(random.permutation(lengths[task]))
            half = len(order) // 2
            first[task], second[task] = float(order[:half].sum()), float(order[half : 2 * half].sum())
        apart.append(bool(difference(first, second).tells_apart(0)))
    assert 0.03 <= np.mean(apart) <= 0.07


def test_different_tasks_are_compared_by_both_intervals():
    found = gap_of(Interval(0.4, 0.3, 0.5, 30), Interval(0.7, 0.6, 0.78, 40))
    assert found.estimate == pytest.approx(0.3)
    assert ends(found) == pytest.approx((0.3 - np.hypot(0.1, 0.1), 0.3 + np.hypot(0.08, 0.1)))
    assert gap_of(Interval(0.4, None, None, 3, "few"), Interval(0.7, 0.6, 0.8, 40)).low is None


def test_one_more_solved_task_has_a_price_only_where_more_are_solved():
    random = np.random.default_rng(4)
    gains = random.choice([0.0, 0.4, 1.0], 60)
    found = price_of_more((2.0 + random.normal(0, 0.2, 60)).tolist(), gains.tolist())
    assert found.estimate == pytest.approx(2 / gains.mean(), rel=0.05)
    low, high = ends(found)
    assert low < 2 / 0.4667 < high
    unsure = price_of_more([2.0] * 60, random.choice([-1.0, 1.0], 60).tolist())
    assert unsure.low is None
    assert unsure.why == "whether more are solved cannot be told"


def runs_at(effort: str, *runs: tuple[int, int, int]) -> list[TaskRun]:
    """Runs as ``(task, solved, cost)``."""
    return [
        TaskRun(Arm("m", effort=effort), f"t{task}", float(solved), 10**9 * cost, "USD", None, None)
        for task, solved, cost in runs
    ]


def test_that_one_solves_more_is_not_said_where_it_cannot_be_told():
    """One task more of ten is solved, for a little less: that may be chance."""
    low = runs_at("low", *((task, task % 2, 10 + task) for task in range(10)))
    high = runs_at("high", *((task, task % 2 or task == 0, 9 + task + task % 3) for task in range(10)))
    found = compare(low, high)
    assert found.solved.estimate == pytest.approx(0.1)
    assert (found.extra.estimate, found.extra.why) == (None, "whether more are solved cannot be told")


def test_that_one_costs_less_is_not_said_where_it_cannot_be_told():
    low = runs_at("low", *((task, task == 0, 10 + task) for task in range(12)))
    high = runs_at("high", *((task, task != 1, 10 + task + (2 if task % 2 else -3)) for task in range(12)))
    paired, apart = compare(low, high), compare(low, [run._replace(task=f"other {run.task}") for run in high])
    assert (paired.extra.low or 0) < (paired.extra.estimate or 0) < 0 < (paired.extra.high or 0)
    assert (apart.cost.estimate or 0) < 0
    assert apart.extra.why == "the second solves more; whether it costs less cannot be told"


def test_how_many_times_as_dear_goes_by_the_same_tasks_as_the_difference():
    """The second also did a dear task that the first did not."""
    low = runs_at("low", *((task, 1, 10 + task) for task in range(8)))
    high = runs_at("high", *((task, 1, 9 + task) for task in range(8)), (99, 1, 900))
    found = compare(low, high)
    assert found.cost.estimate == pytest.approx(-(10**9))
    assert float(found.times or 0) == pytest.approx(100 / 108)


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.7062047), (4, 2.7764451), (19, 2.0930241), (33, 2.0345153), (1000, 1.9623391)]
)
def test_quantiles_are_those_of_the_tables(freedom: int, expected: float):
    assert quantile(0.975, freedom) == pytest.approx(expected, rel=1e-6)


def test_arms_of_different_work_are_not_ranked_and_not_compared():
    """A cheap kind of work would make its arm the best of all."""

    def run(kind, effort, task, pico):
        return TaskRun(Arm("m", "s", effort, kind=kind), task, 1.0, pico, "USD", 1000, 100)

    runs = [run("incident", "low", f"i{number}", 10) for number in range(6)]
    runs += [run("review", "low", f"r{number}", 900 + number) for number in range(6)]
    runs += [run("review", "high", f"r{number}", 1800 + number) for number in range(6)]
    found = {(each.arm.kind, each.arm.effort): each.best for each in standings(runs)}
    assert found == {("incident", "low"): True, ("review", "low"): True, ("review", "high"): False}
    arms = list(runs_by_arm(runs))
    assert [(one.kind, other.kind) for one, other in pairs_of(arms)] == [("review", "review")]
    assert [(one.kind, other.kind) for one, other in pairs_of(arms, against="low")] == [("review", "review")]


def test_a_call_of_the_logs_that_asks_for_no_tier_is_of_none():
    logs = [Arm("m", "s", effort) for effort in ("low", None, "high")]
    assert [(one.effort, other.effort) for one, other in pairs_of(logs)] == [("low", "high")]
    loaded = [arm._replace(run_set="board") for arm in logs]
    assert len(pairs_of(loaded)) == 3
