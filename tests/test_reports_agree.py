"""One filter, six answers: the page, the command line, the PDF, the workbook, the HTML file and the FOCUS export."""

import json
import shutil
import subprocess
from decimal import Decimal
from html.parser import HTMLParser

import duckdb
import openpyxl
import pytest

from app.cli import run
from app.components.formats import count as shown_count
from app.components.formats import money as shown_money
from pricing.money import PICO
from reports.document import Money
from reports.figures import text_of
from tests.app_page import metric, opener
from tests.reported import DEMO_NOW, MONTH

TEAM = "support"
"""Billed in two currencies, with calls of unknown cost among its own."""
opened = pytest.fixture(lambda monkeypatch: opener(monkeypatch, DEMO_NOW))


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_data(self, data):
        self.found.append(data)


def words_of(text):
    """Text with one space between words, so that a line's end is no difference."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())


@pytest.fixture(scope="module")
def answers(demo_warehouse_for_reports, tmp_path_factory):
    """The files of one filter."""
    folder = tmp_path_factory.mktemp("six")
    begin = ["--warehouse", str(demo_warehouse_for_reports)]
    filtered = ["--period", MONTH, "--where", f"team={TEAM}", "--to", str(folder)]
    assert run([*begin, "report", "procurement", *filtered, "--format", "pdf,xlsx,html"]) == 0
    assert run([*begin, "export", "focus", *filtered, "--format", "parquet,csv"]) == 0
    return folder


def file_of(folder, ending, what="procurement"):
    (found,) = folder.glob(f"tollbook-{what}-*{ending}")
    return found


@pytest.fixture
def told(demo_warehouse_for_reports, capsys):
    """What the command line says of it, as exact decimals: in all, and by model."""

    def ask(*by):
        period = ["--since", f"{MONTH}-01", "--until", f"{MONTH}-31", "--where", f"team={TEAM}", "--json"]
        assert run(["--warehouse", str(demo_warehouse_for_reports), "cost", *by, *period]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def totals(told):
    found = {row["currency"]: Decimal(row["cost"]) for row in told()["total"]}
    assert set(found) == {"USD", "CNY"}
    return found


@pytest.fixture
def calls(told):
    """All calls, and those of unknown cost."""
    rows = told()["rows"]
    unknown = sum(row["unpriced"] for row in rows)
    assert unknown
    return sum(row["requests"] for row in rows), unknown


def pico(amount):
    return int(amount * PICO)


def test_the_page(demo_warehouse_for_reports, opened, totals, calls):
    page = opened(demo_warehouse_for_reports, "overview", period="Last month", team=TEAM)
    shown = " ".join(str(each.value) for each in page.metric).replace("\\", "")
    for currency, amount in totals.items():
        assert shown_money(pico(amount), currency) in shown
    assert metric(page, "Requests") == shown_count(calls[0])


def reported(totals, told, calls):
    """How a report writes what the command line says."""
    found = {text_of(Money(pico(amount), code), "money") for code, amount in totals.items()}
    rows = [row for row in told("--by", "model")["rows"] if row["cost"] is not None]
    assert len(rows) > len(totals)
    found |= {text_of(Money(pico(Decimal(row["cost"])), row["currency"]), "money") for row in rows}
    return {*found, *(f"{each:,}" for each in calls)}


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not here: install poppler-utils")
def test_the_pdf(answers, totals, told, calls):
    command = ["pdftotext", "-layout", str(file_of(answers, ".pdf")), "-"]
    text = words_of(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert [each for each in reported(totals, told, calls) if each not in text] == []


def test_the_html_file(answers, totals, told, calls):
    texts = Texts()
    texts.feed(file_of(answers, ".html").read_text(encoding="utf-8"))
    text = words_of(" ".join(texts.found))
    assert [each for each in reported(totals, told, calls) if each not in text] == []


def test_the_workbook(answers, totals, told):
    book = openpyxl.load_workbook(file_of(answers, ".xlsx"), data_only=True)
    for currency, amount in totals.items():
        assert named(book, f"TotalSpend_{currency}") == pytest.approx(float(amount), rel=1e-12)
    every = [value for sheet in book for row in sheet.iter_rows(values_only=True) for value in row]
    figures = [value for value in every if isinstance(value, float)]
    for row in told("--by", "model")["rows"]:
        if row["cost"] not in (None, "0"):
            assert any(figure == pytest.approx(float(row["cost"]), rel=1e-12) for figure in figures), row


def named(book, name):
    """The one cell that a name stands for."""
    sheet, _, cell = book.defined_names[name].attr_text.rpartition("!")
    first, _, last = cell.replace("$", "").partition(":")
    assert last in ("", first)
    return book[sheet.strip("'")][first].value


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_focus_export(answers, totals, told, calls, ending):
    path = str(file_of(answers, f".{ending}", "focus"))
    read = "read_csv(?, all_varchar = true)" if ending == "csv" else "read_parquet(?)"
    exact, near = 'cast("x_BilledCostExact" as decimal(38, 12))', 'cast("BilledCost" as double)'
    rows = duckdb.execute(f'select "BillingCurrency", sum({exact}), sum({near}) from {read} group by 1', [path])
    found = {code: (whole, close) for code, whole, close in rows.fetchall()}
    assert {code: whole for code, (whole, _) in found.items()} == totals
    for whole, close in found.values():
        assert close == pytest.approx(float(whole), rel=1e-9)


def test_the_focus_export_counts_what_it_leaves_out(answers, calls):
    (path,) = answers.glob("tollbook-focus-*.metadata.json")
    coverage = json.loads(path.read_text(encoding="utf-8"))["x_Coverage"]
    assert (coverage["Calls"], coverage["CallsLeftOut"]) == calls
