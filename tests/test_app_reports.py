"""The page Reports: what can be chosen, the command that it comes to, files that are made and let go of."""

import csv
import os
import shlex
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from app.cli import run
from app.components.report_made import MADE
from app.periods import month_of
from app.report_due import Data, find_due, next_of
from app.report_jobs import ReportJob, start_report
from app.report_kinds import KINDS, Wanted, arguments_of, periods_between, usual_of
from tests.app_page import opener, table, texts
from tests.test_cli_chargeback import loaded  # noqa: F401 - a fixture
from warehouse.connection import silent
from warehouse.report_schedule import Done, Schedule, WrittenFile, keep_done
from warehouse.scope import Scope

NOW = datetime(2026, 11, 3, 9)
WAIT_S = 60
ROOT = Path(__file__).parents[1]


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture
def filled(loaded, tmp_warehouse) -> Path:  # noqa: F811 - the fixture of that name
    return shutil.copytree(loaded, tmp_warehouse)


def codes(test) -> list[str]:
    return [each.value for each in test.code]


def made_by(test) -> list[str]:
    """The command that makes what is chosen, which stands first; the second one is for a schedule."""
    return codes(test)[:1]


def test_the_page_says_what_a_person_would_type(opened, filled):
    test = opened(filled, "reports", team="support")
    test.segmented_control(key="report").set_value("chargeback").run()
    assert made_by(test) == ["tollbook report chargeback --month=2026-10 --format=pdf,csv"]
    assert "the filters above do not narrow it" in texts(test)
    test.selectbox(key="report_rule").set_value("tokens").run()
    test.selectbox(key="report_team").set_value("support").run()
    test.selectbox(key="report_month").set_value("2026-11").run()
    test.selectbox(key="report_currency").set_value("CHF").run()
    assert made_by(test) == [
        "tollbook report chargeback --month=2026-11 --in=CHF --rule=tokens --team=support --format=pdf,csv"
    ]
    test.segmented_control(key="report").set_value("focus").run()
    assert made_by(test) == ["tollbook export focus --period=2026-10 --where=team=support --format=parquet"]
    test.selectbox(key="report_period").set_value("2026-Q4").run()
    test.button_group(key="report_formats_focus").set_value([]).run()
    assert made_by(test) == [] and "Choose a format" in texts(test)
    assert not test.exception


def test_every_kind_offers_periods_with_data_and_its_own_formats(opened, filled):
    test = opened(filled, "reports")
    for name, kind in KINDS.items():
        test.segmented_control(key="report").set_value(name).run()
        assert not test.exception and kind.about in texts(test)
        key = "report_month" if kind.monthly else "report_period"
        months = ["2026-11", "2026-10"]
        others = [] if kind.monthly else ["2026-Q4", "2026", "Other days"]
        options = test.selectbox(key=key).options
        assert [option.removesuffix(" (not over)") for option in options] == [*months, *others]
        assert test.selectbox(key=key).value == "2026-10"
        assert len(made_by(test)) == 1


def test_a_report_is_made_by_a_process_of_its_own_and_its_files_are_let_go(filled, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    wanted = Wanted("chargeback", "2026-10", Scope(), ("pdf", "csv"))
    made = start_report(filled, "a chargeback", arguments_of(wanted))
    assert made.job.done.wait(WAIT_S) and not made.job.failure
    assert [path.name for path in made.files] == [f"tollbook-chargeback-2026-10.{form}" for form in ("csv", "pdf")]
    assert made.pages and all(page.read_bytes().startswith(b"\x89PNG") for page in made.pages)
    with made.files[0].open(encoding="utf-8", newline="") as file:
        assert {line["period"] for line in csv.DictReader(file)} == {"2026-10"}
    made.forget()
    assert made.files == made.pages == [] and list((filled / "spool").glob("report-*")) == []


def test_what_cannot_be_made_is_said_without_a_path_of_the_server(filled, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    made = start_report(filled, "a chargeback", ["report", "chargeback", "--month=2025-01", "--format=csv"])
    assert made.job.done.wait(WAIT_S)
    assert (
        made.job.failure == "There is nothing of 2025-01 to charge back: no call and no charge is in it"
        and made.files == []
    )


def test_what_was_made_is_offered_with_its_pages(opened, filled):
    test = opened(filled, "reports")
    made = ReportJob(filled, "a chargeback", [])
    made.folder.mkdir(parents=True)
    for name, content in (("a.csv", b"period\n"), ("a-01.png", PIXEL), ("a-02.png", PIXEL), ("output.json", b"{}")):
        (made.folder / name).write_bytes(content)
    made.job.done.set()
    test.session_state[MADE] = made
    test.run()
    assert not test.exception and "1 file" in texts(test) and "Page 1 of 2" in texts(test)
    (close,) = [button for button in test.button if button.label == "Close"]
    close.click().run()
    assert "Preview" not in texts(test) and not made.folder.exists()


def test_what_is_written_on_schedule_stands_on_the_page_with_what_comes_next(opened, filled, tmp_path):
    options = ["--warehouse", str(filled), "--now", f"{NOW.isoformat()}Z", "report", "schedule", "add"]
    test = opened(filled, "reports", team="support")
    assert "Nothing is written by itself yet" in texts(test)
    line = codes(test)[1].splitlines()[0]
    assert line == ("tollbook report schedule add --kind=procurement --where=team=support --format=pdf --to=DIR NAME")
    typed = shlex.split(line.replace("DIR", str(tmp_path / "out")).replace("NAME", "support"))[4:]
    assert run([*options, *typed]) == 0
    assert run([*options, "books", "--kind=chargeback", f"--to={tmp_path}", "--since=2026-10-01"]) == 0
    test.run()
    rows = table(test, "Last written").set_index("Name")
    assert rows["Next"].to_dict() == {"support": "2026-11, when it is over", "books": "2026-10, due now"}
    assert set(rows["Last written"]) == {"None yet"} and rows["Only"]["support"] == "where team=support"
    assert "are outdated" not in texts(test)
    files = (WrittenFile(str(tmp_path / "gone.csv"), 1, "0" * 64),)
    written = Done(2, "2026-10", date(2026, 10, 1), date(2026, 10, 31), files, None, "not asked", NOW)
    keep_done(filled, written, tell=silent)
    assert run(["--warehouse", str(filled), "--now", "2026-11-04T09:00:00Z", "close", "2026-10"]) == 0
    assert "books, 2026-10: its files are outdated, 2026-10 was open then, and closed on" in texts(test.run())


def test_what_a_schedule_writes_next():
    first, today = date(2026, 9, 1), date(2026, 11, 3)
    document = {"name": "a", "kind": "focus", "every": "month", "formats": ["csv"], "folder": "/", "options": {}}
    schedule = Schedule(1, "a", document, first, NOW, "ann")
    october = Done(1, "2026-10", date(2026, 10, 1), date(2026, 10, 31), (), None, "not asked", NOW)
    for through, done, expected in (
        (date(2026, 11, 2), [], ("2026-10", "due")),
        (date(2026, 10, 30), [], ("2026-10", "waiting")),
        (date(2026, 11, 2), [october], ("2026-11", "not over")),
    ):
        found = find_due([schedule], done, Data(today, date(2026, 10, 5), through))
        period, state = next_of(schedule, found, today)
        assert (period.name, state) == expected


def test_a_feed_that_knows_nothing_of_a_filter_is_said_before_it_is_made(opened, filled):
    test = opened(filled, "reports", team="support")
    test.segmented_control(key="report").set_value("feeds").run()
    test.multiselect(key="report_feeds").set_value(["usage_day", "budgets"]).run()
    assert codes(test) == [] and "The feed budgets is not narrowed by team" in texts(test)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["focus", "feeds"])
def test_the_page_makes_the_bytes_that_the_command_makes(filled, tmp_path, monkeypatch, kind):
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    scope = Scope(values=(("team", ("research", "support")),))
    feeds = ("usage_day", "tasks") if kind == "feeds" else ()
    arguments = arguments_of(Wanted(kind, "2026-10", scope, ("parquet", "csv"), feeds=feeds))
    made = start_report(filled, "an export", arguments)
    assert made.job.done.wait(WAIT_S) and not made.job.failure
    assert run(["--warehouse", str(filled), *arguments, f"--to={tmp_path / 'out'}"]) == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(files) == 3 * max(len(feeds), 1)
    assert {path.name: path.read_bytes() for path in made.files} == files


def test_a_name_that_no_command_takes_is_said(filled):
    made = start_report(filled, "an export", ["export", "focus", "--where=team=a\0b"])
    assert made.job.done.wait(WAIT_S)
    assert made.job.failure and "holds a character that no command takes" in made.job.failure


@pytest.mark.long
def test_the_server_loads_nothing_that_makes_a_report(filled):
    script = (
        "import sys; from streamlit.testing.v1 import AppTest\n"
        "test = AppTest.from_file('app/main.py', default_timeout=60).run()\n"
        "test.switch_page('views/reports.py').run()\n"
        "assert not test.exception and 'Make the report' in [each.label for each in test.button]\n"
        "makers = {'typst', 'matplotlib', 'xlsxwriter', 'reports.pdf', 'reports.page', 'reports.workbook'}\n"
        "assert not makers & set(sys.modules), makers & set(sys.modules)\n"
    )
    environment = {**os.environ, "TOLLBOOK_WAREHOUSE": str(filled), "TOLLBOOK_NOW": NOW.isoformat()}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_periods_are_those_with_data_the_newest_first():
    found = periods_between(date(2025, 11, 30), date(2026, 1, 1))
    assert [each.name for each in found] == ["2026-01", "2025-12", "2025-11", "2026-Q1", "2025-Q4", "2026", "2025"]
    assert found[usual_of(found, date(2026, 1, 31))] == month_of(date(2025, 12, 1))
    assert usual_of(found[:1], date(2026, 1, 31)) == 0


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
