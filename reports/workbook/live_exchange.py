"""The sheet of exchange rates: one line for each currency and day, with its source; each may be changed."""

from datetime import date

from reports.document import Column
from reports.workbook.cells import ROOM
from reports.workbook.page import EDITABLE, SOFT, TITLE, Page
from reports.workbook.placed import EXCHANGE, Placed
from reports.workings import Workings

EXCHANGE_FORMAT = "0.000000####" + ROOM
HEAD_ROW = 4
TO_USE = 4


def columns_of(target: str) -> tuple[Column, ...]:
    """The columns, with what they mean."""
    return (
        Column("Line", "count", "The number by which the rows of Usage name the rate."),
        Column("Currency", "text", "What the calls were billed in."),
        Column("Day", "day", "The billing day."),
        Column("Rate then", "number", f"So many {target} for one of the currency."),
        Column("Rate to use", "number", "Change it: Usage, Live totals and the Summary's first table follow."),
        Column("Rate of", "day", "The day that the rate is of: the last one before, where that day has none."),
        Column("Source", "text", "Who says so."),
    )


def place_exchange(workings: Workings) -> tuple[Placed, dict[tuple[str, date], int]]:
    """Where the lines will stand, and their numbers."""
    numbers = {key: place for place, key in enumerate(workings.exchange, 1)}
    return Placed(EXCHANGE, HEAD_ROW + 1, HEAD_ROW + max(len(numbers), 1)), numbers


def write_exchange(page: Page, workings: Workings) -> None:
    """Write a line for each currency and day."""
    columns = columns_of(str(workings.target))
    page.say("Exchange rates", TITLE)
    page.say(
        f"Each day's cost is converted to {workings.target} at that day's own rate. The yellow ones may be changed."
    )
    page.say(
        "An amount of a day without a rate is unknown in that currency, and so is every total that it is in.", SOFT
    )
    page.row = HEAD_ROW
    page.head([column.title for column in columns], [column.kind != "text" for column in columns])
    page.sheet.freeze_panes(page.row, 0)
    page.sheet.repeat_rows(HEAD_ROW)
    page.sheet.protect("", {"format_columns": True, "sort": True, "autofilter": True})
    for number, ((currency, day), known) in enumerate(workings.exchange.items(), 1):
        for column, cell in enumerate((number, currency, day, None, None, known.known, known.source)):
            page.put(column, cell)
        if known.rate is not None:
            page.put_as(3, float(known.rate), EXCHANGE_FORMAT)
            page.put_as(TO_USE, float(known.rate), EXCHANGE_FORMAT, EDITABLE)
        page.row += 1
