"""A document as a workbook: a sheet for each section, and the workings behind the totals, alive."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from reports.colours import BLUE, GREEN, OTHER
from reports.document import Document
from reports.workbook.dictionary import tables_of, write_about, write_dictionary
from reports.workbook.live import HOW, SHEETS, Live
from reports.workbook.page import Page, Styles
from reports.workbook.pictures import Pictures
from reports.workbook.placed import LIVE
from reports.workbook.sections import begin_section, write_blocks
from reports.workbook.words import sheet_names, visible
from reports.workings import Workings

SUMMARY, CHARTS, DICTIONARY, ABOUT = "Summary", "Chart data", "Data dictionary", "About"


def render(document: Document, workings: Workings | None = None) -> bytes:
    """The workbook, with totals that follow the rates where there are workings; the same gives the same bytes."""
    file = BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties(_properties(document))
    Writer(book, document, workings).write()
    book.close()
    return file.getvalue()


class Writer:
    """Writes the sheets of one workbook, in the order in which they are read."""

    def __init__(self, book: Any, document: Document, workings: Workings | None) -> None:
        self._book = book
        self._document = document
        self._workings = workings
        self._styles = Styles(book)
        self._pages: list[Page] = []

    def write(self) -> None:
        """Write every sheet. All are made first, as formulas and charts refer to sheets that come later."""
        document = self._document
        taken = [SUMMARY, CHARTS, DICTIONARY, ABOUT, *LIVE]
        names = [SUMMARY, *sheet_names([section.short or section.title for section in document.sections], taken)]
        pages = [self._page(name, BLUE) for name in names]
        live = None
        if self._workings:
            live = Live(self._workings, document.models, lambda name: self._page(name, GREEN))
        data, dictionary, about = (self._page(name, OTHER) for name in (CHARTS, DICTIONARY, ABOUT))
        if live:
            live.write(document.made_at, document.beside_totals)
        pictures = Pictures(self._book, data, document.models)
        for section, page in zip(document.all_sections, pages, strict=True):
            begin_section(page, section, document.banner)
            if live and section is document.summary:
                live.write_check(page, document.beside_totals)
            write_blocks(page, section, pictures)
        sections = dict(zip((section.key for section in document.all_sections), names, strict=True))
        write_dictionary(dictionary, [*tables_of(document, sections), *(live.described() if live else ())])
        self._about(about, names, live)
        for page in self._pages:
            page.finish(document.title, document.banner, is_one_page=page is pages[0])

    def _about(self, page: Page, names: Sequence[str], live: Live | None) -> None:
        sections = self._document.all_sections
        listed = [(name, section.lead or section.title) for name, section in zip(names, sections, strict=True)]
        if live:
            listed += [(name, SHEETS[name]) for name in live.pages]
        listed += [(CHARTS, "The figures that the charts draw."), (DICTIONARY, "What each column means.")]
        write_about(page, self._document, listed, HOW if live else ())

    def _page(self, name: str, colour: str) -> Page:
        sheet = self._book.add_worksheet(name)
        sheet.set_tab_color(colour)
        page = Page(self._book, sheet, self._styles)
        self._pages.append(page)
        return page


def _properties(document: Document) -> dict[str, Any]:
    return {
        "title": visible(document.title)[:255],
        "subject": visible(document.subtitle)[:255],
        "comments": visible(document.banner)[:255],
        "created": document.made_at,
    }
