"""``tollbook close``: months closed, and what became known of them afterwards."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from app.books import State, freeze, read_calls, state_of
from app.commands.close_earlier import closing_object, earlier_words, show_digest
from app.commands.close_show import books_object, changed_note, show_month_lines, state_words
from app.commands.entered import AsJson, Who, author_of
from app.figures import money, things
from app.present import today_of
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from planning.book_sums import calls_of, cost_of
from pricing.books import Closing
from pricing.money import format_pico

if TYPE_CHECKING:
    from typer._click.core import Command, Context

    from planning.close import Books
    from warehouse.connection import Reader

MONTH = re.compile(r"\d{4}-\d{2}")
NEARLY = re.compile(r"(\d{4})-(\d{1,2})")
"""A month as people write it, too; it is not taken, but told how to be written."""
EARLIER = 3
"""So many closings that were taken back are told beside the months; close show MONTH has those of a month."""


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
    """Close a month, with the adjustments of those closed before it.

    What stands open is told on stderr first, and keeps no month from being
    closed: calls of unknown cost or under review, differences from invoices,
    earlier months that stay out of the books.
    """
    from app.close_open import points_before
    from warehouse.charges import list_charges
    from warehouse.connection import open_reader
    from warehouse.invoices import list_invoices

    session, first = session_of(context), month_named(month)
    author = author_of(session, who)
    invoices = list_invoices(session.warehouse, tell=session.tell)
    with open_reader(session.warehouse, tell=session.tell) as reader:
        today = today_of(session, reader)
        charges = tuple(list_charges(session.warehouse, tell=session.tell))
        for point in points_before(reader, charges, invoices, today, first, insist=incomplete):
            session.tell(f"open: {point}")
        closing = freeze(reader, first, author, today=today, insist=incomplete, tell=session.tell)
        warnings = _warnings(reader, closing)
    state = _state(session)
    for warning in (*warnings, *_left_out(state, closing)):
        session.tell(warning)
    show_month_lines(state, first, as_json)


@close.command("show")
def show_month(
    context: typer.Context,
    month: Month,
    digest: Annotated[
        str | None,
        typer.Option(metavar="DIGEST", help="Verify this one, of an earlier closing too. Its beginning will do."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """One month, line by line: as closed, as it is now, and what lies between.

    What it said before it was reopened is named, each closing with its
    digest; --digest shows that closing's lines, and verifies them.
    """
    state, first = _state(session_of(context)), month_named(month)
    if digest is None:
        show_month_lines(state, first, as_json)
    else:
        show_digest(state, first, digest, as_json)


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
        print_json({"reopened": closing_object(found, changed=False)})
    else:
        session.tell(
            f"reopened {month}, which {found.who} closed on {found.closed_at:%Y-%m-%d}, digest {found.digest}; "
            f"tollbook close show {month} keeps what it said"
        )


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
                "rows": [books_object(each, state) for each in state.books],
                "total": _totals(state),
                "unpriced": _unpriced(state),
            }
        )
        return
    table = plain_table()
    for head in ("month", "state", "of", "as closed", "adjustments in it", "as it is now"):
        table.add_column(head, justify="left" if head in ("month", "state", "of") else "right", overflow="fold")
    for each in state.books:
        for place, cells in enumerate(_cells(each)):
            table.add_row(*((f"{each.month:%Y-%m}", _listed_state(each, state)) if place == 0 else ("", "")), *cells)
    for kind, currency, closed, now in _total_rows(state):
        table.add_row("total", "", _of(kind, None), money(closed, currency), "", money(now, currency), style="bold")
    unknown = _unpriced(state)
    if any(unknown.values()):
        closed_calls, now_calls = (things(calls, "call") for calls in unknown.values())
        table.add_row("total", "", "unpriced", closed_calls, "", now_calls, style="bold")
    print_table(table, *_notes(state))


def _listed_state(books: "Books", state: State) -> str:
    """Of an open month, that it is not closed at what stands under *as closed*."""
    return state_words(books, state) if books.closing else "open, if closed now"


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
        yield (
            "unpriced",
            things(unknown, "call"),
            things(late, "call") if late else "–",
            things(unknown_now, "call"),
        )
    if not keys and not unknown and not unknown_now:
        yield "–", "nothing", "", "nothing"


def _of(kind: str, currency: str | None) -> str:
    return "calls" if kind == "calls" else "recurring charges"


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
        return ["No month is closed: tollbook close MONTH.", *_earlier(state)] if state.books else ["No calls there."]
    notes = ["Adjustments: what became known of a closed month later, in the month that was open then."]
    if state.deleted:
        months = ", ".join(f"{month:%Y-%m}" for month in sorted(state.deleted))
        notes.append(f"Calls of {months} were deleted since: the books keep their sums, no other figure has them.")
    for each in state.closings:
        if each.closing_id in state.changed and each.reopened_at is None:
            notes.append(changed_note(each))
    return [*notes, *_earlier(state)]


def _earlier(state: State) -> list[str]:
    """What months said that were reopened since, the last ones of them."""
    taken_back = sorted((each for each in state.closings if each.reopened_at), key=lambda each: each.closing_id)
    return [f"{each.month:%Y-%m} before: {earlier_words(each, state)}." for each in reversed(taken_back[-EARLIER:])]
