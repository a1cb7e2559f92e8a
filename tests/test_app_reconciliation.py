"""The page Reconciliation: its headline, bills with their differences, entering and removing invoices."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.load import load_files
from ingest.options import Options
from pricing.money import PICO
from tests.app_page import metric, opener, table, texts
from tests.kept import made_once
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.invoices import Invoice, add_invoice_lines, list_invoices

NOW = datetime(2026, 11, 22, 9)
AUTHOR = Author("ann", NOW)
PAGE = "reconciliation"


def call(day: int, tokens: int, **usage: object) -> dict:
    counts = {"prompt_tokens": tokens, "completion_tokens": 0, "total_tokens": tokens} | usage
    answer = {"id": f"c-{day}", "object": "chat.completion", "model": "step-3.7-flash", "usage": counts}
    return {"time": f"2026-10-{day:02}T10:00:00Z", "seller": "stepfun", "team": "search", "response": answer}


@pytest.fixture
def filled(tmp_warehouse: Path) -> Path:
    """Four calls of 0.20, 0.40, 0.60 and 0.80 USD; the log reports the second as 0.41."""
    return made_once(tmp_warehouse, "app_reconciliation", lambda: load(tmp_warehouse))


def load(warehouse: Path) -> None:
    log = warehouse.parent / "log.jsonl"
    calls = [
        call(day, day * 1_000_000, **({"cost": 0.41 if day == 2 else 0.2 * day} if day < 4 else {}))
        for day in range(1, 5)
    ]
    log.write_text("".join(json.dumps(each) + "\n" for each in calls), encoding="utf-8")
    (found,) = load_files(warehouse, [log], Options(), now=NOW, tell=silent)
    assert found.merged.loaded == 4


@pytest.fixture
def opened(monkeypatch):
    return opener(monkeypatch, NOW)


def line(day: int, hundredths: int, **own: object) -> Invoice:
    plain = Invoice(
        0, "stepfun", None, date(2026, 10, day), date(2026, 10, day), "USD", hundredths * PICO // 100, "A-1", "a.csv"
    )
    return plain._replace(**own)  # type: ignore[arg-type]


def test_without_a_bill_the_page_says_how_to_bring_one(opened, filled):
    test = opened(filled, PAGE)
    assert metric(test, "Attempts") == "4" and metric(test, "Priced") == "100%"
    assert "tollbook invoice import FILE" in texts(test)
    rows = table(test, "Says the log")
    assert dict(zip(rows["State"], rows["Calls"], strict=True)) == {"Different": 1, "Matched": 2, "Ours only": 1}
    assert list(rows["State"])[0] == "Different", "what somebody has to look into comes first"


def test_a_bill_is_shown_with_its_differences_and_they_are_all_of_it(opened, filled):
    lines = [line(1, 20), line(2, 80), line(4, 80), line(4, 19, kind="tax")]
    add_invoice_lines(filled, lines, AUTHOR, tell=silent)
    test = opened(filled, PAGE)
    rows = table(test, "Suggested reason").to_dict("records")
    assert [(row["State"], row["Days"], row["Suggested reason"]) for row in rows] == [
        ("Ours only", "2026-10-03", "the bill has nothing of it"),
        ("Different", "2026-10-02", "billed twice: just twice what the calls cost"),
        ("Tax", "2026-10-04", "tax"),
    ]
    assert (metric(test, "Our figures"), metric(test, "The bill")) == ("$2.00", "$1.99")
    assert (metric(test, "Differences"), metric(test, "Tax, credits, the rest")) == ("−$0.2000", "+$0.1900")
    assert "2 of 4 comparisons match" in texts(test)
    assert metric(test, "Billed") == "75.0%" and "Entered: 4 lines of invoices" in [
        each.label for each in test.expander
    ]
    assert [row["No."] for row in table(test, "Label").to_dict("records")] == [1, 2, 3, 4]


def test_a_bill_that_lacks_what_was_called_just_now_is_not_called_reconciled(monkeypatch, filled):
    add_invoice_lines(filled, [line(day, day * 20) for day in (1, 2, 3)], AUTHOR, tell=silent)
    test = opener(monkeypatch, datetime(2026, 10, 5))(filled, PAGE, period="Last 7 days")
    assert "Too fresh" in list(table(test, "Suggested reason")["State"])
    assert "Not all billed yet" in texts(test) and "Reconciled" not in texts(test)


def test_filters_narrow_it_and_a_team_is_on_no_bill(opened, filled):
    add_invoice_lines(filled, [line(1, 20)], AUTHOR, tell=silent)
    assert "Bills know no teams" in texts(opened(filled, PAGE, team="search"))
    test = opened(filled, PAGE, model="step-3.7-flash")
    assert "tollbook invoice import FILE" not in texts(test) or "left out" in texts(test)
    assert "tollbook invoice import FILE" in texts(opened(filled, PAGE, period="Last 7 days"))


def test_a_line_is_typed_in_and_an_invoice_removed(opened, filled):
    test = opened(filled, PAGE)
    press(test, "Enter a line").run()
    field(test, "Amount").set_value("0.20")
    field(test, "Seller").set_value("stepfun")
    dates = {each.label: each for each in test.date_input}
    dates["First day"].set_value(date(2026, 10, 1))
    dates["Last day"].set_value(date(2026, 10, 1))
    field(test, "The invoice's own number").set_value("B-7")
    field(test, "Key").set_value("web")
    field(test, "Who does this").set_value("ann")
    press(test, "Enter").run()
    assert not test.exception and not test.error, [each.value for each in test.error]
    (entered,) = list_invoices(filled, tell=silent)
    assert (entered.number, entered.pico, entered.first, entered.key) == ("B-7", PICO // 5, date(2026, 10, 1), "web")
    press(test, "Remove an invoice").run()
    assert "stand beside no call any more" in texts(test)
    press(test, "Remove").run()
    assert not test.exception and not test.error
    assert list_invoices(filled, tell=silent) == []
    press(test, "Undo").run()
    assert not test.exception and not test.error
    assert list_invoices(filled, tell=silent) == [entered], "the same line under its number"


def test_a_file_is_dropped_and_its_bill_is_shown(opened, filled):
    test = opened(filled, PAGE)
    press(test, "Import an invoice").run()
    field(test, "Seller").set_value("stepfun")
    test.file_uploader[0].upload("a.csv", b"date,amount\n2026-10-01,0.20\n2026-10-02,much\n").run()
    assert "a.csv:3: 'much' is no amount" in texts(test) and list_invoices(filled, tell=silent) == []
    test.file_uploader[0].clear().upload("a.csv", b"date,amount\n2026-10-01,0.20\n2026-10-02,0.40\n")
    field(test, "What all lines add up to").set_value("0.70").run()
    assert "its lines add up to 0.6 USD" in texts(test) and list_invoices(filled, tell=silent) == []
    field(test, "What all lines add up to").set_value("0.60")
    field(test, "The invoice's own number").set_value("B-8").run()
    assert list(table(test, "Lines")["Amount"]) == ["$0.6000"] and list_invoices(filled, tell=silent) == []
    press(test, "Import 2 lines").run()
    assert not test.exception and not test.error, [each.value for each in test.error]
    assert [(each.number, each.seller, each.pico) for each in list_invoices(filled, tell=silent)] == [
        ("B-8", "stepfun", PICO // 5),
        ("B-8", "stepfun", PICO * 2 // 5),
    ]
    assert metric(test, "The bill") == "$0.6000"


def test_what_cannot_be_entered_is_said(opened, filled):
    test = opened(filled, PAGE)
    press(test, "Enter a line").run()
    field(test, "Amount").set_value("a lot")
    field(test, "Seller").set_value("stepfun")
    press(test, "Enter").run()
    assert "is no amount" in texts(test) and list_invoices(filled, tell=silent) == []


def press(test, label: str):
    (button,) = [each for each in test.button if each.label == label]
    return button.click()


def field(test, label: str):
    found = [each for each in [*test.text_input, *test.selectbox] if each.label == label]
    return found[0]
