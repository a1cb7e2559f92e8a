"""The sheet of totals that are computed: all calls, and by each dimension, beside what was billed."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pricing.money import PICO
from reports.colours import paint_of
from reports.document import Column, Money
from reports.figures import text_of
from reports.workbook.cells import RIGHT, Looks, shown
from reports.workbook.groups import Group, groups, shortened
from reports.workbook.live_chart import MOST_BARS, draw_models
from reports.workbook.live_usage import MONTH, label_names, layout_of
from reports.workbook.page import HEADING, SOFT, TITLE, TOTAL, Page
from reports.workbook.placed import LIVE_TOTALS, Placed, at
from reports.workbook.words import NO_TEXT
from reports.workings import Total, Workings

ALL = "All calls"
TOLERANCE = "within 1E-9 of our figure"
EQUAL, CHANGED = f"equal, {TOLERANCE}", "a rate or a quantity was changed"
MISSING = "no total: a rate to use is empty or no number"
STRONG: Looks = {"bold": True}
NAME, CURRENCY, CALLS, LIVE, BILLED, DIFFERENCE, CONVERTED = range(7)


class Line(NamedTuple):
    """A total of all calls: where it stands, and our own figure."""

    row: int
    label: str
    name: str
    """Of the range that holds it."""
    money: Money
    calls: int
    note: str


def columns_of(workings: Workings) -> tuple[Column, ...]:
    """The columns of every block, with what they mean."""
    target = workings.target
    into = Column(f"In {target}", "money", "The same, each day at its exchange rate to use, computed.")
    return (
        Column("Name", "text", "What the calls have in common."),
        Column("Currency", "text", "What they were billed in; a dash where the cost is unknown."),
        Column("Calls", "count", "Attempts that count."),
        Column("At the rates to use", "money", "Quantities of Usage times the rates to use, computed."),
        Column("As priced", "money", "Our own figure; it does not change."),
        Column("Difference", "money", f"The workbook minus our figure, computed; 0 {TOLERANCE}."),
        *((into,) if target else ()),
    )


class Totals:
    """Writes the sheet."""

    def __init__(self, page: Page, workings: Workings, models: Sequence[str]) -> None:
        self._page = page
        self._models = models
        self._workings = workings
        self._layout = layout_of(workings)
        self._rows = self._layout.rows
        self.lines: list[Line] = []
        """The totals of all calls, once they are written."""

    def write(self, beside: Sequence[str]) -> None:
        """Write what has to be known of the totals, all calls, then a block for each dimension."""
        page, workings = self._page, self._workings
        page.say("Totals that follow the rates", TITLE)
        page.say("Computed from Usage and Live rates. Recurring charges are no calls and are not in them.", SOFT)
        for sentence in beside:
            page.say(sentence, STRONG)
        page.row += 1
        self._all_calls()
        begins = self._rows.column(0)
        month = f"({begins}>={{0}})*({begins}<EDATE({{0}},1))"
        self._block("By month", groups(workings, lambda row: row.day.replace(day=1)), month)
        for place, (name, of) in enumerate(label_names(workings).items()):
            found = groups(workings, lambda row, place=place, of=of: of[row.names[place]])  # type: ignore[misc]
            condition = f"EXACT({self._rows.column(self._layout.names[name])},{{0}})"
            first = self._block(f"By {name}", shortened(found), condition)
            if name == "model":
                self._draw(first, shortened(found), {label: model for model, label in of.items()})

    def _draw(self, first: int, found: Sequence[Group], models: dict[str, str | None]) -> None:
        """A chart of the currency with most calls: amounts of several stand on no common axis."""
        calls: dict[str, int] = {}
        for group in found:
            if group.currency is not None:
                calls[group.currency] = calls.get(group.currency, 0) + group.calls
        if not calls:
            return
        currency = max(calls, key=lambda each: calls[each])
        places = [place for place, group in enumerate(found) if group.currency == currency and not group.is_rest]
        drawn = places[:MOST_BARS]
        paints = [paint_of(models[str(found[place].name)], self._models) for place in drawn]
        self._page.row += 1
        rows = Placed(LIVE_TOTALS, first + drawn[0], first + drawn[-1])
        draw_models(self._page, rows, (NAME, LIVE), Money(found[drawn[0]].cost, currency), paints)

    def _all_calls(self) -> None:
        """One line per currency, checked against figures that do not come from these rows."""
        ours = {total.currency: total for total in self._workings.totals}
        self._head(ALL)
        for group in groups(self._workings, lambda row: ALL):
            if group.currency is not None:
                total = ours[group.currency]
                label, name = f"All calls billed in {total.currency}", f"TotalSpend_{total.currency}"
                money = Money(total.cost, total.currency)
                self.lines.append(Line(self._page.row, label, name, money, total.calls, _review(total)))
                group = group._replace(calls=total.calls, cost=total.cost)
            self._group(group, "", TOTAL)
        if self._workings.target and self._workings.converted is not None:
            self._all_converted(Money(round(self._workings.converted), self._workings.target))
        elif len(self.lines) == 1:
            self.lines = [self.lines[0]._replace(name="TotalSpend")]

    def _all_converted(self, money: Money) -> None:
        page, column = self._page, self._rows.column(self._layout.converted)
        label, calls = f"All calls in {money.currency}", sum(line.calls for line in self.lines)
        self.lines.append(Line(page.row, label, "TotalSpend", money, calls, "each day at its exchange rate"))
        page.put(NAME, label, TOTAL)
        page.put(CURRENCY, money.currency, TOTAL)
        page.put(CALLS, calls, TOTAL)
        self._computed(f"=SUM({column})", money, TOTAL)
        page.row += 1

    def _block(self, title: str, found: Sequence[Group], condition: str) -> int:
        """A block of groups; ``condition`` tells the rows of Usage that are of the name in the first column.

        Returns its first row.
        """
        self._page.row += 1
        self._head(title)
        first = self._page.row
        for group in found:
            if group.is_rest:
                self._rest(group, Placed(LIVE_TOTALS, first, self._page.row - 1))
            else:
                self._group(group, condition)
        self._page.keep_together(first - 2, self._page.row)
        return first

    def _head(self, title: str) -> None:
        columns = columns_of(self._workings)
        self._page.say(title, HEADING)
        self._page.head([column.title for column in columns], [column.kind != "text" for column in columns])

    def _group(self, group: Group, condition: str, *looks: Looks) -> None:
        page = self._page
        self._names(group, *looks)
        if group.currency is None or group.cost is None:
            for column in (LIVE, BILLED):
                page.put(column, Money(None, None), *looks)
            page.put(DIFFERENCE, None, *looks)
        else:
            chosen = self._chosen(condition)
            self._computed(f"=SUMPRODUCT({chosen},{self._cost()})", Money(group.cost, group.currency), *looks)
            self._converted(group, f"=SUMPRODUCT({chosen},{self._rows.column(self._layout.converted)})", *looks)
        page.row += 1

    def _rest(self, group: Group, listed: Placed) -> None:
        """What is left of a currency: everything less what is listed above."""
        self._names(group)
        if group.currency is not None and group.cost is not None:
            chosen, above = self._chosen(""), f"EXACT({listed.column(CURRENCY)},{at(self._page.row, CURRENCY)})*1"
            parts = f"=SUMPRODUCT({chosen},{{0}})-SUMPRODUCT({above},{{1}})"
            self._computed(parts.format(self._cost(), listed.column(LIVE)), Money(group.cost, group.currency))
            into = self._rows.column(self._layout.converted)
            self._converted(group, parts.format(into, listed.column(CONVERTED)))
        self._page.row += 1

    def _chosen(self, condition: str) -> str:
        """A 1 for each row of Usage that is in the group of this line. EXACT knows no wildcards and tells case."""
        currency = f"EXACT({self._rows.column(self._layout.currency)},{at(self._page.row, CURRENCY)})"
        return f"{currency}*{condition.format(at(self._page.row, NAME)) or '1'}"

    def _cost(self) -> str:
        return self._rows.column(self._layout.cost)

    def _names(self, group: Group, *looks: Looks) -> None:
        page = self._page
        if isinstance(group.name, date):
            page.put_as(NAME, group.name, MONTH, {"align": "left"}, *looks)
        else:
            page.put(NAME, group.name, *looks)
        page.put(CURRENCY, group.currency or NO_TEXT, *looks)
        page.put(CALLS, group.calls, *looks)

    def _computed(self, formula: str, money: Money, *looks: Looks) -> None:
        """The computed amount, ours, and the difference; rounding in the last digits is none."""
        page, figure = self._page, shown(money).looks
        page.put_formula(LIVE, formula, (money.pico or 0) / PICO, figure, *looks)
        page.put(BILLED, money, *looks)
        live, ours = at(page.row, LIVE), at(page.row, BILLED)
        page.put_formula(
            DIFFERENCE, f"=IF(ABS({live}-{ours})<=1E-9*ABS({ours})+1E-12,0,{live}-{ours})", 0, figure, *looks
        )

    def _converted(self, group: Group, formula: str, *looks: Looks) -> None:
        target = self._workings.target
        if not target:
            return
        if group.converted is None:
            self._page.put(CONVERTED, Money(None, target), *looks)
            return
        figure = shown(Money(round(group.converted), target)).looks
        self._page.put_formula(CONVERTED, formula, float(group.converted / PICO), {**RIGHT, **figure}, *looks)


def _review(total: Total) -> str:
    """What bounds a total with calls in it whose usage contradicts itself."""
    if not total.review:
        return ""
    low, high = (text_of(Money(pico, total.currency), "money") for pico in (total.low, total.high))
    return f"{total.review:,} of its calls need review: it is between {low} and {high}"


def write_check(page: Page, workings: Workings, lines: Sequence[Line], beside: Sequence[str]) -> None:
    """The Summary's first table: the totals of all calls as the workbook computes them, beside ours."""
    titles = ["Computed in this workbook", "At the rates to use", "As priced", "Difference", "Check"]
    page.say("What the calls cost", HEADING)
    page.head(titles, [False, True, True, True, False])
    for line in lines:
        figure = shown(line.money).looks
        page.put(0, line.label)
        amount = (line.money.pico or 0) / PICO
        page.put_formula(1, f"={at(line.row, LIVE, LIVE_TOTALS)}", amount, figure, {"bold": True})
        page.put(2, line.money)
        page.put_formula(3, f"={at(line.row, DIFFERENCE, LIVE_TOTALS)}", 0, figure)
        difference = at(page.row, 3)
        page.put_formula(4, f'=IF(ISNUMBER({difference}),IF({difference}=0,"{EQUAL}","{CHANGED}"),"{MISSING}")', EQUAL)
        page.name_range(line.name, (page.row, 1), (page.row, 1))
        page.row += 1
    for sentence in beside:
        page.say(sentence, STRONG)
    for line in lines:
        if line.note:
            page.say(f"{line.label}: {line.note}.", SOFT)
    if workings.unknown:
        page.say(
            f"{workings.unknown:,} calls of unknown cost are in Usage with their quantities, and in no total.", SOFT
        )
    page.row += 1
