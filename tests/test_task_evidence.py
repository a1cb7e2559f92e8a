"""Groups, steps and outliers of tasks are what plain Python makes of the calls one by one."""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from analysis.tasks import Group
from app.cli import run
from app.task_evidence import read_dear, read_groups, read_steps, read_whole
from warehouse.connection import Reader, open_reader
from warehouse.outcomes import Outcome
from warehouse.scope import Scope
from warehouse.task_evidence import sum_worths, works_of_groups

SELLERS = ("stepfun", "stepfun", "stepfun", "stepfun-cn", "nim")
SCOPES = {
    "all": Scope(),
    "of one team": Scope(values=(("team", ("red",)),)),
    "of one day": Scope(date(2026, 11, 3), date(2026, 11, 3)),
}
Calls = dict[str, list[dict[str, Any]]]


def lines(seed: int) -> Iterator[dict[str, Any]]:
    """Calls of 60 tasks: retried, without steps, beyond step 120, of two models, currencies and providers, unpriced."""
    pick = random.Random(seed)
    number = 0
    for task in range(60):
        seller, team, kind = pick.choice(SELLERS), pick.choice(["red", "blue", None]), pick.choice(["bug", None])
        numbered, begin = pick.random() < 0.7, pick.choice([0, 0, 1, 115, 300])
        for step in range(begin, begin + pick.randint(1, 9)):
            for _ in range(pick.choice([1, 1, 1, 2])):
                number += 1
                model = "step-3.5-flash" if pick.random() < 0.05 else "step-3.7-flash"
                at = "stepfun-cn" if seller == "stepfun" and pick.random() < 0.02 else seller
                usage = {
                    "prompt_tokens": pick.randint(1000, 9000) * (40 if task == 7 else 1),
                    "completion_tokens": pick.randint(1, 500),
                    "prompt_tokens_details": {"cached_tokens": pick.randint(0, 999)},
                }
                yield {
                    "time": f"2026-11-{1 + task % 5:02}T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                    "seller": at,
                    "task": f"t{task:02}",
                    "step": step if numbered and pick.random() < 0.98 else None,
                    "team": team,
                    "tags": {"kind": kind} if kind else {"other": "x"},
                    "request": {"model": model, **({"tools": [{}]} if task % 4 == 0 else {})},
                    "response": {
                        "id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage,
                        "provider": pick.choice(["North", "South"]),
                    },
                }  # fmt: skip


def outcomes(seed: int) -> dict[str, Outcome]:
    pick = random.Random(seed)
    tasks = [f"t{number:02}" for number in range(0, 70, 2)]
    return {
        task: Outcome(
            task, pick.choice([True, False, None]), None, pick.choice([None, "", "chore"]),
            pick.choice([None, "", f"work-{pick.randrange(9)}"]), "x.csv",
        )
        for task in tasks
    }  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2])
def seed(request) -> int:
    return request.param


@pytest.fixture
def said(seed) -> dict[str, Outcome]:
    return outcomes(seed)


@pytest.fixture(scope="module")
def loaded(seed, tmp_path_factory) -> Path:
    """A warehouse that no test changes."""
    folder = tmp_path_factory.mktemp("tasks")
    path = folder / "calls.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines(seed)), encoding="utf-8")
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(path)]) == 0
    return folder / "warehouse"


@pytest.fixture
def reader(loaded) -> Iterator[Reader]:
    with open_reader(loaded) as opened:
        yield opened


def calls_of(reader: Reader, wanted: Scope) -> Calls:
    """The calls of the tasks in scope, each task whole."""
    cursor = reader.connection.execute("select * from usage_row_priced order by start_at, line")
    names = [column[0] for column in cursor.description]
    tasks: Calls = defaultdict(list)
    for row in cursor.fetchall():
        tasks[row[names.index("task")]].append(dict(zip(names, row, strict=True)))
    teams = dict(wanted.values).get("team")
    return {
        task: calls
        for task, calls in tasks.items()
        if (wanted.since is None or wanted.since <= calls[0]["day"])
        and (wanted.until is None or calls[0]["day"] <= wanted.until)
        and (teams is None or any(call["team"] in teams for call in calls))
    }


def one_cost(calls: list[dict[str, Any]]) -> tuple[str | None, int | None]:
    """The currency and the cost of a task, where it is one known amount."""
    currencies = {call["currency"] for call in calls if call["cost"] is not None}
    if len(currencies) != 1 or any(call["cost"] is None for call in calls):
        return None, None
    return currencies.pop(), sum(call["cost"] for call in calls)


def kind_of(task: str, calls: list[dict[str, Any]], said: dict[str, Outcome]) -> str | None:
    tags = {(call["tags"] or {}).get("kind") for call in calls} - {None}
    if task in said and said[task].kind:
        return said[task].kind
    return tags.pop() if tags else "calls with tools" if any(call["tools"] for call in calls) else None


NAMES: dict[str, Callable[[str, list[dict[str, Any]], dict[str, Outcome]], str | None]] = {
    "model": lambda task, calls, said: " + ".join(sorted({call["model"] for call in calls})),
    "team": lambda task, calls, said: calls[0]["team"],
    "kind": kind_of,
}


def check_group(group: Group, tasks: Calls, said: dict[str, Outcome]) -> None:
    ends = {task: said[task].resolved if task in said else None for task in tasks}
    assert (group.tasks, group.calls) == (len(tasks), sum(map(len, tasks.values())))
    assert group.unknown == sum(any(call["cost"] is None for call in calls) for calls in tasks.values())
    assert group.judged == sum(end is not None for end in ends.values())
    assert group.resolved == sum(end is True for end in ends.values())
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for task, calls in tasks.items():
        currency, cost = one_cost(calls)
        if currency is not None and cost is not None:
            known[currency][task] = cost
    assert group.tasks - group.unknown - group.several_currencies == sum(map(len, known.values()))
    assert [worth.currency for worth in group.worths] == sorted(known)
    for worth in group.worths:
        costs = known[worth.currency]
        judged = {task: cost for task, cost in costs.items() if ends[task] is not None}
        assert (worth.tasks, worth.total) == (len(costs), sum(costs.values()))
        assert (worth.judged, worth.judged_total) == (len(judged), sum(judged.values()))
        assert worth.resolved == sum(ends[task] is True for task in judged)
        works = {(said[task].work if task in said else None) or task for task in costs}
        assert worth.per_task.clusters == len(works)
        assert worth.per_task.estimate == pytest.approx(worth.total / worth.tasks)
        if worth.resolved:
            assert worth.per_resolved.estimate == pytest.approx(worth.judged_total / worth.resolved)


@pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
def test_groups_are_those_of_the_calls(reader, said, wanted):
    tasks = calls_of(reader, wanted)
    check_group(read_whole(reader, wanted, said), tasks, said)
    for by, name_of in NAMES.items():
        found = read_groups(reader, wanted, said, by)
        check_group(found.whole, tasks, said)
        expected: dict[str | None, Calls] = defaultdict(dict)
        for task, calls in tasks.items():
            expected[name_of(task, calls, said)][task] = calls
        assert {group.name for group in found.groups} == set(expected)
        for group in found.groups:
            check_group(group, expected[group.name], said)
            steps = [{call["step"] for call in calls} - {None} for calls in expected[group.name].values()]
            without = sum(call["step"] is None for calls in expected[group.name].values() for call in calls)
            assert group.steps == sum(map(len, steps)) + without
        assert found.entered == sum(bool(task in said and said[task].kind) for task in tasks)
        assert found.entered + found.tagged + found.held == sum(
            kind_of(task, calls, said) is not None for task, calls in tasks.items()
        )


def placed(tasks: Calls) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each call with its step, or its place among the calls of its task without one."""
    for calls in tasks.values():
        without = 0
        for call in calls:
            without += call["step"] is None
            yield (without if call["step"] is None else call["step"]), call


@pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
def test_steps_are_those_of_the_calls(reader, wanted):
    calls = list(placed(calls_of(reader, wanted)))
    found = read_steps(reader, wanted)
    assert [part.first for part in found.each] == sorted({place for place, _ in calls})
    names = [part.name for part in found.upstream]
    assert set(names) == {call["upstream_provider"] for _, call in calls}
    parts = [(part, [call for place, call in calls if part.first <= place <= part.last]) for part in found.each]
    parts += [(part, [call for place, call in calls if part.first <= place <= part.last]) for part in found.bands]
    parts += [(part, [call for _, call in calls if call["upstream_provider"] == part.name]) for part in found.upstream]
    assert sum(part.calls for part in found.bands) == sum(part.calls for part in found.each) == len(calls)
    for part, its in parts:
        assert (part.calls, part.tasks) == (len(its), len({call["task"] for call in its})), part
        assert part.unpriced == sum(call["cost"] is None for call in its)
        assert part.cache_read == sum(call["cache_read"] or 0 for call in its)
        costs: dict[str, int] = defaultdict(int)
        for call in its:
            if call["cost"] is not None:
                costs[call["currency"]] += call["cost"]
        assert part.costs == costs


@pytest.mark.parametrize("wanted", SCOPES.values(), ids=SCOPES)
def test_the_dearest_are_those_of_the_calls(reader, said, wanted):
    tasks = calls_of(reader, wanted)
    found = read_dear(reader, wanted, said)
    for currency in {call.currency for call in found.calls}:
        its = [call for calls in tasks.values() for call in calls if call["currency"] == currency]
        costs = sorted((call["cost"] for call in its if call["cost"]), reverse=True)
        assert [call.cost for call in found.calls if call.currency == currency] == costs[:5]
    known = {task: one_cost(calls) for task, calls in tasks.items()}
    for each in found.outliers:
        costs = [cost for currency, cost in known.values() if currency == each.currency and cost]
        assert (each.tasks, each.total) == (len(costs), sum(costs))
        for outlier in each.found:
            assert known[outlier.task] == (each.currency, outlier.cost)
            assert outlier.errors == sum(call["errors"] for call in tasks[outlier.task])
            assert outlier.resolved is (said[outlier.task].resolved if outlier.task in said else None)
            if outlier.usual.in_common == "the same currency":
                assert outlier.usual.cost == round(median(costs))


def test_a_reader_asked_about_other_tasks_answers_about_those(reader, said):
    """What is put together for one scope is not taken for another's."""
    for wanted in (*SCOPES.values(), *reversed(SCOPES.values())):
        assert read_whole(reader, wanted, said).tasks == len(calls_of(reader, wanted))


def test_sums_tell_what_pieces_of_work_tell_one_by_one(reader, said):
    read_whole(reader, Scope(), said)
    every, judged = works_of_groups(reader, "model", 60), works_of_groups(reader, "model", 0)
    has_end = every["judged"] > 0
    assert 0 < len(judged["judged"]) < len(has_end)
    assert all((judged[figure] == column[has_end]).all() for figure, column in every.items())
    begins = 0
    for each, short in zip(sum_worths(reader, "model", 60), sum_worths(reader, "model"), strict=True):
        here = slice(begins, begins := begins + each.listed)
        totals, tasks = every["totals"][here], every["tasks"][here]
        assert (each.works, each.dearest) == (len(totals), totals.max())
        assert short == each._replace(listed=int(has_end[here].sum()))
        assert each.squares == pytest.approx(((totals * each.tasks / each.total - tasks) ** 2).sum(), abs=1e-12)
