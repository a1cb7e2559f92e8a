"""Finance closes a month in a real Chromium: who overspent, which budget, does the invoice match, the report."""

import csv
import io
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from pricing.money import parse_signed_amount
from tests.journeys import Reader, call, company, in_every_look, shown
from tests.tollbook_command import Tollbook

NOW = "2026-11-04T09:00:00+00:00"
MODEL = "step-3.7-flash"
BUDGET = "20"
MILLIONS = {9: 2, 10: 6, 11: 40}
"""Million tokens a day of the team search, by month: 0.20 USD each. The team support keeps to two."""
OCTOBER = ("--since", "2026-10-01", "--until", "2026-10-31")
ODD_DAY, ODD = "2026-10-17", "1"
"""What the invoice asks more on one day, in USD."""
VAT = "5.06"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


def log() -> str:
    """Nine weeks of two teams, one call of each a day."""
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(64)]
    return "".join(
        call(f"{team}-{day}", f"{day}T10:00:00Z", "stepfun", MODEL, (millions * 1_000_000, 0), team=team)
        for day in days
        for team, millions in (("search", MILLIONS[day.month]), ("support", 2))
    )


def invoice(costs: list[dict]) -> str:
    """What the seller bills for October: our costs, but for one day, and a tax."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["day", "model", "amount", "currency", "kind", "label"])
    for row in costs:
        extra = parse_signed_amount(ODD) if row["day"] == ODD_DAY else 0
        amount = (parse_signed_amount(row["cost"]) + extra) / 10**12
        lines.writerow([row["day"], MODEL, f"{amount:.2f}", "USD", "usage", "Tokens"])
    lines.writerow(["2026-10-31", "", VAT, "USD", "tax", "VAT"])
    return text.getvalue()


@pytest.fixture
def books(tollbook: Tollbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tollbook:
    """A warehouse with two teams and a budget of each."""
    monkeypatch.setenv("TOLLBOOK_NOW", NOW)
    (tmp_path / "calls.jsonl").write_text(log(), encoding="utf-8")
    tollbook.load(tmp_path / "calls.jsonl")
    for team in ("search", "support"):
        about = ("--amount", BUDGET, "--currency", "USD", "--where", f"team={team}", "--first", "2026-09-01")
        assert tollbook("budget", "add", team, *about, "--who", "finance") == 0
    return tollbook


def see_who_overspent(reader: Reader, books: Tollbook) -> None:
    """From the morning page to the budget that is over, and what it came to in October."""
    standing = books.json("budget", "show", "search")["budget"]
    reader.open()
    needs = reader.page.get_by_text("Budget search")
    needs.wait_for()
    reader.sees(f"is {standing['state']}: {shown(standing['spent'])} spent of {shown(standing['amount'])}")
    reader.page.locator(f"a[href*='budget={standing['no']}']").click()
    reader.sees_page("Budgets")
    reader.sees_metric("Spent", shown(standing["spent"]))
    reader.sees_metric("Left", shown(standing["left"]))
    reader.sees_metric("Projected", shown(standing["projected"]["p50"]))


def drill_down(reader: Reader, books: Tollbook) -> None:
    """October by team, and the one that overspent down to a request."""
    costs = {row["team"]: row for row in books.costs("--by", "team", *OCTOBER)}
    total = books.json("cost", *OCTOBER)["total"][0]["cost"]
    reader.go("Spend", "Explore")
    reader.choose("Period", "Last month")
    reader.choose("By", "Team")
    reader.sees("Cost per day by team")
    reader.sees(f"In all {shown(total)}")
    reader.choose("Look into one team", "search")
    reader.sees(f"In all {shown(costs['search']['cost'])}")
    reader.choose("Open a day", "Sat 17 Oct 2026")
    day = books.json("cost", "--since", ODD_DAY, "--until", ODD_DAY, "--where", "team=search")["total"][0]["cost"]
    reader.sees(f"In all {shown(day)}")


def reconcile(reader: Reader, books: Tollbook, bill: Path) -> None:
    """Bring the invoice, and see on which day it asks for more."""
    reader.go("Evidence", "Reconciliation")
    reader.press("Import an invoice")
    dialog = reader.dialog("Import an invoice")
    dialog.locator("input[type=file]").set_input_files(bill)
    reader.sees(bill.name, dialog)
    reader.choose("Seller", "stepfun", dialog)
    dialog.get_by_label("The invoice's own number").fill("SF-2026-10")
    reader.press("Import", dialog.get_by_test_id("stForm"))
    dialog.wait_for(state="detached")
    reader.sees("1 difference")
    (one,) = books.json("reconcile", *OCTOBER)["bills"]
    reader.sees_metric("Our figures", shown(one["ours"]))
    reader.sees_metric("The bill", shown(one["billed"]))
    reader.sees_metric("Differences", f"+{shown(ODD)}")


def close(reader: Reader, books: Tollbook) -> None:
    """Close October; the books say so."""
    reader.go("Plan", "Budgets")
    reader.page.get_by_role("radio", name="Month close").click()
    reader.press("Close 2026-09")
    dialog = reader.dialog("Close a month")
    reader.press("Close 2026-09", dialog)
    dialog.wait_for(state="detached")
    reader.press("Close 2026-10")
    dialog = reader.dialog("2026-10 will be frozen")
    reader.press("Close 2026-10", dialog)
    dialog.wait_for(state="detached")
    reader.page.get_by_role("button", name="Reopen 2026-10").wait_for()
    assert [each["state"] for each in books.rows("close")] == ["closed", "closed", "open"]


def hand_in(reader: Reader, books: Tollbook, total: str) -> None:
    """Make the report, and look into the files that came."""
    reader.go("Evidence", "Reports")
    reader.page.get_by_role("radio", name="Chargeback").click()
    reader.page.get_by_role("button", name="Workbook").click()
    reader.press("Make the report")
    book = openpyxl.load_workbook(reader.takes(".xlsx", ".xlsx"), data_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert {"search", "support"} <= {*cells}
    assert any(isinstance(cell, int | float) and abs(cell - float(total)) < 1e-9 for cell in cells)
    if shutil.which("pdftotext"):
        read = subprocess.run(["pdftotext", "-layout", reader.takes(".pdf"), "-"], capture_output=True, check=True)
        assert total in read.stdout.decode()


@in_every_look
def test_finance_closes_the_month(look, books, chromium, tmp_path):
    bill = tmp_path / "stepfun-october.csv"
    bill.write_text(invoice(books.costs("--by", "day", *OCTOBER)), encoding="utf-8")
    with company(chromium, books.warehouse, NOW) as people:
        reader = people.reader(look)
        see_who_overspent(reader, books)
        drill_down(reader, books)
        reconcile(reader, books, bill)
        close(reader, books)
        hand_in(reader, books, "49.60")
