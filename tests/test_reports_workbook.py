"""The workbook of a document: every figure as a number with its unit, every name as text, and the same bytes again."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from pricing.money import PICO
from reports.charts import Ranges, Waterfall
from reports.document import (
    Document,
    Link,
    Money,
    Number,
    Section,
    Share,
    Table,
    UnitRate,
    Words,
    money_column,
    text_column,
)
from reports.workbook import render
from reports.workbook.cells import shown
from reports.workbook.page import PAPER_CHARACTERS, Page, Styles
from reports.workbook.spans import Span, stacks
from reports.workbook.sums import sum_formula
from reports.workbook.words import MOST, labels, range_name, sheet_names, visible
from tests.recalculated import formulas, opened, written
from tests.report_documents import NASTY, every_kind

NAMES = st.lists(st.text(st.sampled_from("aA:*'[/ –\x00é"), max_size=35), max_size=6)
AMOUNTS = st.integers(-50, 50)


@pytest.fixture(scope="module")
def book() -> bytes:
    return render(every_kind())


def test_the_same_document_gives_the_same_bytes(book):
    assert render(every_kind()) == book


def test_a_name_is_text_whatever_it_looks_like(book):
    """The document alone has no formula but sums of rows: nothing of a log is computed."""
    assert all(re.fullmatch(r"=SUM\([A-Z\d:,]+\)", str(formula)) for formula in formulas(book).values())
    strings = {value for value in written(book).values() if isinstance(value, str)}
    assert {visible(name) for name in NASTY if name} <= strings


def test_what_looks_like_a_formula_stays_text_when_it_is_edited(book):
    sheets = opened(book)
    names = next(sheet for sheet in sheets if sheet.title.startswith("Names"))
    marks = {cell.value: cell.quotePrefix for cell in names["A"] if cell.value}
    assert all(marks[name] for name in NASTY[1:5])
    assert not any(cell.quotePrefix for cell in sheets["Spend"]["A"])


def test_every_section_and_table_can_be_found(book):
    document, opened_book = every_kind(), opened(book)
    first = ["Summary", "Spend", "Kinds of cells"]
    assert opened_book.sheetnames[:3] == first
    assert opened_book.sheetnames[-3:] == ["Chart data", "Data dictionary", "About"]
    tables = [table for _, table in document.tables() if table.rows]
    assert set(opened_book.defined_names) == {range_name(table.key) for table in tables}
    spend = opened_book.defined_names["Table_spend_by_model"].attr_text
    assert re.fullmatch(r"'Spend'!\$A\$\d+:\$E\$\d+", spend)


def test_the_dictionary_says_what_every_column_means(book):
    meanings = {cell.value for cell in opened(book)["Data dictionary"]["F"]}
    assert {column.meaning for _, table in every_kind().tables() for column in table.columns} <= meanings


def test_rows_and_totals_hold_the_exact_amounts(book):
    column = {place: value for (sheet, place), value in written(book).items() if (sheet, place[0]) == ("Spend", "D")}
    amounts = [value for value in column.values() if isinstance(value, int | float)]
    assert amounts == [30_000, 18_215.37, 1204.55612, 48_215.37, 1204.55612]
    assert formulas(book)["Spend", "D11"] == "=SUM(D7:D8)"
    texts = [value for value in column.values() if isinstance(value, str)]
    assert texts == ["Cost", "unknown"]


def test_a_row_that_needs_a_look_is_marked_in_words(book):
    rows = {row[0].value: [cell.value for cell in row] for row in opened(book)["Spend"].iter_rows() if row[0].value}
    assert "needs a look" in rows["deepseek-v4.5-pro"]
    assert "needs a look" not in rows["claude-opus-5"]


def test_a_chart_has_its_words_and_its_figures(book):
    data = opened(book)["Chart data"]
    heads = {cell.value for row in data.iter_rows() for cell in row if isinstance(cell.value, str)}
    charts = [block for section in every_kind().sections for block in section.blocks]
    titles = {each.title for each in charts if isinstance(each, Waterfall | Ranges)}
    assert titles | {"Billed", "Low to high", "Middle", "Budget"} <= heads
    sheets = {sheet.title: len(sheet._charts) for sheet in opened(book).worksheets}
    assert (sheets["Summary"], sheets["Spend"], sheets["Pictures"]) == (1, 1, 4)


@pytest.mark.parametrize(
    ("cell", "value", "pattern"),
    [
        (Money(1_234_500_000_000_000, "USD"), 1234.5, '#,##0.00 "USD"'),
        (Money(174_280_000, "USD"), 0.00017428, '#,##0.000000 "USD"'),
        (Money(10**12, 'U"S'), 1.0, '#,##0.00 "U\'S"'),
        (UnitRate(40_000, "USD"), 0.04, '#,##0.00#### "USD per 1M"'),
        (UnitRate(10**10, "CNY", "unit"), 0.01, '#,##0.00########## "CNY per unit"'),
        (Share(0.123), 0.123, "0.0%"),
        (Share(0.99996), 0.99996, "0.000%"),
        (Number(12.5, "s"), 12.5, '#,##0.0 "s"'),
        (1_234, 1234, "#,##0"),
        (date(2026, 10, 7), date(2026, 10, 7), "yyyy-mm-dd"),
        (datetime(2026, 10, 7, 9, 5), datetime(2026, 10, 7, 9, 5), 'yyyy-mm-dd hh:mm "UTC"'),
    ],
)
def test_a_figure_is_a_number_with_its_unit_in_the_format(cell, value, pattern):
    found = shown(cell)
    assert (found.value, str(found.looks["num_format"]).partition(";")[0]) == (value, pattern + "_0")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, "–"),
        (Money(None, "USD"), "unknown"),
        (Share(None), "–"),
        (UnitRate(None, "USD"), "–"),
        (Number(float("nan")), "–"),
        (Link("https://example.com/"), "https://example.com/"),
        (2**60, "1,152,921,504,606,846,976"),
        (date(1, 1, 1), "0001-01-01"),
    ],
)
def test_what_is_no_number_of_a_spreadsheet_is_text(cell, text):
    assert shown(cell).value == text


@given(st.integers(-(10**24), 10**24))
def test_an_amount_is_the_nearest_number_there_is(pico):
    assert shown(Money(pico, "USD")).value == pico / PICO


@given(NAMES, NAMES)
def test_sheets_have_legal_names_each_once(titles, taken):
    found = sheet_names(titles, taken)
    folded = [name.casefold() for name in found]
    assert len(found) == len(titles) and len(set(folded)) == len(folded)
    assert not {name.casefold() for name in taken} & set(folded)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in found)


@given(NAMES)
def test_no_two_names_become_one(names):
    found = labels([None, *names])
    assert len(set(found.values())) == len(found) == len({None, *names})


def test_a_name_longer_than_a_cell_is_cut_and_says_so():
    assert visible("x" * (MOST + 7)).endswith("x … (7 more characters)")
    assert len(visible("\ud800" * MOST)) < 32_767


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS).map(sorted), min_size=1, max_size=6))
def test_stacked_bars_hang_where_the_figures_are(ranges):
    places = [[Span(low, middle, "a"), Span(middle, high, "b")] for low, middle, high in ranges]
    found = stacks(places, ["a", "b"])
    for place, (low, middle, high) in enumerate(ranges):
        for tone, least, most in (("a", low, middle), ("b", middle, high)):
            lengths = [abs(stack.values[place]) for stack in found if stack.tone == tone]
            assert sum(lengths) == most - least
        unseen = sum(stack.values[place] for stack in found if stack.tone is None)
        assert unseen == (low if low > 0 else high if high < 0 else 0)


def test_a_document_of_nothing_is_a_workbook():
    section = Section("nothing", "", "", (Words(()),))
    document = Document("", "", (), datetime(2026, 11, 2), section, (section._replace(key="other"),))
    assert opened(render(document)).sheetnames[:2] == ["Summary", "Section"]


def summed(rows: list[tuple], *totals: tuple) -> list[str | None]:
    """The formulas of the second column's totals, when the rows begin on the sheet's second."""
    columns = (text_column("Name", "Whose."), money_column("Cost", "What it cost."))
    table = Table("t", "T", columns, tuple(rows), totals)
    return [sum_formula(table, place, 1, 1) for place in range(len(totals))]


def test_a_total_that_is_the_sum_of_its_rows_adds_them_up():
    rows = [("a", Money(3, "USD")), ("b", Money(None, None)), ("c", Money(4, "USD")), ("d", Money(5, "CNY"))]
    assert summed(rows, ("Total", Money(7, "USD")), ("Total", Money(5, "CNY"))) == ["=SUM(B2,B4)", "=SUM(B5)"]


@pytest.mark.parametrize(
    ("amounts", "total"),
    [((3, 4), 8), ((), 0), ((10**12, 1 - 10**12), 1), ((2, 3), None)],
    ids=["more than its rows", "of no row", "all but cancelled", "unknown"],
)
def test_a_total_that_rows_do_not_give_exactly_stays_a_figure(amounts, total):
    rows = [("a", Money(amount, "USD")) for amount in amounts]
    assert summed(rows, ("Total", Money(total, "USD"))) == [None]


def test_the_summary_prints_on_one_page_and_no_picture_is_cut(book):
    """A break stands before what would not fit; the tab of a section has its short name."""
    found = opened(book)
    assert found["Summary"].page_setup.fitToHeight is None, "the one page that it is without a number"
    assert found["Spend"].page_setup.fitToHeight == 0
    page = Page(Workbook(), Workbook().add_worksheet(), Styles(Workbook()))
    for first in (0, 17, 34):
        page.keep_together(first, first + 16)
    page.finish("", "")
    assert page.sheet.hbreaks == [17, 34]
    long = Section("long", "Coverage and what is not known, and why that is so", "", (), "Coverage")
    assert "Coverage" in opened(render(every_kind()._replace(sections=(long,)))).sheetnames


def test_columns_of_text_are_made_narrower_until_they_fit_on_paper():
    page = Page(Workbook(), Workbook().add_worksheet(), Styles(Workbook()))
    for column in range(8):
        page.measure(column, "word " * 12)
    page.measure(8, 123_456_789_012)
    page.narrow()
    assert sum(page.width(column) for column in range(9)) <= PAPER_CHARACTERS
    assert page.width(8) > len("123,456,789,012")
