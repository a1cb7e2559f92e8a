"""Budgets where something is not known: no forecast, calls to come without a rate, data that begins or ends early."""

import json
from datetime import date, timedelta

import pytest

NOW = "2026-11-22T12:00:00Z"
ADD = ("budget", "add", "All", "--currency", "USD")


def call(day: date, model: str = "step-3.7-flash") -> dict:
    """One call, of 0.10 USD where it has a rate."""
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{day}-{model}", "object": "chat.completion", "model": model, "usage": usage}
    return {"time": f"{day}T10:00:00Z", "seller": "stepfun", "team": "research", "response": answer}


@pytest.fixture
def load(tollbook, tmp_path, warehouse_begun):
    def loads(*calls: dict):
        log = tmp_path / "log.jsonl"
        log.write_text("".join(json.dumps(each) + "\n" for each in calls))
        tollbook.load(log)
        return tollbook

    return loads


def days(first: date, last: date, model: str = "step-3.7-flash") -> list[dict]:
    return [call(first + timedelta(days=number), model) for number in range((last - first).days + 1)]


def do(tollbook, *arguments: object, now: str = NOW) -> str:
    assert tollbook("--now", now, *arguments) == 0, tollbook.err
    return " ".join(tollbook.out.split())


def one(tollbook, now: str = NOW) -> dict:
    (row,) = tollbook.json("--now", now, "budget")["rows"]
    return row


def test_an_assumption_is_no_forecast(load):
    tollbook = load(*days(date(2026, 11, 21), date(2026, 11, 22)))
    do(tollbook, *ADD, "--amount", "0.5")
    row = one(tollbook)
    assert (row["state"], row["projected"], row["probability"], row["breaks"]) == ("no forecast", None, None, None)
    assert [(mark["fired"], mark["paths_above"]) for mark in row["thresholds"]] == [(False, None)] * 3
    assert row["without_forecast"][0]["model"] == "step-3.7-flash"
    shown = do(tollbook, "budget", "show", 1)
    assert "projected unknown: no part of it can be forecast: 1 known days of history" in shown
    do(tollbook, "budget", "check")


def test_parts_without_a_forecast_are_named_with_their_amount(load):
    short = days(date(2026, 11, 20), date(2026, 11, 22), "step-3.5-flash")
    tollbook = load(*days(date(2026, 11, 1), date(2026, 11, 22)), *short)
    do(tollbook, *ADD, "--amount", "9")
    shown = do(tollbook, "budget", "show", 1)
    assert "No forecast of stepfun · step-3.5-flash · research: 2 known days of history" in shown
    assert "Amounts of parts without a forecast are of the days to come through 2026-11-30." in shown
    assert one(tollbook)["projected"]


def test_calls_to_come_without_a_rate_are_told(load):
    new = days(date(2026, 10, 1), date(2026, 11, 22), "not-in-any-card")
    tollbook = load(*days(date(2026, 10, 1), date(2026, 11, 22)), *new)
    do(tollbook, *ADD, "--amount", "3.05", "--threshold", "1 forecast", "--first", "2026-11-01")
    assert 0.3 < one(tollbook)["unpriced_share"] < 0.7
    assert "of the projected calls in scope have no rate; their cost is in no figure." in do(
        tollbook, "budget", "show", 1
    )
    assert "* Some of the projected calls have no rate" in do(tollbook, "budget")
    assert tollbook("--now", NOW, "budget", "check") == 1
    assert "have no rate" in tollbook.out


def test_days_before_the_data_are_no_days_of_the_run_rate(load):
    tollbook = load(*days(date(2026, 11, 12), date(2026, 11, 22)))
    do(tollbook, *ADD, "--amount", "3")
    found = tollbook.json("--now", NOW, "forecast")["total"][0]["run_rate"]
    assert one(tollbook)["run_rate"] == found == "1.9"
    assert "the even pace counts the days of the period before that, the run-rate does not" in do(
        tollbook, "budget", "show", 1
    )


def test_an_open_project_is_judged_by_its_projected_days(load):
    tollbook = load(*days(date(2026, 10, 1), date(2026, 11, 22)))
    project = ("--period", "project", "--first", "2026-10-01", "--amount", "6")
    do(tollbook, *ADD, *project, "--threshold", "100% forecast")
    (mark,) = one(tollbook)["thresholds"]
    assert mark["fired"] and mark["day"] is None and mark["paths_above"] >= 500
    assert tollbook("--now", NOW, "budget", "check") == 1
    assert "of the paths go above it within three months" in tollbook.out


def test_data_that_is_behind_is_told_by_a_check(load):
    tollbook = load(*days(date(2026, 10, 1), date(2026, 11, 1)))
    do(tollbook, *ADD, "--amount", "90")
    assert "Data through 2026-11-01T10:00:00Z. Today is 2026-11-22: the days since" in do(tollbook, "budget", "check")
    assert "Today is 2026-11-22" in do(tollbook, "budget")
