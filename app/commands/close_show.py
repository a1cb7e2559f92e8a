"""``tollbook close show``: one month line by line, its digest verified, and what it said before it was reopened."""

from datetime import date
from typing import TYPE_CHECKING, Any

from app.books import State
from app.commands.close_earlier import closing_object, earlier_notes, earlier_objects
from app.commands.close_lines import lines_object, print_lines, sum_notes, sums_object
from app.figures import instant, things
from app.session import print_json
from pricing.books import Closing
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from planning.close import Books

DIGITS = 12
"""So much of the rates' digest is shown; --json has all of it."""


def changed_note(closing: Closing) -> str:
    """That somebody changed what was closed, and what to do."""
    return (
        f"{closing.month:%Y-%m}: the stored lines are not those that were closed; somebody changed the state database. "
        f"Restore it from a backup, or reopen the month."
    )


def show_month_lines(state: State, month: date, as_json: bool) -> None:
    """A month under both views, line by line; raises WarehouseError where nothing is known of it."""
    found = state.of(month)
    if found is None:
        raise WarehouseError(f"nothing is known of {month:%Y-%m}: no calls, and it is not closed")
    if as_json:
        closing = found.closing
        print_json(
            books_object(found, state)
            | {"lines": lines_object(found.own), "later_lines": lines_object(found.later)}
            | {"booked": {f"{about:%Y-%m}": lines_object(lines) for about, lines in found.adjustments.items()}}
            | {"closing": closing_object(closing, changed=closing.closing_id in state.changed) if closing else None}
        )
        return
    notes = [*_shown_notes(found, state), *earlier_notes(state, month)]
    print_lines(f"{month:%Y-%m}, {state_words(found, state)}", found.own, notes)
    for about, lines in found.adjustments.items():
        print_lines(f"Adjustments of {about:%Y-%m} in it", lines, [])
    if found.later:
        print_lines("What became known of it later, booked with the months after it", found.later, [])


def _shown_notes(books: "Books", state: State) -> list[str]:
    from planning.close import in_force, why_not_next

    notes = sum_notes(books.own)
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
        return [*notes, changed_note(closing)]
    return [*notes, f"Digest {closing.digest}, verified."]


def books_object(books: "Books", state: State) -> dict[str, Any]:
    """A month as JSON has it."""
    closing = books.closing
    return {
        "month": f"{books.month:%Y-%m}",
        "state": "open" if closing is None else "closed",
        "digest": closing.digest if closing else None,
        "verified": closing.closing_id not in state.changed if closing else None,
        "as_closed": sums_object(books.as_closed),
        "own": sums_object(books.own),
        "adjustments": {f"{about:%Y-%m}": sums_object(lines) for about, lines in books.adjustments.items()},
        "as_it_is_now": sums_object(books.now),
        "later": sums_object(books.later),
        "earlier_closings": earlier_objects(state, books.month),
    }


def state_words(books: "Books", state: State) -> str:
    """Open, or who closed it and when."""
    if books.closing is None:
        return "open"
    if books.closing.closing_id in state.changed:
        return "CHANGED since it was closed"
    incomplete = ", incomplete" if books.closing.incomplete else ""
    return f"closed {books.closing.closed_at:%Y-%m-%d} by {books.closing.who}{incomplete}"
