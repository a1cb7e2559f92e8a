"""The books: which months are closed and what came later, and the four costs of the same calls side by side."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from planning.book_sums import cost_of
from planning.close import added
from reports.document import (
    Block,
    Cell,
    Column,
    Money,
    Section,
    Share,
    Table,
    count_column,
    money_column,
    text_column,
)
from reports.figures import text_of
from reports.past import Past
from reports.readings.four import FourCosts, FourLine, Invoiced, invoiced_whole
from reports.readings.months import Month
from reports.sections.cells import MISSING, money_text
from reports.sections.closed import closed_of
from warehouse.invoices import kinds_notes

TITLE = "The books: closed months, reported and invoiced costs"
SHORT = "The books"
MONTH_COLUMNS = (
    text_column("Month", "Month of the billing zone."),
    text_column("State", "Closed: its lines are frozen, what comes later is an adjustment. Open: it may still move."),
    Column("Closed at", "instant", "When it was closed (UTC)."),
    text_column("By", "Who closed it."),
    text_column("Digest", "SHA-256 of everything that was frozen; the same digest is the same books."),
)
LINE_COLUMNS = (
    text_column("Month", "Month of the billing zone."),
    text_column("What", "Calls, or recurring charges."),
    money_column("As closed", "What was frozen when the month was closed: what was reported stays reported."),
    money_column("Adjustments in it", "What became known of earlier months, and was booked with this one."),
    money_column("Known later", "What became known of the month after it was closed."),
    money_column("As it is now", "What the month's own lines come to today: as closed, and what is known later."),
)
FOUR_COLUMNS = (
    text_column("Seller", "Who bills."),
    text_column("Model", "The model; all: an invoice that names none."),
    count_column("Calls", "Attempts of the period."),
    money_column("As priced", "At the rates in force when the calls began."),
    money_column("As reported", "What the logs say the calls cost."),
    count_column("Calls reported", "Of the calls, those whose log says what they cost."),
    money_column("Reported beyond", "As reported less as priced; a dash where not every call reports its cost."),
    money_column("Re-rated", "The same calls in the latest recorded re-rate; a dash where it has not all of them."),
    money_column(
        "As invoiced", "What invoices say of the days of the period: usage after credits, without tax and fees."
    ),
)


INVOICED_COLUMNS = (
    text_column("Seller", "Who sent the invoices."),
    money_column(
        "As invoiced", "Usage after credits, for all models or for those that the invoices name; no tax, no fees."
    ),
    money_column("Of it credits", "What credits take off, in as invoiced."),
    money_column("As priced", "The same calls at the rates in force when they began."),
    money_column("Invoiced beyond", "As invoiced less as priced."),
    Column("Of as priced", "share", "The difference as a share of as priced."),
    count_column("Calls of unknown cost", "In no amount here; the invoice may have them."),
)
APART = Fraction(1, 100)
"""Further apart than this share of as priced, an invoice needs a person."""


def books_section(past: Past) -> Section:
    """What is final, and what others say the calls cost."""
    blocks: list[Block] = [_months(past.months)]
    if any(month.closing for month in past.months):
        blocks.append(_lines(past.months))
    if past.four.is_worth_showing:
        blocks.append(_four(past.four))
    if compared := invoiced_of(past):
        blocks.append(_invoiced(compared))
    return Section("books", TITLE, lead_of(past), tuple(blocks), SHORT)


def lead_of(past: Past) -> str:
    """Whether the figures of the period may still move."""
    closed = [month for month in past.months if month.closing]
    if len(closed) == len(past.months):
        found = closed_of(past)
        later = found.came_later if found else ""
        return f"Every month of the period is closed{f'; {later} became known later' if later else ''}."
    if closed:
        return f"{len(closed)} of the {len(past.months)} months of the period are closed; the others may still move."
    return "No month of the period is closed: its figures move when calls come in late or are corrected."


def changed_months(past: Past) -> list[str]:
    """Closed months whose stored lines are not those that were closed."""
    return [f"{month.month:%Y-%m}" for month in past.months if month.changed]


def deleted_from(past: Past) -> list[str]:
    """Closed months of which calls were deleted: the books have their cost, the rest of the report has not."""
    return [f"{month.month:%Y-%m}" for month in past.months if month.deleted]


def invoiced_of(past: Past) -> list[Invoiced]:
    """Sellers whose invoices can be held against the calls of the period: it is over, and they are about all of it."""
    period = past.compared.days
    if past.through is None or past.through < past.spend.context.last:
        return []
    return invoiced_whole(past.four, period.first, period.last)


def is_apart(each: Invoiced) -> bool:
    """Whether an invoice before its credits and the calls are so far apart that somebody should ask why."""
    return abs(each.unexplained) > APART * abs(each.billed)


def _invoiced(compared: Sequence[Invoiced]) -> Table:
    apart = frozenset(place for place, each in enumerate(compared) if is_apart(each))
    notes = ["Invoices that are not about every day of the period are not among them. tollbook reconcile says why."]
    if apart:
        notes.append(f"Marked: more than {text_of(Share(float(APART)), 'share')} apart, before credits.")
    return Table("invoiced", "Invoices beside calls", INVOICED_COLUMNS, tuple(map(_invoiced_row, compared)),
                 notes=tuple(notes), marked=apart)  # fmt: skip


def _invoiced_row(each: Invoiced) -> tuple[Cell, ...]:
    beyond = each.invoiced - each.billed
    return (
        each.seller,
        Money(each.invoiced, each.currency),
        Money(each.credits, each.currency) if each.credits else None,
        Money(each.billed, each.currency),
        Money(beyond, each.currency),
        Share(beyond / each.billed if each.billed else None),
        each.unknown,
    )


def _months(months: Sequence[Month]) -> Table:
    rows = tuple(_month_row(month) for month in months)
    marked = frozenset(place for place, month in enumerate(months) if month.changed or month.deleted)
    return Table("months", "Months of the period", MONTH_COLUMNS, rows, marked=marked)


def _month_row(month: Month) -> tuple[Cell, ...]:
    closing = month.closing
    if closing is None:
        return f"{month.month:%Y-%m}", "open", None, None, None
    state = "CHANGED since it was closed" if month.changed else "closed"
    if month.deleted:
        state += ", calls deleted since"
    if closing.incomplete:
        state += f", incomplete: {closing.incomplete}"
    return f"{month.month:%Y-%m}", state, closing.closed_at, closing.who, closing.digest


def _lines(months: Sequence[Month]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for month in months:
        if month.books is None or month.closing is None:
            continue
        books = month.books
        columns = [cost_of(lines) for lines in (books.own, added(*books.adjustments.values()), books.later, books.now)]
        for kind, currency in sorted({key for column in columns for key in column}):
            cells = [_cell(column, (kind, currency)) for column in columns]
            rows.append((f"{month.month:%Y-%m}", "recurring charges" if kind == "recurring" else kind, *cells))
    notes = (
        "The books are of all traffic, whatever the scope of this report.",
        "Every other figure of this report is of all calls known now.",
    )
    return Table("month_lines", "Closed months: as closed and as they are now", LINE_COLUMNS, tuple(rows), notes=notes)


def _cell(column: Mapping[tuple[str, str], int], key: tuple[str, str]) -> Cell:
    return Money(column[key], key[1]) if key in column else None


def _four(four: FourCosts) -> Table:
    rows = tuple(_four_row(line) for line in four.lines)
    notes = [
        f"Invoice {part.invoice.number or part.invoice.invoice_id} of {part.invoice.seller} is about "
        f"{part.invoice.first} to {part.invoice.last}: of its {money_text(part.invoice.pico, part.invoice.currency)} "
        f"the share of {part.first} to {part.last}, by days."
        for part in four.parts
        if not part.is_whole
    ]
    notes += kinds_notes(four.parts, four.aside)
    if four.run:
        notes.append(f"Re-rated: run {four.run.run_id}, {four.run.name}.")
    return Table("four_costs", "Four costs of the same calls", FOUR_COLUMNS, rows, notes=tuple(dict.fromkeys(notes)))


def _four_row(line: FourLine) -> tuple[Cell, ...]:
    billed: Cell = Money(line.billed, line.currency) if line.billed is not None else Money(None, None)
    return (
        line.seller or MISSING["seller"],
        line.model or ("all" if not line.calls else MISSING["model"]),
        line.calls,
        billed if line.calls else None,
        _known(line.reported, line.currency),
        line.reported_calls,
        _known(line.beyond_billed, line.currency),
        _known(line.rerated, line.currency),
        _known(line.invoiced, line.currency),
    )


def _known(pico: int | None, currency: str | None) -> Cell:
    return None if pico is None else Money(pico, currency)
