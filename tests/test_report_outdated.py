"""Files written on schedule of months that were reopened, closed anew or closed since are named, with what to do."""

import json
from pathlib import Path

import pytest

from app import report_runs
from tests.tollbook_command import Tollbook

CLOSED_FIRST, WRITTEN, REOPENED, CLOSED_ANEW = (("--now", f"2026-11-{day}T12:00:00Z") for day in (20, 21, 22, 23))


def call(day: str) -> str:
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{day}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return json.dumps({"time": f"{day}T10:00:00Z", "seller": "stepfun", "response": answer})


@pytest.fixture
def scheduled(tollbook: Tollbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tollbook:
    """A schedule of a procurement report and one of a feed; a small file stands for the report."""

    def write(session, command, say):
        said = dict(each.removeprefix("--").split("=", 1) for each in command if each.startswith("--"))
        Path(said["to"], f"{command[1]}-{said['period']}.txt").write_text("figures\n", encoding="utf-8")

    monkeypatch.setattr(report_runs, "write_in_child", write)
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join([call("2026-10-10"), call("2026-11-02")]) + "\n", encoding="utf-8")
    tollbook.load(log)
    for name, *kind in (("board", "procurement", "--format", "pdf"), ("bi", "feed", "--feed", "rates")):
        said = ("--kind", *kind, "--since", "2026-10-01", "--to", tmp_path / name)
        assert tollbook(*WRITTEN, "report", "schedule", "add", name, *said) == 0, tollbook.err
    return tollbook


def outdated(tollbook: Tollbook) -> list[dict]:
    """What both commands name: they name the same."""
    assert tollbook(*CLOSED_ANEW, "report", "--due", "--json") == 0, tollbook.err
    found = json.loads(tollbook.out)["outdated"]
    assert tollbook.json("report", "schedule", "list")["outdated"] == found
    return found


def why(tollbook: Tollbook) -> dict[str, str]:
    return {each["schedule"]: each["why"] for each in outdated(tollbook)}


def test_what_was_written_of_a_closed_month_is_outdated_once_it_is_reopened(scheduled):
    assert scheduled(*CLOSED_FIRST, "close", "2026-10") == 0
    assert scheduled(*WRITTEN, "report", "--due") == 1, scheduled.err
    assert outdated(scheduled) == []
    assert scheduled(*REOPENED, "close", "reopen", "2026-10", "--reason", "late logs") == 0
    said = "2026-10 was reopened on 2026-11-22 and is open"
    assert why(scheduled) == {"board": said, "bi": said}
    assert scheduled(*CLOSED_ANEW, "close", "2026-10") == 0
    said = "2026-10 was reopened on 2026-11-22 and closed anew on 2026-11-23"
    assert why(scheduled) == {"board": said, "bi": said}
    for command in (("report", "--due"), ("report", "schedule", "list")):
        assert scheduled(*CLOSED_ANEW, *command) == 0
        assert f"board, 2026-10: its files are outdated, {said}. To write them again: tollbook report" in scheduled.out
    assert scheduled(*CLOSED_ANEW, "report", "--due", "--quiet") == 0 and scheduled.out == ""


def test_what_says_that_a_month_is_open_is_outdated_once_it_is_closed_and_no_more_once_it_is_written_again(scheduled):
    assert scheduled(*WRITTEN, "report", "--due") == 1, scheduled.err
    assert outdated(scheduled) == []
    assert scheduled(*CLOSED_ANEW, "close", "2026-10") == 0
    assert why(scheduled) == {"board": "2026-10 was open then, and closed on 2026-11-23"}
    (found,) = outdated(scheduled)
    Path(found["files"][0]).write_text("newer figures\n", encoding="utf-8")
    assert outdated(scheduled) == []


def test_a_file_that_was_taken_away_is_outdated_all_the_same(scheduled):
    assert scheduled(*WRITTEN, "report", "--due") == 1, scheduled.err
    assert scheduled(*CLOSED_ANEW, "close", "2026-10") == 0
    (found,) = outdated(scheduled)
    Path(found["files"][0]).unlink()
    assert outdated(scheduled) == [found]
