"""Budgets as they stand: amount, spent, where they end, how likely they are exceeded, and what moved them."""

from planning.standing import Closed
from reports.asked import Asked
from reports.charts import Range, Ranges
from reports.document import (
    Block,
    Cell,
    Column,
    Fact,
    Money,
    Section,
    Share,
    Table,
    Words,
    money_column,
    text_column,
)
from reports.figures import text_of
from reports.forward_parts import Budgeted, Budgets

TITLE = "Budgets"
WORST = ("over", "likely over", "at risk")
"""States that need a person's eye."""
DRAWN = 3
"""Budgets whose bands are drawn, the worst."""
NAME = text_column("Budget", "The name under which it was entered.")
COLUMNS = (
    NAME,
    text_column("Owner", "Whose budget it is."),
    text_column("Scope", "Which calls count."),
    text_column("Period", "The period of today."),
    money_column("Amount", "What may be spent in the period, with what was carried over from the one before."),
    money_column("Spent", "As priced in its scope from the first day of the period, with charges that count."),
    money_column("Left", "Amount less spent; below zero: overspent."),
    text_column("State", "Over, likely over (50% of the paths), at risk (10%), on track; or why nothing can be said."),
)
AHEAD_COLUMNS = (
    NAME,
    money_column("Projected", "The middle of what the period may come to: half of the sample paths end below."),
    money_column("Low", "A tenth of the sample paths end below."),
    money_column("High", "A tenth of the sample paths end above."),
    money_column("Run-rate", "As if each day to come cost the mean of the whole days so far."),
    Column("Chance to exceed", "share", "Share of the sample paths that end above the amount."),
    Column("Exceeded on", "day", "The day on which it was exceeded, or half of the paths that exceed it have done so."),
)
VARIANCE_COLUMNS = (
    text_column("Budget", "The name under which it was entered."),
    Column("Compared from", "day", "The first of the equally many days before the period."),
    Column("Compared to", "day", "The last of them."),
    money_column("Before", "What calls cost on those days."),
    money_column("Volume", "What more or fewer tokens make, at the mean price of before."),
    money_column("Mix", "What other sellers, models and teams make."),
    money_column("Price", "What other prices of the same seller, model and team make: rates, and how much is cached."),
    money_column("Now", "What calls cost on the whole days of the period so far: before and the three steps."),
)
CLOSED_COLUMNS = (
    text_column("Budget", "The name under which it was entered."),
    Column("From", "day", "First day of the budget's period."),
    Column("To", "day", "Its last day."),
    money_column("Amount", "What could be spent, with what was carried over."),
    money_column("Spent", "As priced in its scope, with charges that count."),
    money_column("Left", "Amount less spent; below zero: overspent."),
)


def budgets_section(found: Budgets, asked: Asked) -> Section:
    """How each stands today, how those of the report's own days ended, and what moved them."""
    blocks: list[Block] = [_standings(found)]
    if found.budgets:
        blocks += [_ahead(found), *_charts(found)]
    closed = _closed(found, asked)
    if closed.rows:
        blocks.append(closed)
    variance = _variance(found)
    if variance.rows:
        blocks.append(variance)
    if notes := tuple(note for each in found.budgets for note in each.notes):
        blocks.append(Words(notes))
    return Section("budgets", TITLE, _lead(found), tuple(blocks))


def budget_facts(found: Budgets) -> list[Fact]:
    """How many are in danger."""
    if not found.budgets:
        return []
    worst = [each for each in found.budgets if each.standing.state in WORST]
    note = "; ".join(f"{each.name}: {each.standing.state}" for each in worst) or "all on track or without a forecast"
    return [Fact("Budgets over or at risk", f"{len(worst)} of {len(found.budgets)}", note)]


def _lead(found: Budgets) -> str:
    if not found.budgets:
        return "No budget about this traffic was entered."
    return f"Where each budget stands on {found.today}, the worst first."


def _standings(found: Budgets) -> Table:
    notes = list(found.notes)
    if found.others:
        notes.append(f"{found.others:,} more about other traffic alone.")
    return Table(
        "budgets",
        "Budgets as they stand",
        COLUMNS,
        tuple(_row(each) for each in found.budgets),
        notes=tuple(notes),
        marked=frozenset(place for place, each in enumerate(found.budgets) if each.standing.state in WORST),
        empty="No budget about this traffic was entered: tollbook budget add NAME --amount AMOUNT --currency CODE.",
    )


def _row(each: Budgeted) -> tuple[Cell, ...]:
    place = each.standing
    amounts = (Money(pico, place.budget.currency) for pico in (place.amount, place.spent, place.left))
    state = f"{place.state}: {place.why_not}" if place.state == "no forecast" and place.why_not else place.state
    return each.name, each.owner or None, each.scope, each.period, *amounts, state


def _ahead(found: Budgets) -> Table:
    """Where those with a forecast end."""
    rows = tuple(_ahead_row(each) for each in found.budgets if each.standing.projected or each.standing.breaks)
    return Table("budgets_ahead", "Where they end", AHEAD_COLUMNS, rows, empty="None of them has a forecast.")


def _ahead_row(each: Budgeted) -> tuple[Cell, ...]:
    place = each.standing
    code, band, breaks = place.budget.currency, place.projected, place.breaks
    ends = (band.median, band.low, band.high) if band else (None, None, None)
    amounts = (None if pico is None else Money(pico, code) for pico in (*ends, place.run_rate))
    day = breaks.median if breaks and place.state in WORST else None
    return each.name, *amounts, Share(place.probability), day


def _charts(found: Budgets) -> list[Block]:
    """The bands of the worst beside their amounts."""
    charts: list[Block] = []
    for number, each in enumerate([one for one in found.budgets if one.standing.projected][:DRAWN], 1):
        place, code = each.standing, each.standing.budget.currency
        band = place.projected
        assert band is not None  # chosen so
        low, middle, high, amount = (
            text_of(Money(pico, code), "money") for pico in (band.low, band.median, band.high, place.amount)
        )
        charts.append(
            Ranges(
                f"budget_band_{number}",
                f"{each.name}, {each.period}",
                f"{each.name}: {middle} projected, 80% between {low} and {high}, against an amount of {amount}.",
                code,
                (
                    Range("Spent so far", None, place.spent, None),
                    Range("Projected", band.low, band.median, band.high),
                ),
                Range("Amount", None, place.amount, None),
            )
        )
    return charts


def _closed(found: Budgets, asked: Asked) -> Table:
    """How the periods ended that lie in the days of the report."""
    ended = [
        (each, closed)
        for each in found.budgets
        for closed in each.standing.before
        if closed.span.last is not None and asked.first <= closed.span.last and closed.span.first <= asked.last
    ]
    notes = [
        f"{each.name}: nothing was billed in its scope before {each.billed_from or 'today'}; earlier days count as 0."
        for each, closed in ended
        if each.billed_from is None or closed.span.first < each.billed_from
    ]
    return Table(
        "budgets_closed",
        f"How they ended in {asked.name}",
        CLOSED_COLUMNS,
        tuple(_closed_row(*pair) for pair in ended),
        notes=tuple(dict.fromkeys(notes)),
    )


def _closed_row(each: Budgeted, closed: Closed) -> tuple[Cell, ...]:
    code = each.standing.budget.currency
    amounts = (Money(pico, code) for pico in (closed.amount, closed.spent, closed.left))
    return each.name, *closed.span, *amounts


def _variance(found: Budgets) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for each in found.budgets:
        if each.variance is not None:
            code = each.standing.budget.currency
            steps = (Money(pico, code) for pico in each.variance)
            rows.append((each.name, *each.compared, *steps))
    return Table(
        "budgets_variance",
        "What moved them",
        VARIANCE_COLUMNS,
        tuple(rows),
        notes=("Calls alone; before and the three steps add up to now, to the last digit.",),
    )
