"""Spend: what calls cost by model, seller, team, project and month. Recurring charges have a section of their own."""

from collections.abc import Sequence
from datetime import date

from pricing.books import month_end
from reports.asked import Asked
from reports.document import Block, Cell, Column, Section, Table, text_column
from reports.past import Past
from reports.readings.spend import GROUPS, Spent, added_calls, merged
from reports.sections.cells import (
    NO_ROUNDED_SUMS,
    call_cells,
    call_columns,
    cost_cells,
    cost_columns,
    name_of,
    share_of_cost,
    shown_cell,
    shown_total,
    things,
)
from reports.sections.spend_charts import month_charts

MOST_ROWS = 50
"""So many rows a table has; what is left over is one row per currency, so that nothing is left out of the sums."""


def spend_section(asked: Asked, past: Past) -> Section:
    """Where the money went."""
    blocks: list[Block] = [*month_charts(past)]
    blocks += [_table_by(name, past) for name in GROUPS]
    blocks.append(_months(asked, past))
    lead = "What calls cost, as priced at the rates in force when they began. Recurring charges are in none of it."
    return Section("spend", "Spend", lead, tuple(blocks))


def _table_by(name: str, past: Past) -> Table:
    found, into = past.spend.groups[name], past.into
    kept, rest = found[:MOST_ROWS], found[MOST_ROWS:]
    rows = [(name_of(name, each.group[0]), *_figures(each, past)) for each in kept]
    rows += [(things(number, "other"), *_figures(sums, past)) for number, sums in _rest(rest)]
    unknown = frozenset(place for place, each in enumerate(kept) if each.calls.unpriced)
    return Table(
        f"spend_by_{name}",
        f"By {name}",
        (
            text_column(name.capitalize(), f"The {name} as the logs name it."),
            *cost_columns("What its calls cost", into),
            Column("Share", "share", _meaning_of_share(past)),
            *call_columns(),
        ),
        tuple(rows),
        _totals(past, len(rows)),
        _notes(past, found),
        marked=unknown,
        empty="No calls in this period.",
    )


def _figures(each: Spent, past: Past) -> tuple[Cell, ...]:
    share = share_of_cost(each, past.spend.totals, past.into)
    return (*cost_cells(each, past.into), share, *call_cells(each.calls))


def _rest(rest: Sequence[Spent]) -> list[tuple[int, Spent]]:
    """What is left over, put together by currency, with how many groups that is."""
    currencies = dict.fromkeys(each.currency for each in rest)
    groups = [[each for each in rest if each.currency == currency] for currency in currencies]
    return [(len(parts), merged(parts)) for parts in groups]


def _meaning_of_share(past: Past) -> str:
    if past.into:
        return f"Part of the spend on calls, all of it in {past.into.currency}."
    return "Part of the spend on calls in the same currency."


def _totals(past: Past, rows: int) -> tuple[tuple[Cell, ...], ...]:
    """One total per currency, calls of unknown cost apart, and one of all in the report's currency."""
    if not rows:
        return ()
    totals = [("Total", *_figures(each, past)) for each in past.spend.totals]
    together = shown_total(past.spend.totals, past.into)
    if past.into and together and len(past.spend.totals) > 1:
        sums = call_cells(added_calls(past.spend.totals))
        totals.append(("All together", None, shown_cell(together, past.into), None, *sums))
    return tuple(totals)


def _notes(past: Past, found: Sequence[Spent]) -> tuple[str, ...]:
    notes = []
    if any(each.calls.unpriced for each in found):
        notes.append("Marked: calls whose cost is not known. They are counted, in no amount, and never 0.")
    if past.into:
        notes.append(NO_ROUNDED_SUMS)
    return tuple(notes)


def _months(asked: Asked, past: Past) -> Table:
    """Every month up to the period's last day, so that the period can be seen against what was before it."""
    found = sorted(past.spend.months, key=lambda each: each.group[0])
    return Table(
        "spend_by_month",
        "By month",
        (
            text_column("Month", "Month of the billing zone."),
            text_column("In the period", "Whether the month belongs to the period of this report."),
            *cost_columns("What its calls cost", past.into),
            *call_columns(),
        ),
        tuple(
            (
                f"{each.group[0]:%Y-%m}",
                _part(each.group[0], asked, past.through),
                *cost_cells(each, past.into),
                *call_cells(each.calls),
            )
            for each in found
        ),
        notes=_month_notes(asked, past),
        marked=frozenset(place for place, each in enumerate(found) if each.calls.unpriced),
        empty="No calls in these months.",
    )


def _month_notes(asked: Asked, past: Past) -> tuple[str, ...]:
    """Which months are there, and which of them are not all there."""
    context, notes = past.spend.context, ["No month before the period has a call."]
    if context.first < asked.first:
        notes = [f"Months from {context.first} to {context.last}: those before the period are there for context."]
    if past.begins and past.begins.day > 1 and past.begins >= context.first:
        notes.append(f"The data begins on {past.begins}: {past.begins:%Y-%m} is not all there.")
    return tuple(notes)


def _part(month: date, asked: Asked, through: date | None) -> str:
    """Whether a month is in the period."""
    last = min(month_end(month), asked.last)
    if last < asked.first:
        return "before it"
    is_whole = asked.first <= month and asked.last >= month_end(month)
    if is_whole and through and through < last:
        return f"through {through}"
    return "whole" if is_whole else f"{max(month, asked.first)} to {last}"
