"""The sheet of rates that may be changed: one line for each meter of each rate that priced something."""

from datetime import datetime

from pricing.meters import UNIT_METERS
from pricing.money import PICO
from pricing.rates import OPEN
from pricing.terms_text import render_when
from reports.document import Cell, Column, Link, Money, UnitRate
from reports.workbook.cells import rate_format, shown
from reports.workbook.page import EDITABLE, MARKED, SOFT, TITLE, Page
from reports.workbook.placed import LIVE_RATES, Placed, at
from reports.workings import RateLine, Workings

TOKENS = 10**6
COLUMNS = (
    Column("Line", "count", "The number by which the rows of Usage name the rate."),
    Column("Seller", "text", "Who bills."),
    Column("Model", "text", "The model as the card names it."),
    Column("Which calls", "text", "Size, hours, service tier, region or contract that the rate is about; a dash: all."),
    Column("Meter", "text", "The class of tokens or units that is priced."),
    Column("Rate as priced", "rate", "What the calls were priced at; it does not change."),
    Column("Rate to use", "rate", "Change it: Usage, Live totals and the Summary follow. At first it is as priced."),
    Column("Per", "count", "So many tokens or units have this price."),
    Column("Quantity", "count", "How much of the meter it priced in Usage, computed."),
    Column("At the rate to use", "money", "What that costs at the rate to use, computed."),
    Column("As priced", "money", "What it cost as priced."),
    Column("Checked", "day", "When the source was last looked at."),
    Column("Age", "count", "Days from then to the day on which this report was made."),
    Column("Mark", "text", "Stale: the source was not looked at for longer than the settings allow."),
    Column("Confidence", "text", "On whose word the rate is."),
    Column("Valid from", "instant", "From when the rate holds."),
    Column("Valid until", "instant", "Until when it holds; a dash: it is open."),
    Column("Card", "text", "The rate card that states it."),
    Column("Source", "link", "Where the rate was read."),
)
LINE, TO_USE, PER, QUANTITY, LIVE_COST, BILLED = 0, 6, 7, 8, 9, 10
AGE, MARK = 12, 13
Line = tuple[int, str]


def quoted(line: RateLine) -> float:
    """The rate as it is quoted: per 1,000,000 tokens, or for one unit."""
    return line.pico * per(line) / PICO


def per(line: RateLine) -> int:
    """How many tokens or units a quoted rate is for."""
    return 1 if line.meter in UNIT_METERS else TOKENS


def place_rates(workings: Workings) -> tuple[Placed, dict[Line, int]]:
    """Where the lines will stand, and their numbers."""
    count = len(workings.lines)
    return Placed(LIVE_RATES, 5, 4 + max(count, 1)), {line: place for place, line in enumerate(workings.lines, 1)}


def write_rates(page: Page, workings: Workings, usage: tuple[str, str, str], made_at: datetime) -> None:
    """Write the lines; ``usage`` names the columns of Usage with the line, the quantity and the cost."""
    page.say("Rates that may be changed", TITLE)
    page.say("Change a yellow rate: Usage, Live totals and the Summary's first table follow. All else is as reported.")
    page.say("The sheet is protected without a password, so that nothing else is changed by mistake.", SOFT)
    page.row += 1
    page.head([column.title for column in COLUMNS], [column.kind not in ("text", "link") for column in COLUMNS])
    page.sheet.freeze_panes(page.row, 3)
    page.sheet.repeat_rows(page.row - 1)
    page.sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
    sums = _sums(workings)
    for number, (key, line) in enumerate(workings.lines.items(), 1):
        age = (made_at.date() - line.rate.checked).days
        _write_line(page, number, line, age, is_stale=age > workings.stale_days)
        quantity, cost = sums[key]
        lines, quantities, costs = usage
        criterion = at(page.row, LINE)
        page.put_formula(QUANTITY, f"=SUMIF({lines},{criterion},{quantities})", quantity, shown(quantity).looks)
        money = Money(cost, line.rate.currency)
        page.put_formula(LIVE_COST, f"=SUMIF({lines},{criterion},{costs})", cost / PICO, shown(money).looks)
        page.put(BILLED, money)
        page.row += 1
    page.sheet.data_validation(5, TO_USE, max(page.row - 1, 5), TO_USE, _only_rates())


def _write_line(page: Page, number: int, line: RateLine, age: int, *, is_stale: bool) -> None:
    rate = line.rate
    asked = UnitRate(line.pico, rate.currency, "unit" if per(line) == 1 else "token")
    cells: dict[int, Cell] = {
        LINE: number,
        1: rate.seller,
        2: rate.model,
        3: render_when(rate),
        4: line.meter.replace("_", " "),
        5: asked,
        PER: per(line),
        11: rate.checked,
        AGE: age,
        14: rate.confidence,
        15: rate.valid_from,
        16: None if rate.valid_until >= OPEN else rate.valid_until,
        17: rate.card,
        18: Link(rate.source),
    }
    for column, cell in cells.items():
        page.put(column, cell, MARKED if is_stale else {})
    page.put(TO_USE, asked, EDITABLE, {"num_format": rate_format(rate.currency, asked.per)})
    if is_stale:
        page.put(MARK, "stale", MARKED)


def _sums(workings: Workings) -> dict[Line, tuple[int, int]]:
    found = dict.fromkeys(workings.lines, (0, 0))
    for row in workings.rows:
        if (line := row.line) is not None:
            quantity, cost = found[line]
            found[line] = (quantity + row.metered.quantity, cost + (row.metered.cost or 0))
    return found


def _only_rates() -> dict[str, str | float]:
    return {
        "validate": "decimal",
        "criteria": ">=",
        "value": 0,
        "input_title": "Rate to use",
        "input_message": "Per 1,000,000 tokens, or for one unit: see the column Per.",
        "error_title": "No rate",
        "error_message": "A rate is a number from 0 up.",
    }
