"""Totals of a table that are sums of its rows: in a workbook they add up what stands above them."""

from collections.abc import Sequence
from itertools import groupby
from math import fsum

from xlsxwriter.utility import xl_rowcol_to_cell

from pricing.money import PICO
from reports.document import Cell, Money, Table

MOST_RANGES = 20
CANCELLED = 1e-4
"""A sum this small beside what is added up keeps too few digits to be computed from them."""


def sum_formula(table: Table, total: int, column: int, first: int) -> str | None:
    """The formula for a cell of a row of totals; None where it is not exactly the sum of rows.

    ``first`` is the row of the sheet that the first row of the table stands on.
    """
    wanted = _amount(table.totals[total][column])
    if wanted is None:
        return None
    places = [place for place, row in enumerate(table.rows) if _belongs(table, total, row, column)]
    amounts = [amount for place in places if (amount := _amount(table.rows[place][column])) is not None]
    if len(amounts) < len(places) or not amounts or sum(amounts) != wanted or _is_cancelled(amounts):
        return None
    ranges = _ranges([first + place for place in places], column)
    return f"=SUM({','.join(ranges)})" if len(ranges) <= MOST_RANGES else None


def _belongs(table: Table, total: int, row: Sequence[Cell], column: int) -> bool:
    """Whether a row is of what the total is about: amounts of its currency, or all rows where there is one total."""
    cell, sought = row[column], table.totals[total][column]
    if isinstance(sought, Money):
        return isinstance(cell, Money) and cell.currency == sought.currency and cell.pico is not None
    return isinstance(cell, int) and (len(table.totals) == 1 or _currency(row) == _currency(table.totals[total]))


def _amount(cell: Cell) -> int | None:
    if isinstance(cell, Money):
        return cell.pico
    return cell if isinstance(cell, int) and abs(cell) < 2**53 else None


def _currency(row: Sequence[Cell]) -> str | None:
    return next((cell.currency for cell in row if isinstance(cell, Money) and cell.pico is not None), None)


def _is_cancelled(amounts: Sequence[int]) -> bool:
    moved = fsum(abs(amount) / PICO for amount in amounts)
    return moved > 0 and abs(sum(amounts)) / PICO < CANCELLED * moved


def _ranges(rows: Sequence[int], column: int) -> list[str]:
    found = []
    for _, run in groupby(enumerate(rows), lambda each: each[1] - each[0]):
        run_rows = [row for _, row in run]
        corners = [xl_rowcol_to_cell(row, column) for row in dict.fromkeys((run_rows[0], run_rows[-1]))]
        found.append(":".join(corners))
    return found
