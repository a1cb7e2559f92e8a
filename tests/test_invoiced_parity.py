"""What is invoiced is one figure in reconciliation, the four costs and the report: after credits, without tax."""

import json
from datetime import date
from fractions import Fraction

import pytest

from pricing.money import PICO
from reports.readings.four import invoiced_whole, read_four
from reports.sections.books import is_apart
from tests.kept import made_once
from warehouse.connection import open_reader, silent
from warehouse.invoices import list_invoices
from warehouse.scope import EVERYTHING, Scope

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
LINES = """\
first,last,kind,amount,label
2026-10-01,2026-10-31,usage,2.94,
2026-10-01,2026-10-31,credit,-0.25,Credit
2026-10-31,2026-10-31,tax,0.51,VAT 19%
"""


@pytest.fixture
def filled(tollbook, tmp_path):
    made_once(tollbook.warehouse, "invoiced_parity", lambda: load(tollbook, tmp_path))
    return tollbook


def load(tollbook, tmp_path) -> None:
    """Calls of 2.9404 USD, and two without a price."""
    log, bill = tmp_path / "log.jsonl", tmp_path / "bill.csv"
    with log.open("w", encoding="utf-8") as text:
        for number, tokens in enumerate((14_702_000, None, None)):
            usage = {} if tokens is None else {"usage": {"prompt_tokens": tokens, "completion_tokens": 0}}
            answer = {"id": f"c-{number}", "object": "chat.completion", "model": "step-3.7-flash"} | usage
            text.write(json.dumps({"time": "2026-10-05T10:00:00Z", "seller": "stepfun", "response": answer}) + "\n")
    bill.write_text(LINES, encoding="utf-8")
    assert tollbook("ingest", log) == 0
    assert tollbook("invoice", "import", bill, "--seller", "stepfun", "--currency", "USD", "--number", "O-3") == 0


def test_a_credit_is_the_reason_everywhere_and_the_difference_is_one(filled):
    (bill,) = filled.json("reconcile", "--against", "invoices")["bills"]
    apart = {each["state"]: Fraction(each["theirs"]) for each in bill["differences"] if each["state"] != "matched"}
    (four,) = [row for row in filled.rows("cost", "--four", "--by", "seller") if row["currency"] == "USD"]
    assert four["invoiced"] == "2.69" and Fraction(four["credited"]) == apart["credit"] == Fraction("-0.25")
    assert Fraction(four["invoiced"]) == Fraction(bill["billed"]) - apart["tax"], "tax is about no calls"
    assert four["as_billed"] == bill["ours"]
    assert four["invoiced_reason"] == "-0.25 USD of credits; the rest: rounded to cents"
    assert {each["why"] for each in bill["differences"]} == {"credit", "tax", "rounded line by line"}
    with open_reader(filled.warehouse, tell=silent) as reader:
        found = read_four(reader, list_invoices(filled.warehouse, tell=silent), EVERYTHING)
    (each,) = invoiced_whole(found, FIRST, LAST)
    assert (each.invoiced, each.credits, each.unknown) == (PICO * 269 // 100, -PICO // 4, 2)
    assert not is_apart(each), "what a credit takes off is no difference that somebody has to look into"


def test_the_tables_say_what_is_in_what_is_invoiced(filled):
    assert filled("cost", "--four") == 0
    assert "Invoiced is after credits: credit of stepfun, -0.25 USD." in filled.out
    assert "Not in it, for it is about no calls: tax of stepfun, 0.51 USD." in filled.out


def test_a_credit_about_a_month_says_not_what_its_days_cost(filled, tmp_path):
    bill = tmp_path / "half.csv"
    bill.write_text(LINES.replace("2026-10-01,2026-10-31,usage", "2026-10-01,2026-10-05,usage"), encoding="utf-8")
    assert filled("invoice", "remove", "--invoice", "O-3") == 0
    assert filled("invoice", "import", bill, "--seller", "stepfun", "--currency", "USD") == 0
    with open_reader(filled.warehouse, tell=silent) as reader:
        found = read_four(reader, list_invoices(filled.warehouse, tell=silent), Scope(FIRST, LAST))
    assert invoiced_whole(found, FIRST, LAST) == []
