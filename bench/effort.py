"""Effort: how often equal tiers are told apart, how often unequal ones are, and how often intervals hold the truth."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.contrasts import difference, log_ratio
from analysis.ignored import judge
from analysis.passes import Tally, naive_pass_rate, pass_rate

RESPONSES = Path(__file__).parents[2] / "shared" / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz"
REPEATS, TASKS, MORE = 4000, 34, 1.25
CALLS = 17
RATES, LIKENESSES, SETS = (0.25, 0.4, 0.55, 0.7, 0.8), (0.2, 0.5, 0.8), 400
Lengths = dict[str, NDArray[np.float64]]
Values = dict[str, float]


def real_lengths(path: Path = RESPONSES) -> Lengths:
    """The logarithm of output tokens of each call of real agent tasks, by task."""
    found: dict[str, list[int]] = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            row = json.loads(line)
            found.setdefault(row["instance_id"], []).append(max(1, row["usage"]["completion_tokens"]))
    return {task: np.log(np.array(calls, dtype=float)) for task, calls in found.items()}


def halves(lengths: Lengths, tasks: int, seed: int, repeats: int = REPEATS) -> Iterator[tuple[Values, Values]]:
    """Real tasks, the calls of each split at random in two: as if it were done twice at the same tier."""
    random, names = np.random.default_rng(seed), sorted(lengths)
    for _ in range(repeats):
        first, second = {}, {}
        for task in random.choice(names, tasks, replace=False):
            order = random.permutation(lengths[task])
            half = len(order) // 2
            first[task], second[task] = float(order[:half].mean()), float(order[half:].mean())
        yield first, second


def raised(values: Values) -> Values:
    """The same with so many times the output."""
    return {task: value + float(np.log(MORE)) for task, value in values.items()}


def unpaired_size(lengths: Lengths) -> float:
    """How often two sets of other tasks, all of one tier, are told apart."""
    random, names, apart = np.random.default_rng(3), sorted(lengths), 0
    for _ in range(REPEATS):
        drawn = random.choice(names, 2 * TASKS, replace=False)
        sides = [{task: float(lengths[task].mean()) for task in part} for part in (drawn[:TASKS], drawn[TASKS:])]
        apart += bool(log_ratio(*sides).tells_apart(1))
    return apart / REPEATS


def money_size(lengths: Lengths) -> float:
    """The same of totals, whose few long tasks weigh most, each task compared with itself."""
    random, names, apart = np.random.default_rng(6), sorted(lengths), 0
    for _ in range(REPEATS):
        first, second = {}, {}
        for task in random.choice(names, TASKS, replace=False):
            order = np.exp(random.permutation(lengths[task]))
            half = len(order) // 2
            first[task], second[task] = float(order[:half].sum()), float(order[half : 2 * half].sum())
        apart += bool(difference(first, second).tells_apart(0))
    return apart / REPEATS


def coverage(passes: int | None) -> tuple[float, float, float, float]:
    """How often 20 tasks' interval holds the rate: ours, its worst and best setting, and one that counts runs."""
    random, cells, naive = np.random.default_rng(passes or 99), [], []
    for rate in RATES:
        for alike in LIKENESSES:
            whole, held = 1 / alike - 1, 0
            for _ in range(SETS):
                rates = random.beta(rate * whole, (1 - rate) * whole, 20)
                counts = random.integers(1, 11, 20) if passes is None else np.full(20, passes)
                tasks = [
                    Tally(int(n), int(random.binomial(n, chance))) for n, chance in zip(counts, rates, strict=True)
                ]
                ours, theirs = pass_rate(tasks), naive_pass_rate(tasks)
                held += (ours.low or 0) <= rate <= (ours.high or 0)
                naive.append((theirs.low or 0) <= rate <= (theirs.high or 0))
            cells.append(held / SETS)
    return float(np.mean(cells)), min(cells), max(cells), float(np.mean(naive))


def table() -> list[str]:
    """The results, for RESULTS.md."""
    lengths = real_lengths()
    rows = []
    for tasks in (10, 20, TASKS, 60):
        equal, unequal = Counter[str](), Counter[str]()
        for first, second in halves(lengths, tasks, seed=tasks):
            equal[judge(first, second, CALLS).verdict] += 1
            unequal[judge(first, raised(second), CALLS).verdict] += 1
        apart = [(found["told apart"] + found["told apart, a little"]) / REPEATS for found in (equal, unequal)]
        said = [f"{found['ignored'] / REPEATS:.1%}" for found in (equal, unequal)]
        rows.append(f"| {tasks} | {apart[0]:.1%} | {said[0]} | {apart[1]:.1%} | {said[1]} |")
    covered = []
    for passes in (*range(1, 11), None):
        ours, worst, best, naive = coverage(passes)
        covered.append(f"| {passes or '1 to 10, mixed'} | {ours:.1%} | {worst:.1%} to {best:.1%} | {naive:.1%} |")
    return [
        f"## Effort: tiers compared on {len(lengths)} real agent tasks, {REPEATS:,} times each",
        "",
        "The calls of a task, split at random in two, stand for two tiers. Goals: equal ones told apart in 3 to 7%,",
        f"ones that differ {MORE} times in at least 80% with {TASKS} tasks.",
        "",
        "| tasks, done at both | equal: told apart | equal: ignored | 1.25 times: told apart | 1.25 times: ignored |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Of {TASKS} tasks at one and {TASKS} others at the other, equal ones are told apart in "
        f"{unpaired_size(lengths):.1%}; by the money of {TASKS} same tasks in {money_size(lengths):.1%}.",
        "",
        "### Pass rates of 20 tasks",
        "",
        f"Made-up tasks, {', '.join(f'{rate:.0%}' for rate in RATES)} of them solved, their runs "
        f"{', '.join(map(str, LIKENESSES))} alike; {SETS} sets of each.",
        "Goal: 95% intervals hold the rate in 92 to 97%.",
        "",
        "| passes | ours | each setting | runs counted as tasks |",
        "|---|---|---|---|",
        *covered,
        "",
    ]
