"""The sheets about the workbook itself: what it is, how it computes, and what each column means."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.document import Column, Document
from reports.workbook.page import HEADING, SOFT, TITLE, Page
from reports.workbook.words import range_name

KINDS = {
    "text": "text",
    "count": "whole count",
    "day": "day",
    "instant": "instant, UTC",
    "money": "amount of money; its currency is beside it",
    "share": "share of a whole",
    "rate": "rate per 1,000,000 tokens, or for one unit",
    "link": "address",
    "number": "measured figure; its unit is beside it",
}
SIGNS = (
    "A dash says that there is no figure. The word unknown says that there is one which nobody knows; it is never 0.",
    "Amounts are exact in the warehouse; a spreadsheet keeps about 15 digits of each.",
)


class Described(NamedTuple):
    """A table and where it is."""

    sheet: str
    title: str
    name: str
    """Of its range, if it has one."""
    columns: tuple[Column, ...]


def tables_of(document: Document, sheets: dict[str, str]) -> list[Described]:
    """The tables of the document; ``sheets`` says on which sheet a section is."""
    return [
        Described(sheets[section.key], table.title, range_name(table.key), table.columns)
        for section, table in document.tables()
    ]


def write_dictionary(page: Page, tables: Sequence[Described]) -> None:
    """One row per column of each table, with what it means."""
    page.say("Data dictionary", TITLE)
    page.say("Every column of every table, what it holds and what it means.", SOFT)
    page.row += 1
    page.head(["Sheet", "Table", "Name of the range", "Column", "Holds", "Meaning"], [False] * 6)
    page.sheet.freeze_panes(page.row, 0)
    page.sheet.repeat_rows(page.row - 1)
    first = page.row - 1
    for table in tables:
        for column in table.columns:
            cells = (table.sheet, table.title, table.name or None, column.title, KINDS[column.kind], column.meaning)
            for place, cell in enumerate(cells):
                page.put(place, cell, {"align": "left"})
            page.row += 1
    page.sheet.autofilter(first, 0, max(page.row - 1, first), 5)


def write_about(page: Page, document: Document, sheets: Sequence[tuple[str, str]], how: Sequence[str]) -> None:
    """Whose figures these are, what is on each sheet, and how the workbook computes."""
    for name, _ in sheets:
        page.measure(0, name)
    for fact in document.about:
        page.measure(0, fact.label)
        page.measure(1, fact.value)
    page.widen(2, 40)
    page.say("About this workbook", TITLE)
    page.say(f"{document.title}: {document.subtitle}", SOFT)
    page.row += 1
    for fact in document.about:
        page.put(0, fact.label, SOFT)
        page.put(1, fact.value, {"align": "left"})
        if fact.note:
            page.put(2, fact.note, SOFT)
        page.row += 1
    page.row += 1
    page.say("Sheets", HEADING)
    for name, what in sheets:
        page.put(0, name)
        page.put_running(1, what)
        page.row += 1
    page.row += 1
    page.say("How it computes", HEADING)
    for paragraph in (*how, *SIGNS):
        page.tell(paragraph, 3)
