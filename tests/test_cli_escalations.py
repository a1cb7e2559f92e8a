"""``tollbook escalations`` and its section of a page, on runs of a test's own and on real ones."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.escalation_words import LIMITS
from app.escalations import find_escalations
from tests.app_page import metric, opener, table, texts
from warehouse.connection import open_reader
from warehouse.loops import read_loops
from warehouse.scope import EVERYTHING

MODEL = "stepfun/step-3.7-flash"
OUTPUT_RATE = 1_150_000
"""Pico-USD per token of output of the card."""
STEPS = 12


def call(task: int, step: int, *, hidden=0, model=MODEL, served=None, prompt=0, thought=0, **envelope):
    """A call of a loop whose answers of 100 tokens come back with 50 more; ``thought`` None: not reported."""
    usage = {"prompt_tokens": 1000 + 150 * step + prompt, "completion_tokens": 100 + hidden}
    thinking = {} if thought is None else {"completion_tokens_details": {"reasoning_tokens": thought}}
    return {
        "time": f"2026-11-{1 + task // 24:02}T{task % 24:02}:{step:02}:00Z",
        "base_url": "https://api.novita.ai/openai/v1",
        "latency_ms": 2000,
        "status": 200,
        "task": f"task-{task}",
        "step": step,
        "request": {"model": model}
        | ({"reasoning_effort": effort} if (effort := envelope.pop("effort", "medium")) else {}),
        "response": {
            "id": f"call-{task}-{step}",
            "object": "chat.completion",
            "model": served or model,
            "choices": [{"finish_reason": "stop"}],
            "usage": usage | {"total_tokens": sum(usage.values())} | thinking,
        },
        **envelope,
    }


def runs(tasks=30, **changed):
    """Whole tasks; ``changed`` by ``task_STEP`` names of one call: ``t25_3={"hidden": 500}``."""
    wanted = {tuple(map(int, name[1:].split("_"))): terms for name, terms in changed.items()}
    return [call(task, step, **wanted.get((task, step), {})) for task in range(tasks) for step in range(STEPS)]


@pytest.fixture
def load(tollbook, tmp_path, warehouse_begun):
    def write(calls):
        log = tmp_path / "log.jsonl"
        log.write_text("".join(json.dumps(each) + "\n" for each in calls))
        tollbook.load(log)
        return tollbook

    return write


def test_runs_as_they_are_give_no_evidence(load):
    tollbook = load(runs())
    found = tollbook.json("escalations")
    assert (found["verdict"], found["calls"], found["checkable"]) == ("no evidence", 360, 330)
    assert found["rows"] == found["said"] == found["suspected"] == []
    assert tollbook("escalations") == 0
    assert "No evidence in 330 of 360 calls that could be checked (91.7%)." in tollbook.out
    assert "no escalation" not in tollbook.out.lower()


def sized(tasks=30, **changed):
    """The same runs behind a recorder: answers of 330 characters, tools that say 4,000 in 1,000 tokens, which hide."""
    calls = runs(tasks, **changed)
    for each in calls:
        step, usage = each["step"], each["response"]["usage"]
        usage["prompt_tokens"] += 950 * step
        usage["total_tokens"] += 950 * step
        new = [{"role": "user", "kind": "text", "chars": 3000}]
        if step:
            new = [
                {"role": "assistant", "kind": "text", "chars": 300},
                {"role": "assistant", "kind": "tool_call", "chars": 30},
                {"role": "tool", "kind": "text", "chars": 4000},
            ]
        answer = [{"kind": "text", "chars": 300}, {"kind": "tool_call", "chars": 30}]
        each["sizes"] = {"messages": 2 + 2 * step, "known": 2 * step, "new": new, "answer": answer}
    return calls


def test_sizes_of_messages_find_what_a_tools_answer_hides(load):
    changed = {"t25_3": {"hidden": 800}, "t27_11": {"hidden": 900}}
    tollbook = load(sized(**changed))
    found = tollbook.json("escalations")
    assert [(row["task"], row["step"]) for row in found["rows"]] == [("task-27", 11), ("task-25", 3)]
    assert all(500 <= row["tokens"] <= 900 for row in found["rows"])
    assert (found["checkable"], found["by_size"]) == (360, 360)
    (route,) = found["routes"]
    (sizes,) = route["sizes"]
    assert (sizes["delivered"], route["by_size"]) == ({"tried": 200, "broken": 0, "holds": True}, 360)
    rates = sizes["tokens_per_character"]
    assert rates["low"] <= 1 <= rates["high"] < rates["most"]
    tollbook("escalations")
    assert "360 of 360 calls could be checked (100.0%), 360 calls by the sizes of messages." in tollbook.out


def test_without_sizes_a_tools_answer_hides_it(load):
    calls = [{**each, "sizes": None} for each in sized(t25_3={"hidden": 800})]
    assert load(calls).json("escalations")["rows"] == []


def test_output_that_never_comes_back_is_found_with_its_evidence(load):
    tollbook = load(runs(t25_3={"hidden": 500}, t27_4={"hidden": 900}))
    found = tollbook.json("escalations")
    assert found["verdict"] == "suspected"
    assert [(row["task"], row["step"], row["tokens"], row["line"]) for row in found["rows"]] == [
        ("task-27", 4, 850, 27 * 12 + 5),
        ("task-25", 3, 450, 25 * 12 + 4),
    ]
    first = found["rows"][0]
    assert (first["sign"], first["at_least"], first["estimate"]) == ("unexplained_output", "0.0009775", "0.001035")
    (line,) = found["suspected"]
    assert (line["calls"], line["tasks"], line["tokens"], line["at_least"]) == (2, 2, 1300, "0.001495")
    (money,) = found["money"]
    assert money["at_least"] == "0.001495"
    share = money["at_least_share"]
    assert share["estimate"] == pytest.approx(0.001495 / float(money["cost"]))
    assert share["low"] < share["estimate"] < share["high"] or share["why"]
    assert tollbook("escalations", "--top", 1) == 0
    assert "2 calls in 2 tasks: unexplained output of at least 1,300 tokens, at least 0.00150 USD." in tollbook.out
    assert "2 calls in all" in tollbook.out


def test_a_prompt_that_falls_back_is_found(load):
    found = load(runs(t25_5={"prompt": 2000, "hidden": 300})).json("escalations")
    (row,) = found["rows"]
    assert (row["sign"], row["task"], row["step"]) == ("prompt_bump", "task-25", 5)
    assert row["tokens"] == 2000 - 150 + 100 + 400 - 300


def test_a_route_that_hides_output_from_the_start_is_not_checkable_by_it(load):
    found = load([call(task, step, hidden=300) for task in range(30) for step in range(STEPS)]).json("escalations")
    (route,) = found["routes"]
    assert (route["by_output"], route["output"]) == (0, {"tried": 200, "broken": 200, "holds": False})
    assert found["rows"] == []
    # Where the prompts cannot be held either, nothing can be said.
    alone = [call(task, 0) for task in range(30)]
    found = load([each | {"time": "2026-12-01T00:00:00Z", "task": f"x{n}"} for n, each in enumerate(alone)])
    found = found.json("escalations", "--since", "2026-12-01")
    assert (found["verdict"], found["coverage"]) == ("not checkable", 0)


def silent(**changed):
    """Thirty tasks of which one hides output, without a count of thinking or a wish for it."""
    calls = [call(task, step, thought=None, effort=None) for task in range(30) for step in range(STEPS)]
    calls[25 * STEPS + 3] = call(25, 3, thought=None, effort=None, hidden=500)
    return [each | changed for each in calls]


def elsewhere(thought, model="step-3.7-flash"):
    """A call of the same model, by the name that its maker has for it, which counts its thinking."""
    return call(99, 0, thought=thought, model=model, hidden=900, base_url="https://api.stepfun.ai/v1")


def test_where_thinking_is_not_reported_an_answer_is_not_followed(load):
    """It is not known how much of the 600 tokens was shown: they may all be thinking."""
    tollbook = load(silent())
    found = tollbook.json("escalations")
    assert (found["rows"], found["by_output"]) == ([], 0)
    (route,) = found["routes"]
    assert (route["by_output"], route["thinking_not_reported"]) == (0, 330)
    assert found["checkable"] == route["by_prompt"] == 300
    assert tollbook("escalations") == 0
    assert (
        "No evidence in 300 of 360 calls that could be checked (83.3%), 300 calls by the prompt alone." in tollbook.out
    )
    assert "thinking of 330 calls is not reported" in " ".join(tollbook.out.split())


def test_a_model_that_thinks_elsewhere_is_not_taken_for_one_that_does_not(load):
    found = load([*silent(), elsewhere(800)]).json("escalations")
    assert (found["rows"], found["by_output"]) == ([], 0)


def test_a_model_that_never_thinks_where_it_is_counted_is_followed_where_it_is_not(load):
    found = load([*silent(), elsewhere(0)]).json("escalations")
    assert [(row["task"], row["step"], row["tokens"]) for row in found["rows"]] == [("task-25", 3, 450)]
    assert found["by_output"] == 330


def test_a_call_that_was_asked_to_think_has_thought(load):
    calls = [call(task, step, thought=None) for task in range(30) for step in range(STEPS)]
    assert load([*calls, elsewhere(0)]).json("escalations")["by_output"] == 0


def test_a_route_is_tried_on_its_first_tasks_whatever_the_period(load):
    hidden = {f"t{task}_{step}": {"hidden": 500} for task in range(24, 30) for step in (2, 5, 8)}
    tollbook = load(runs(**hidden))
    found = tollbook.json("escalations", "--since", "2026-11-02")
    assert (found["tasks"], found["calls"], len(found["rows"])) == (6, 72, 18)
    (route,) = found["routes"]
    assert (route["output"]["tried"], route["output"]["broken"]) == (200, 0)


def test_what_logs_say_is_exact(load):
    small = {"model": "stepfun/step-3.5-flash"}
    tollbook = load(
        runs(
            t20_3={"served": "deepseek/deepseek-v4-flash"},
            t21_4=small,
            t22_5={"role": "fallback"},
            t23_6={"served": f"{MODEL}-20260528"},
            t24_7={"tags": {"provider_asked": "novita"}},
        )
    )
    found = tollbook.json("escalations")
    said = {line["reason"]: line for line in found["said"]}
    assert found["verdict"] == "said"
    assert (said["other_model"]["asked"], said["other_model"]["served"]) == (MODEL, "deepseek/deepseek-v4-flash")
    assert (said["second_model"]["calls"], said["second_model"]["served"]) == (1, small["model"])
    rows = tollbook.costs("--by", "model_requested,model", "--where", "task=task-20")
    (other,) = [row for row in rows if row["model"] == "deepseek/deepseek-v4-flash"]
    assert said["other_model"]["cost"] == (other["cost"] or "0")
    assert said.keys() <= {"other_model", "second_model", "fallback"}
    assert tollbook("escalations") == 0
    assert "another model than asked" in tollbook.out


def test_whole_loops_stand_beside_the_same_work_at_high_effort(load, tmp_path):
    tollbook = load(
        [call(task, step, effort="high" if task < 12 else "medium") for task in range(24) for step in range(STEPS)]
        + [call(24 + task, step, hidden=1200 if step == 6 else 0) for task in range(3) for step in range(STEPS)]
    )
    outcomes = tmp_path / "outcomes.csv"
    works = [f"task-{task},w{task % 12}\n" for task in range(27)]
    outcomes.write_text("task,work\n" + "".join(works))
    assert tollbook("outcome", "load", outcomes) == 0, tollbook.err
    found = tollbook.json("escalations")
    signs, plain = found["wholes"]
    assert (signs["with_signs"], signs["loops"]["clusters"], signs["difference"]["clusters"]) == (True, 3, 3)
    assert float(signs["difference"]["estimate"]) == pytest.approx(1200 * OUTPUT_RATE / 10**12)
    assert (plain["loops"]["clusters"], plain["difference"]["clusters"]) == (12, 12)
    assert float(plain["difference"]["estimate"]) == 0


def test_whole_tasks_are_read_whatever_the_batches(load):
    tollbook = load(runs(t25_3={"hidden": 500}))
    with open_reader(tollbook.warehouse) as reader:
        whole = list(read_loops(reader, EVERYTHING))
        parts = list(read_loops(reader, EVERYTHING, batch_calls=50))
        newest = find_escalations(reader, EVERYTHING, newest=100)
    assert [len(batch.columns["number"]) for batch in whole] == [360]
    assert {len(batch.columns["number"]) for batch in parts} == {48, 24}
    for name, column in whole[0].columns.items():
        assert column.tolist() == [value for batch in parts for value in batch.columns[name].tolist()], name
    assert (newest.tasks, newest.left_out.tasks, newest.left_out.calls) == (8, 22, 264)


def test_a_team_that_leaves_is_no_hint_and_longer_answers_are(load):
    """Reviews of 900 tokens and tickets of 100 in turn; then tickets alone, which at last are twice as long."""
    mixed = [call(task, 0, hidden=800 * (task % 2), team=("tickets", "reviews")[task % 2]) for task in range(100)]
    tickets = [call(task, 0, hidden=task % 5, team="tickets") for task in range(100, 260)]
    assert load(mixed + tickets).json("escalations")["hints"] == []
    longer = [call(task, 0, hidden=100 + task % 5, team="tickets") for task in range(260, 360)]
    hints = load(longer).json("escalations")["hints"]
    assert [(hint["measure"], round(hint["factor"])) for hint in hints] == [
        ("output tokens", 2),
        ("output tokens per second", 2),
    ]


def test_a_wrong_dimension_and_an_empty_scope_are_plain_lines(load):
    tollbook = load(runs(2))
    assert tollbook("escalations", "--where", "region=eu") == 2
    assert "seller, model, team" in tollbook.err
    assert tollbook("escalations", "--since", "2027-01-01") == 2
    assert tollbook.err.startswith("tollbook: no task is in scope")


@pytest.fixture(scope="module")
def real(shared):
    return shared / "datasets" / "agent_tasks_openrouter" / "responses.jsonl.gz"


def load_real(tollbook, log):
    assert tollbook("ingest", log, "--task-field", "instance_id", "--step-field", "step") == 0, tollbook.err


def test_real_runs_give_no_evidence_and_say_how_many_could_be_checked(tollbook, real):
    load_real(tollbook, real)
    found = tollbook.json("escalations")
    assert (found["verdict"], found["tasks"], found["calls"]) == ("no evidence", 239, 9666)
    assert abs(found["coverage"] - 7720 / 9666) < 0.01
    assert sum(bill["compared"] for bill in found["bills"]) == 9456
    assert sum(bill["apart"] for bill in found["bills"]) == 0


def test_one_real_call_billed_at_another_rate_is_found(tollbook, real, tmp_path):
    import gzip

    rows = [json.loads(line) for line in gzip.open(real, "rt")]
    row = rows[4000]
    usage = row["usage"]
    # Its output at half as much again.
    usage["cost"] = round(usage["cost"] + usage["completion_tokens"] * 6e-6, 10)
    log = tmp_path / "runs.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in rows))
    load_real(tollbook, log)
    found = tollbook.json("escalations")
    assert [(each["sign"], each["task"], each["step"], each["line"]) for each in found["rows"]] == [
        ("billed_otherwise", row["instance_id"], row["step"], 4001)
    ]
    assert float(found["rows"][0]["at_least"]) == pytest.approx(usage["completion_tokens"] * 6e-6)
    assert tollbook("escalations") == 0
    assert "1 of 9,456 bills differ from the card." in tollbook.out


def test_the_section_of_the_page_says_the_same(load, monkeypatch):
    tollbook = load(runs(t25_3={"hidden": 500}, t20_4={"served": "deepseek/deepseek-v4-flash"}))
    opened = opener(monkeypatch, datetime(2026, 11, 22, 9))
    test = opened(tollbook.warehouse, "tasks", section="Escalation")
    assert metric(test, "Checkable").startswith("9")
    assert metric(test, "Never shown") == "≥ $0.000518"
    assert "1 call in 1 task: unexplained output of at least 450 tokens" in texts(test)
    assert table(test, "Sign")["Task"].tolist() == ["task-25"]
    assert table(test, "Served")["Served"].tolist() == ["deepseek/deepseek-v4-flash"]
    assert "no escalation" not in texts(test).lower()
    assert all(line in texts(test) for line in LIMITS)


def test_what_usage_cannot_tell_is_listed_in_the_docs():
    docs = " ".join((Path(__file__).parents[1] / "docs" / "escalation.md").read_text().split())
    assert all(f"- {line}" in docs for line in LIMITS)


def adviser(step: int, *, cost: bool = True):
    """A step of Anthropic's, in which an adviser on a larger model took a turn."""
    turns = [
        {"type": "message", "model": "claude-sonnet-4-6", "input_tokens": 500, "output_tokens": 40},
        {"type": "advisor_message", "model": "claude-opus-4-6", "input_tokens": 2000, "output_tokens": 800},
    ]
    usage = {"input_tokens": 500, "output_tokens": 40, "iterations": turns if cost else turns[:1]}
    return {
        "time": f"2026-11-20T10:{step:02}:00Z",
        "seller": "anthropic",
        "task": "advised",
        "step": step,
        "response": {"id": f"msg_{step}", "type": "message", "model": "claude-sonnet-4-6", "usage": usage},
    }


def test_an_advisers_turns_are_told_with_what_they_cost(load):
    tollbook = load([adviser(1), adviser(2, cost=False), adviser(3)])
    found = tollbook.json("escalations")
    (said,) = found["said"]
    (row,) = [row for row in tollbook.costs("--by", "role,model") if row["role"] == "advisor"]
    assert (said["reason"], said["served"], said["calls"], said["tasks"]) == ("advisor", "claude-opus-4-6", 2, 1)
    assert row["cost"] is not None
    assert said["cost"] == row["cost"]
    # Its turns are no steps of the loop, and of the steps the one without it is checkable, by its prompt.
    assert (found["calls"], found["checkable"]) == (3, 1)


def test_fallbacks_and_other_providers_are_told(load):
    asked = {"tags": {"provider_asked": "StepFun"}, "base_url": "https://openrouter.ai/api/v1"}
    calls = [call(1, 1, role="fallback"), call(2, 1, **asked), call(2, 2, **asked)]
    for each, provider in zip(calls[1:], ("Novita", "stepfun"), strict=True):
        each["response"] |= {"provider": provider, "id": f"gen-{provider}"}
    said = load(calls).json("escalations")["said"]
    assert {(each["reason"], each["asked"], each["served"], each["calls"]) for each in said} == {
        ("fallback", MODEL, MODEL, 1),
        ("other_provider", "StepFun", "Novita", 1),
    }
