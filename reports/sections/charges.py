"""Recurring charges: what is paid whether or not anything is called. They are never added to what calls cost."""

from pricing.fx import Converted
from reports.document import Cell, Column, Money, Section, Table, money_column, text_column
from reports.past import Past
from reports.readings.charges import Charged
from reports.readings.into import Into, whole
from reports.sections.cells import NO_ROUNDED_SUMS, shown_cell

TITLE = "Recurring charges"
KINDS = {"gpu_hours": "GPU hours", "licence": "licence", "plan": "plan", "support": "support", "other": "other"}
PERIODS = {"once": "once", "month": "a month", "quarter": "a quarter", "year": "a year"}


def charges_section(past: Past) -> Section:
    """The charges with a share in the period."""
    charges, into = past.charges, past.into
    if not charges.each:
        lead = "No recurring charge has a share in this period."
        if charges.entered:
            lead = "None of the recurring charges that were entered has a share in this period and scope."
        return Section("charges", TITLE, lead, ())
    columns = (
        text_column("Charge", "As a person entered it."),
        text_column("Kind", "What it pays for."),
        text_column("Belongs to", "Organisation, team, project or seller; a dash where it is shared by all."),
        money_column("Amount", "What it costs each time it is charged."),
        text_column("How often", "Over which stretch the amount is spread, day by day."),
        text_column("Charged", "From its first day to its last; open: no end is known."),
        money_column("In the period", "What the days of the period have of it, exactly."),
        *_shown_column(into),
    )
    rows = tuple(_row(each, into) for each in charges.each)
    totals: tuple[tuple[Cell, ...], ...] = tuple(
        ("Total", *[None] * 5, Money(row.cost, row.currency), *_shown(row.converted, into)) for row in charges.totals
    )
    if into and len(totals) > 1:
        together = whole([row.converted for row in charges.totals if row.converted])
        totals += (("All together", *[None] * 6, shown_cell(together, into)),)
    counted = min(past.today, past.spend.context.last)
    notes = [f"Counted through {counted}; days to come are not counted before they have come."]
    notes += [NO_ROUNDED_SUMS] if into else []
    lead = "What is paid whether or not anything is called, spread over its days; in no figure of calls."
    return Section("charges", TITLE, lead, (Table("charges", TITLE, columns, rows, totals, tuple(notes)),))


def _shown_column(into: Into | None) -> tuple[Column, ...]:
    if into is None:
        return ()
    return (money_column(f"In {into.currency}", f"The same in {into.currency}, each day at its own exchange rate."),)


def _shown(value: Converted | None, into: Into | None) -> tuple[Cell, ...]:
    return () if into is None else (shown_cell(value, into),)


def _row(each: Charged, into: Into | None) -> tuple[Cell, ...]:
    charge = each.charge
    owners = [f"{name} {value}" for name in ("org", "team", "project", "seller") if (value := getattr(charge, name))]
    days = f"{charge.first} to {charge.last}" if charge.last else f"{charge.first}, open"
    return (
        charge.name,
        KINDS[charge.kind],
        ", ".join(owners) or None,
        Money(charge.pico, charge.currency),
        PERIODS[charge.period],
        days,
        Money(each.row.cost, each.row.currency),
        *_shown(each.row.converted, into),
    )
