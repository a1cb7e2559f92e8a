"""``tollbook close``: months closed, and what became known of them afterwards."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from app.books import State, freeze, read_calls, state_of
from app.commands.entered import AsJson, Who, author_of
from app.figures import count, instant, money, things
from app.present import today_of
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from planning.book_sums import Sum, calls_of, cost_of, sums_of
from pricing.books import AMOUNTS, MEASURES, Closing, LineKey, Lines
from pricing.money import format_pico
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from typer._click.core import Command, Context

    from planning.close import Books
    from warehouse.connection import Reader

MONTH = re.compile(r"\d{4}-\d{2}")
NEARLY = re.compile(r"(\d{4})-(\d{1,2})")
"""A month as people write it, too; it is not taken, but told how to be written."""
TOKENS = ("uncached input", "from cache", "output")
SHOWN = 20
"""Lines shown of a month; --json has them all."""
DIGITS = 12
"""So much of a digest is shown in a list."""


class MonthFirst(TyperGroup):
    """``tollbook close 2026-10`` is ``tollbook close month 2026-10``."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """Take a month for the command that closes it."""
        return super().resolve_command(ctx, ["month", *args] if args and NEARLY.fullmatch(args[0]) else args)


close = typer.Typer(cls=MonthFirst)
Month = Annotated[str, typer.Argument(metavar="MONTH", help="As in 2026-10.")]


@close.callback(invoke_without_command=True)
def close_alone(
    context: typer.Context,
    listed: Annotated[bool, typer.Option("--list", help="Every month; the same as without anything.")] = False,
    as_json: AsJson = False,
) -> None:
    """Freeze what a month came to.

    tollbook close 2026-10 closes October: its totals are kept, with a digest.
    What becomes known of it later shows as an adjustment in the month that
    is open, and both views stay: as closed, and as it is now.

    Without a month: every month under both views.
    """
    if context.invoked_subcommand is None:
        _list(session_of(context), as_json)


@close.command("month")
def close_month(
    context: typer.Context,
    month: Month,
    incomplete: Annotated[
        bool, typer.Option("--incomplete", help="Also when it is not over, or the data end before it; this is kept.")
    ] = False,
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Close a month, with the adjustments of those closed before it."""
    from warehouse.connection import open_reader

    session, first = session_of(context), month_named(month)
    author = author_of(session, who)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
        closing = freeze(reader, first, author, today=today, insist=incomplete, tell=session.tell)
        warnings = _warnings(reader, closing)
    state = _state(session)
    for warning in (*warnings, *_left_out(state, closing)):
        session.tell(warning)
    _show(state, first, as_json)


@close.command("show")
def show_month(context: typer.Context, month: Month, as_json: AsJson = False) -> None:
    """One month, line by line: as closed, as it is now, and what lies between."""
    _show(_state(session_of(context)), month_named(month), as_json)


@close.command("reopen")
def reopen_month(
    context: typer.Context,
    month: Month,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; the audit keeps it.")],
    who: Who = None,
    as_json: AsJson = False,
) -> None:
    """Take a closing back: the last closed month alone; what it said is kept."""
    from warehouse.month_close import reopen_closing

    session, first = session_of(context), month_named(month)
    if not reason.strip():
        raise UserMistake("--reason: say why, in a few words")
    author = author_of(session, who)
    found = reopen_closing(session.warehouse, first, reason.strip(), author, tell=session.tell)
    if as_json:
        print_json({"reopened": _closing_object(found, changed=False)})
    else:
        session.tell(f"reopened {month}, which {found.who} closed on {found.closed_at:%Y-%m-%d}")


def month_named(text: str) -> date:
    """The first day of the month that a person means; raises UserMistake."""
    try:
        if MONTH.fullmatch(text):
            return date.fromisoformat(f"{text}-01")
    except ValueError:
        pass
    short = NEARLY.fullmatch(text)
    how = f"write {short[1]}-{short[2]:0>2}" if short and 1 <= int(short[2]) <= 12 else "write it as in 2026-10"
    raise UserMistake(f"{text!r} is no month; {how}")


def _state(session: Session) -> State:
    from warehouse.charges import list_charges
    from warehouse.connection import open_reader
    from warehouse.month_close import list_closings

    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
        calls = read_calls(reader, today)
    charges = list_charges(session.warehouse, tell=session.tell)
    return state_of(calls, charges, list_closings(session.warehouse, tell=session.tell), today)


def _warnings(reader: "Reader", closing: Closing) -> list[str]:
    """What a person should know of the month just closed: sources that ended before it did, earlier months open."""
    from pricing.books import month_end
    from warehouse.month_close import source_ends

    ends = source_ends(reader, closing.month)
    early = {source: last for source, last in ends.items() if last < month_end(closing.month)}
    return [f"the last call of {source} is of {last}: is its log complete?" for source, last in early.items()]


def _left_out(state: State, closing: Closing) -> list[str]:
    """Earlier months that the books will never have, told when the first month is closed."""
    earlier = [f"{each.month:%Y-%m}" for each in state.books if each.month < closing.month]
    if closing.previous is not None or not earlier:
        return []
    names = earlier[0] if len(earlier) == 1 else f"{earlier[0]} to {earlier[-1]}"
    return [
        f"the books begin with {closing.month:%Y-%m}: {names} cannot be closed any more, though there is something in "
        f"{things(len(earlier), 'earlier month')}; to begin earlier, reopen {closing.month:%Y-%m} and close "
        f"{earlier[0]} first"
    ]


def _list(session: Session, as_json: bool) -> None:
    state = _state(session)
    if as_json:
        print_json(
            {
                "rows": [_books_object(each, state) for each in state.books],
                "total": _totals(state),
                "unpriced": _unpriced(state),
            }
        )
        return
    table = plain_table()
    for head in ("month", "state", "of", "as closed", "of it adjustments", "as it is now"):
        table.add_column(head, justify="left" if head in ("month", "state", "of") else "right", overflow="fold")
    for each in state.books:
        for place, cells in enumerate(_cells(each)):
            table.add_row(*((f"{each.month:%Y-%m}", _state_of(each, state)) if place == 0 else ("", "")), *cells)
    for kind, currency, closed, now in _total_rows(state):
        table.add_row("total", "", _of(kind, None), money(closed, currency), "", money(now, currency), style="bold")
    unknown = _unpriced(state)
    if any(unknown.values()):
        closed_calls, now_calls = (things(calls, "call") for calls in unknown.values())
        table.add_row("total", "", "unpriced", closed_calls, "", now_calls, style="bold")
    print_table(table, *_notes(state))


def _cells(books: "Books") -> Iterable[tuple[str, str, str, str]]:
    """One row per kind and currency: as closed, the adjustments in it, as it is now."""
    from planning.close import added

    closed, now = cost_of(books.as_closed), cost_of(books.now)
    adjusted = cost_of(added(*books.adjustments.values()))
    keys = dict.fromkeys([*closed, *now, *adjusted])
    for kind, currency in sorted(keys, key=lambda key: (key[0] != "calls", key[1])):
        key = (kind, currency)
        difference = money(adjusted[key], currency) if key in adjusted else "–"
        yield _of(*key), money(closed.get(key, 0), currency), difference, money(now.get(key, 0), currency)
    unknown, unknown_now = calls_of(books.as_closed)[1], calls_of(books.now)[1]
    late = calls_of(added(*books.adjustments.values()))[1]
    if unknown or unknown_now or late:
        yield "unpriced", things(unknown, "call"), things(late, "call") if late else "–", things(unknown_now, "call")
    if not keys and not unknown and not unknown_now:
        yield "–", "nothing", "", "nothing"


def _of(kind: str, currency: str | None) -> str:
    return "calls" if kind == "calls" else "recurring charges"


def _state_of(books: "Books", state: State) -> str:
    if books.closing is None:
        return "open"
    if books.closing.closing_id in state.changed:
        return "CHANGED since it was closed"
    incomplete = ", incomplete" if books.closing.incomplete else ""
    return f"closed {books.closing.closed_at:%Y-%m-%d} by {books.closing.who}{incomplete}"


def _total_rows(state: State) -> list[tuple[str, str, int, int]]:
    from planning.close import added

    closed = cost_of(added(*(each.as_closed for each in state.books)))
    now = cost_of(added(*(each.now for each in state.books)))
    keys = sorted({*closed, *now}, key=lambda key: (key[0] != "calls", key[1]))
    return [(*key, closed.get(key, 0), now.get(key, 0)) for key in keys]


def _totals(state: State) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "currency": currency, "as_closed": format_pico(closed), "as_it_is_now": format_pico(now)}
        for kind, currency, closed, now in _total_rows(state)
    ]


def _unpriced(state: State) -> dict[str, int]:
    """Calls of unknown cost, which are in no total."""
    return {
        "as_closed": sum(calls_of(each.as_closed)[1] for each in state.books),
        "as_it_is_now": sum(calls_of(each.now)[1] for each in state.books),
    }


def _notes(state: State) -> list[str]:
    if not any(each.closing for each in state.books):
        return ["No month is closed: tollbook close MONTH."] if state.books else ["No calls there."]
    notes = ["Adjustments: what became known of a closed month later, in the month that was open then."]
    if state.deleted:
        months = ", ".join(f"{month:%Y-%m}" for month in sorted(state.deleted))
        notes.append(f"Calls of {months} were deleted since: the books keep their sums, no other figure has them.")
    for each in state.closings:
        if each.closing_id in state.changed:
            notes.append(_changed_note(each))
    return notes


def _changed_note(closing: Closing) -> str:
    return (
        f"{closing.month:%Y-%m}: the stored lines are not those that were closed; somebody changed the state database. "
        f"Restore it from a backup, or reopen the month."
    )


def _show(state: State, month: date, as_json: bool) -> None:
    found = state.of(month)
    if found is None:
        raise WarehouseError(f"nothing is known of {month:%Y-%m}: no calls, and it is not closed")
    if as_json:
        closing = found.closing
        print_json(
            _books_object(found, state)
            | {"lines": _lines_object(found.own), "later_lines": _lines_object(found.later)}
            | {"booked": {f"{about:%Y-%m}": _lines_object(lines) for about, lines in found.adjustments.items()}}
            | {"closing": _closing_object(closing, changed=closing.closing_id in state.changed) if closing else None}
        )
        return
    _print_lines(f"{month:%Y-%m}, {_state_of(found, state)}", found.own, _shown_notes(found, state))
    for about, lines in found.adjustments.items():
        _print_lines(f"Adjustments of {about:%Y-%m} in it", lines, [])
    if found.later:
        _print_lines("What became known of it later, booked with the months after it", found.later, [])


def _shown_notes(books: "Books", state: State) -> list[str]:
    from planning.close import in_force, why_not_next

    notes = [_sum_note(each) for each in sums_of(books.own)]
    closing = books.closing
    if closing is None:
        why = why_not_next(in_force(state.closings), books.month)
        return [*notes, f"Open; {why}." if why else f"Open: tollbook close {books.month:%Y-%m} closes it."]
    if closing.incomplete:
        notes.append(f"Closed incomplete: {closing.incomplete}.")
    if closing.zone != state.zone:
        notes.append(f"Closed with days in {closing.zone}; days are in {state.zone} now.")
    notes.append(
        f"Data through {instant(closing.data_through)}; {things(closing.rates, 'rate')}, "
        f"digest {closing.rates_digest[:DIGITS]}."
    )
    if books.month in state.deleted:
        notes.append("Calls of it were deleted since: the books keep their sums, no other figure has them.")
    if closing.closing_id in state.changed:
        return [*notes, _changed_note(closing)]
    return [*notes, f"Digest {closing.digest}, verified."]


def _sum_note(found: Sum) -> str:
    if found.currency is None:
        return f"{things(found.requests, 'call')} without a currency, {count(found.unpriced)} of them of unknown cost."
    what = "Recurring charges" if found.kind == "recurring" else things(found.requests, "call")
    band = ""
    if found.review and (found.low, found.high) != (found.cost, found.cost):
        band = f" ({money(found.low, found.currency)} to {money(found.high, found.currency)}, some under review)"
    return f"{what}: {money(found.cost, found.currency)}{band}."


def _print_lines(title: str, lines: Lines, notes: Sequence[str]) -> None:
    table = plain_table(title)
    for head in ("seller", "model", "team", "project", "cost", "calls", "unpriced", *TOKENS):
        table.add_column(head, justify="left" if head in ("seller", "model", "team", "project") else "right")
    place = {name: number for number, name in enumerate(MEASURES)}
    ordered = sorted(lines.items(), key=lambda pair: (pair[0].currency is None, -abs(pair[1][0]), str(pair[0])))
    for key, counts in ordered[:SHOWN]:
        sums = (counts[place[name]] for name in ("requests", "unpriced", "input", "cache_read", "output"))
        cost = money(counts[0] if key.currency else None, key.currency)
        table.add_row(*_names(key), cost, *map(count, sums))
    rest = len(ordered) - SHOWN
    more = [f"And {things(rest, 'more line')}: --json has every line."] if rest > 0 else []
    print_table(table, *more, *notes, spare=("from cache", "uncached input", "output", "project"))


def _names(key: LineKey) -> tuple[str, str, str, str]:
    what = key.model if key.charge is None else f"charge {key.charge}"
    return key.seller or "–", what or "–", key.team or "–", key.project or "–"


def _books_object(books: "Books", state: State) -> dict[str, Any]:
    """A month as JSON has it."""
    closing = books.closing
    return {
        "month": f"{books.month:%Y-%m}",
        "state": "open" if closing is None else "closed",
        "digest": closing.digest if closing else None,
        "verified": closing.closing_id not in state.changed if closing else None,
        "as_closed": _sums_object(books.as_closed),
        "own": _sums_object(books.own),
        "adjustments": {f"{about:%Y-%m}": _sums_object(lines) for about, lines in books.adjustments.items()},
        "as_it_is_now": _sums_object(books.now),
        "later": _sums_object(books.later),
    }


def _sums_object(lines: Lines) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "currency": each.currency,
            "cost": format_pico(each.cost) if each.currency else None,
            "cost_low": format_pico(each.low) if each.currency else None,
            "cost_high": format_pico(each.high) if each.currency else None,
            "requests": each.requests,
            "unpriced": each.unpriced,
            "needs_review": each.review,
        }
        for each in sums_of(lines)
    ]


def _lines_object(lines: Lines) -> list[dict[str, Any]]:
    rows = []
    for key in sorted(lines, key=str):
        row: dict[str, Any] = {**key._asdict()}
        for name, number in zip(MEASURES, lines[key], strict=True):
            row[name] = number if name not in AMOUNTS else format_pico(number) if key.currency else None
        rows.append(row)
    return rows


def _closing_object(closing: Closing, *, changed: bool) -> dict[str, Any]:
    return {
        "month": f"{closing.month:%Y-%m}",
        "closed_at": instant(closing.closed_at),
        "who": closing.who,
        "zone": closing.zone,
        "data_through": instant(closing.data_through),
        "rates": closing.rates,
        "rates_digest": closing.rates_digest,
        "incomplete": closing.incomplete,
        "previous": closing.previous,
        "digest": closing.digest,
        "verified": not changed,
        "reopened_at": instant(closing.reopened_at),
        "reopened_by": closing.reopened_by,
        "reason": closing.reason,
    }
