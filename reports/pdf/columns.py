"""How wide the columns of a table are, how large its text, and whether it needs the page on its side."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reports.document import Cell, Column, Table
from reports.figures import is_figure
from reports.pdf.wording import Shown, in_face, room_for, shown, widest_word

PORTRAIT = 481.0
LANDSCAPE = 728.0
"""Widths of the text, in points, on A4 with margins of 20 mm."""
PADDING = 10.0
SIZES = (8.5, 7.8, 7.0)
"""Tried in this order."""
SIGN = "▲"
_TEXT_LEAST = 60.0
_MOST_LINES = 10_000.0
_HALVINGS = 40
_TEXTS = ("text", "link")


class Head(NamedTuple):
    """A column's title; the unit of all its figures, where they have one unit."""

    title: str
    unit: str


class Set(NamedTuple):
    """A table in the words that are set, before its columns have widths."""

    heads: list[Head]
    rows: list[list[Shown]]
    totals: list[list[Shown]]
    kinds: list[str]


class Laid(NamedTuple):
    """Widths in points, and the size of the text."""

    widths: list[float]
    size: float


def set_of(table: Table) -> Set:
    """The table in words; a unit that a whole column has is said in its head, once."""
    rows = [_row(row, table.columns) for row in table.rows]
    totals = [_total(row, table.columns) for row in table.totals]
    heads = []
    for place, column in enumerate(table.columns):
        units = {row[place].unit for row in (*rows, *totals) if row[place].unit}
        unit = units.pop() if len(units) == 1 and is_figure(column.kind) else ""
        heads.append(Head(in_face(column.title), unit))
        if unit:
            for row in (*rows, *totals):
                row[place] = row[place]._replace(unit="")
    for place in table.marked:
        rows[place][0] = rows[place][0]._replace(text=f"{SIGN} {rows[place][0].text}")
    return Set(heads, rows, totals, [column.kind for column in table.columns])


def needs_side(found: Set) -> bool:
    """Whether the table has no room on an upright page, even in small text."""
    return sum(least for least, _ in _measured(found, SIZES[1])) > PORTRAIT


def laid_out(found: Set, room: float) -> Laid:
    """The largest text in which every column has its least width, and widths that fill the room."""
    for size in SIZES:
        measured = _measured(found, size)
        if sum(least for least, _ in measured) <= room:
            return Laid(_shared(measured, room), size)
    whole = sum(least for least, _ in measured)
    return Laid([least * room / whole for least, _ in measured], size)


def lines_of(found: Set, laid: Laid) -> int:
    """About how many lines of text the table takes, its head left aside."""
    return sum(
        max(
            # A column without a text, or one of very many, has hardly more than its padding.
            math.ceil(room_for(cell.line, laid.size) / max(wide - PADDING, 1))
            for cell, wide in zip(row, laid.widths, strict=True)
        )
        for row in (*found.rows, *found.totals)
    )


def _shared(measured: Sequence[tuple[float, float]], room: float) -> list[float]:
    """As few lines a row as can be, the same for every text; what is left where nothing wraps goes to all."""
    if (spare := room - sum(wish for _, wish in measured)) >= 0:
        return [wish + spare / len(measured) for _, wish in measured]
    few, many = 1.0, _MOST_LINES
    for _ in range(_HALVINGS):
        lines = (few + many) / 2
        if sum(_width(each, lines) for each in measured) > room:
            few = lines
        else:
            many = lines
    return [_width(each, many) for each in measured]


def _width(measured: tuple[float, float], lines: float) -> float:
    """The width in which a text takes so many lines, and no less than what reads well."""
    least, wish = measured
    return max(least, wish / lines)


def _measured(found: Set, size: float) -> list[tuple[float, float]]:
    """Of each column: the least width that reads well, and the width in which nothing wraps."""
    return [_column(found, place, size) for place in range(len(found.heads))]


def _column(found: Set, place: int, size: float) -> tuple[float, float]:
    head = found.heads[place]
    plain = [row[place].line for row in found.rows]
    strong = [row[place].line for row in found.totals]
    head_word = max(widest_word(head.title, size, strong=True), room_for(head.unit, size))
    # A head may have two lines.
    head_wish = max(head_word, room_for(head.title, size, strong=True) * 0.6)
    natural = max(
        _widest(room_for(each, size) for each in plain),
        _widest(room_for(each, size, strong=True) for each in strong),
    )
    if found.kinds[place] not in _TEXTS:
        return max(natural, head_word) + PADDING, max(natural, head_wish) + PADDING
    words = _widest(widest_word(each, size) for each in (*plain, *strong))
    least = min(natural, max(_TEXT_LEAST, min(words, 1.5 * _TEXT_LEAST)))
    return max(least, head_word) + PADDING, max(natural, head_wish) + PADDING


def _widest(widths: Iterable[float]) -> float:
    return max(widths, default=0.0)


def _row(row: Sequence[Cell], columns: Sequence[Column]) -> list[Shown]:
    return [shown(cell, column.kind) for cell, column in zip(row, columns, strict=True)]


def _total(row: Sequence[Cell], columns: Sequence[Column]) -> list[Shown]:
    """Of what no sum is made, no dash is made either."""
    return [Shown("") if cell is None else shown(cell, column.kind) for cell, column in zip(row, columns, strict=True)]
