"""One sheet, written from top to bottom: where it stands, how wide its columns are, how it prints."""

from datetime import date, datetime
from math import ceil
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from reports.colours import LIGHT
from reports.document import Cell
from reports.workbook.cells import RIGHT, Looks, shown
from reports.workbook.words import in_header

FONT: Looks = {"font_name": "Arial", "font_size": 10, "font_color": LIGHT.strong, "valign": "top"}
TITLE: Looks = {"bold": True, "font_size": 16}
HEADING: Looks = {"bold": True, "font_size": 12}
HEAD: Looks = {"bold": True, "bg_color": LIGHT.line, "bottom": 1, "bottom_color": LIGHT.soft, "text_wrap": True}
TOTAL: Looks = {"bold": True, "top": 1, "top_color": LIGHT.soft}
SOFT: Looks = {"font_color": LIGHT.soft}
WARNING: Looks = {"bold": True, "bg_color": "#FBE3D4"}
MARKED: Looks = {"bg_color": "#FDF1DF"}
EDITABLE: Looks = {"bg_color": "#FFF4B8", "locked": False, "border": 1, "border_color": LIGHT.line}

NARROWEST, WIDEST = 9, 50
NARROWER = 0.88
"""A letter of text beside a digit, by which columns are measured."""
LINE_POINTS, HIGHEST = 13.5, 400
NARROWED = 16
"""Columns of text are made no narrower than this, so that a sheet fits the width of a page."""
PAPER_A4, PAPER_CHARACTERS, STILL_READ = 9, 230, 1.15
"""What is wider than so many characters is printed on several pages beside one another, so that it can be read."""
CHARACTER_POINTS, ROW_POINTS = 5.6, 14.25
"""A row without a height of its own would have another one in each spreadsheet."""
PAPER_WIDE, PAPER_HIGH = 770, 460
"""Points of a lying A4 page between its margins, a little less than there are."""


class Styles:
    """The formats of one workbook; equal ones are one."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, *looks: Looks) -> Any:
        """The house's type with these properties; later ones go before earlier ones."""
        wanted: Looks = dict(FONT)
        for each in looks:
            wanted |= each
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


class Page:
    """A sheet; ``row`` is the next one that is free."""

    def __init__(self, book: Any, sheet: Any, styles: Styles) -> None:
        self._book = book
        self.sheet = sheet
        self.styles = styles
        self.row = 0
        sheet.set_default_row(ROW_POINTS)
        self._widths: dict[int, int] = {}
        self._least: dict[int, int] = {}
        self._most: dict[int, int] = {}
        self._heights: dict[int, float] = {}
        self._kept: list[tuple[int, int]] = []
        self._wrapped: list[tuple[int, int, int]] = []

    def put(self, column: int, cell: Cell, *looks: Looks) -> None:
        """Write a cell of the row, and remember how wide it is."""
        found = shown(cell)
        self.widen(column, found.width)
        wraps: Looks = {}
        if isinstance(found.value, str) and found.width * NARROWER > self._most.get(column, WIDEST):
            wraps = {"text_wrap": True}
            self._wrapped.append((self.row, column, found.width))
        style = self.styles.of(found.looks, *looks, wraps)
        if isinstance(found.value, str):
            self.sheet.write_string(self.row, column, found.value, style)
        elif isinstance(found.value, date | datetime):
            self.sheet.write_datetime(self.row, column, found.value, style)
        else:
            self.sheet.write_number(self.row, column, found.value, style)

    def put_as(self, column: int, value: float | date, pattern: str, *looks: Looks) -> None:
        """Write a number or a day in a format of its own."""
        style = self.styles.of(RIGHT, *looks, {"num_format": pattern})
        self.widen(column, 11)
        if isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, style)
        else:
            self.sheet.write_number(self.row, column, value, style)

    def put_formula(self, column: int, formula: str, value: float | str, *looks: Looks) -> None:
        """Write a formula with the value that it has: who opens the file sees it before anything is computed."""
        style = self.styles.of(*looks)
        self.widen(column, 14 if isinstance(value, float | int) else len(value))
        self.sheet.write_formula(self.row, column, formula, style, value)

    def put_sum(self, column: int, formula: str, cell: Cell, *looks: Looks) -> None:
        """Write a formula for a figure of the document, which is its value."""
        found = shown(cell)
        self.widen(column, found.width)
        self.sheet.write_formula(self.row, column, formula, self.styles.of(found.looks, *looks), found.value)

    def head(self, titles: list[str], numeric: list[bool]) -> None:
        """A row of heads; those of figures stand to the right, as the figures do."""
        for column, (title, is_figure) in enumerate(zip(titles, numeric, strict=True)):
            self.widen(column, min(len(title), 20))
            align: Looks = RIGHT if is_figure else {}
            self._wrapped.append((self.row, column, len(title) + 2))
            self.sheet.write_string(self.row, column, title, self.styles.of(HEAD, align))
        self.row += 1

    def say(self, text: str, *looks: Looks) -> None:
        """A line of text that runs on to the right, as high as its type."""
        size = max((int(each.get("font_size", 0)) for each in looks), default=0)
        if size:
            self._raise(self.row, size * 1.6)
        self.put_running(0, text, *looks)
        self.row += 1

    def put_running(self, column: int, text: str, *looks: Looks) -> None:
        """Write text that runs on to the right and widens no column."""
        found = shown(text)
        self.sheet.write_string(self.row, column, found.value, self.styles.of(*looks, found.looks))

    def tell(self, text: str, columns: int, *looks: Looks) -> None:
        """A paragraph across the first columns, as high as it needs: call it when the columns have their widths."""
        found = shown(text)
        wide = max(sum(self.width(column) for column in range(columns)), 30)
        lines = ceil(found.width * 1.08 / wide)
        style = self.styles.of({"text_wrap": True}, *looks, found.looks)
        if columns > 1:
            self.sheet.merge_range(self.row, 0, self.row, columns - 1, "", style)
        self.sheet.write_string(self.row, 0, found.value, style)
        self._raise(self.row, min(lines * LINE_POINTS + 2, HIGHEST))
        self.row += 1

    def _raise(self, row: int, points: float) -> None:
        self._heights[row] = points
        self.sheet.set_row(row, points)

    def keep_together(self, first: int, last: int) -> None:
        """Print these rows on one page, if one page holds them."""
        self._kept.append((first, last))

    def add_chart(self, options: dict[str, str]) -> Any:
        """A chart that is on no sheet yet."""
        return self._book.add_chart(options)

    def measure(self, column: int, cell: Cell, most: int = WIDEST) -> None:
        """Make room for a cell that will be written later."""
        found = shown(cell)
        self.widen(column, min(found.width, most))
        if not isinstance(found.value, str):
            self._least[column] = max(self._least.get(column, 0), found.width + 2)

    def narrow(self) -> None:
        """Make columns of text narrower until all fit beside one another on paper, if they can be read then."""
        for most in range(WIDEST, NARROWED - 1, -1):
            narrowed = {column: max(most, self._least.get(column, 0)) for column in self._widths}
            widths = {column: min(width, narrowed[column]) for column, width in self._widths.items()}
            if sum(widths.values()) <= PAPER_CHARACTERS:
                self._widths, self._most = widths, narrowed
                return

    def name_range(self, name: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Define a name for these cells, in the whole workbook."""
        sheet = self.sheet.get_name().replace("'", "''")
        corners = [xl_rowcol_to_cell(*corner, True, True) for corner in dict.fromkeys((first, last))]
        self._book.define_name(name, f"='{sheet}'!{':'.join(corners)}")

    def widen(self, column: int, characters: int) -> None:
        """Make room in a column, within limits; what is longer wraps."""
        self._widths[column] = max(
            self._widths.get(column, NARROWEST), min(characters + 2, self._most.get(column, WIDEST))
        )

    def width(self, column: int) -> int:
        """How many characters a column holds."""
        return self._widths.get(column, NARROWEST)

    def finish(self, title: str, banner: str, *, is_one_page: bool = False) -> None:
        """Set the widths, and how the sheet prints: lying A4, as wide as the page, named and numbered."""
        for column, width in self._widths.items():
            self.sheet.set_column(column, column, width)
        for row, lines in self._lines().items():
            self._raise(row, min(lines * LINE_POINTS + 2, HIGHEST))
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(PAPER_A4)
        beside = ceil(sum(self._widths.values()) / PAPER_CHARACTERS / STILL_READ) or 1
        self.sheet.fit_to_pages(beside, 1 if is_one_page else 0)
        if breaks := self._breaks(beside):
            self.sheet.set_h_pagebreaks(breaks)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        self.sheet.set_header(f"&L&8{in_header(title)}&R&8{in_header(banner)}")
        self.sheet.set_footer("&L&8&A&R&8&P of &N")

    def _lines(self) -> dict[int, int]:
        """How many lines each row with text that wraps needs, now that the columns have their widths."""
        found: dict[int, int] = {}
        for row, column, characters in self._wrapped:
            lines = ceil(characters * NARROWER / self.width(column))
            found[row] = max(found.get(row, 1), lines)
        return {row: lines for row, lines in found.items() if lines > 1}

    def _breaks(self, beside: int) -> list[int]:
        """The rows before which a page ends, so that what is kept together is not cut."""
        wide = sum(self._widths.values()) * CHARACTER_POINTS
        room = PAPER_HIGH * max(wide / beside / PAPER_WIDE, 1)
        found: list[int] = []
        begins, used = 0, 0.0
        for first, last in sorted(self._kept):
            passed = self._high(begins, first)
            used = (used + passed) % room if passed > room else used + passed
            high = self._high(first, last)
            if used and high <= room < used + high:
                found.append(first)
                used = 0
            begins = first
        return found

    def _high(self, first: int, after: int) -> float:
        return sum(self._heights.get(row, ROW_POINTS) for row in range(first, after))
