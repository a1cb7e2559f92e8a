"""Where rows stand, for formulas that refer to them."""

from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

LIVE_TOTALS, LIVE_RATES, EXCHANGE, USAGE = "Live totals", "Live rates", "Exchange rates", "Usage"
LIVE = (LIVE_TOTALS, LIVE_RATES, EXCHANGE, USAGE)


class Placed(NamedTuple):
    """Rows of a sheet, both ends included, counted from 0."""

    sheet: str
    first: int
    last: int

    def column(self, column: int) -> str:
        """``'Live rates'!$G$6:$G$80``."""
        name = xl_col_to_name(column, col_abs=True)
        return f"'{self.sheet}'!{name}${self.first + 1}:{name}${self.last + 1}"


def at(row: int, column: int, sheet: str = "") -> str:
    """The address of one cell: ``$G7``, or ``'Live totals'!$G7`` from another sheet."""
    cell = f"{xl_col_to_name(column, col_abs=True)}{row + 1}"
    return f"'{sheet}'!{cell}" if sheet else cell


def found_or_missing(values: str, number: str, numbers: str) -> str:
    """The formula for the value on the line of that number; what is empty or no number is an error and not 0."""
    found = f"INDEX({values},MATCH({number},{numbers},0))"
    return f"=IF(ISNUMBER({found}),{found},NA())"
