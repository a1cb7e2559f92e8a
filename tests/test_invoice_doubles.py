"""An invoice that would count twice is refused, with the number that it is there under and the ways out."""

from datetime import datetime

import pytest

from tests.app_page import opener, table, texts
from tests.kept import made_once
from tests.test_app_reconciliation import PAGE, field, press
from tests.test_cli_invoice_import import load

DAILY = "date,model,cost\n2026-10-01,step-3.7-flash,0.20\n2026-10-02,step-3.7-flash,0.40\n"
GIVEN = ("--seller", "stepfun", "--currency", "USD", "--number")


@pytest.fixture
def bring(tollbook, tmp_path):
    made_once(tollbook.warehouse, "cli_invoice_import", lambda: load(tollbook, tmp_path))

    def with_number(number: str, text: str = DAILY, *more: str) -> int:
        path = tmp_path / f"{number}.csv"
        path.write_text(text, encoding="utf-8")
        return tollbook("invoice", "import", path, *GIVEN, number, *more)

    return with_number


def test_the_same_lines_under_another_number_are_refused_with_the_number(tollbook, bring):
    assert bring("SF-2026-10") == 0
    assert bring("SF-2026-10") == 0 and "0 lines added, 2 there already" in tollbook.out
    assert bring("SF-2026-10B") == 2
    assert "stepfun: all 2 lines of it are there as invoice SF-2026-10: both would count" in tollbook.err
    assert "tollbook invoice remove --invoice SF-2026-10 --seller stepfun" in tollbook.err
    assert len(tollbook.rows("invoice", "list")) == 2
    assert bring("SF-2026-10B", DAILY, "--count-both") == 0
    assert len(tollbook.rows("invoice", "list")) == 4


def test_a_line_for_the_whole_month_and_one_for_each_day_are_not_both_taken(tollbook, bring):
    whole = ("--first", "2026-10-01", "--last", "2026-10-31", "--amount", "0.60", "--currency", "USD")
    assert tollbook("invoice", "add", "--seller", "stepfun", *whole, "--number", "A-1") == 0
    assert bring("A-2") == 2
    assert "stepfun: invoice A-1 is already about 2026-10-01 to 2026-10-02: both would count" in tollbook.err
    assert bring("A-2", DAILY.replace("-10-", "-11-")) == 0, "of other days"
    assert bring("A-3", "date,kind,cost\n2026-10-31,tax,0.11\n2026-10-31,credit,-0.05\n") == 0, "about no calls"


def test_a_corrected_file_of_the_same_number_is_not_added_to_the_first(tollbook, bring):
    assert bring("A-1") == 0
    assert bring("A-1", DAILY.replace("0.40", "0.45") + "2026-10-03,step-3.7-flash,0.60\n") == 2
    assert "invoice A-1 is there with other amounts for 1 line of it" in tollbook.err
    assert bring("A-1", DAILY + "2026-10-03,step-3.7-flash,0.60\n") == 0, "days that were not there are added"
    assert "1 line added, 2 there already" in tollbook.out


def test_a_line_without_number_or_file_is_named_by_its_own(tollbook, bring):
    whole = ("--first", "2026-10-01", "--last", "2026-10-31", "--amount", "0.60", "--currency", "USD")
    assert tollbook("invoice", "add", "--seller", "stepfun", *whole) == 0
    assert bring("A-2") == 2 and "tollbook invoice remove 1." in tollbook.err
    assert tollbook("invoice", "add", "--seller", "stepfun", *whole, "--number", "A-9") == 0
    assert "entered, and stepfun: the one line of it is there as invoice line 1: both count" in tollbook.err


def test_the_page_warns_before_it_stores_and_beside_the_bill(tollbook, bring, monkeypatch):
    opened = opener(monkeypatch, datetime(2026, 11, 22, 9))
    assert bring("SF-2026-10") == 0
    test = opened(tollbook.warehouse, PAGE)
    press(test, "Import an invoice").run()
    field(test, "Seller").set_value("stepfun")
    field(test, "The invoice's own number").set_value("SF-2026-10B")
    test.file_uploader[0].set_value(("again.csv", DAILY.encode(), "text/csv")).run()
    assert "all 2 lines of it are there as invoice SF-2026-10: both would count" in texts(test)
    assert not [each for each in test.button if each.label.startswith("Import 2")]
    (both,) = test.checkbox
    both.check().run()
    press(test, "Import 2 lines").run()
    assert not test.exception and len(tollbook.rows("invoice", "list")) == 4
    test = opened(tollbook.warehouse, PAGE)
    warned = "Two invoices cover 2026-10-01 to 2026-10-02: SF-2026-10 and SF-2026-10B"
    assert warned in texts(test)
    rows = table(test, "Suggested reason").to_dict("records")
    assert {row["Bill"] for row in rows if "two invoices" in row["Suggested reason"]} == {"SF-2026-10, SF-2026-10B"}
    assert tollbook("reconcile", "--against", "invoices") == 0
    assert warned in tollbook.out and "two invoices cover these days: SF-2026-10, SF-2026-10B" in tollbook.out
    press(test, "Remove an invoice").run()
    (chosen,) = [each for each in test.selectbox if each.label == "Which"]
    assert chosen.options[0] == "stepfun: SF-2026-10 · $0.6000 · 2026-10-01 to 2026-10-02 · 2 lines"
