"""`tollbook budget check`: every threshold is told once per period, and what was not delivered is told again."""

import json
from datetime import date, timedelta

import pytest

from tests.kept import made_once
from tests.receiver import receiving
from warehouse.alerts import told_alerts

FIRST = date(2026, 9, 1)
NOW = "2026-11-22T12:00:00Z"
ADD = ("budget", "add", "Research", "--currency", "USD", "--period", "month", "--first", "2026-10-01", "--who", "ann")


def call(day: date) -> dict:
    """One call of 0.10 USD."""
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{day}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"{day}T10:00:00Z", "seller": "stepfun", "team": "research", "response": answer}


@pytest.fixture
def filled(tollbook, tmp_path):
    """One call a day from September on, 2.20 USD in November so far."""
    log = tmp_path / "log.jsonl"
    log.write_text("".join(json.dumps(call(FIRST + timedelta(days=number))) + "\n" for number in range(83)))
    made_once(tollbook.warehouse, "cli_budget_check", lambda: tollbook.load(log))
    return tollbook


def check(tollbook, *arguments: object, now: str = NOW) -> int:
    return tollbook("--now", now, "budget", "check", *arguments)


def enter(tollbook, amount: str, *thresholds: str) -> None:
    lines = [part for each in thresholds for part in ("--threshold", each)]
    assert tollbook("--now", NOW, *ADD, "--amount", amount, "--owner", "finance", *lines) == 0, tollbook.err


def test_without_budgets_nothing_fires(filled):
    assert check(filled) == 0
    assert "No budget was entered" in filled.out


def test_each_threshold_is_told_once_in_a_period(filled):
    enter(filled, "2.50", "80%", "100%", "100% forecast")
    assert check(filled) == 1
    assert "Research, Nov 2026: above 80% (2.00 USD) since 2026-11-21; 2.20 of 2.50 USD are spent" in filled.out
    assert "100% forecast (2.50 USD): >99% of the paths end above it" in filled.out.replace(
        "100% of the", ">99% of the"
    )
    assert "owner: finance" in filled.out
    assert "look at: tollbook budget show 1" in filled.out
    assert check(filled) == 0
    assert "Nothing new was crossed in 1 budget." in filled.out
    assert check(filled, "--quiet") == 0
    assert filled.out == ""
    assert check(filled, "--all") == 1
    assert filled.out.count("(told before)") == len(told_alerts(filled.warehouse, tell=lambda message: None))


def test_another_amount_has_other_thresholds(filled):
    enter(filled, "2.50", "80%")
    assert check(filled, "--quiet") == 1
    assert filled("--now", NOW, "budget", "set", "1", "--amount", "2.60", "--who", "ann") == 0, filled.err
    assert check(filled, "--quiet") == 1
    assert filled("--now", NOW, "budget", "set", "1", "--amount", "9.00", "--who", "ann") == 0
    assert check(filled, "--all") == 0


def test_the_end_of_the_last_period_is_told_once_its_days_are_there(filled):
    enter(filled, "2.15", "100%")
    early = "2026-11-05T12:00:00Z"
    assert check(filled, "--json", now=early) == 1
    (row,) = [row for row in json.loads(filled.out)["rows"] if row["first"] == "2026-10-01"]
    assert (row["threshold"], row["spent"], row["limit"]) == ("100% of 2.15 USD", "3.1", "2.15")
    assert check(filled, now="2026-11-20T12:00:00Z") in (0, 1)
    assert "Oct 2026" not in filled.out


def test_a_notification_that_fails_is_sent_again(filled):
    enter(filled, "2.50", "80%")
    with receiving() as receiver:
        receiver.answer = 503
        assert check(filled, "--notify", receiver.url("?retry=0")) == 3
        assert "--notify: address 1 (json) did not take the notification" in filled.err
        receiver.answer, receiver.took[:] = 200, []
        assert check(filled, "--notify", receiver.url()) == 1
        (message,) = receiver.took
        assert message["title"] == "Tollbook: 1 budget threshold crossed"
        assert message["message"].startswith("Research, Nov 2026: above 80%")
        assert check(filled, "--notify", receiver.url()) == 0


def test_a_budget_that_ended_long_ago_is_not_told(filled):
    assert filled("--now", NOW, *ADD, "--amount", "1", "--last", "2026-10-31", "--threshold", "80%") == 0, filled.err
    assert check(filled) == 0
