"""Columns and cells that several sections share: cost as priced, and beside it in the report's currency."""

from collections.abc import Iterable, Sequence

from pricing.fx import Converted
from reports.document import Cell, Column, Money, Share, count_column, money_column
from reports.figures import text_of
from reports.readings.into import Into, whole
from reports.readings.spend import Calls, Spent

MISSING = {
    "model": "no model named",
    "seller": "seller unknown",
    "team": "no team named",
    "project": "no project named",
}
"""How calls are called that say nothing of a dimension."""
NO_ROUNDED_SUMS = (
    "Each converted figure is rounded once, from exact ones: a total is no sum of the rounded figures above."
)


def name_of(dimension: str, value: str | None) -> str:
    """A value of a dimension, or words for its absence."""
    return MISSING[dimension] if value is None else value


def things(number: int, noun: str) -> str:
    """``1 call``, ``1,234 calls``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def count_text(number: int) -> str:
    """``1,234``, with a true minus."""
    return text_of(number, "count")


def money_text(pico: int | None, currency: str | None) -> str:
    """An amount within a sentence, as a table writes it."""
    return text_of(Money(pico, currency), "money")


def share_text(part: int, whole_of: int) -> str:
    """A share within a sentence."""
    return text_of(Share(part / whole_of if whole_of else None), "share")


def cost_columns(what: str, into: Into | None) -> tuple[Column, ...]:
    """Cost as priced, and in the report's currency."""
    billed = money_column("Cost", f"{what}, in the currency that it was billed in; unknown where no price is known.")
    if into is None:
        return (billed,)
    shown = f"The same in {into.currency}, each day's cost at that day's exchange rate; for display only."
    return billed, money_column(f"In {into.currency}", shown)


def cost_cells(spent: Spent, into: Into | None) -> tuple[Cell, ...]:
    """The cells under ``cost_columns``."""
    billed = Money(spent.cost, spent.currency)
    if spent.currency is None:
        billed = Money(None, None) if spent.calls.unpriced else Money(spent.cost, "")
    return (billed,) if into is None else (billed, shown_cell(spent.shown, into))


def shown_cell(value: Converted | None, into: Into) -> Cell:
    """A converted figure; a dash where there is nothing to convert, unknown where a day has no rate."""
    return None if value is None else Money(value.pico, into.currency)


def shown_total(every: Iterable[Spent], into: Into | None) -> Converted | None:
    """What is shown of several figures together, rounded once; None where nothing is."""
    parts = [each.shown for each in every if each.shown]
    return whole(parts) if into and parts else None


def call_columns() -> tuple[Column, ...]:
    """Calls and tokens."""
    return (
        count_column("Calls", "Attempts, failed ones too."),
        count_column("Of unknown cost", "Of the calls, those whose cost is not known: they are in no amount."),
        count_column("Input tokens", "Tokens sent, those read from a cache or written to one included."),
        Column("From cache", "share", "Share of the input tokens that was read from a cache."),
        count_column("Output tokens", "Tokens received, reasoning included."),
    )


def call_cells(calls: Calls) -> tuple[Cell, ...]:
    """The cells under ``call_columns``."""
    whole_input = calls.all_input
    cached = Share(calls.cache_read / whole_input if whole_input else None)
    return calls.requests, calls.unpriced, whole_input, cached, calls.output


def share_of_cost(spent: Spent, totals: Sequence[Spent], into: Into | None) -> Share:
    """The part of the spend: of the currency's total, or of everything where all is shown in one currency."""
    total = shown_total(totals, into)
    if total is not None:
        if spent.shown is None or spent.shown.exact is None or not total.exact:
            return Share(None)
        return Share(float(spent.shown.exact / total.exact))
    whole_of = next((each.cost for each in totals if each.currency == spent.currency), None)
    return Share(None if spent.cost is None or not whole_of else spent.cost / whole_of)
