"""The sheet of quantities: each costs what its line of the rates says, computed in the sheet."""

from fractions import Fraction
from typing import NamedTuple

from pricing.money import PICO
from reports.document import Column, Money
from reports.workbook.cells import DAY, RIGHT, rate_format, shown
from reports.workbook.live_exchange import EXCHANGE_FORMAT, place_exchange
from reports.workbook.live_rates import LINE, TO_USE, Line, per, place_rates, quoted
from reports.workbook.page import MARKED, SOFT, TITLE, Page
from reports.workbook.placed import USAGE, Placed, at, found_or_missing
from reports.workbook.words import NO_TEXT, labels
from reports.workings import UsageRow, Workings

HEAD_ROW = 5
MONTH = "yyyy-mm_0"
PRICED, NOT_ASKED, NOT_CHARGED, UNKNOWN = "priced", "not asked for", "not charged", "unknown"
MEANINGS = {
    "seller": "Who bills.",
    "model": "The model that answered, else the one asked for.",
    "team": "Whose calls they are.",
    "project": "What they were for.",
}


class Layout(NamedTuple):
    """Which column holds what, and which rows there are."""

    rows: Placed
    names: dict[str, int]
    charged: int

    @property
    def currency(self) -> int:
        """The column of currencies."""
        return self.charged + 1

    @property
    def meter(self) -> int:
        """The column of meters."""
        return self.charged + 2

    @property
    def quantity(self) -> int:
        """The column of quantities; per, line, rate and cost follow."""
        return self.charged + 3

    @property
    def line(self) -> int:
        """The column of the lines of the rates."""
        return self.charged + 5

    @property
    def cost(self) -> int:
        """The column of costs; the line of the exchange rate, the rate and the converted cost follow."""
        return self.charged + 7

    @property
    def converted(self) -> int:
        """The column of converted costs."""
        return self.charged + 10


def layout_of(workings: Workings) -> Layout:
    """Where everything will stand."""
    names = {name: place for place, name in enumerate(workings.grain.names, 1)}
    rows = Placed(USAGE, HEAD_ROW + 1, HEAD_ROW + max(len(workings.rows), 1))
    return Layout(rows, names, len(names) + 1)


def columns_of(workings: Workings) -> tuple[Column, ...]:
    """The columns, with what they mean."""
    by = workings.grain.by
    found = [
        Column(by.capitalize(), "day", f"The billing {by}."),
        *(Column(name.capitalize(), "text", MEANINGS[name]) for name in workings.grain.names),
        Column("Charged", "text", f"{PRICED}; {NOT_ASKED} by the card; {NOT_CHARGED} by the seller; or {UNKNOWN}."),
        Column("Currency", "text", "What the rate is in; a dash where the cost is unknown."),
        Column("Meter", "text", "The class of tokens or units; request counts the calls."),
        Column("Quantity", "count", "How many tokens, units or calls."),
        Column("Per", "count", "So many of them have the price."),
        Column("Line", "count", "The line of Live rates that prices it."),
        Column("Rate", "rate", "The rate to use of that line, computed."),
        Column("Cost", "money", "Quantity times rate, computed; unknown is never 0."),
    ]
    if workings.target:
        found += [
            Column("Exchange line", "count", "The line of Exchange rates for the day and currency."),
            Column("Exchange rate", "number", "The rate to use of that line, computed."),
            Column(f"In {workings.target}", "money", "Cost times exchange rate, computed."),
        ]
    return tuple(found)


def write_usage(page: Page, workings: Workings) -> None:
    """Write every row."""
    columns = columns_of(workings)
    page.say("Usage", TITLE)
    page.say(f"Quantities by {', '.join((workings.grain.by, *workings.grain.names))}, rate and meter.", SOFT)
    page.say(_left_out(workings), SOFT)
    page.row = HEAD_ROW
    page.head([column.title for column in columns], [column.kind != "text" for column in columns])
    page.sheet.freeze_panes(page.row, 1)
    page.sheet.repeat_rows(HEAD_ROW)
    page.sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + max(len(workings.rows), 1), len(columns) - 1)
    writer = _Rows(page, workings)
    for row in workings.rows:
        writer.write(row)
        page.row += 1


class _Rows:
    def __init__(self, page: Page, workings: Workings) -> None:
        self._page, self._workings = page, workings
        self._exchange, self._numbers = place_exchange(workings)
        self._layout = layout_of(workings)
        self._rates, self._lines = place_rates(workings)
        self._labels = label_names(workings)

    def write(self, row: UsageRow) -> None:
        page, used, layout = self._page, row.metered, self._layout
        page.put_as(0, row.day, DAY if self._workings.grain.by == "day" else MONTH)
        for place, (name, value) in enumerate(zip(self._workings.grain.names, row.names, strict=True), 1):
            page.put(place, self._labels[name][value])
        page.put(layout.charged, charged(row), MARKED if used.costing == "unknown" else {})
        page.put(layout.currency, used.currency or NO_TEXT)
        page.put(layout.meter, used.meter.replace("_", " "))
        page.put(layout.quantity, used.quantity)
        if row.line is None:
            page.put(layout.cost, Money(used.cost, used.currency))
        else:
            self._priced(row, row.line)
        if self._workings.target:
            self._convert(row, self._workings.target)

    def _priced(self, row: UsageRow, key: Line) -> None:
        page, layout, line = self._page, self._layout, self._workings.lines[key]
        page.put(layout.quantity + 1, per(line))
        page.put(layout.line, self._lines[key])
        number = at(page.row, layout.line)
        lookup = found_or_missing(self._rates.column(TO_USE), number, self._rates.column(LINE))
        looks = {**RIGHT, "num_format": rate_format(line.rate.currency, "unit" if per(line) == 1 else "token")}
        page.put_formula(layout.line + 1, lookup, quoted(line), looks)
        quantity, rate, divisor = (
            at(page.row, each) for each in (layout.quantity, layout.line + 1, layout.quantity + 1)
        )
        cost = row.metered.cost or 0
        money = Money(cost, row.metered.currency)
        page.put_formula(layout.cost, f"={quantity}*{rate}/{divisor}", cost / PICO, shown(money).looks)

    def _convert(self, row: UsageRow, target: str) -> None:
        """The cost in the target currency; where a rate or the cost is unknown, so is this."""
        page, used, first = self._page, row.metered, self._layout.cost + 1
        known = self._workings.exchange.get((used.currency or "", row.day))
        if known is None or known.rate is None or used.cost is None:
            page.put(self._layout.converted, Money(None, target))
            return
        page.put(first, self._numbers[used.currency or "", row.day])
        lookup = found_or_missing(self._exchange.column(4), at(page.row, first), self._exchange.column(0))
        page.put_formula(first + 1, lookup, float(known.rate), {**RIGHT, "num_format": EXCHANGE_FORMAT})
        exact = Fraction(used.cost) * known.rate
        formula = f"={at(page.row, self._layout.cost)}*{at(page.row, first + 1)}"
        looks = shown(Money(round(exact), target)).looks
        page.put_formula(self._layout.converted, formula, float(exact / PICO), looks)


def charged(row: UsageRow) -> str:
    """How a quantity was charged, in a word or two."""
    if row.metered.costing == "unknown":
        return UNKNOWN
    return NOT_CHARGED if row.metered.costing == "free" else PRICED if row.line else NOT_ASKED


def label_names(workings: Workings) -> dict[str, dict[str | None, str]]:
    """For each dimension a label of every name, the same on every sheet."""
    names = workings.grain.names
    return {name: labels(row.names[place] for row in workings.rows) for place, name in enumerate(names)}


def _left_out(workings: Workings) -> str:
    parts = []
    if workings.grain.by == "month":
        parts.append("Days are put together by month")
    if workings.grain.left_out:
        parts.append(f"{' and '.join(workings.grain.left_out)} are put together")
    return ("; ".join(parts) + ", as there would be too many rows.") if parts else "Nothing is left out."
