"""Evaluations as people load them and ask about them, and tiers of effort in the logs."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tollbook_command import Tollbook

CALL = {
    "seller": "novita",
    "response": {"object": "chat.completion", "model": "stepfun/step-3.7-flash"},
}


def call_of(number: int, task: str, effort: str, output: int, **more: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": 1000, "completion_tokens": output, "total_tokens": 1000 + output}
    response = CALL["response"] | {"id": f"c-{number}", "usage": usage}  # type: ignore[operator]
    at = f"2026-11-{1 + number // 1440 % 20:02}T{number // 60 % 24:02}:{number % 60:02}:00Z"
    request = {"model": "stepfun/step-3.7-flash", "reasoning_effort": effort}
    return {"time": at, "task": task, "latency_ms": 2000} | CALL | {"response": response, "request": request} | more


def write_lines(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def both_tiers(folder: Path, factor: float, tasks: int = 40) -> tuple[Path, Path]:
    """Calls of tasks that were each done at two tiers, the higher writing so many times as much; and their outcomes."""
    calls: list[dict[str, Any]] = []
    outcomes = ["task,resolved,work"]
    for number in range(tasks):
        for effort, times in (("low", 1.0), ("high", factor)):
            task = f"{effort}-{number}"
            for step in range(5):
                noise = 1 + ((number * 7 + step * 3 + len(effort)) % 11 - 5) / 25
                output = round((200 + 10 * number) * times * noise)
                calls.append(call_of(len(calls), task, effort, output, step=step))
            outcomes.append(f"{task},{number % 3 > 0},piece-{number}")
    log, file = write_lines(folder / "calls.jsonl", calls), folder / "outcomes.csv"
    file.write_text("\n".join(outcomes) + "\n")
    return log, file


def said(tollbook: Tollbook, *arguments: object) -> str:
    """What a command that has to work prints."""
    assert tollbook(*arguments) == 0, tollbook.err
    return tollbook.out + tollbook.err


def asked(tollbook: Tollbook, *options: str) -> dict[str, Any]:
    return tollbook.json("effort", *options)


def test_a_tier_that_makes_no_difference_is_called_ignored(tollbook: Tollbook, tmp_path: Path):
    log, outcomes = both_tiers(tmp_path, 1.0)
    said(tollbook, "ingest", str(log))
    said(tollbook, "outcome", "load", str(outcomes), "--who", "ann")
    found = asked(tollbook)
    (pair,) = found["comparisons"]
    assert (pair["first"]["effort"], pair["second"]["effort"]) == ("low", "high")
    assert pair["effort"] == "ignored"
    assert pair["same_tasks"] == 40
    assert 0.8 <= pair["output_times"]["low"] <= 1 <= pair["output_times"]["high"] <= 1.25
    assert "Look at the model string" in said(tollbook, "effort")


def test_a_tier_that_writes_more_is_told_apart(tollbook: Tollbook, tmp_path: Path):
    log, outcomes = both_tiers(tmp_path, 1.6)
    said(tollbook, "ingest", str(log))
    said(tollbook, "outcome", "load", str(outcomes), "--who", "ann")
    (pair,) = asked(tollbook)["comparisons"]
    assert pair["effort"] == "told apart"
    assert pair["output_times"]["estimate"] == pytest.approx(1.6, rel=0.02)
    assert pair["cost_times"] > 1
    assert pair["cost_of_one_more_solved"]["low"] is None, "both solved the same"


def test_few_tasks_are_not_enough_and_it_says_how_many_are(tollbook: Tollbook, tmp_path: Path):
    rows = ["task,tier,pass,resolved,output_tokens,latency_s"]
    for number in range(6):
        for tier, factor in (("low", 10), ("high", (30, 5, 24, 6, 10, 12)[number])):
            rows.append(f"t{number},{tier},1,yes,{(10 + 9 * number) * factor},3")
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    (tmp_path / "runs.csv").write_text("\n".join(rows) + "\n")
    said(tollbook, "effort", "load", str(tmp_path / "runs.csv"), "--model", "m", "--who", "ann")
    (pair,) = asked(tollbook, "--set", "runs")["comparisons"]
    assert pair["effort"] == "not enough data"
    assert pair["tasks_needed"] > 6
    assert pair["calls_needed"] == pair["tasks_needed"]
    assert "not enough: 1 pass of a task, 5 are needed" in said(tollbook, "effort", "--set", "runs")


def test_runs_are_priced_by_their_tokens_where_no_cost_is_given(tollbook: Tollbook, tmp_path: Path):
    rows = [
        {"task": f"t{number}", "effort": "low", "solved": number % 2 == 0, "input_tokens": 3000, "cached_tokens": 1000,
         "output_tokens": 500, "time": "2026-11-01T08:00:00Z"}
        for number in range(6)
    ]  # fmt: skip
    path = write_lines(tmp_path / "evals.jsonl", [*rows, rows[0] | {"task": "t9", "cost": 0.25}])
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    said(
        tollbook, "effort", "load", str(path), "--model", "stepfun/step-3.7-flash", "--seller", "novita", "--who", "ann"
    )
    (row,) = asked(tollbook, "--set", "evals")["rows"]
    each = Decimal(2000) * Decimal("0.20") + Decimal(1000) * Decimal("0.04") + Decimal(500) * Decimal("1.15")
    assert Decimal(row["cost"]["estimate"]) == ((6 * each / 10**6 + Decimal("0.25")) / 7).quantize(Decimal("1e-12"))
    assert row["unknown_costs"] == 0


def test_bad_rows_are_named_and_good_ones_kept(tollbook: Tollbook, tmp_path: Path):
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    (tmp_path / "runs.csv").write_text(
        "task,tier,pass,solved,output_tokens,cached_tokens,input_tokens\n"
        "a,low,1,yes,10,,\n"
        ",low,1,yes,10,,\n"
        "b,low,1,perhaps,10,,\n"
        "c,low,1,yes,-3,,\n"
        "d,low,1,,,,\n"
        "a,low,1,no,12,,\n"
        "e,low,1,yes,10,9,8\n"
        "f,low,1\n"
    )
    done = said(tollbook, "effort", "load", str(tmp_path / "runs.csv"), "--model", "m", "--who", "ann")
    assert "8 rows read: 1 run added, 0 changed, 0 as before; 7 rows not used" in done
    for reason in (
        "no task: 'task' is empty",
        "solved 'perhaps' is no yes or no",
        "output_tokens '-3' is no count",
        "nothing is said of task 'd'",
        "pass 1 of task 'a' is there already",
        "9 cached tokens are more than all 8 of input",
        "it has 3 cells, and the head has 7",
    ):
        assert reason in done
    again = said(tollbook, "effort", "load", str(tmp_path / "runs.csv"), "--model", "m", "--who", "ann")
    assert "0 runs added, 0 changed, 1 as before" in again
    assert tollbook.rows("effort", "list")[0]["runs"] == 1
    said(tollbook, "effort", "remove", "runs", "--who", "ann")
    assert tollbook.rows("effort", "list") == []
    assert tollbook("effort", "remove", "runs", "--who", "ann") == 2


def test_a_latency_without_a_unit_is_asked_about(tollbook: Tollbook, tmp_path: Path):
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    (tmp_path / "runs.csv").write_text("task,tier,latency,solved\na,low,2.5,yes\n")
    done = said(tollbook, "effort", "load", str(tmp_path / "runs.csv"), "--who", "ann")
    assert "'latency' has no unit" in done
    done = said(tollbook, "effort", "load", str(tmp_path / "runs.csv"), "--field", "latency_s=latency", "--who", "ann")
    assert "1 run added" in done


def test_before_and_after_a_migration(tollbook: Tollbook, tmp_path: Path):
    calls = []
    for number in range(60):
        model = "step-3.5-flash" if number < 30 else "step-3.7-flash"
        row = call_of(number * 480, f"t{number}", "low", 400 if number < 30 else 700 + number)
        row["response"]["model"] = f"stepfun/{model}"
        calls.append(row)
    said(tollbook, "ingest", str(write_lines(tmp_path / "calls.jsonl", calls)))
    found = asked(tollbook, "--split", "2026-11-11")
    (pair,) = found["comparisons"]
    assert pair["first"]["variant"] == "before 2026-11-11"
    assert [row["runs"] for row in found["rows"]] == [30, 30]
    assert pair["output_times"]["estimate"] > 1.5


def test_a_leaderboard_says_what_tiers_cost_and_leaves_unknown_costs_out(
    tollbook: Tollbook, tmp_path: Path, shared: Path
):
    path = shared / "datasets" / "quality_aider" / "polyglot_leaderboard.yml"
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    said(tollbook, "effort", "load", str(path), "--who", "ann")
    found = asked(tollbook, "--set", "polyglot_leaderboard")
    entries = yaml.safe_load(path.read_text())
    assert sum(row["runs"] for row in found["rows"]) == sum(entry["test_cases"] for entry in entries)
    free = [entry for entry in entries if not entry.get("total_cost")]
    unknown = [row for row in found["rows"] if row["unknown_costs"]]
    assert sum(row["unknown_costs"] for row in unknown) == sum(entry["test_cases"] for entry in free) > 0
    assert not any(row["best"] or row["cost"]["estimate"] for row in unknown)
    tiers = {row["effort"]: row for row in found["rows"] if row["model"] == "gpt-5"}
    assert list(tiers) == ["low", "medium", "high"]
    for effort, row in tiers.items():
        (entry,) = [each for each in entries if each["model"] == f"gpt-5 ({effort})"]
        cost = Decimal(str(entry["total_cost"])) / entry["test_cases"]
        assert Decimal(row["cost"]["estimate"]) == cost.quantize(Decimal("1e-12"))
        assert row["solved"]["estimate"] == pytest.approx(entry["pass_num_2"] / entry["test_cases"])
        assert row["solved"]["low"] < row["solved"]["estimate"] < row["solved"]["high"]
        assert row["cost"]["low"] is None
    best = {(row["model"], row["effort"]) for row in found["rows"] if row["best"]}
    known = [row for row in found["rows"] if row["cost"]["estimate"]]
    for row in known:
        beaten = any(
            Decimal(other["cost"]["estimate"]) <= Decimal(row["cost"]["estimate"])
            and other["solved"]["estimate"] >= row["solved"]["estimate"]
            and other != row
            for other in known
        )
        assert beaten != ((row["model"], row["effort"]) in best)
    several = {(pair["first"]["model"], pair["second"]["effort"]) for pair in found["comparisons"]}
    assert {("gpt-5", "medium"), ("gpt-5", "high"), ("o3-mini", "high")} <= several
    assert "the cost of 225 of 225 runs is unknown, and left out" in said(
        tollbook, "effort", "--set", "polyglot_leaderboard"
    )


def test_a_plan_says_the_passes_and_what_each_seller_asks(tollbook: Tollbook, tmp_path: Path):
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    found = tollbook.json("effort", "plan", "--model", "step-3.7-flash", "--tiers", 2, "--within", 10)
    assert found["passes"] == 5
    assert found["within"] <= 0.10
    offers = {offer["seller"]: offer for offer in found["rows"]}
    kinds = found["kinds"]
    tokens = [
        (kind["tasks"] * kind["calls"], kind["input"] - kind["cached"], kind["cached"], kind["output"])
        for kind in kinds
    ]
    rates = (Decimal("0.20"), Decimal("0.04"), Decimal("1.15"))
    once = sum(
        number * sum(count * rate for count, rate in zip(counts, rates, strict=True)) for number, *counts in tokens
    )
    assert Decimal(offers["novita"]["one_pass"]) == 2 * once / 10**6
    assert Decimal(offers["novita"]["whole"]) == 5 * 2 * once / 10**6
    assert offers["stepfun-cn"]["currency"] == "CNY"


def test_a_plan_of_ones_own_and_one_that_no_passes_can_fulfil(tollbook: Tollbook, tmp_path: Path):
    said(tollbook, "ingest", str(both_tiers(tmp_path, 1.0, 2)[0]))
    text = said(tollbook, "effort", "plan", "--template")
    path = tmp_path / "plan.csv"
    path.write_text(text.replace("tool call,15,8", "tool call,3,8"))
    plan = ("effort", "plan", "--file", path, "--model", "step-3.7-flash")
    assert tollbook.json(*plan)["kinds"][3]["tasks"] == 3
    assert "No number of passes over 48 tasks" in said(tollbook, *plan, "--within", "3")
    path.write_text(text.replace("300", "many"))
    assert tollbook(*plan) == 2
    assert "plan.csv: line 2: input_tokens 'many' is no count from 0 to 1,000,000,000" in tollbook.err
    for tasks in ("0", "9" * 20):
        path.write_text(text.replace("tool call,15,8", f"tool call,{tasks},8"))
        assert tollbook(*plan) == 2
        assert f"plan.csv: line 5: tasks '{tasks}' is no count from 1 to 1,000,000,000" in tollbook.err
    path.write_text(text.splitlines()[0] + "\nshort text,4,1,300,0,400,no\n")
    found = said(tollbook, *plan)
    assert "No number of passes over 4 tasks" in found
    assert (
        "5 passes, the fewest that count: 20 runs and 20 calls on each seller; no interval from fewer than 5" in found
    )
    assert tollbook("effort", "plan", "--model", "no-such-model") == 2


def test_a_failed_call_is_paid_by_its_task_and_tells_no_arm(tollbook: Tollbook, tmp_path: Path):
    rows = [call_of(number, f"t{number}", "low", 100) for number in range(3)]
    # Charged at this seller: the client went away, and the tokens so far were used.
    gone = call_of(9, "t0", "low", 50, status=499)
    del gone["request"]
    said(tollbook, "ingest", write_lines(tmp_path / "calls.jsonl", [*rows, gone]))
    (row,) = asked(tollbook)["rows"]
    assert row["runs"] == 3
    assert row["output_tokens"]["estimate"] == 100
    total = sum(Decimal(each["cost"]) for each in tollbook.costs("--by", "task") if each["cost"])
    assert Decimal(row["cost"]["estimate"]) == Decimal(total / 3).quantize(Decimal("1e-12"))
    tasks = {each["task"]: each["cost"] for each in tollbook.costs("--by", "task")}
    assert Decimal(tasks["t0"]) > Decimal(tasks["t1"])
