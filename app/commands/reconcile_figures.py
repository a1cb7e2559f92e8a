"""What ``tollbook reconcile`` answers with, and the same as one JSON object."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from analysis.bill_reasons import Finding
from analysis.coverage import Headline
from app.figures import instant
from app.reconcile_words import bills_of
from app.reconciling import Asked, Found, Side, about_calls, against_buckets, against_invoices, confirmed_by, coverage
from app.session import UserMistake
from pricing.money import format_pico
from warehouse.bills import Call, read_calls
from warehouse.connection import Reader
from warehouse.invoices import Invoice
from warehouse.reported import ReportedRow, Room, read_reported, read_reported_calls
from warehouse.scope import Scope

SHOWN_CALLS = 20


class Wish(NamedTuple):
    """What was asked for."""

    asked: Asked
    scope: Scope
    room: Room
    against: str
    today: date
    calls: int | None
    """The number of the difference whose calls are wanted."""


class Line(NamedTuple):
    """One numbered difference: of a bill, or of what logs report."""

    number: int
    side: Side | None
    found: Found | None
    finding: Finding | None
    row: ReportedRow | None


class Answer(NamedTuple):
    """Everything that was compared."""

    sides: tuple[Side, ...]
    reported: tuple[ReportedRow, ...] | None
    """None: it was not asked for."""
    coverage: Headline
    lines: tuple[Line, ...]
    calls: tuple[Call, ...] | None
    line: Line | None
    """The difference whose calls those are."""


def answer_to(reader: Reader, invoices: Sequence[Invoice], wish: Wish) -> Answer:
    """Compare what was asked for; raises UserMistake where there is no difference of the number asked for."""
    sides = [
        against_invoices(reader, invoices, wish.asked, wish.today) if wish.against in ("all", "invoices") else None,
        against_buckets(reader, wish.asked, wish.today) if wish.against in ("all", "buckets") else None,
    ]
    kept = tuple(side for side in sides if side)
    by_key = bool(wish.asked.keys)
    reported = None
    if wish.against in ("all", "reported"):
        reported = tuple(read_reported(reader, wish.scope, wish.room, by_key=by_key))
    lines = numbered(kept, reported or ())
    line = None if wish.calls is None else next((each for each in lines if each.number == wish.calls), None)
    if wish.calls is not None and line is None:
        raise UserMistake(f"--calls: there is no difference {wish.calls}; there are {len(lines)}")
    calls = tuple(_calls(reader, wish, line)) if line else None
    covered = coverage(reader, wish.scope, confirmed_by(kept, wish.scope))
    return Answer(kept, reported, covered, lines, calls, line)


def numbered(sides: Sequence[Side], reported: Sequence[ReportedRow]) -> tuple[Line, ...]:
    """Every difference with its number, in the order in which they are shown."""
    found: list[Line] = []
    for side in sides:
        for each in side.found:
            for finding in each.findings:
                if finding.cells and finding.state != "matched":
                    found.append(Line(len(found) + 1, side, each, finding, None))
    for row in reported:
        if row.state not in ("matched", "free"):
            found.append(Line(len(found) + 1, None, None, None, row))
    return tuple(found)


def _calls(reader: Reader, wish: Wish, line: Line) -> list[Call]:
    if line.side and line.found and line.finding:
        about = about_calls(line.side, line.found.bill, line.finding)
        return read_calls(reader, about, zone=line.side.zone, top=SHOWN_CALLS)
    assert line.row
    own = {"seller": line.row.seller, "model": (line.row.model,), "top": SHOWN_CALLS}
    return read_reported_calls(reader, line.row.state, wish.scope, wish.room, **own)  # type: ignore[arg-type]


def as_object(answer: Answer) -> dict[str, Any]:
    """One JSON object; amounts are decimal strings."""
    numbers = {id(line.finding or line.row): line.number for line in answer.lines}
    told = {
        "bills": [_bill(side, each, numbers) for side in answer.sides for each in side.found],
        "unbilled": [
            {
                "against": side.against,
                "seller": each.seller,
                "model": each.model,
                "currency": each.currency,
                "requests": each.calls,
                "cost": format_pico(each.pico) if each.currency else None,
            }
            for side in answer.sides
            for each in side.unbilled
        ],
        "reported": None if answer.reported is None else [_row(row, numbers) for row in answer.reported],
        "coverage": coverage_object(answer.coverage),
    }
    if answer.calls is not None:
        told["calls"] = [_call(each) for each in answer.calls]
    return told


def coverage_object(found: Headline) -> dict[str, Any]:
    """The headline as JSON has it."""
    risks = [
        {"currency": each.currency, "known": format_pico(each.known)}
        | {"at_least": format_pico(each.known + each.low), "at_most": format_pico(each.known + each.high)}
        for each in found.risks
    ]
    return found._asdict() | {"risks": risks}


def _bill(side: Side, found: Found, numbers: dict[int, int]) -> dict[str, Any]:
    bill = found.bill
    states = [cell.state for cell in bill.cells]
    return {
        "against": side.against,
        "seller": bill.seller,
        "currency": bill.currency,
        "since": str(bill.first),
        "until": str(bill.last),
        "zone": side.zone,
        "ours": format_pico(bill.ours),
        "billed": format_pico(bill.billed),
        "comparisons": {state: states.count(state) for state in dict.fromkeys(states)},
        "differences": [
            {
                "number": numbers.get(id(each)),
                "state": each.state,
                "model": each.model,
                "key": each.key,
                "since": str(each.first),
                "until": str(each.last),
                "days": each.days,
                "requests": each.calls,
                "ours": format_pico(each.ours),
                "theirs": format_pico(each.theirs),
                "beyond": format_pico(each.beyond),
                "bills": bills_of(each),
                "why": each.why,
                "doubtful": each.aside or None,
            }
            for each in found.findings
        ],
        "names": [{"ours": ours, "theirs": theirs} for seller, ours, theirs in side.names if seller == bill.seller],
    }


def _row(row: ReportedRow, numbers: dict[int, int]) -> dict[str, Any]:
    amounts = {"cost": row.cost, "reported": row.reported, "beyond": row.beyond}
    told = row._asdict() | {name: format_pico(pico) for name, pico in amounts.items()}
    return {"number": numbers.get(id(row))} | told


def _call(each: Call) -> dict[str, Any]:
    told = each._asdict()
    del told["calls"]
    rate_from = {"rate_from": instant(each.rate_from), "start_at": instant(each.start_at)}
    return told | {"cost": format_pico(each.cost), "reported": format_pico(each.reported)} | rate_from
