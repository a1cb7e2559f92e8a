"""What each tier of effort costs, takes and solves: figures per arm, and two arms side by side, over tasks."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import log
from typing import NamedTuple

from analysis.contrasts import Contrast, Values, difference, gap_of, in_common, price_of_more
from analysis.ignored import Judged, judge
from analysis.intervals import Interval, mean, ratio
from analysis.passes import ENOUGH_PASSES, Tally, pass_rate
from analysis.tiers import Arm, in_order

TOTALS_ONLY = "a total without its tasks has no interval"


class TaskRun(NamedTuple):
    """One task done once by an arm, or a summary of ``cases`` tasks; what was not reported is None."""

    arm: Arm
    task: str
    solved: float | None
    """1 or 0, or a score; of a summary the share of its tasks."""
    pico: int | None
    currency: str | None
    latency_ms: int | None
    """Of a summary, of one task on average."""
    output: int | None
    calls: int = 1
    log_output: float | None = None
    """The mean logarithm of output tokens over its calls; None: that of the output per call."""
    cases: int = 1

    @property
    def written(self) -> float | None:
        """The mean logarithm of output tokens per call."""
        if self.log_output is not None or self.output is None:
            return self.log_output
        return log(max(1.0, self.output / (self.calls * self.cases)))


Value = Callable[[TaskRun], float | None]


class Standing(NamedTuple):
    """One arm's figures. Money is in pico-units of ``currency``; a mean is exact."""

    arm: Arm
    runs: int
    tasks: int
    passes: tuple[int, int]
    """The fewest and the most runs of a task."""
    solved: Interval
    """The share of runs that were solved, or the mean score."""
    currency: str | None
    cost: Fraction | None
    """Of a run, over those of known cost."""
    cost_interval: Interval
    solved_cost: Fraction | None
    """What was spent for each solved run, the runs that were not solved included."""
    solved_cost_interval: Interval
    latency: Interval
    output: Interval
    unknown_costs: int
    """Runs that have no known cost, left out of what is said of cost."""
    notes: tuple[str, ...]
    best: bool = False
    """No other arm that did the same work costs no more and solves no fewer."""


class Comparison(NamedTuple):
    """Two arms side by side; each figure is the second's less the first's."""

    first: Arm
    second: Arm
    tasks: int
    """Tasks that both did; 0: each did others."""
    solved: Contrast
    currency: str | None
    cost: Contrast
    times: Fraction | None
    """How many times the first's cost of a run the second's is."""
    latency: Contrast
    extra: Contrast
    """Pico-units for one more solved task."""
    output: Judged | None


def standings(runs: Iterable[TaskRun]) -> list[Standing]:
    """The figures of every arm, and which of them no other beats in cost and in what is solved."""
    found = [standing(arm, held) for arm, held in runs_by_arm(runs).items()]
    return [each._replace(best=_is_best(each, found)) for each in found]


def runs_by_arm(runs: Iterable[TaskRun]) -> dict[Arm, list[TaskRun]]:
    """The runs of each arm, in order."""
    found: dict[Arm, list[TaskRun]] = {}
    for run in runs:
        found.setdefault(run.arm, []).append(run)
    return {arm: found[arm] for arm in in_order(found)}


def standing(arm: Arm, runs: Sequence[TaskRun]) -> Standing:
    """One arm's figures."""
    counts = _counts(runs)
    currency, priced = priced_runs(runs)
    key = repr(arm)
    judged = [run for run in priced if run.solved is not None]
    solved = sum((Fraction(run.solved or 0) * run.cases for run in judged), Fraction(0))
    spent = sum(run.pico or 0 for run in judged)
    cases = sum(run.cases for run in priced)
    cost = Fraction(sum(run.pico or 0 for run in priced), cases) if cases else None
    return Standing(
        arm,
        sum(run.cases for run in runs),
        sum(_widest(held) for held in _by_task(runs).values()),
        (min(counts), max(counts)),
        solved_of(runs),
        currency,
        cost,
        _interval(priced, lambda run: run.pico, key),
        spent / solved if solved else None,
        _per_solved(judged, key),
        _interval(runs, lambda run: run.latency_ms, key, per_case=True),
        _interval(runs, lambda run: run.output, key),
        sum(run.cases for run in runs) - cases,
        _notes(runs, counts, currency),
    )


def compare(first: Sequence[TaskRun], second: Sequence[TaskRun], key: str = "") -> Comparison:
    """Two arms: each task with itself where both did at least five, else the tasks of one with those of the other."""
    sides = (first, second)
    solved = _contrast([_means(side, lambda run: run.solved) for side in sides], [solved_of(side) for side in sides])
    money, currency = [priced_runs(side) for side in sides], None
    cost = Contrast(None, None, None, 0, False, None, "not both have a known cost")
    times, extra = None, cost
    if money[0][0] == money[1][0] and money[0][0] is not None:
        currency = money[0][0]
        costs = [_means(side, lambda run: run.pico) for _, side in money]
        cost = _contrast(costs, [_interval(side, lambda run: run.pico, f"{key} cost") for _, side in money])
        paired = in_common(costs[0], costs[1])
        means = [_mean_cost(side, paired) for _, side in money]
        times = means[1] / means[0] if means[0] else None
        extra = _extra(costs, [_means(side, lambda run: run.solved) for _, side in money], cost, solved)
    latencies = [_means(side, lambda run: run.latency_ms) for side in sides]
    latency = _contrast(
        latencies, [_interval(side, lambda run: run.latency_ms, f"{key} latency", per_case=True) for side in sides]
    )
    written = [_means(side, lambda run: run.written) for side in sides]
    calls = sum(run.calls for side in sides for run in side) / max(1, sum(len(_by_task(side)) for side in sides))
    output = judge(written[0], written[1], calls) if all(written) and not _summed(first, second) else None
    both = len(in_common(*(dict.fromkeys(_by_task(side), 0.0) for side in sides)))
    return Comparison(first[0].arm, second[0].arm, both, solved, currency, cost, times, latency, extra, output)


def _mean_cost(runs: Sequence[TaskRun], tasks: Sequence[str]) -> Fraction:
    """Of these tasks, each weighing the same; of all runs where no task is named."""
    if not tasks:
        return Fraction(sum(run.pico or 0 for run in runs), sum(run.cases for run in runs))
    held = _by_task(runs)
    of_tasks = [Fraction(sum(run.pico or 0 for run in held[task]), len(held[task])) for task in tasks]
    return sum(of_tasks, Fraction(0)) / len(tasks)


def priced_runs(runs: Sequence[TaskRun]) -> tuple[str | None, list[TaskRun]]:
    """The runs of known cost and their one currency; none where they were billed in several."""
    priced = [run for run in runs if run.pico is not None]
    currencies = {run.currency for run in priced}
    return (next(iter(currencies)), priced) if len(currencies) == 1 else (None, [])


def solved_of(runs: Sequence[TaskRun]) -> Interval:
    """The share of runs that were solved, every task weighing the same; of scores beyond 0 and 1 their mean."""
    judged = [run for run in runs if run.solved is not None]
    if any(not 0 <= (run.solved or 0) <= 1 for run in judged):
        return mean(list(_means(judged, lambda run: run.solved).values()), key="score")
    tallies = []
    for held in _by_task(judged).values():
        if held[0].cases > 1:
            tallies += _spread(held)
        else:
            tallies.append(Tally(len(held), sum(run.solved or 0 for run in held)))
    return pass_rate(tallies)


def _spread(held: Sequence[TaskRun]) -> list[Tally]:
    """Summaries of the same tasks: which of them were solved each time is not known, so they count as run once."""
    cases = _widest(held)
    solved = round(sum(run.solved or 0 for run in held) / len(held) * cases)
    return [Tally(1, 1.0)] * solved + [Tally(1, 0.0)] * (cases - solved)


def _contrast(values: Sequence[Values], sides: Sequence[Interval]) -> Contrast:
    if in_common(values[0], values[1]):
        return difference(values[0], values[1])
    return gap_of(sides[0], sides[1])


def _extra(costs: Sequence[Values], solved: Sequence[Values], cost: Contrast, gain: Contrast) -> Contrast:
    if both := in_common(_kept(costs[0], solved[0]), _kept(costs[1], solved[1])):
        money = [costs[1][task] - costs[0][task] for task in both]
        found = price_of_more(money, [solved[1][task] - solved[0][task] for task in both])
        if found.low is not None or found.estimate is None or found.estimate >= 0:
            return found
    price = cost.estimate / gain.estimate if cost.estimate is not None and gain.estimate else None
    is_backwards = price is not None and price < 0
    if not gain.tells_apart(0):
        price = None if is_backwards else price
        return Contrast(price, None, None, gain.tasks, False, None, "whether more are solved cannot be told")
    if is_backwards:
        better = "the second" if (gain.estimate or 0) > 0 else "the first"
        costs_less = "; whether it costs less cannot be told" if cost.tells_apart(0) is False else " and costs less"
        return Contrast(None, None, None, gain.tasks, False, None, f"{better} solves more{costs_less}")
    return Contrast(price, None, None, gain.tasks, False, None, "no interval: the two did not do the same tasks")


def _kept(values: Values, others: Values) -> Values:
    return {task: value for task, value in values.items() if task in others}


def _by_task(runs: Iterable[TaskRun]) -> dict[str, list[TaskRun]]:
    found: dict[str, list[TaskRun]] = {}
    for run in runs:
        found.setdefault(run.task, []).append(run)
    return found


def _counts(runs: Sequence[TaskRun]) -> list[int]:
    return [len(held) for held in _by_task(runs).values()] or [0]


def _widest(held: Sequence[TaskRun]) -> int:
    return max(run.cases for run in held)


def _summed(*sides: Sequence[TaskRun]) -> bool:
    return any(run.cases > 1 for side in sides for run in side)


def _means(runs: Iterable[TaskRun], value_of: Value) -> dict[str, float]:
    """The mean of a figure per task, of tasks that have it; of summaries nothing, their tasks being unknown."""
    found: dict[str, list[float]] = {}
    for run in runs:
        value = value_of(run)
        if value is not None and run.cases == 1:
            found.setdefault(run.task, []).append(float(value))
    return {task: sum(values) / len(values) for task, values in found.items()}


def _interval(runs: Sequence[TaskRun], value_of: Value, key: str, *, per_case: bool = False) -> Interval:
    known = [(run, float(value)) for run in runs if (value := value_of(run)) is not None]
    if not known:
        return Interval(None, None, None, 0, "not reported")
    if _summed([run for run, _ in known]):
        cases = sum(run.cases for run, _ in known)
        whole = sum(value * (run.cases if per_case else 1) for run, value in known)
        return Interval(whole / cases, None, None, cases, TOTALS_ONLY)
    tasks = _by_task(run for run, _ in known)
    sums = dict.fromkeys(tasks, 0.0)
    for run, value in known:
        sums[run.task] += value
    return ratio(list(sums.values()), [len(held) for held in tasks.values()], key=key)


def _per_solved(runs: Sequence[TaskRun], key: str) -> Interval:
    if _summed(runs):
        return Interval(None, None, None, 0, TOTALS_ONLY)
    tasks = _by_task(runs).values()
    spent = [float(sum(run.pico or 0 for run in held)) for held in tasks]
    return ratio(spent, [sum(run.solved or 0 for run in held) for held in tasks], key=f"{key} solved")


def _notes(runs: Sequence[TaskRun], counts: Sequence[int], currency: str | None) -> tuple[str, ...]:
    notes = []
    if min(counts) < ENOUGH_PASSES:
        low, high = min(counts), max(counts)
        often = f"{low}" if low == high else f"{low} to {high}"
        notes.append(f"not enough: {often} {'pass' if high == 1 else 'passes'} of a task, {ENOUGH_PASSES} are needed")
    unknown = sum(run.cases for run in runs if run.pico is None)
    several = len({run.currency for run in runs if run.pico is not None}) > 1
    if several:
        notes.append("billed in several currencies: no cost is said")
    elif unknown:
        notes.append(f"the cost of {unknown:,} of {sum(run.cases for run in runs):,} runs is unknown, and left out")
    unjudged = sum(run.cases for run in runs if run.solved is None)
    if unjudged:
        notes.append(f"how {unjudged:,} of {sum(run.cases for run in runs):,} runs ended is unknown")
    return tuple(notes)


def _is_best(one: Standing, others: Sequence[Standing]) -> bool:
    if one.cost is None or one.solved.estimate is None:
        return False
    return not any(_beats(other, one) for other in others)


def _beats(other: Standing, one: Standing) -> bool:
    """Costs no more and solves no fewer, at the same work and in the same currency, and one of both better."""
    if other.cost is None or other.solved.estimate is None or other.currency != one.currency:
        return False
    assert one.cost is not None
    assert one.solved.estimate is not None
    if (other.arm.run_set, other.arm.kind) != (one.arm.run_set, one.arm.kind):
        return False
    better = other.cost < one.cost or other.solved.estimate > one.solved.estimate
    return other.cost <= one.cost and other.solved.estimate >= one.solved.estimate and better
