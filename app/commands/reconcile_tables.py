"""``tollbook reconcile`` for people: the headline, a bridge per bill, what logs report, and the calls behind it."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from app.commands.reconcile_figures import Answer, Line
from app.figures import UNKNOWN, count, instant, money, share, things
from app.reconcile_words import (
    REPORTED,
    STATES,
    about_of,
    bills_of,
    days_of,
    has_more_bills,
    known_of,
    left_out,
    matched_line,
    title_of,
    twice_lines,
    why_of,
)
from app.reconciling import Found, Side
from app.session import plain_table, print_table

if TYPE_CHECKING:
    from rich.table import Table

    from analysis.coverage import Headline


NO_BILL = "No invoice and no seller's own report of costs about this: tollbook invoice import FILE brings one."


def print_answer(answer: Answer, notes: Sequence[str]) -> None:
    """Everything, the headline first."""
    numbers = {id(line.finding or line.row): str(line.number) for line in answer.lines}
    print_table(plain_table(), *coverage_notes(answer.coverage))
    for side in answer.sides:
        for found in side.found:
            print_table(_bridge(side, found, numbers), *_bill_notes(side, found), spare=("days",))
        if side.unbilled:
            print_table(_unbilled(side))
        if text := left_out(side):
            print_table(plain_table(), text)
    if not answer.sides:
        print_table(plain_table(), NO_BILL)
    if answer.reported is not None:
        free = sum(row.calls for row in answer.reported if row.state == "free")
        notes_of_log = [f"{things(free, 'call')} beside these: {REPORTED['free']}."] if free else []
        print_table(_reported(answer, numbers), *notes_of_log, spare=("kind",))
    asks = ["The calls behind a difference: --calls NO."] if answer.lines else []
    print_table(plain_table(), *asks, *notes)


def coverage_notes(found: "Headline") -> list[str]:
    """Attempts, with usage, priced, billed, unknown, and the money at risk."""
    parts = [f"{things(found.attempts, 'attempt')}"]
    for name, number in (("with usage", found.with_usage), ("priced", found.priced), ("billed", found.billed)):
        if number is not None:
            parts.append(f"{count(number)} {name} ({share(number, found.attempts)})")
    parts.append(f"{count(found.unknown)} of unknown cost ({share(found.unknown, found.attempts)})")
    notes = ["Coverage: " + ", ".join(parts) + "."]
    if found.elsewhere:
        notes.append(f"Of the unknown, {count(found.elsewhere)} are on another bill: own upstream keys, own machines.")
    for risk in found.risks:
        if risk.low or risk.high:
            low, high = (money(risk.known + pico, risk.currency) for pico in (risk.low, risk.high))
            known = money(risk.known, risk.currency)
            notes.append(f"At risk in {risk.currency}: {known} are known; with what is not, between {low} and {high}.")
    if found.unbounded:
        notes.append(f"{things(found.unbounded, 'call')} of unknown cost have no band: nothing like them has a price.")
    if found.partial:
        notes.append(f"{things(found.partial, 'call')} cut off: the cost of what was seen, at least.")
    return notes


def _bridge(side: Side, found: Found, numbers: dict[int, str]) -> "Table":
    """From what the calls cost to what is billed, difference by difference."""
    bill = found.bill
    table = plain_table(title_of(side, bill))
    table.add_column("no.", justify="right")
    table.add_column("state", no_wrap=True)
    more = ("bill",) if has_more_bills(bill) else ()
    for name in ("about", "days", *more):
        table.add_column(name, overflow="fold")
    for name in ("ours", "theirs", "beyond"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("why", overflow="fold")
    for each in found.findings:
        ours = money(each.ours, bill.currency) if each.cells else "–"
        amounts = (ours, money(each.theirs, bill.currency), money(each.beyond, bill.currency))
        about = (about_of(each), days_of(each), *([", ".join(bills_of(each)) or "–"] if more else []))
        table.add_row(numbers.get(id(each), ""), STATES[each.state], *about, *amounts, why_of(each))
    sums = (money(bill.ours, bill.currency), money(bill.billed, bill.currency))
    beyond = money(bill.billed - bill.ours, bill.currency)
    days = (f"{bill.first} to {bill.last}", *("" for _ in more))
    table.add_row("", "total", "all", *days, *sums, beyond, "", style="bold")
    return table


def _bill_notes(side: Side, found: Found) -> list[str]:
    notes = [*twice_lines(found.bill), matched_line(found), "The differences are all of what is billed beyond ours."]
    named = [f"{ours} as {theirs}" for seller, ours, theirs in side.names if seller == found.bill.seller]
    if named:
        notes.append(f"On the bill by another name: {', '.join(named)}.")
    own = [each for each in side.own_keys if each.seller == found.bill.seller]
    if own:
        notes.append(
            f"{things(sum(each.calls for each in own), 'call')} with an own upstream key: compared with nothing."
        )
    return notes


def _unbilled(side: Side) -> "Table":
    what = "invoice" if side.against == "invoices" else "report"
    table = plain_table(f"Called from {side.first} to {side.last}, and on no {what}")
    for name in ("seller", "model"):
        table.add_column(name, overflow="fold")
    for name in ("cost", "calls"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in side.unbilled:
        cost = money(each.pico, each.currency) if each.currency else UNKNOWN
        table.add_row(each.seller or "seller unknown", each.model or "no model named", cost, count(each.calls))
    return table


def _reported(answer: Answer, numbers: dict[int, str]) -> "Table":
    table = plain_table("What logs report, call by call")
    table.add_column("no.", justify="right")
    for name in ("seller", "model", "kind"):
        table.add_column(name, overflow="fold")
    for name in ("calls", "ours", "reported", "beyond"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("state", overflow="fold")
    rows = [row for row in answer.reported or () if row.state != "free"]
    for row in rows:
        model = ", ".join(filter(None, (row.model or "no model named", row.key and f"key {row.key}")))
        ours = money(row.cost, row.currency) if row.cost is not None else UNKNOWN
        reported = money(row.reported, row.reported_currency) if row.reported is not None else "–"
        beyond = money(row.beyond, row.currency) if row.beyond is not None else "–"
        cells = (row.seller or "seller unknown", model, row.kind or "–", count(row.calls), ours, reported, beyond)
        table.add_row(numbers.get(id(row), ""), *cells, REPORTED[row.state])
    return table


def print_calls(answer: Answer) -> None:
    """The calls behind one difference."""
    assert answer.line and answer.calls is not None
    table = plain_table(_title(answer.line))
    for name in ("time", "model", "task", "logged in"):
        table.add_column(name, overflow="fold")
    for name in ("input", "output", "ours", "reported"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("what is known", overflow="fold")
    for each in answer.calls:
        place = f"{PurePath(each.path).name}:{each.line}" if each.path else "–"
        reported = money(each.reported, each.reported_currency) if each.reported is not None else "–"
        amounts = (count(each.tokens_in), count(each.output), money(each.cost, each.currency), reported)
        table.add_row(str(instant(each.start_at)), each.model or "–", each.task or "–", place, *amounts, known_of(each))
    whole = answer.calls[0].calls if answer.calls else 0
    notes = [f"{len(answer.calls)} of {things(whole, 'call')}."] if answer.calls else ["No call is behind it."]
    print_table(table, *notes, spare=("task",))


def _title(line: Line) -> str:
    if line.side and line.found and line.finding:
        return f"{line.number}. {about_of(line.finding)}, {days_of(line.finding)}: {line.finding.why}"
    assert line.row
    return f"{line.number}. {line.row.seller or 'seller unknown'}, {line.row.model}: {REPORTED[line.row.state]}"
