"""The page Reports: what can be chosen, the command that it comes to, files that are made and let go of."""

import csv
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from app.components.report_made import MADE
from app.periods import month_of
from app.report_jobs import ReportJob, start_report
from app.report_kinds import KINDS, Wanted, arguments_of, periods_between, usual_of
from tests.app_page import opener, texts
from tests.test_cli_chargeback import loaded  # noqa: F401 - a fixture
from warehouse.scope import Scope

NOW = datetime(2026, 11, 3, 9)
WAIT_S = 60


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


@pytest.fixture
def filled(loaded, tmp_warehouse) -> Path:  # noqa: F811 - the fixture of that name
    return shutil.copytree(loaded, tmp_warehouse)


def codes(test) -> list[str]:
    return [each.value for each in test.code]


def test_the_page_says_what_a_person_would_type(opened, filled):
    test = opened(filled, "reports", team="support")
    test.segmented_control(key="report").set_value("chargeback").run()
    assert codes(test) == ["tollbook report chargeback --month=2026-10 --format=pdf,csv"]
    assert "the filters above do not narrow it" in texts(test)
    test.selectbox(key="report_rule").set_value("tokens").run()
    test.selectbox(key="report_team").set_value("support").run()
    test.selectbox(key="report_month").set_value("2026-11").run()
    test.selectbox(key="report_currency").set_value("CHF").run()
    assert codes(test) == [
        "tollbook report chargeback --month=2026-11 --in=CHF --rule=tokens --team=support --format=pdf,csv"
    ]
    test.segmented_control(key="report").set_value("focus").run()
    assert codes(test) == ["tollbook export focus --period=2026-10 --where=team=support --format=parquet"]
    test.selectbox(key="report_period").set_value("2026-Q4").run()
    test.button_group(key="report_formats_focus").set_value([]).run()
    assert codes(test) == [] and "Choose a format" in texts(test)
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
        assert len(codes(test)) == 1


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
    assert made.job.failure == "nothing is known of 2025-01: no call and no charge is in it" and made.files == []


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


def test_periods_are_those_with_data_the_newest_first():
    found = periods_between(date(2025, 11, 30), date(2026, 1, 1))
    assert [each.name for each in found] == ["2026-01", "2025-12", "2025-11", "2026-Q1", "2025-Q4", "2026", "2025"]
    assert found[usual_of(found, date(2026, 1, 31))] == month_of(date(2025, 12, 1))
    assert usual_of(found[:1], date(2026, 1, 31)) == 0


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)
