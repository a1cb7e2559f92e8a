"""What makes a task and how tasks ended, as people see it: the command, the page of tasks, the page of imports."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_page import opener, texts
from tests.kept import made_once
from warehouse.connection import silent
from warehouse.folder import Folder
from warehouse.outcomes import outcomes_of

NOW = datetime(2026, 11, 22)


def call(number: int) -> dict:
    """Six calls of two tasks, two sessions and two tickets; the last two are of no task."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 10}
    answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    known = {"time": f"2026-11-01T1{number}:00:00Z", "seller": "stepfun", "response": answer}
    task = f"t-{number // 2}" if number < 4 else None
    return known | {"task": task, "session": f"s-{number % 2}", "tags": {"ticket": f"k-{number // 3}"}}


@pytest.fixture
def filled(tollbook, tmp_path):
    log = tmp_path / "calls.jsonl"
    log.write_text("".join(json.dumps(call(number)) + "\n" for number in range(6)), encoding="utf-8")
    made_once(tollbook.warehouse, "outcomes_shown", lambda: tollbook.load(log))
    return tollbook


def set_rule(root: Path, text: str) -> None:
    settings = Folder(root).settings_file
    settings.write_text(settings.read_text().partition("\n[tasks]")[0] + f"\n[tasks]\nby = {text}\n")


def test_the_rule_says_what_each_part_names_and_what_else_there_is(filled):
    use = filled.json("tasks", "--rule")
    assert use["rule"] == ["task"]
    assert use["rows"] == [{"part": "task", "calls": 4, "tasks": 2}, {"part": None, "calls": 2, "tasks": 0}]
    assert use["ids"] == [
        {"part": "task", "calls": 4, "values": 2},
        {"part": "session", "calls": 6, "values": 2},
        {"part": "tag:ticket", "calls": 6, "values": 2},
    ]
    assert filled("tasks", "--rule") == 0
    assert "Not in the rule: session (6 calls, 2 values); tag:ticket (6 calls, 2 values)." in filled.out
    assert filled("tasks") == 0
    assert "rule" not in filled.out, "the usual rule needs no word"


def test_another_rule_is_announced_and_made_by_the_command(filled):
    set_rule(filled.warehouse, '["task", "session"]')
    assert filled("tasks") == 0
    assert "tollbook.toml has another rule, task, session: tollbook tasks --rule makes the tasks by it." in filled.out
    assert {row["task"] for row in filled.rows("tasks")} == {"t-0", "t-1", None} - {None}
    use = filled.json("tasks", "--rule")
    assert "making the tasks anew by task, session" in filled.err
    assert [(row["part"], row["calls"], row["tasks"]) for row in use["rows"]] == [
        ("task", 4, 2),
        ("session", 2, 2),
        (None, 0, 0),
    ]
    assert {row["task"] for row in filled.rows("tasks")} == {"t-0", "t-1", "s-0", "s-1"}
    assert filled("task", "s-1") == 0
    assert filled("tasks") == 0
    assert "What makes a task: task, session; tollbook tasks --rule shows" in filled.out
    set_rule(filled.warehouse, '["gap:1h"]')
    assert [row["tasks"] for row in filled.rows("tasks", "--rule")] == [1, 0]
    (row,) = filled.rows("tasks")
    assert (row["task"], row["requests"]) == ("anyone from 2026-11-01T10:00:00Z", 6)
    assert sum(each["requests"] for each in filled.costs("--by", "task")) == 6


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def test_the_page_of_tasks_says_what_makes_one(filled, opened):
    said = texts(opened(filled.warehouse, "tasks"))
    assert "What makes a task: the task id of the log. 2 of 6 calls are of no task." in said
    set_rule(filled.warehouse, '["tag:ticket"]')
    said = texts(opened(filled.warehouse, "tasks"))
    assert "`tollbook.toml` has another rule: the tag ticket." in said
    assert filled("tasks", "--rule") == 0
    said = texts(opened(filled.warehouse, "tasks"))
    assert "What makes a task: the tag ticket. `tollbook" in said


def drop(page: AppTest, name: str, text: str) -> AppTest:
    """Drop a file on the place for outcomes."""
    (field,) = [each for each in page.file_uploader if str(each.key).startswith("outcomes_")]
    return field.upload(name, text.encode(), "text/csv").run()


def test_a_file_of_outcomes_is_dropped_on_the_page_of_imports(filled, opened):
    page = drop(
        opened(filled.warehouse, "imports"), "ended.csv", "instance_id,resolved\nt-0,true\nt-1,perhaps\nt-1,0\n"
    )
    assert "3 rows, 1 of them cannot be used" in texts(page)
    (button,) = [each for each in page.button if each.label == "Load 2 outcomes"]
    button.click().run()
    assert not page.exception and not page.error
    known = outcomes_of(filled.warehouse, tell=silent)
    assert {task: each.resolved for task, each in known.items()} == {"t-0": True, "t-1": False}
    assert any("2 added, 0 changed, 0 as before; 1 row not used" in each.value for each in page.success)
