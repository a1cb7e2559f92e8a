"""``tollbook report procurement`` as a person and as a program meets it: what is asked, written and said."""

import hashlib
import json
from datetime import date, datetime

import pytest

from app.cli import run
from app.report_asked import usual_period
from app.session import UserMistake
from tests.reported import DEMO_NOW, MONTH
from warehouse.traffic import Span


@pytest.fixture
def report(demo_warehouse_for_reports, capsys):
    """`report("--period", "2026-10")`: exit code, standard output, standard error."""

    def ask(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(["--warehouse", str(demo_warehouse_for_reports), "report", "procurement", *map(str, arguments)])
        return code, *capsys.readouterr()

    return ask


def test_the_files_are_there_and_nothing_beside_them(demo_report):
    names = sorted(path.name for path in demo_report.iterdir())
    assert names == [f"tollbook-procurement-{MONTH}.{form}" for form in ("html", "pdf", "xlsx")]


def test_the_same_question_gives_the_same_bytes(report, demo_report, tmp_path):
    code, out, _ = report("--format", "pdf,xlsx,html", "--to", tmp_path, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["period"] == {"name": MONTH, "first": "2026-10-01", "last": "2026-10-31"}
    for file in told["files"]:
        name = file["path"].rpartition("/")[2]
        content = (tmp_path / name).read_bytes()
        assert content == (demo_report / name).read_bytes(), name
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])


def test_progress_is_said_beside_the_output(report, tmp_path):
    code, out, err = report("--period", "2026-10-10..2026-10-11", "--format", "html", "--to", tmp_path / "new")
    name = "tollbook-procurement-2026-10-10_2026-10-11.html"
    assert (code, out) == (0, f"{tmp_path / 'new' / name}\n")
    assert err.splitlines()[-2:] == ["looking ahead", f"making {name}"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "October"], "--period: 'October' is no period; write it as in 2026-10, 2026-Q4"),
        (["--period", "2026-12"], "2026-12 has not begun: today is 2026-11-21"),
        (["--period", "2020"], "nothing of 2020 is in the warehouse; there are calls from 2026-"),
        (["--where", "team=nobody"], f"nothing of {MONTH} with team=nobody is in the warehouse"),
        (["--where", "planet=earth"], "there is no dimension 'planet'"),
        (["--format", "doc"], "--format: there is no 'doc'; there are pdf, xlsx, html"),
        (["--format", ","], "--format: give one or more of pdf, xlsx, html"),
        (["--scenario", "none such"], "there is no saved scenario 'none such'; there are "),
        (["--launch", "none such"], "none such"),
        (["--in", "euro"], "--in: 'euro' is no currency"),
        (["--in", "XTS"], "no rate of XTS is known"),
    ],
)
def test_a_mistake_is_said_in_a_sentence_and_nothing_is_written(report, tmp_path, arguments, said):
    code, out, err = report(*arguments, "--to", tmp_path)
    assert (code, out) == (2, "")
    assert said in err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_an_empty_warehouse_is_said(tmp_path, capsys):
    assert run(["--warehouse", str(tmp_path / "none"), "report", "procurement"]) == 2
    assert "load a log with `tollbook ingest`" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_said(report, tmp_path):
    (tmp_path / "file").write_text("no folder")
    code, out, err = report("--format", "html", "--to", tmp_path / "file")
    assert (code, out) == (2, "")
    assert err.endswith("file is no folder to write to: File exists\n")
    assert "looking ahead" not in err


def span(first: date, last: date) -> Span:
    return Span("UTC", datetime(last.year, last.month, last.day), last, first)


@pytest.mark.parametrize(
    ("first", "last", "usual"),
    [
        (date(2026, 1, 5), date(2026, 11, 21), "2026-10"),
        (date(2026, 11, 2), date(2026, 11, 21), "2026-11"),
        (date(2026, 1, 5), date(2026, 8, 9), "2026-08"),
        (date(2026, 10, 31), date(2026, 10, 31), "2026-10"),
    ],
)
def test_the_usual_report_is_of_the_last_whole_month_with_data(first, last, usual):
    assert usual_period(span(first, last), date(2026, 11, 21)).name == usual


def test_without_data_there_is_no_usual_month():
    with pytest.raises(UserMistake, match="no call was loaded"):
        usual_period(Span("UTC", None, None, None), date(2026, 11, 21))


def test_the_demo_is_of_the_month_that_these_tests_are_about():
    assert usual_period(span(date(2026, 1, 1), DEMO_NOW.date()), DEMO_NOW.date()).name == MONTH
