"""A document as a workbook: a sheet for each section, and the workings behind the totals, alive."""

from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from reports.colours import BLUE, OTHER
from reports.document import Document
from reports.workbook.dictionary import write_about, write_dictionary
from reports.workbook.page import Page, Styles
from reports.workbook.pictures import Pictures
from reports.workbook.sections import write_section
from reports.workbook.words import sheet_names, visible

SUMMARY, CHARTS, DICTIONARY, ABOUT = "Summary", "Chart data", "Data dictionary", "About"


def render(document: Document, workings: None = None) -> bytes:
    """The workbook; the same document gives the same bytes."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(_properties(document))
    book.set_calc_mode("auto")
    Writer(book, document).write()
    book.close()
    return file.getvalue()


class Writer:
    """Writes the sheets of one workbook, in the order in which they are read."""

    def __init__(self, book: Any, document: Document) -> None:
        self._book = book
        self._document = document
        self._styles = Styles(book)

    def write(self) -> None:
        """Write every sheet."""
        document = self._document
        names = sheet_names([section.title for section in document.sections], [SUMMARY, CHARTS, DICTIONARY, ABOUT])
        sections = dict(zip(document.all_sections, [SUMMARY, *names], strict=True))
        pages = {key: self._page(name, BLUE) for key, name in zip(sections, sections.values(), strict=True)}
        data, dictionary, about = (self._page(name, OTHER) for name in (CHARTS, DICTIONARY, ABOUT))
        pictures = Pictures(self._book, data, document.models)
        for section, page in pages.items():
            write_section(page, section, pictures, document.banner)
        write_dictionary(dictionary, {section.key: name for section, name in sections.items()}, document)
        listed = [(name, section.lead) for section, name in sections.items()]
        write_about(about, document, listed, ())
        for page in (*pages.values(), data, dictionary, about):
            page.finish(document.title, document.banner)

    def _page(self, name: str, colour: str) -> Page:
        sheet = self._book.add_worksheet(name)
        sheet.set_tab_color(colour)
        return Page(self._book, sheet, self._styles)


def _properties(document: Document) -> dict[str, Any]:
    return {
        "title": visible(document.title)[:255],
        "subject": visible(document.subtitle)[:255],
        "comments": visible(document.banner)[:255],
        "created": document.made_at,
    }
