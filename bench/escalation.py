"""Escalation: what is found of escalations planted into real agent runs, whose tasks are kept whole."""

import gzip
import json
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, SupportsFloat

import numpy as np

from analysis.billed import billed_otherwise
from analysis.escalation import SIGNS, Calls, Found, Rates, Search
from analysis.loops import Ints, Mask, Steps
from bench.escalation_sizes import Drawn, draw_sizes, sizes_of

RUNS = Path(__file__).parents[2] / "shared" / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz"
RATES = (2_000_000, 200_000, 12_000_000)
"""Pico-USD per token of input, cache read and output: what the runs were billed at, to the last digit."""
SHARE = 0.05
"""Of the calls of a planted batch, so many escalate."""
BATCHES = 200
CLEAN_TASKS, BATCH_TASKS = 60, 100
"""Tasks that come first and are left as they were, on which routes are tried; and tasks of a planted batch."""
Draw = np.random.Generator


class Runs(NamedTuple):
    """The runs, one row per call, each task's in order."""

    task: Ints
    route: Ints
    prompt: Ints
    cached: Ints
    output: Ints
    reasoning: Ints
    sent: Ints
    known: Ints
    back: Ints
    beside: Ints
    text: Ints
    """Characters of the answer; -1: sizes of messages were not recorded."""


class Planted(NamedTuple):
    """Runs with escalations in them, and what is true of them."""

    runs: Runs
    at: Mask
    """Calls that escalated."""
    extra: Ints
    """Tokens that were billed and not shown."""
    cost: Ints
    """Pico-USD of them."""


Plant = Callable[[Runs, Draw], Planted]


def read_runs(path: Path = RUNS, *, sized: bool = False) -> Runs:
    """The real runs, in the order of the tasks' first calls; ``sized`` draws sizes of messages for them."""
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    begun: dict[str, int] = {}
    for row in rows:
        begun[row["instance_id"]] = min(row["created"], begun.get(row["instance_id"], row["created"]))
    rows.sort(key=lambda row: (begun[row["instance_id"]], row["instance_id"], row["step"]))
    tasks, routes = list(dict.fromkeys(row["instance_id"] for row in rows)), sorted({row["provider"] for row in rows})
    place, usages = {task: number for number, task in enumerate(tasks)}, [row["usage"] for row in rows]
    columns = (
        [place[row["instance_id"]] for row in rows],
        [routes.index(row["provider"]) for row in rows],
        [usage["prompt_tokens"] for usage in usages],
        [usage["prompt_tokens_details"]["cached_tokens"] for usage in usages],
        [usage["completion_tokens"] for usage in usages],
        [usage["completion_tokens_details"]["reasoning_tokens"] for usage in usages],
    )
    counts = [np.array(column, np.int64) for column in columns]
    unknown = np.full(len(rows), -1, np.int64)
    drawn = Drawn(unknown, unknown, unknown, unknown, unknown)
    if sized:
        drawn = draw_sizes(counts[0], counts[2], counts[4] - counts[5], np.random.default_rng(11))
    return Runs(*[*counts, *drawn])


def search(runs: Runs) -> tuple[Found, Ints]:
    """What is found, and which calls by which sign: the rows of each, as the product finds them."""
    count = len(runs.task)
    sound = runs.reasoning <= runs.output
    sizes = sizes_of(Drawn(*runs[-5:])) if (runs.text >= 0).any() else None
    counts = runs.prompt, runs.output, runs.reasoning
    steps = Steps(runs.task, runs.route, *counts, np.ones(count, np.bool_), sound, sizes)
    rates = Rates(*(np.full(count, rate, np.int64) for rate in RATES))
    looking = Search()
    looking.add(
        Calls(steps, runs.task, np.ones(count, np.bool_), rates, runs.cached, np.arange(count, dtype=np.int64)[:, None])
    )
    found = looking.found()
    return found, np.unique(np.concatenate([found.hits[sign].address[:, 0] for sign in SIGNS]))


def hidden_output(factor: float) -> Plant:
    """A larger model wrote as much again behind the answer that was shown."""

    def plant(runs: Runs, draw: Draw) -> Planted:
        at = draw.random(len(runs.task)) < SHARE
        extra = np.where(at, np.round((factor - 1) * runs.output), 0).astype(np.int64)
        return Planted(runs._replace(output=runs.output + extra), at, extra, extra * RATES[2])

    return plant


def more_tokens(tokens: int) -> Plant:
    """So many tokens of output that were not shown."""

    def plant(runs: Runs, draw: Draw) -> Planted:
        at = draw.random(len(runs.task)) < SHARE
        extra = np.where(at, tokens, 0)
        return Planted(runs._replace(output=runs.output + extra), at, extra, extra * RATES[2])

    return plant


def hidden_call(runs: Runs, draw: Draw) -> Planted:
    """A whole call of a larger model, its prompt the same and not cached, and its answer as long as another's."""
    at = draw.random(len(runs.task)) < SHARE
    prompt, output = np.where(at, runs.prompt, 0), np.where(at, draw.permutation(runs.output), 0)
    grown = runs._replace(prompt=runs.prompt + prompt, output=runs.output + output)
    return Planted(grown, at, prompt + output, prompt * RATES[0] + output * RATES[2])


def visible_output(factor: float) -> Plant:
    """The answer itself is longer, and is sent again in every later prompt."""

    def plant(runs: Runs, draw: Draw) -> Planted:
        at = draw.random(len(runs.task)) < SHARE
        longer = np.where(at, np.round((factor - 1) * runs.output), 0).astype(np.int64)
        first = np.r_[True, runs.task[1:] != runs.task[:-1]]
        before = np.cumsum(longer) - longer
        sent = before - np.maximum.accumulate(np.where(first, before, 0))
        none = np.zeros_like(longer)
        # What is longer is written as the rest of the answer is, and comes back whole.
        rate = np.maximum(runs.output - runs.reasoning, 1)
        more = np.where(runs.text >= 0, longer * np.maximum(runs.text, 0) // rate, 0)
        back = runs.back + np.where(first, 0, np.r_[0, more[:-1]])
        counts = {"output": runs.output + longer, "prompt": runs.prompt + sent}
        return Planted(runs._replace(**counts, text=runs.text + more, back=back), at, none, none)

    return plant


def compaction(runs: Runs, draw: Draw) -> Planted:
    """Half of the tasks are summed up once on their way: the prompt falls by 10 to 80%, and grows on from there."""
    prompt, kept = runs.prompt.copy(), runs.known.copy()
    for task in np.unique(runs.task).tolist():
        rows = np.flatnonzero(runs.task == task)
        if draw.random() < 0.5 and len(rows) > 4:
            place = int(draw.integers(3, len(rows)))
            fall = int(prompt[rows[place]] * draw.uniform(0.1, 0.8))
            prompt[rows[place:]] -= fall
            kept[rows[place]] = np.minimum(kept[rows[place]], 1)
    none = np.zeros_like(prompt)
    return Planted(runs._replace(prompt=np.maximum(prompt, 1), known=kept), none > 0, none, none)


KINDS: dict[str, Plant] = {
    **{f"hidden output x{factor:g}": hidden_output(factor) for factor in (1.5, 2.0, 3.0, 6.0)},
    "hidden output, +1,000 tokens": more_tokens(1000),
    "a whole hidden call": hidden_call,
    "visible output x3": visible_output(3.0),
    "compaction": compaction,
}


class Measured(NamedTuple):
    """One planted batch."""

    found: float
    """Of the planted calls that could be checked."""
    tokens: float
    """Of the tokens planted into those."""
    all_found: float
    """Of all planted calls."""
    bound: float
    """The lower bound by what was planted into calls that could be checked."""
    all_bound: float
    """By all that was planted."""
    likely: float
    """The estimate by what was planted into calls that were found."""
    false: float
    """Found calls behind which nothing is hidden, per 1,000 that could be checked."""
    checkable: float
    at_least: int


def batches(runs: Runs, plant: Plant, count: int = BATCHES) -> Iterator[Measured]:
    """Batches of tasks drawn anew, each behind the same first tasks that are left as they were."""
    draw = np.random.default_rng(7)
    first, others = _tasks(runs, np.arange(CLEAN_TASKS)), np.arange(CLEAN_TASKS, int(runs.task.max()) + 1)
    for _ in range(count):
        chosen = np.sort(draw.choice(others, BATCH_TASKS, replace=False))
        yield measure(first, plant(_tasks(runs, chosen), draw))


def measure(first: Runs, planted: Planted) -> Measured:
    """Search the first tasks and a planted batch, and hold what is found against what is true."""
    runs = Runs(*(np.concatenate(both) for both in zip(first, planted.runs, strict=True)))
    behind = len(first.task)
    found, rows = search(runs)
    hit, checkable = np.zeros(len(runs.task), np.bool_), checkable_calls(runs)
    hit[rows] = True
    hit, could = hit[behind:], checkable[behind:]
    wanted = planted.at & could
    at_least = sum(int(found.hits[sign].at_least.sum()) for sign in SIGNS)
    likely = sum(int(found.hits[sign].likely.sum()) for sign in SIGNS)
    return Measured(
        _share(np.count_nonzero(wanted & hit), np.count_nonzero(wanted)),
        _share(planted.extra[wanted & hit].sum(), planted.extra[wanted].sum()),
        _share(np.count_nonzero(planted.at & hit), np.count_nonzero(planted.at)),
        _share(at_least, planted.cost[could].sum()),
        _share(at_least, planted.cost.sum()),
        _share(likely, planted.cost[hit].sum()),
        1000 * _share(np.count_nonzero(hit & (planted.cost == 0)), np.count_nonzero(could)),
        found.checkable / found.calls,
        at_least,
    )


def checkable_calls(runs: Runs) -> Mask:
    """A plain recomputation, call by call: which could be checked by their output, their prompt, or their sizes."""
    count = len(runs.task)
    could = np.zeros(count, np.bool_)
    for row in range(count - 1):
        beside = runs.task[row] == runs.task[row + 1] and runs.route[row] == runs.route[row + 1]
        if not beside or runs.reasoning[row] > runs.output[row]:
            continue
        before = row > 0 and runs.task[row - 1] == runs.task[row] and runs.route[row - 1] == runs.route[row]
        grew = runs.prompt[row + 1] > runs.prompt[row]
        could[row] = grew or (before and runs.prompt[row + 1] >= runs.prompt[row - 1])
    return could | ((runs.text > 0) & (runs.reasoning <= runs.output))


def _tasks(runs: Runs, chosen: Ints) -> Runs:
    kept = np.isin(runs.task, chosen)
    return Runs(*(column[kept] for column in runs))


def _share(part: SupportsFloat, whole: SupportsFloat) -> float:
    return float(part) / float(whole) if float(whole) else float("nan")


HEAD = (
    "| planted | calls found | of their tokens | of all planted calls | lower bound below the truth | lower bound"
    " by truth | by all planted | estimate by truth of the found | false per 1,000 | checkable | goal |"
)
RULE = "|---|---|---|---|---|---|---|---|---|---|---|"
GOALS = {
    "hidden output x3": "at least 55%; 85% of tokens",
    "hidden output, +1,000 tokens": "at least 88%",
    "a whole hidden call": "at least 80%",
    "compaction": "at most 1 false per 1,000",
    "visible output x3": "none, and no money",
}


SIZED_GOALS = {
    "hidden output x2": "at least 45%; 75% of tokens",
    "hidden output x3": "at least 75%; 95% of tokens",
    "hidden output, +1,000 tokens": "at least 95%",
    "compaction": "none",
    "visible output x3": "none, and no money",
}


def table() -> list[str]:
    """The section of RESULTS.md."""
    return [*_without(), *_with()]


def _with() -> list[str]:
    """The same where sizes of messages were recorded."""
    runs = read_runs(sized=True)
    found, rows = search(runs)
    return [
        "### The same with sizes of messages",
        "",
        HEAD,
        RULE,
        *(_row(name, list(batches(runs, plant)), SIZED_GOALS) for name, plant in KINDS.items()),
        "",
        f"In the runs as they are {found.by_size / found.calls:.2%} of calls can be held against sizes, and"
        f" {len(rows)} are told of.",
        "The texts of the runs are not kept: characters are drawn by the quantiles of tokens per character that such",
        "texts have (`bench/escalation_sizes.py`), each call by itself.",
        "",
    ]


def _without() -> list[str]:
    runs = read_runs()
    rows = [_row(name, list(batches(runs, plant)), GOALS) for name, plant in KINDS.items()]
    return [
        f"## Escalation: planted into {len(runs.task):,} real calls of {len(np.unique(runs.task))} tasks",
        "",
        HEAD,
        RULE,
        *rows,
        "",
        f"{BATCHES} batches each, of {BATCH_TASKS} whole tasks drawn anew behind {CLEAN_TASKS} left as they were, on",
        f"which the routes are tried; {SHARE:.0%} of calls escalate. Medians. Calls found, their tokens and the lower",
        "bound are of planted calls that can be checked; the goal of the bound: below the truth in at least 97% of",
        "batches, and at least 65% of it from x2 on.",
        "",
        *_clean(runs),
        "",
    ]


def _row(name: str, measured: list[Measured], goals: dict[str, str]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = Measured(*np.nanmedian(np.array(measured, np.float64), axis=0).tolist())
    bounds = [each.bound for each in measured if each.bound == each.bound]
    below = _percent(sum(bound <= 1 for bound in bounds) / len(bounds)) if bounds else _money(measured)
    shares = (middle.bound, middle.all_bound, middle.likely)
    cells = [
        name,
        *map(_percent, (middle.found, middle.tokens, middle.all_found)),
        below,
        *map(_percent, shares),
        f"{np.mean([each.false for each in measured]):.2f}",
        _percent(middle.checkable),
        goals.get(name, ""),
    ]
    return f"| {' | '.join(cells)} |"


def _money(measured: list[Measured]) -> str:
    """Where nothing is hidden: what is told of it, on the mean."""
    told = sum(each.at_least for each in measured) / len(measured) / 10**12
    return f"{told:.2f} USD told" if told else "no money told"


def _percent(part: float) -> str:
    return f"{part:.0%}" if part == part else " "


def _clean(runs: Runs) -> list[str]:
    """The runs as they are, escalation from the first call on, and one call billed at another rate."""
    found, rows = search(runs)
    tasks = len(np.unique(runs.task[rows]))
    plain = np.count_nonzero(checkable_calls(runs))
    everywhere = hidden_output(3.0)(runs, np.random.default_rng(7))
    ours, _ = search(everywhere.runs)
    found_bills, false_bills = billed()
    return [
        "| the runs as they are | measured | goal |",
        "|---|---|---|",
        f"| found per 1,000 checkable calls | {1000 * len(rows) / plain:.2f} | at most 1 |",
        f"| tasks with a find | {tasks / len(np.unique(runs.task)):.1%} | at most 1.5% |",
        f"| checkable, as reported, and by a plain recomputation | {found.checkable / found.calls:.2%},"
        f" {plain / len(runs.task):.2%} | within a point |",
        f"| hidden output x3 from the first call on: output still checkable | {ours.followed / ours.calls:.0%} | |",
        f"| one call billed at another rate: found | {found_bills:.0%} | all |",
        f"| the same: others told | {false_bills} | none |",
    ]


def billed(times: int = 200, path: Path = RUNS) -> tuple[float, int]:
    """One call billed at another rate, each time another: the share that is found, and how many others are told."""
    with gzip.open(path, "rt") as lines:
        usages = [usage for usage in (json.loads(line)["usage"] for line in lines) if usage.get("cost") is not None]
    asked = np.array([int(Decimal(repr(usage["cost"])) * 10**12) for usage in usages], np.int64)
    tokens = [(u["prompt_tokens"], u["prompt_tokens_details"]["cached_tokens"], u["completion_tokens"]) for u in usages]
    sums = [(p - c) * RATES[0] + c * RATES[1] + o * RATES[2] for p, c, o in tokens]
    cost, draw, found, false = np.array(sums, np.int64), np.random.default_rng(7), 0, 0
    factors = draw.choice((0.5, 0.9, 1.1, 2.0, 2.5), times)
    for row, factor in zip(draw.integers(0, len(cost), times), factors, strict=True):
        changed = asked.copy()
        changed[row] = int(changed[row] * factor)
        told = np.flatnonzero(billed_otherwise(cost, changed))
        found += int(row in told)
        false += len(told) - int(row in told)
    return found / times, false
