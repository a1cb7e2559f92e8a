"""Method: on what data, rates and settings the figures rest, and the command that makes the report again."""

import shlex
from datetime import datetime
from importlib.metadata import version

from pricing.fx import Leg, Use, uses_of
from reports.asked import Asked
from reports.document import Block, Cell, Column, Section, Table, Words, count_column, text_column
from reports.past import Past
from reports.sections.cells import count_text
from reports.sections.closed import closing_grounds

TITLE = "Method"
ITEM_COLUMNS = (
    text_column("What", "One of the grounds that the figures rest on."),
    text_column("Value", "Equal values, and the same command, give the same report to the last byte."),
)
FX_COLUMNS = (
    text_column("Pair", "So many of the second currency for one of the first."),
    text_column("Source", "Whose rate it is."),
    Column("From", "day", "The first day whose rate was used."),
    Column("To", "day", "The last day whose rate was used."),
    count_column("Days", "Days of the figures that were converted with it."),
    count_column("Carried", "Of these, days without a rate of their own, which took the last one before them."),
    count_column("Carried at most", "For how many days a rate was carried at most."),
)
PRINCIPLES = (
    "Amounts are whole numbers of 10^-12 of their currency: sums are exact, and rounded once, half-even, where shown.",
    "A call is billed at the rate in force when it began, among those that were known when it was first priced. The "
    "rate of a call is never changed; corrections are recorded beside it.",
    "What is not known is not guessed: a call without a price is counted, and is in no amount.",
    "Amounts of several currencies are several totals. Where a currency is named for display, each day's cost is "
    "converted at that day's rate; a day without a rate takes the last one before it.",
    "Prompts, answers and keys are in no figure and nowhere in this report.",
)


def method_section(asked: Asked, past: Past) -> Section:
    """So that anybody can make it again, and find the same."""
    blocks: list[Block] = [
        Table("method", "Grounds", ITEM_COLUMNS, tuple(_items(asked, past))),
        Words(PRINCIPLES),
    ]
    if past.into:
        blocks.append(_exchange(past))
    lead = "The same data, rates, settings and command make the same report again."
    return Section("method", TITLE, lead, tuple(blocks))


def command_of(asked: Asked, now: datetime) -> str:
    """The command that makes the report, as it would be typed."""
    words = ["tollbook", "--now", f"{now:%Y-%m-%dT%H:%M:%SZ}", "report", "procurement", "--period", asked.name]
    for name, wanted in asked.scope.values:
        words += [part for value in wanted for part in ("--where", f"{name}={value}")]
    words += ["--in", asked.currency] if asked.currency else []
    words += [part for name in asked.scenarios for part in ("--scenario", name)]
    words += ["--launch", asked.launch] if asked.launch else []
    return shlex.join([*words, "--format", "pdf,xlsx,html"])


def _items(asked: Asked, past: Past) -> list[tuple[Cell, ...]]:
    grounds = past.grounds
    through = grounds.coverage.data_through
    held = grounds.loaded
    return [
        ("Command", command_of(asked, past.now)),
        ("Present", f"{past.now:%Y-%m-%dT%H:%M:%SZ}: the age of rates is reckoned from it"),
        ("Data through", f"{through:%Y-%m-%dT%H:%M:%SZ}" if through else "no data"),
        ("Usage digest", grounds.used.digest),
        ("Rates digest", f"{grounds.used.rates_digest} ({count_text(len(grounds.used.rates))} rates)"),
        *closing_grounds(past),
        *_exchange_digest(past),
        (
            "Loaded",
            f"{count_text(held.files)} files with {count_text(held.records)} records, "
            f"{count_text(held.rejected)} lines not read",
        ),
        ("Days begin at midnight in", past.zone),
        ("A rate is stale after", f"{grounds.stale_days} days"),
        ("A task is named by", grounds.task_rule),
        ("Tollbook", version("tollbook")),
        ("DuckDB", grounds.engine),
    ]


def _exchange_digest(past: Past) -> list[tuple[Cell, ...]]:
    if past.into is None:
        return []
    return [("Exchange rates digest", past.into.digest(_legs(past)))]


def _legs(past: Past) -> frozenset[Leg]:
    """Every exchange rate that a figure of this report rests on."""
    shown = [each.shown for each in (*past.spend.totals, *past.spend.months, *past.compared.spent_before)]
    shown += [row.converted for row in past.charges.totals]
    return frozenset().union(*(each.legs for each in shown if each))


def _exchange(past: Past) -> Table:
    assert past.into is not None
    missing = sorted({pair for each in past.spend.totals if each.shown for pair in each.shown.missing})
    notes = tuple(
        f"No rate of {currency}/{past.into.currency} is known on {day} or before: what that day is part of is unknown."
        for currency, day in missing[:5]
    )
    rows = tuple(_use(use) for use in uses_of(_legs(past)))
    empty = "Nothing had to be converted."
    return Table("exchange_rates", "Exchange rates used", FX_COLUMNS, rows, notes=notes, empty=empty)


def _use(use: Use) -> tuple[Cell, ...]:
    return "/".join(use.pair), use.source, use.first, use.last, use.days, use.carried, use.carried_days
