"""The sheets that compute: totals, rates, exchange rates and usage, which refer to one another."""

from collections.abc import Callable, Sequence
from datetime import datetime

from reports.workbook import live_exchange, live_rates, live_totals, live_usage
from reports.workbook.dictionary import Described
from reports.workbook.page import Page
from reports.workbook.placed import EXCHANGE, LIVE_RATES, LIVE_TOTALS, USAGE
from reports.workings import Workings

SHEETS = {
    LIVE_TOTALS: "What the calls cost at the rates to use, beside what was billed; it follows every change.",
    LIVE_RATES: "Every rate that priced something. Change a yellow one, and the totals follow.",
    EXCHANGE: "The exchange rate of each day. Change a yellow one, and the totals follow.",
    USAGE: "The quantities behind the totals, row by row, with the formula of each cost.",
}
HOW = (
    "Usage holds the quantities, Live rates what one of each costs; every cost in Usage is quantity times rate, as a "
    "formula, and Live totals and the first table of the Summary add them up. Change a yellow rate and they follow.",
    "The other sheets are the report as it was made: they hold figures, and do not follow a changed rate.",
    "The check on the Summary compares the workbook with our own figures, which come from the warehouse and not from "
    "these rows.",
    "Calls of unknown cost are in Usage with their quantities; their cost is the word unknown, and no total has it. "
    "Recurring charges have a table of their own and are never added to calls.",
)


class Live:
    """The live sheets of one workbook."""

    def __init__(self, workings: Workings, models: Sequence[str], page_of: Callable[[str], Page]) -> None:
        self._workings = workings
        self.pages = {name: page_of(name) for name in SHEETS if name != EXCHANGE or workings.target}
        self._totals = live_totals.Totals(self.pages[LIVE_TOTALS], workings, models)

    def write(self, made_at: datetime, beside: Sequence[str]) -> None:
        """Write the sheets; ``beside`` is what has to be known of the totals."""
        workings, layout = self._workings, live_usage.layout_of(self._workings)
        column = layout.rows.column
        usage = column(layout.line), column(layout.quantity), column(layout.cost)
        live_rates.write_rates(self.pages[LIVE_RATES], workings, usage, made_at)
        if workings.target:
            live_exchange.write_exchange(self.pages[EXCHANGE], workings)
        live_usage.write_usage(self.pages[USAGE], workings)
        self._totals.write(beside)

    def write_check(self, page: Page, beside: Sequence[str]) -> None:
        """Write the totals and their check on another sheet, once the sheets are written."""
        live_totals.write_check(page, self._workings, self._totals.lines, beside)

    def described(self) -> list[Described]:
        """The columns of these sheets, for the data dictionary."""
        workings = self._workings
        found = [
            Described(LIVE_TOTALS, "Totals", "", live_totals.columns_of(workings)),
            Described(LIVE_RATES, "Rates that may be changed", "", live_rates.COLUMNS),
            Described(USAGE, "Usage", "", live_usage.columns_of(workings)),
        ]
        if workings.target:
            found.append(Described(EXCHANGE, "Exchange rates", "", live_exchange.columns_of(workings.target)))
        return found
