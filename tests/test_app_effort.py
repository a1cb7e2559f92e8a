"""The page of effort: what it says of an evaluation, of the logs, and before anything is there."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.app_page import metric, opener, table, texts
from tests.test_cli_effort import both_tiers, said
from tests.tollbook_command import Tollbook

NOW = datetime(2026, 11, 22, 9)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch):
    return opener(monkeypatch, NOW)


def test_ignored_effort_is_what_the_page_says_first(opened, tollbook: Tollbook, tmp_path: Path):
    log, outcomes = both_tiers(tmp_path, 1.0)
    said(tollbook, "ingest", log)
    said(tollbook, "outcome", "load", outcomes, "--who", "ann")
    test = opened(tollbook.warehouse, "effort")
    assert metric(test, "Effort ignored") == "1"
    assert "write the same" in texts(test)
    assert "Data through" in texts(test)
    arms = table(test, "Cost of a run")
    assert list(arms["Arm"]) == ["step-3.7-flash · low", "step-3.7-flash · high"]
    assert list(arms["Passes"]) == ["1: not enough"] * 2
    pairs = table(test, "First")
    assert list(pairs["Effort"]) == ["writes the same: ignored?"]
    assert list(pairs["Same tasks"]) == [40]


def test_page_and_command_say_the_same(opened, tollbook: Tollbook, tmp_path: Path):
    log, outcomes = both_tiers(tmp_path, 1.6)
    said(tollbook, "ingest", log)
    said(tollbook, "outcome", "load", outcomes, "--who", "ann")
    (pair,) = tollbook.json("effort")["comparisons"]
    shown = table(opened(tollbook.warehouse, "effort"), "First")
    ratio = pair["output_times"]
    assert list(shown["Output tokens"]) == [f"{ratio['estimate']:.2f} times [{ratio['low']:.2f}–{ratio['high']:.2f}]"]


def test_an_evaluation_of_a_file_and_its_plan(opened, tollbook: Tollbook, tmp_path: Path):
    said(tollbook, "ingest", both_tiers(tmp_path, 1.0, 2)[0])
    rows = [f"t{number},{tier},1,{'yes' if number % 2 else 'no'},{cost}" for number in range(8) for tier, cost in
            (("low", 0.01), ("high", 0.02 + number / 100))]  # fmt: skip
    (tmp_path / "runs.csv").write_text("\n".join(["task,tier,pass,solved,cost", *rows]) + "\n")
    said(tollbook, "effort", "load", tmp_path / "runs.csv", "--model", "m", "--who", "ann")
    test = opened(tollbook.warehouse, "effort", evaluation="runs")
    assert metric(test, "Runs") == "16"
    assert list(table(test, "Cost of a run")["Best"]) == ["yes", ""]
    offers = table(test, "All passes")
    assert "novita" in set(offers["Seller"])
    assert "5 passes" in texts(test)


def test_without_tasks_and_evaluations_the_page_says_what_to_do(opened, tollbook: Tollbook, tmp_path: Path):
    log = tmp_path / "calls.jsonl"
    log.write_text(
        '{"time": "2026-11-16T06:00:00Z", "seller": "novita", "response": {"id": "c-1", "object": "chat.completion", '
        '"model": "stepfun/step-3.7-flash", "usage": {"prompt_tokens": 4, "completion_tokens": 1}}}\n'
    )
    said(tollbook, "ingest", log)
    assert "No task in scope and no evaluation yet" in texts(opened(tollbook.warehouse, "effort"))
