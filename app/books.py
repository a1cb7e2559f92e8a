"""Months closed and open: what the command and the page share."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pricing.books import Closing, Counts, LineKey, Lines
from pricing.charges import Charge
from warehouse.errors import WarehouseError
from warehouse.locks import Tell

if TYPE_CHECKING:
    from planning.close import Books
    from warehouse.connection import Reader
    from warehouse.entries import Author


class Calls(NamedTuple):
    """What the usage database says for the books."""

    months: Mapping[date, Mapping[LineKey, Counts]]
    zone: str
    data_through: datetime | None
    through: date | None
    """The billing day of the newest call."""
    deleted: frozenset[date] = frozenset()
    """Closed months of which calls were deleted: the lines have them, no other figure does."""


class State(NamedTuple):
    """The books as they stand."""

    books: "tuple[Books, ...]"
    closings: tuple[Closing, ...]
    changed: frozenset[int]
    """Closings whose stored lines are not what their digest was taken of."""
    zone: str
    today: date
    through: date | None
    deleted: frozenset[date] = frozenset()
    """Closed months of which calls were deleted since."""

    def of(self, month: date) -> "Books | None":
        """One month; None where nothing is known of it."""
        return next((each for each in self.books if each.month == month), None)

    def earlier(self, month: date) -> tuple[Closing, ...]:
        """The closings of a month that were taken back, the newest first."""
        return tuple(each for each in reversed(self.closings) if each.month == month and each.reopened_at)


def read_calls(reader: "Reader", today: date) -> Calls:
    """Everything the books need of the calls, in one borrowed connection; today is a billing day."""
    from warehouse.deleted_lines import deleted_months
    from warehouse.month_close import call_lines
    from warehouse.traffic import traffic_span

    span = traffic_span(reader, today)
    deleted = deleted_months(reader.connection)
    return Calls(call_lines(reader), span.zone, span.data_through, span.begun, deleted)


def read_state(reader: "Reader", edition: tuple[str, int, int], charges: tuple[Charge, ...], today: date) -> State:
    """The books of the warehouse in a folder, in one borrowed connection, for callers that keep answers."""
    from warehouse.connection import silent
    from warehouse.month_close import list_closings

    return state_of(read_calls(reader, today), charges, list_closings(Path(edition[0]), tell=silent), today)


def state_of(calls: Calls, charges: Sequence[Charge], closings: Sequence[Closing], today: date) -> State:
    """The books of every month, verified."""
    from planning.close import books_of, changed_closings, with_charges

    books = tuple(books_of(closings, with_charges(calls.months, charges, closings, today)))
    changed = changed_closings(closings)
    return State(books, tuple(closings), changed, calls.zone, today, calls.through, calls.deleted)


def late_months(state: State) -> dict[date, Lines]:
    """What became known of closed months and is in no closing yet, by month."""
    found: dict[date, Lines] = {}
    for each in state.books:
        found |= each.adjustments if each.closing is None else {}
    return found


def freeze(  # noqa: PLR0913 - who closes what, when, on what data, insisting or not: all of it is kept
    reader: "Reader", month: date, author: "Author", *, today: date, insist: bool, tell: Tell
) -> Closing:
    """Close a month; raises WarehouseError with the reason where it cannot be closed."""
    from planning.close import digest_of, in_force, name_of, open_adjustments, what_is_missing, why_not_next
    from warehouse.charges import list_charges
    from warehouse.month_close import list_closings, put_closing, rates_used

    root = reader.folder.root
    calls, closings = read_calls(reader, today), list_closings(root, tell=tell)
    state = state_of(calls, list_charges(root, tell=tell), closings, today)
    closed = in_force(closings)
    if why := why_not_next(closed, month):
        raise WarehouseError(why)
    if broken := [each for each in closed if each.closing_id in state.changed]:
        raise WarehouseError(f"{name_of(broken[0].month)} is not as it was closed: reopen it before another is closed")
    missing = what_is_missing(month, state.today, state.through)
    if missing and not insist:
        raise WarehouseError(f"{name_of(month)} is not complete: {missing}. --incomplete closes it all the same")
    now_lines = {each.month: each.now for each in state.books}
    rates = rates_used(reader, month)
    closing = Closing(
        closing_id=0,
        month=month,
        closed_at=author.now,
        who=author.who,
        zone=calls.zone,
        data_through=calls.data_through,
        rates=rates.number,
        rates_digest=rates.digest,
        incomplete=missing,
        previous=closed[-1].digest if closed else None,
        lines=now_lines.get(month, {}),
        booked=open_adjustments(closed, now_lines),
    )
    closing = closing._replace(digest=digest_of(closing))
    return closing._replace(closing_id=put_closing(root, closing, author, tell=tell))
