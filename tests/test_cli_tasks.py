"""``tollbook tasks --by``, ``--steps`` and ``--outliers``, and two tasks side by side, on logs written here."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.tollbook_command import Tollbook

SELLERS = {"USD": "stepfun", "CNY": "stepfun-cn", None: "nim"}


@pytest.fixture
def tollbook(tmp_warehouse: Path, capsys: pytest.CaptureFixture[str]) -> Tollbook:
    return Tollbook(tmp_warehouse, capsys)


@pytest.fixture
def load(tollbook: Tollbook, tmp_path: Path, warehouse_begun: Path) -> Callable[..., None]:
    def write(*calls: dict, name: str = "calls") -> None:
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in calls), encoding="utf-8")
        assert tollbook.load(path)["rejected"] == 0

    return write


def call(task: str, step: int | None = None, *, currency: str | None = "USD", **more: object) -> dict:
    """A call of 1,000 tokens in, 400 of them cached, and 100 out."""
    call.number += 1  # type: ignore[attr-defined]
    number = call.number  # type: ignore[attr-defined]
    cached, model = more.pop("cached", 400), more.pop("model", "step-3.7-flash")
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": more.pop("output", 100),
        "prompt_tokens_details": {"cached_tokens": cached},
    }
    return {
        "time": f"2026-11-20T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "seller": SELLERS[currency],
        "task": task,
        **({} if step is None else {"step": step}),
        "request": {"model": model},
        "response": {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage},
        **more,
    }


call.number = 0  # type: ignore[attr-defined]


def outcomes(tollbook: Tollbook, tmp_path: Path, text: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    assert tollbook("outcome", "load", path) == 0, tollbook.err


def test_tasks_by_model_team_and_kind(tollbook, load, tmp_path):
    load(
        *(call(f"red-{number}", team="red", tags={"kind": "ticket"}) for number in range(6)),
        *(call(f"blue-{number}", team="blue") for number in range(5)),
        call("both", 1),
        call("both", 2, model="step-3.5-flash"),
        call("ours", currency=None),
    )
    outcomes(tollbook, tmp_path, "task,resolved,kind\nred-0,yes,\nred-1,no,\nblue-0,yes,review\n")
    teams = {row["team"]: row for row in tollbook.rows("tasks", "--by", "team")}
    one = Decimal(teams["red"]["cost_per_task"])
    assert one == Decimal("0.000251")
    assert (teams["red"]["tasks"], teams["red"]["judged_tasks"], teams["red"]["resolved_tasks"]) == (6, 2, 1)
    assert Decimal(teams["red"]["cost_per_resolved"]) == 2 * one
    assert teams["red"]["cost_per_resolved_low"] is None and "fewer than 5" in teams["red"]["cost_per_resolved_note"]
    models = {row["model"] for row in tollbook.rows("tasks", "--by", "model")}
    assert models == {"step-3.7-flash", "step-3.5-flash + step-3.7-flash"}
    kinds = {row["kind"]: row["tasks"] for row in tollbook.rows("tasks", "--by", "kind")}
    assert kinds == {"ticket": 6, "review": 1, None: 6}
    assert tollbook("tasks", "--by", "kind") == 0
    assert "Kinds of tasks: 1 as entered with the outcome, 6 as tagged." in tollbook.out


def test_what_calls_hold_is_a_kind_of_its_own(tollbook, load):
    tools: dict[str, Any] = {
        "request": {"model": "step-3.7-flash", "tools": [{"type": "function", "function": {"name": "look"}}]}
    }
    load(*(call(f"t{number}", **tools) for number in range(3)))
    assert [row["kind"] for row in tollbook.rows("tasks", "--by", "kind")] == ["calls with tools"]


def test_unknown_costs_are_counted_and_never_0(tollbook, load):
    load(*(call(f"t{number}") for number in range(6)), call("t0", currency=None), call("ours", currency=None))
    (row,) = tollbook.rows("tasks", "--by", "team")
    assert (row["tasks"], row["costed_tasks"], row["unknown_cost"]) == (8 - 1, 5, 2)
    assert tollbook("tasks", "--by", "team") == 0
    assert "5 tasks of 7 with a known cost (71.4%)" in tollbook.out
    assert "How tasks ended is not known" in tollbook.out
    assert tollbook("tasks") == 0
    assert "Per task, of whatever kind, 0.000251 USD (no interval: all tasks are alike)." in tollbook.out


def test_nothing_known_is_unknown(tollbook, load):
    load(call("ours", currency=None))
    (row,) = tollbook.rows("tasks", "--by", "model")
    assert (row["cost"], row["currency"], row["unknown_cost"]) == (None, None, 1)
    assert tollbook("tasks", "--by", "model") == 0 and "unknown" in tollbook.out
    assert tollbook("tasks", "--steps") == 0 and "unknown" in tollbook.out
    assert tollbook("tasks", "--outliers") == 0


def test_an_interval_that_leans_on_one_task_is_told(tollbook, load):
    load(*(call(f"t{number}") for number in range(20)), *(call("dear", step) for step in range(1, 11)))
    assert tollbook("tasks") == 0
    assert "one task is 33% of the total: the interval leans on it" in tollbook.out
    assert tollbook("tasks", "--by", "team") == 0
    assert "no team named, USD: one task is 33% of the total: the interval leans on it." in tollbook.out


def test_a_list_says_how_many_more_there_are(tollbook, load):
    load(*(call(f"run-{number}") for number in range(4)), call("other"))
    assert tollbook("tasks", "--top", 2) == 0 and "3 more tasks: --top N lists more" in tollbook.out
    assert tollbook("tasks", "--top", 2, "--like", "run") == 0 and "2 more tasks: " in tollbook.out
    assert tollbook("tasks") == 0 and "more task" not in tollbook.out


def test_columns_say_that_they_are_means_and_which_input_is_meant(tollbook, load):
    load(call("a", 1), call("a", 2), call("b", 1))
    assert tollbook("tasks", "--by", "team") == 0
    assert tollbook.out.splitlines()[0].split("  ")[:1] == ["team"] and "mean calls  mean steps" in tollbook.out
    assert tollbook("task", "b") == 0
    assert "uncached input  cached" in tollbook.out and tollbook.out.splitlines()[2].split()[4:6] == ["600", "400"]


def test_several_currencies_are_several_totals(tollbook, load):
    load(*(call(f"{money}-{number}", currency=money) for money in ("USD", "CNY") for number in range(5)))
    load(call("mixed"), call("mixed", currency="CNY"), name="mixed")
    found = tollbook.json("tasks", "--by", "team")
    assert [(row["currency"], row["costed_tasks"]) for row in found["total"]] == [("CNY", 5), ("USD", 5)]
    assert {row["several_currencies"] for row in found["total"]} == {1}


def test_steps_are_those_logged_else_the_places_in_time(tollbook, load):
    load(call("logged", 7), call("logged", 9, cached=0), call("plain"), call("plain"), call("plain"))
    found = tollbook.json("tasks", "--steps")
    assert [(row["step"], row["tasks"], row["cache_share"]) for row in found["rows"]] == [
        (1, 1, 0.4),
        (2, 1, 0.4),
        (3, 1, 0.4),
        (7, 1, 0.4),
        (9, 1, 0.0),
    ]
    assert [(band["first"], band["last"], band["requests"]) for band in found["bands"]] == [
        (1, 1, 1),
        (2, 3, 2),
        (7, 9, 2),
    ]
    whole = sum(Decimal(row["costs"]["USD"]) for row in found["rows"])
    assert whole == sum(Decimal(row["cost"]) for row in tollbook.costs("--by", "task"))
    assert tollbook("tasks", "--steps") == 0
    assert "No log names an upstream provider." in tollbook.out


def test_a_retried_step_is_one_step(tollbook, load):
    load(call("t", 1), call("t", 2, attempt=1), call("t", 2, attempt=2))
    (row,) = tollbook.rows("tasks", "--by", "team")
    assert (row["requests"], row["steps"]) == (3, 2)


def test_outliers_and_the_dearest_calls(tollbook, load):
    load(
        *(call(f"t{number}", output=100 + number) for number in range(30)),
        *(call("loop", step, output=5000) for step in range(1, 9)),
    )
    found = tollbook.json("tasks", "--outliers")
    (row,) = found["rows"]
    assert (row["task"], row["usual"]["in_common"]) == ("loop", "the same team, kind and models")
    assert "times the output per call" in row["why"] and "8.0 times the calls" in row["why"]
    assert {dear["task"] for dear in found["calls"]} == {"loop"}
    assert found["calls"][0]["file"].endswith("calls.jsonl") and found["calls"][0]["line"] == 31
    assert tollbook("tasks", "--outliers") == 0
    assert "1 of 31 tasks in USD far dearer than tasks like it" in tollbook.out


def test_the_scope_chooses_whole_tasks(tollbook, load):
    load(call("red", team="red"), call("blue", team="blue"), call("late", team="red", time="2026-11-21T00:00:00Z"))
    assert [row["tasks"] for row in tollbook.json("tasks", "--by", "team", "--where", "team=red")["total"]] == [2]
    assert [row["tasks"] for row in tollbook.json("tasks", "--by", "team", "--since", "2026-11-21")["total"]] == [1]
    assert {row["task"] for row in tollbook.rows("tasks", "--where", "team=blue")} == {"blue"}


@pytest.mark.parametrize(
    "arguments, said",
    [
        ("--by day", "--by takes model, team or kind, not 'day'"),
        ("--by model --steps", "ask one at a time"),
        ("--steps --like x", "ask one at a time"),
        ("--by model --where region=eu", "--where takes seller, model or team here, not region"),
        ("--steps --since yesterday", "--since: 'yesterday' is no day"),
    ],
)
def test_a_mistake_is_one_plain_line(tollbook, load, arguments, said):
    load(call("t"))
    assert tollbook("tasks", *arguments.split()) == 2
    assert tollbook.err.startswith("tollbook: ") and said in tollbook.err


def test_two_tasks_side_by_side(tollbook, load, tmp_path):
    load(call("short", 1), call("long", 1), call("long", 2), call("long", 3, output=900))
    outcomes(tollbook, tmp_path, "task,resolved,score\nshort,yes,0.5\n")
    one, two = tollbook.rows("task", "short", "--beside", "long")
    assert (one["resolved"], two["resolved"], two["calls"]) == (True, None, 3)
    assert [step["step"] for step in two["steps"]] == [1, 2, 3]
    assert tollbook("task", "short", "--beside", "long") == 0
    out = " ".join(tollbook.out.split())
    assert "outcome resolved score 0.5 unknown" in out
    assert "calls 1 3 +2" in out
    assert "cost in USD 0.000251 0.001673 +0.001422" in out
    assert "(ended at 1)" in out


def test_a_side_with_unknown_cost_is_at_least_what_is_known(tollbook, load):
    load(call("known", 1), call("partly", 1), call("partly", 2, currency=None))
    assert tollbook("task", "known", "--beside", "partly") == 0
    out = " ".join(tollbook.out.split())
    assert "cost in USD 0.000251 ≥ 0.000251 unknown" in out
    assert "partly: 1 of 2 calls of unknown cost, in no amount here." in out


def test_a_side_that_is_not_there_is_named(tollbook, load):
    load(call("ticket-1"))
    assert tollbook("task", "ticket-1", "--beside", "ticket") == 2
    assert tollbook.err == "tollbook: there is no task 'ticket'; did you mean ticket-1?\n"


def test_a_name_that_looks_like_markup_is_printed_as_it_is(tollbook, load):
    """``[/b]`` closes nothing, ``[red]`` colours nothing, ``:bug:`` is no smiley."""
    names = ["close [/b] it", "a [red]word[/red]", "fix :bug: now"]
    load(*(call(name) for name in names))
    for asked in (
        ["tasks"],
        ["cost", "--by", "task"],
        ["tasks", "--outliers"],
        ["task", names[0], "--beside", names[1]],
    ):
        assert tollbook(*asked) == 0, tollbook.err
        assert names[0] in tollbook.out and names[1] in tollbook.out
    assert tollbook("tasks") == 0 and names[2] in tollbook.out
    assert tollbook("task", names[0]) == 0 and tollbook.out.startswith(names[0])


def test_what_the_summary_is_of_is_said(tollbook, load, tmp_path):
    """The resolved tasks are dearer than most: their cost is not of the tasks beside it."""
    load(
        *(call(f"small-{number}") for number in range(20)),
        *(call(f"large-{number}", output=1000) for number in range(6)),
        call("refused", status=401, response={"error": {"message": "no"}}),
    )
    outcomes(tollbook, tmp_path, "task,resolved\n" + "".join(f"large-{n},{n % 6 < 5}\n" for n in range(6)))
    assert tollbook("tasks") == 0
    assert "27 tasks with a price in USD, 1 of which cost nothing: median" in tollbook.out
    assert "Per task, of whatever kind, " in tollbook.out
    assert "5 of 6 resolved: those whose end is known cost 0.00129 USD a task." in tollbook.out
    assert tollbook("tasks", "--like", "small") == 0
    assert "Only tasks with 'small' in their name are listed; what follows is of all tasks." in tollbook.out


def test_outcomes_of_tasks_without_a_cost_or_of_other_tasks_are_told_apart(tollbook, load, tmp_path):
    load(*(call(f"known-{number}") for number in range(6)), call("ours", currency=None))
    outcomes(tollbook, tmp_path, "task,resolved\nelsewhere,yes\n")
    assert tollbook("tasks", "--by", "model") == 0
    assert "Of 1 known outcome none is of these tasks: tollbook outcome list shows whose." in tollbook.out
    outcomes(tollbook, tmp_path, "task,resolved\nours,yes\nknown-1,yes\n")
    assert tollbook("tasks", "--by", "model") == 0
    assert "How it ended is known of 2 tasks, and what they cost of 1 of them: a resolved one costs" in tollbook.out


def test_no_task_is_said_with_what_may_be_the_reason(tollbook, load):
    load(call("only"))
    for asked in ([], ["--by", "model"], ["--steps"], ["--outliers"]):
        assert tollbook("tasks", "--since", "2027-01-01", *asked) == 0
        assert (
            "tollbook tasks --rule shows what names" in tollbook.out or "No task here has a known cost." in tollbook.out
        )
        assert "upstream" not in tollbook.out
    assert tollbook("task", "other") == 2
    assert tollbook.err == "tollbook: there is no task 'other'; tollbook tasks --rule shows what names tasks\n"
