"""Failures and output discipline on calls of a test's own: how often, what they cost, what they delayed."""

import json
from datetime import datetime
from typing import Any

import pytest

from app.habits import discipline_of
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from warehouse.connection import open_reader
from warehouse.scope import EVERYTHING, Scope

NOW = datetime(2026, 11, 22, 9)
NOVITA: dict[str, Any] = {"base_url": "https://api.novita.ai/openai/v1"}
STEPFUN: dict[str, Any] = {"base_url": "https://api.stepfun.ai/v1"}


def call(second: int, *, end="stop", output=100, reasoning=0, limit: int | None = 500, **envelope):
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": output,
        "total_tokens": 1000 + output,
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }
    served = "stepfun/step-3.7-flash" if "novita" in envelope.get("base_url", "") else "step-3.7-flash"
    return {
        "time": f"2026-11-20T10:{second // 60:02}:{second % 60:02}Z",
        "latency_ms": 2000,
        "status": 200,
        "request": {"model": served, **({"max_tokens": limit} if limit else {})},
        "response": {
            "id": f"call-{second}",
            "object": "chat.completion",
            "model": served,
            "choices": [{"finish_reason": end}],
            "usage": usage,
        },
        **envelope,
    }


def failed(second: int, status: int, latency: int, **envelope):
    return {
        "time": f"2026-11-20T10:{second // 60:02}:{second % 60:02}Z",
        "latency_ms": latency,
        "status": status,
        "request": {"model": "step-3.7-flash", "max_tokens": 500},
        "error": {"message": "no"},
        **envelope,
    }


CALLS = [
    *(call(second, **NOVITA, task="a", step=second) for second in range(10)),
    # Refused twice, three and five seconds before the next try began; then it went well.
    failed(100, 429, 100, **NOVITA, task="b", step=1, attempt=1),
    failed(103, 429, 100, **NOVITA, task="b", step=1, attempt=2),
    call(108, **NOVITA, task="b", step=1, attempt=3),
    # Two with one request id, and nothing that numbers them.
    failed(200, 500, 1500, **STEPFUN, request_id="r1"),
    call(204, **STEPFUN, request_id="r1"),
    # Never tried again: as long as it took. Another task's step has no part in it.
    failed(300, 504, 60_000, **STEPFUN, task="c", step=1, attempt=1),
    call(301, **STEPFUN, task="d", step=1, attempt=2),
    # The client hung up: Novita charges for what was made by then.
    call(400, **NOVITA, task="e", step=1) | {"status": 499},
]


@pytest.fixture
def filled(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each) + "\n" for each in CALLS))
    made_once(tollbook.warehouse, "cli_failures", lambda: tollbook.load(log))
    return tollbook


def test_failures_by_kind_and_place(filled):
    found = filled.json("failures")
    rows = {(row["category"], row["seller"]): row for row in found["rows"]}
    assert found["attempts"] == len(CALLS)
    assert [(name, row["failures"], row["attempts"]) for name, row in rows.items()] == [
        (("rate_limit", "novita"), 2, 14),
        (("cancelled", "novita"), 1, 14),
        (("provider_error", "stepfun"), 1, 4),
        (("timeout", "stepfun"), 1, 4),
    ]
    assert rows["rate_limit", "novita"]["delay_ms"] == 3000 + 5000
    assert rows["provider_error", "stepfun"]["delay_ms"] == 4000
    timeout = rows["timeout", "stepfun"]
    assert (timeout["delay_ms"], timeout["tried_again"], timeout["timed"]) == (60_000, 0, 1)
    assert rows["cancelled", "novita"]["costs"] == [{"currency": "USD", "cost": "0.000315"}]


def test_the_cost_of_a_failure_is_unknown_or_assumed_and_never_a_silent_nothing(filled):
    found = filled.json("failures", "--by", "status")
    by_status = {row["http_status"]: row for row in found["rows"]}
    assert (by_status[504]["unpriced"], by_status[504]["costs"]) == (1, [])
    assert (by_status[500]["assumed_free"], by_status[500]["unpriced"]) == (1, 0)
    assert filled("failures") == 0
    assert "≥ 0.000315 USD" in filled.out and "1 failure may have been charged" in filled.out
    (line,) = [line for line in filled.out.splitlines() if line.startswith("timeout")]
    assert "unknown" in line


def test_retries_that_a_log_only_counts_are_said(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(call(1, **NOVITA, retries=2)) + "\n")
    tollbook.load(log)
    found = tollbook.json("failures")
    assert (found["total"], found["retries_unseen"], found["calls_retried_unseen"]) == (None, 2, 1)
    assert tollbook("failures") == 0
    assert "No attempt of 1 failed." in tollbook.out and "2 failed attempts that the log counts" in tollbook.out


def test_a_wrong_name_is_a_plain_line(filled):
    assert filled("failures", "--by", "mood") == 2
    assert filled.err == "tollbook: --by takes category, seller, region, base_url, status, not 'mood'\n"


HABITS = [
    *(call(second, output=100 + second) for second in range(100)),
    call(200, limit=None, output=50),
    call(201, end="length", output=500),
    call(202, output=300, reasoning=300),
    call(203, output=0, end="tool_calls"),
    call(204, output=0),
]


@pytest.fixture
def discipline(tollbook, tmp_path):
    log, told = tmp_path / "log.jsonl", tmp_path / "told.jsonl"
    log.write_text("".join(json.dumps(each | STEPFUN) + "\n" for each in HABITS))
    # A log that never says what was asked for: whether there was a limit is not known.
    answers = [call(300 + each) for each in range(7)]
    told.write_text(
        "".join(json.dumps({name: each[name] for name in ("time", "response")} | STEPFUN) + "\n" for each in answers)
    )
    made_once(tollbook.warehouse, "cli_failures: habits", lambda: tollbook.load(log, told))
    with open_reader(tollbook.warehouse) as reader:
        return discipline_of(reader, EVERYTHING)


def cost(*outputs: int) -> dict[str, int]:
    """What answers of step-3.7-flash cost: 1,000 tokens in at 0.20 USD per million, and out at 1.15."""
    return {"USD": sum(1000 * 200_000 + output * 1_150_000 for output in outputs)}


def test_habits_count_only_what_the_log_tells(discipline):
    limit, cut, empty, longest = discipline.habits
    assert (limit.calls, limit.of, limit.not_told) == (1, len(HABITS), 7)
    assert (cut.calls, cut.of) == (1, len(HABITS) + 7)
    assert empty.calls == 2  # not the tool call
    assert longest.calls == 2 and discipline.lengths[0].p99 == 300


def test_habits_have_the_money_in_them(discipline):
    limit, cut, empty, longest = discipline.habits
    assert (limit.costs, cut.costs) == (cost(50), cost(500))
    assert (empty.costs, longest.costs) == (cost(300, 0), cost(500, 300))
    assert limit.costs_of_all == cost(*range(100, 200), 50, 500, 300, 0, 0)


def test_habits_of_a_scope(tollbook, discipline):
    with open_reader(tollbook.warehouse) as reader:
        none = discipline_of(reader, Scope(values=(("model", ("other",)),)))
    assert none.answers == 0 and [habit.share for habit in none.habits] == [None] * 4


def test_the_page_of_tasks_shows_them(tollbook, tmp_path, monkeypatch):
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(each | STEPFUN | {"task": "t"}) + "\n" for each in HABITS))
    tollbook.load(log)
    test = opener(monkeypatch, NOW)(tollbook.warehouse, "tasks", section="Output")
    assert metric(test, "No max_tokens") == "1.0%" and metric(test, "Cut by length") == "1.0%"
    assert "1 of 105, $0.000258" in texts(test)
    assert list(table(test, "P99")["P99"]) == ["300"]
