"""One section of the document as one sheet: its figures, tables, pictures and text, under one another."""

from reports.document import Facts, Section, Table, Words
from reports.workbook.page import HEADING, MARKED, SOFT, TITLE, TOTAL, WARNING, Page
from reports.workbook.pictures import Pictures
from reports.workbook.sums import sum_formula
from reports.workbook.words import range_name

FIGURES = ("count", "day", "instant", "money", "share", "rate", "number")
TEXT_COLUMNS, TEXT_CHARACTERS = 4, 100
LOOK_HERE = "needs a look"


def begin_section(page: Page, section: Section, banner: str) -> None:
    """Write the head of a section; widths first, as paragraphs are as high as the columns under them are wide."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    for table in tables:
        _measure(page, table)
    page.narrow()
    if banner:
        page.tell(banner, _columns(page), WARNING)
    page.say(section.title, TITLE)
    if section.lead:
        page.tell(section.lead, _columns(page), SOFT)
    page.row += 1


def write_blocks(page: Page, section: Section, pictures: Pictures) -> None:
    """Write what is in a section."""
    if len(section.blocks) == 1 and isinstance(section.blocks[0], Table):
        page.sheet.freeze_panes(page.row + 2, 1)
        page.sheet.repeat_rows(page.row + 1)
    for block in section.blocks:
        begins = page.row
        if isinstance(block, Facts):
            _facts(page, block)
        elif isinstance(block, Table):
            _table(page, block)
        elif isinstance(block, Words):
            _words(page, block)
        else:
            page.row += pictures.draw(page, block)
        page.keep_together(begins, page.row)
        page.row += 1


def _columns(page: Page) -> int:
    """Over how many columns a paragraph runs: as many as make a line that reads well."""
    wide, count = 0, 0
    while count < TEXT_COLUMNS or (wide < TEXT_CHARACTERS and count < 2 * TEXT_COLUMNS):
        wide += page.width(count)
        count += 1
    return count


def _facts(page: Page, facts: Facts) -> None:
    for fact in facts.facts:
        page.put(0, fact.label, SOFT)
        page.put(1, fact.value, {"bold": True})
        if fact.note:
            page.put_running(2, fact.note, SOFT)
        page.row += 1


def _words(page: Page, words: Words) -> None:
    looks = {"plain": {}, "warning": WARNING, "claim": {"italic": True} | SOFT}[words.tone]
    for paragraph in words.paragraphs:
        page.tell(paragraph, _columns(page), looks)


def _table(page: Page, table: Table) -> None:
    page.say(table.title, HEADING)
    if not table.rows:
        page.tell(table.empty, _columns(page), SOFT)
        return
    _head(page, table)
    first = page.row - 1
    for place, row in enumerate(table.rows):
        is_marked = place in table.marked
        for column, cell in enumerate(row):
            page.put(column, cell, MARKED if is_marked else {})
        if is_marked:
            page.put(len(row), LOOK_HERE, MARKED)
        page.row += 1
    _name(page, table, first)
    for place in range(len(table.totals)):
        _total(page, table, place, first + 1)
    for note in table.notes:
        page.tell(note, _columns(page), SOFT)


def _total(page: Page, table: Table, place: int, first: int) -> None:
    for column, cell in enumerate(table.totals[place]):
        if cell is None:
            page.sheet.write_blank(page.row, column, None, page.styles.of(TOTAL))
        elif formula := sum_formula(table, place, column, first):
            page.put_sum(column, formula, cell, TOTAL)
        else:
            page.put(column, cell, TOTAL)
    page.row += 1


def _head(page: Page, table: Table) -> None:
    for place, column in enumerate(table.columns):
        if column.meaning:
            page.sheet.write_comment(page.row, place, column.meaning, {"x_scale": 2, "y_scale": 1, "font_size": 9})
    titles = [column.title for column in table.columns]
    numeric = [column.kind in FIGURES for column in table.columns]
    page.head([*titles, *(["Mark"] if table.marked else [])], [*numeric, *([False] if table.marked else [])])


def _name(page: Page, table: Table, first: int) -> None:
    """Give the rows and their heads a name, so that formulas and pivot tables of one's own find them."""
    page.name_range(range_name(table.key), (first, 0), (page.row - 1, len(table.columns) - 1))


def _measure(page: Page, table: Table) -> None:
    """Ask for the widths that the table will need."""
    for column, head in enumerate(table.columns):
        page.measure(column, head.title, 20)
    if table.marked:
        page.measure(len(table.columns), LOOK_HERE)
    for row in (*table.rows, *table.totals):
        for column, cell in enumerate(row):
            page.measure(column, cell)
