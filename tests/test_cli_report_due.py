"""`tollbook report --due`: each period is written once, remembered with its digests, and sent; failures are told."""

import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from app import notify, report_runs
from app.report_child import DRAFTS
from app.report_schedule import Plan, document_of
from reports.errors import ReportError
from tests.receiver import receiving
from warehouse.entries import Author
from warehouse.folder import Folder
from warehouse.locks import take_if_free
from warehouse.report_schedule import add_schedule

NOW = "2026-11-22T12:00:00Z"
ROOT = Path(__file__).parents[1]


def call(day: str, seller: str = "stepfun") -> dict:
    usage = {"prompt_tokens": 500_000, "completion_tokens": 0, "total_tokens": 500_000}
    answer = {"id": f"c-{day}", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    return {"time": f"{day}T10:00:00Z", "seller": seller, "team": "research", "response": answer}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    from app.cli import run

    folder = tmp_path_factory.mktemp("due")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(call(day)) + "\n" for day in ("2026-09-10", "2026-10-10", "2026-11-20")))
    assert run(["--warehouse", str(folder / "warehouse"), "ingest", str(log)]) == 0
    return folder / "warehouse"


@pytest.fixture
def filled(loaded, tollbook):
    shutil.copytree(loaded, tollbook.warehouse)
    return tollbook


@pytest.fixture
def writer(monkeypatch):
    """In place of a process: writes one small file, or fails for the periods that it is told."""
    ran: list[list[str]] = []
    failing: dict[str, str] = {}

    def write(session, command, say):
        ran.append(list(command))
        period, folder = (next(each for each in command if each.startswith(f"--{name}=")) for name in ("period", "to"))
        name = period.removeprefix("--period=")
        Path(folder.removeprefix("--to="), f"report-{name}.csv").write_text(f"figures of {name}\n")
        if name in failing:
            raise ReportError(failing[name])

    monkeypatch.setattr(report_runs, "write_in_child", write)
    write.ran, write.failing = ran, failing  # type: ignore[attr-defined]
    return write


def add(tollbook, folder: Path, name: str = "bi", *more: str, since: str = "2026-09-01") -> None:
    asked = more or ("--kind", "feed", "--feed", "rates")
    said = ("report", "schedule", "add", name, *asked, "--since", since, "--to", folder, "--who", "ann")
    assert tollbook("--now", NOW, *said) == 0, tollbook.err


def due(tollbook, *arguments: object) -> int:
    return tollbook("--now", NOW, "report", "--due", *arguments)


def written(tollbook) -> list[dict]:
    return [each for row in tollbook.json("report", "schedule", "list")["rows"] for each in row["written"]]


def test_each_period_is_written_once_by_the_real_commands(filled, tmp_path):
    assert due(filled) == 0 and "Nothing is due." in filled.out
    add(filled, tmp_path / "out", "bi", "--kind", "feed", "--feed", "usage_day,rates", "--format", "csv")
    assert due(filled, "--json") == 1
    rows = json.loads(filled.out)["rows"]
    assert [(row["period"], row["what"], row["behind"]) for row in rows] == [
        ("2026-09", "written", False),
        ("2026-10", "written", False),
    ]
    there = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()}
    assert len(there) == 8
    assert {file["path"]: file["sha256"] for row in rows for file in row["files"]} == there
    assert {file["path"]: file["sha256"] for each in written(filled) for file in each["files"]} == there
    assert due(filled, "--quiet") == 0 and filled.out == filled.err == ""


def test_one_that_fails_stops_no_other_and_is_tried_again(filled, writer, tmp_path):
    add(filled, tmp_path / "out")
    add(filled, tmp_path / "other", "second", "--kind", "focus")
    writer.failing["2026-09"] = "the disk is full"
    assert due(filled) == 2
    assert filled.err.count("2026-09: the disk is full; next time it is tried again") == 2
    assert sorted(path.name for path in tmp_path.rglob("report-*")) == ["report-2026-10.csv"] * 2
    writer.failing.clear()
    assert due(filled) == 1
    assert [command[:3] for command in writer.ran[-2:]] == [
        ["export", "feed", "rates"],
        ["export", "focus", "--period=2026-09"],
    ]
    assert due(filled) == 0
    assert not list(tmp_path.rglob(f"{DRAFTS}*"))


def test_a_command_that_fails_says_why(filled, tmp_path):
    plan = Plan("bi", "feed", "month", ("csv",), tmp_path, (("feed", ("gone",)),))
    author = Author("ann", datetime(2026, 11, 22))
    add_schedule(filled.warehouse, document_of(plan), date(2026, 10, 1), author, tell=lambda message: None)
    assert due(filled, "--quiet") == 2
    assert "tollbook: bi, 2026-10: there is no feed 'gone'; there are usage_day," in filled.err
    assert filled.out == "" and list(tmp_path.glob(".*")) == []


def test_files_go_along_with_the_message(filled, writer, tmp_path):
    add(filled, tmp_path / "out")
    with receiving() as receiver:
        assert due(filled, "--notify", receiver.url()) == 1
    assert [message["title"] for message in receiver.took] == [
        "Tollbook: feeds 2026-09 (bi)",
        "Tollbook: feeds 2026-10 (bi)",
    ]
    message: dict = receiver.took[1]
    assert f"They are in {tmp_path / 'out'}." in message["message"]
    (attached,) = message["attachments"]
    assert attached["filename"] == "report-2026-10.csv"
    assert base64.b64decode(attached["base64"]) == b"figures of 2026-10\n"
    assert [each["delivery"] for each in written(filled)] == ["sent", "sent"]


def test_what_was_not_delivered_is_sent_again_and_not_written_again(filled, writer, tmp_path):
    add(filled, tmp_path / "out")
    with receiving() as receiver:
        receiver.answer = 503
        assert due(filled, "--notify", receiver.url("?retry=0")) == 3
        assert filled.err.count("did not take the notification; next time it is sent again") == 2
        assert [each["delivery"] for each in written(filled)] == ["pending", "pending"]
        assert due(filled) == 0, "nobody is named to send it to"
        receiver.answer, receiver.took[:] = 200, []
        (tmp_path / "out" / "report-2026-09.csv").write_text("changed by somebody")
        assert due(filled, "--notify", receiver.url()) == 1
        assert "bi, 2026-10: written before, and sent now" in filled.out
        assert due(filled, "--notify", receiver.url()) == 0
    assert len(receiver.took) == 2
    # Only what is no longer there as it was written is written anew.
    assert len(writer.ran) == 3
    assert (tmp_path / "out" / "report-2026-09.csv").read_text() == "figures of 2026-09\n"


@pytest.mark.parametrize("why", ["takes no files", "are more than 5"])
def test_files_that_cannot_go_along_are_said_to_be_left_out(filled, writer, tmp_path, monkeypatch, why):
    add(filled, tmp_path / "out")
    if "more" in why:
        monkeypatch.setattr(notify, "MOST_ATTACHED", 5)
    else:
        from apprise.plugins.custom_json import NotifyJSON

        monkeypatch.setattr(NotifyJSON, "attachment_support", False)
    with receiving() as receiver:
        assert due(filled, "--notify", receiver.url()) == 1
    assert all(why in message["message"] and not message["attachments"] for message in receiver.took)


def test_a_period_without_calls_has_no_procurement_report(filled, writer, tmp_path):
    add(filled, tmp_path / "out", "books", "--kind", "procurement", "--where", "team=nobody")
    assert due(filled) == 0
    assert filled.out.count("nothing (no call began in it: there is nothing to write)") == 2
    assert (writer.ran, due(filled)) == ([], 0)


def test_a_period_of_which_nothing_is_known_is_done_and_not_tried_for_ever(filled, tmp_path):
    asked = ("--kind", "focus", "--format", "csv", "--where", "team=nobody")
    add(filled, tmp_path / "out", "bill", *asked, since="2026-10-01")
    assert due(filled, "--quiet") == 0 and not filled.out and "tried again" not in filled.err
    (done,) = written(filled)
    assert done["files"] == [] and done["note"].startswith("there is nothing of 2026-10 to write")
    assert due(filled) == 0 and "Nothing is due." in filled.out


def test_a_second_run_waits_for_the_first(filled, writer, tmp_path, monkeypatch):
    add(filled, tmp_path / "out")
    held = take_if_free(Folder(filled.warehouse).root / report_runs.LOCK)
    assert held is not None
    until_it_is_free = SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: held.close())
    monkeypatch.setattr(report_runs, "time", until_it_is_free)
    assert due(filled) == 1
    assert "waiting: another process writes the reports that are due" in filled.err


def test_what_a_killed_run_left_is_written_by_the_next(filled, tmp_path):
    asked = ("--kind", "feed", "--feed", "usage_day", "--format", "csv")
    add(filled, tmp_path / "out", "bi", *asked, since="2026-10-01")
    said = ("--warehouse", str(filled.warehouse), "--now", NOW, "report", "--due")
    program = [sys.executable, "-c", "from app.cli import main; main()", *said]
    with subprocess.Popen(program, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(f"out/{DRAFTS}*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    assert written(filled) == []
    assert due(filled) == 1
    assert len(written(filled)) == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"tollbook-usage_day-2026-10.{end}" for end in ("csv", "schema.json")
    ]


def test_schedules_are_entered_listed_and_removed_with_their_audit(filled, writer, tmp_path):
    add(filled, tmp_path / "out")
    assert filled("report", "schedule", "add", "bi", "--kind", "focus", "--to", tmp_path / "o", "--who", "ann") == 2
    assert "schedule 1 is called 'bi'" in filled.err
    (row,) = filled.rows("report", "schedule", "list")
    assert (row["name"], row["kind"], row["since"], row["by"]) == ("bi", "feed", "2026-09-01", "ann")
    assert filled("report", "schedule", "remove", "bi", "--who", "ben") == 0
    assert filled("report", "schedule", "remove", "bi", "--who", "ben") == 2
    assert "there is no schedule 'bi'; none was saved" in filled.err
    assert due(filled) == 0 and writer.ran == []
    with duckdb.connect(str(filled.warehouse / "state.duckdb"), read_only=True) as connection:
        audit = connection.execute("select who, what from audit order by rowid").fetchall()
    assert audit == [("ann", "schedule 1 added"), ("ben", "schedule 1 removed")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--kind", "nonsense"), "--kind: there is no 'nonsense'; there are procurement,"),
        (("--kind", "focus", "--format", "pdf"), "--format: there is no 'pdf'; there are parquet, csv"),
        (("--kind", "feed"), "--feed: say which feeds"),
        (("--kind", "feed", "--feed", "x"), "there is no feed 'x'"),
        (("--kind", "feed", "--feed", "tasks", "--where", "project=x"), "the feed tasks is not narrowed by project"),
        (("--kind", "focus", "--where", "nonsense=x"), "there is no dimension 'nonsense'"),
        (("--kind", "focus", "--since", "soon"), "--since: 'soon' is no day"),
        (("--kind", "chargeback", "--rule", "nonsense"), "--rule: 'nonsense' is no rule and no file"),
        (("--kind", "procurement", "--rule", "even"), "--rule: --kind procurement takes --where, --in"),
    ],
)
def test_a_schedule_that_could_not_run_is_refused(filled, tmp_path, arguments, said):
    assert filled("report", "schedule", "add", "x", "--to", tmp_path, *arguments) == 2
    assert said in filled.err and filled.err.count("\n") == 1
    assert filled.rows("report", "schedule", "list") == []


def test_due_stands_alone_and_needs_a_warehouse(tollbook):
    assert tollbook("report", "--due", "schedule", "list") == 2
    assert "leave the command out" in tollbook.err
    assert due(tollbook) == 2
    assert "there is no warehouse" in tollbook.err
