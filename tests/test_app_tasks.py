"""The sections of the page of tasks, without a browser: the same figures as on the command line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.formats import money
from app.task_evidence import read_groups
from ingest.load import load_files
from ingest.options import Options
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from warehouse.connection import open_reader, silent
from warehouse.entries import Author
from warehouse.outcomes import Entered, outcomes_of, store_outcomes
from warehouse.scope import Scope

NOW = datetime(2026, 11, 22, 9)


def call(number: int, task: str, step: int, *, seller: str = "openrouter", output: int = 500) -> dict:
    usage = {
        "prompt_tokens": 2000 * step,
        "completion_tokens": output,
        "prompt_tokens_details": {"cached_tokens": 2000 * (step - 1)},
    }
    model = "stepfun/step-3.7-flash"
    return {
        "time": f"2026-11-20T10:{number // 60:02}:{number % 60:02}Z",
        "seller": seller,
        "task": task,
        "step": step,
        "team": "red" if task < "task-06" else "blue",
        "request": {"model": model},
        "response": {
            "id": f"gen-{number}",
            "object": "chat.completion",
            "provider": "StepFun",
            "model": model,
            "usage": usage,
        },
    }


@pytest.fixture
def filled(tmp_warehouse: Path) -> Path:
    """Twelve tasks of two steps, a loop that is far dearer, and one of unknown cost; six have an outcome."""
    return made_once(tmp_warehouse, "app_tasks", lambda: load(tmp_warehouse))


def load(warehouse: Path) -> None:
    calls = [(f"task-{number:02}", step, 500 + number) for number in range(12) for step in (1, 2)]
    calls += [("loop", step, 5000) for step in range(1, 20)]
    lines = [call(number, task, step, output=output) for number, (task, step, output) in enumerate(calls)]
    lines.append(call(900, "ours", 1, seller="nim"))
    log = warehouse.parent / "calls.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (found,) = load_files(warehouse, [log], Options(), now=NOW, tell=lambda text: None)
    assert found.merged.loaded == len(lines)
    said = [Entered(f"task-{number:02}", number < 4, None, None, None, None, "test") for number in range(6)]
    store_outcomes(warehouse, said, Author("Ada", NOW), tell=silent)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    return opener(monkeypatch, NOW)


def test_cards_say_what_a_task_and_a_resolved_one_cost(opened, filled):
    test = opened(filled, "tasks")
    outcomes = outcomes_of(filled, tell=silent)
    with open_reader(filled) as reader:
        (worth,) = read_groups(reader, Scope(), outcomes, "model").whole.worths
    assert metric(test, "Cost per task") == money(round(worth.mean), "USD")
    assert worth.mean_resolved is not None
    assert metric(test, "Per resolved task") == money(round(worth.mean_resolved), "USD")
    assert "4 of 6 resolved" in texts(test)
    # The loop is most of the money: the card says so, and so does the section.
    assert texts(test).count("the interval leans on it") == 1
    assert texts(opened(filled, "tasks", section="Compare")).count("the interval leans on it") == 2


def test_groups_are_those_of_the_command_line(opened, filled):
    test = opened(filled, "tasks", section="Compare", task_by="Team")
    frame = table(test, "Per resolved task")
    rows = {row["Team"]: row for _, row in frame.iterrows()}
    with open_reader(filled) as reader:
        groups = {
            group.name: group for group in read_groups(reader, Scope(), outcomes_of(filled, tell=silent), "team").groups
        }
    assert rows.keys() == groups.keys() == {"red", "blue"}
    (red,) = groups["red"].worths
    assert rows["red"]["Per task"] == money(round(red.mean), "USD")
    assert rows["red"]["Resolved"] == "4 of 6"
    assert (rows["blue"]["Resolved"], rows["blue"]["Per resolved task"]) == ("–", "–")
    assert (rows["blue"]["Tasks"], rows["blue"]["Of known cost"]) == (groups["blue"].tasks, "6")
    assert "1 task with calls of unknown cost: in no amount, and not counted as 0." in texts(test)


def test_without_outcomes_no_price_of_a_resolved_task(opened, filled):
    test = opened(filled, "tasks", section="Compare", team="blue")
    assert metric(test, "Per resolved task") == "–"
    assert "no outcome of these tasks is known" in texts(test)
    assert "Of 6 known outcomes none is of these tasks." in texts(test)


def test_steps_show_the_cost_and_the_cache(opened, filled):
    test = opened(filled, "tasks", section="Steps")
    steps = table(test, "Steps")
    assert list(steps["Steps"]) == ["1", "2–5", "6–10", "11–19"]
    assert list(steps["Tasks"]) == [14, 13, 1, 1]
    assert list(steps["Unknown cost"]) == [1, 0, 0, 0]
    assert steps["From the cache"][0] == "0%"
    assert "Half of the USD is spent by step" in texts(test)


def test_an_outlier_is_shown_with_its_reasons(opened, filled):
    test = opened(filled, "tasks", section="Outliers")
    outliers = table(test, "What is unusual")
    assert list(outliers["Task"]) == ["loop"]
    assert "times the output per call" in outliers["What is unusual"][0]
    assert set(table(test, "Upstream provider")["Task"]) == {"loop"}


def test_one_task_beside_another(opened, filled):
    test = opened(filled, "tasks", task="loop", beside="task-01")
    lines = {row["Figure"]: row for _, row in table(test, "Figure").iterrows()}
    assert (lines["calls"]["loop"], lines["calls"]["task-01"], lines["calls"]["Difference"]) == ("19", "2", "-17")
    assert (lines["outcome"]["loop"], lines["outcome"]["task-01"]) == ("unknown", "resolved")
    near = opened(filled, "tasks", task="loop", beside="task-0")
    assert "No task is called task-0. There are task-" in texts(near)
    assert "both side by side" in texts(opened(filled, "tasks", task="loop"))


def test_the_page_says_nothing_but_what_it_means_to(opened, filled):
    """A bare string in a page's file would be written on the page."""
    assert "What there is to see" not in texts(opened(filled, "tasks"))
