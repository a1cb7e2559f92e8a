"""Invoices from files: every line as it is said, all or none, twice the same, taken out again."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.kept import made_once
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.invoices import Invoice, add_invoice_lines, list_invoices, remove_demo_invoices

CSV = """\
Date,Model,API key,Line item,Cost
2026-10-01,step-3.7-flash,web,tokens,1.20
2026-10-01,step-3.7-flash,web,tokens,1.20
2026-10-02,step-3.7-flash,,tokens,"1,001.20"
2026-10-31,,,VAT 19%,$0.50
2026-10-31,,,Refund of October,-3
"""


@pytest.fixture
def file(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "october.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def ready(tollbook, tmp_path):
    made_once(tollbook.warehouse, "cli_invoice_import", lambda: load(tollbook, tmp_path))
    return tollbook


def load(tollbook, tmp_path):
    log = tmp_path / "log.jsonl"
    usage = {"prompt_tokens": 10, "completion_tokens": 0, "total_tokens": 10}
    answer = {"id": "c-1", "object": "chat.completion", "model": "step-3.7-flash", "usage": usage}
    line = {"time": "2026-10-01T10:00:00Z", "seller": "stepfun", "response": answer}
    log.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert tollbook("ingest", log) == 0


def test_a_file_is_taken_line_by_line_and_twice_the_same_adds_nothing(ready, file):
    path = file(CSV)
    done = ready.json("invoice", "import", path, "--seller", "stepfun", "--currency", "usd", "--column", "key=API key")
    assert done["rows"] == [
        {"seller": "stepfun", "kind": "usage", "lines": 3, "currency": "USD", "amount": "1003.6"},
        {"seller": "stepfun", "kind": "tax", "lines": 1, "currency": "USD", "amount": "0.5"},
        {"seller": "stepfun", "kind": "credit", "lines": 1, "currency": "USD", "amount": "-3"},
    ]
    assert (done["added"], done["already_there"]) == (5, 0)
    again = ready.json(
        "invoice", "import", path.rename(path.with_name("copy.csv")), "--seller", "stepfun", "--currency", "USD"
    )
    assert (again["added"], again["already_there"]) == (0, 5), "the file's name does not matter"
    rows = ready.rows("invoice", "list")
    assert [(row["invoice_id"], row["key"], row["kind"], row["amount"]) for row in rows[:3]] == [
        (1, "web", "usage", "1.2"),
        (2, "web", "usage", "1.2"),
        (3, None, "usage", "1001.2"),
    ], "two equal lines of one file are two lines"


def test_an_invoice_is_taken_out_as_one_and_may_come_again(ready, file):
    path = file(CSV)
    into = ("invoice", "import", path, "--seller", "stepfun", "--currency", "USD", "--number", "A-17")
    assert ready(*into) == 0
    assert ready.json("invoice", "remove", "--invoice", "A-17")["removed"] == [1, 2, 3, 4, 5]
    assert ready.rows("invoice", "list") == []
    assert ready.json(*into)["added"] == 5
    assert [row["invoice_id"] for row in ready.rows("invoice", "list")] == [6, 7, 8, 9, 10], "no number comes twice"
    assert ready("invoice", "remove", "--invoice", "A-18") == 2
    assert "there is no invoice of the number 'A-18'" in ready.err
    assert ready("invoice", "remove") == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CSV.replace("1.20", "1,20"), "has more cells than the file has headings"),
        (CSV.replace("2026-10-02", "02/10/2026"), "october.csv:4: '02/10/2026' is no day"),
        (CSV.replace("2026-10-02", "31.11.2026"), "october.csv:4: '31.11.2026' is no day"),
        (CSV.replace('"1,001.20"', '"1.001,20"'), "october.csv:4: '1.001,20' is no amount"),
        (CSV.replace("Cost", "Money"), "no column says the amount; its columns are Date, Model, API key, Line item"),
        ("date,amount,kind\n2026-10-01,1,thing\n", "october.csv:2: there is no kind 'thing'"),
        ("date,until,amount\n2026-10-01,2026-09-30,1\n", "it ends on 2026-09-30, before it begins"),
        ("date,amount\n", "there is no line in it"),
        ("", "no column says the day; its columns are none"),
    ],
)
def test_of_a_file_with_a_mistake_nothing_is_taken(ready, file, text, words):
    assert ready("invoice", "import", file(text), "--seller", "stepfun", "--currency", "USD") == 2
    assert words in ready.err
    assert ready.rows("invoice", "list") == []


def test_the_total_that_a_person_names_is_what_the_lines_add_up_to(ready, file):
    into = ("invoice", "import", file(CSV), "--seller", "stepfun", "--currency", "USD", "--total")
    assert ready(*into, "1001.11") == 2
    assert "its lines add up to 1001.1 USD, and the total is said to be 1001.11" in ready.err
    assert ready(*into, "1001.20") == 2 and "the total is said to be 1001.20" in ready.err, "as it was typed"
    assert ready(*into, "1001.1") == 0
    assert ready("invoice", "import", file(CSV), "--currency", "USD") == 2 and "no seller: give --seller" in ready.err
    assert (
        ready("invoice", "import", file(CSV), "--seller", "s") == 2 and "no currency: give --currency CODE" in ready.err
    )


def test_tax_fees_and_keys_do_not_disturb_the_four_costs(ready):
    whole = ("invoice", "add", "--seller", "stepfun", "--first", "2026-10-01", "--last", "2026-10-31")
    for amount, *more in (("5", "--kind", "usage"), ("0.95", "--kind", "tax"), ("0.3", "--kind", "fee")):
        assert ready(*whole, "--currency", "USD", "--amount", amount, *more) == 0
    (row,) = [row for row in ready.rows("cost", "--four", "--by", "seller") if row["currency"] == "USD"]
    assert row["invoiced"] == "5"
    assert ready(*whole, "--currency", "USD", "--amount", "1", "--kind", "gift") == 2
    assert "there is no 'gift'; there are usage, credit, tax, fee, byok" in ready.err


def test_made_up_lines_go_with_the_demo_and_every_act_is_in_the_audit(ready):
    author = Author("ann", datetime(2026, 11, 1))
    line = Invoice(0, "s", None, date(2026, 10, 1), date(2026, 10, 1), "USD", 5, "D-1", "demo.csv")
    assert add_invoice_lines(ready.warehouse, [line], author, demo=True, tell=silent) == [1]
    assert add_invoice_lines(ready.warehouse, [line._replace(number="A-1")], author, tell=silent) == [2]
    assert remove_demo_invoices(ready.warehouse, author, tell=silent) == 1
    assert [each.number for each in list_invoices(ready.warehouse, tell=silent)] == ["A-1"]
    with duckdb.connect(str(ready.warehouse / "state.duckdb"), read_only=True) as state:
        told = [what for (what,) in state.execute("select what from audit order by changed_at, what").fetchall()]
    assert sorted(told) == ["invoice 1 to 1 added", "invoice 2 to 2 added", "invoice demo removed"]


def test_a_state_database_of_before_there_were_kinds_is_read(ready):
    assert ready("invoice", "add", "--seller", "s", "--first", "2026-10-01", "--last", "2026-10-31", "--amount", "5",
                 "--currency", "USD", "--kind", "tax") == 0  # fmt: skip
    with duckdb.connect(str(ready.warehouse / "state.duckdb")) as state:
        for column in ("kind", "key", "label", "digest", "demo"):
            state.execute(f"alter table invoice drop column {column}")
    (row,) = ready.rows("invoice", "list")
    assert (row["amount"], row["kind"], row["key"]) == ("5", "usage", None)


def test_one_total_is_not_that_of_two_currencies(ready, file):
    path = file("day,amount,currency\n2026-10-01,1.00,USD\n2026-10-01,2.00,EUR\n")
    assert ready("invoice", "import", path, "--seller", "stepfun", "--total", "3.00") == 2
    assert "its lines add up to 1 USD and 2 EUR: no one total is that of two currencies" in ready.err
    assert ready("invoice", "import", path, "--seller", "stepfun") == 0


def test_a_credit_that_adds_to_the_bill_is_refused(ready, file):
    into = ("--seller", "stepfun", "--currency", "USD")
    for heading, cell in (("kind", "credit"), ("label", "Credits applied")):
        path = file(f"day,{heading},amount\n2026-10-01,{cell},5.00\n")
        assert ready("invoice", "import", path, *into) == 2
        assert "october.csv:2: a credit takes off the bill: write -5" in ready.err
    typed = ("invoice", "add", "--first", "2026-10-01", "--last", "2026-10-01", "--kind", "credit", *into)
    assert ready(*typed, "--amount", "5") == 2 and "a credit takes off the bill" in ready.err
    assert ready(*typed, "--amount", "-5") == 0


@pytest.mark.parametrize(
    ("first", "last", "until"),
    [
        ("2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", "2026-10-01"),
        ("2026-10-01 00:00", "2026-11-01 00:00", "2026-10-31"),
        ("1790812800", "1790899200", "2026-10-01"),
        ("2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-10-01"),
        ("2026-10-01T00:00:00Z", "2026-10-02T00:00:01Z", "2026-10-02"),
        ("2026-10-01", "2026-10-02", "2026-10-02"),
    ],
)
def test_an_instant_at_midnight_ends_the_day_before(ready, file, first, last, until):
    path = file(f"start_time,end_time,amount\n{first},{last},5.00\n")
    assert ready("invoice", "import", path, "--seller", "stepfun", "--currency", "USD") == 0, ready.err
    (row,) = ready.rows("invoice", "list")
    assert (row["first"], row["last"]) == ("2026-10-01", until)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-10-01,9999-12-31,1,", "october.csv:2: 9999-12-31 is no day of an invoice"),
        ("0001-01-01,,1,", "october.csv:2: 0001-01-01 is no day of an invoice"),
        ("2026-10-01,,1e26,", "october.csv:2: 100000000000000000000000000 is no amount of an invoice"),
    ],
)
def test_what_no_invoice_says_is_refused(ready, file, row, words):
    path = file(f"first,last,amount,label\n{row}\n")
    assert ready("invoice", "import", path, "--seller", "stepfun", "--currency", "USD") == 2
    assert words in ready.err and ready.rows("invoice", "list") == []


def test_a_line_typed_in_is_as_careful(ready):
    add = ("invoice", "add", "--seller", "stepfun", "--currency", "USD", "--first", "2026-10-01", "--amount", "1")
    assert ready(*add, "--last", "9999-12-31") == 2 and "9999-12-31 is no day of an invoice" in ready.err
    assert ready(*add, "--last", "2026-09-30") == 2 and "ends on 2026-09-30, before it begins" in ready.err


def test_what_is_no_csv_is_said(ready, file):
    was = csv.field_size_limit(1000)
    try:
        path = file("day,amount,label\n2026-10-01,1," + "x" * 2000 + "\n")
        assert ready("invoice", "import", path, "--seller", "stepfun", "--currency", "USD") == 2
    finally:
        csv.field_size_limit(was)
    assert "october.csv: after line 1 it is no CSV: field larger than field limit" in ready.err
