"""What stands open of a month that somebody is about to close: nothing of it keeps the month from being closed."""

from collections.abc import Sequence
from datetime import date
from shlex import quote
from typing import TYPE_CHECKING

from app.books import State, read_calls, state_of
from app.figures import money, things
from planning.book_sums import sums_of
from pricing.books import month_end

if TYPE_CHECKING:
    from pricing.charges import Charge
    from warehouse.connection import Reader
    from warehouse.invoices import Invoice


def points_before(  # noqa: PLR0913 - the books rest on calls, charges, invoices and the day
    reader: "Reader",
    charges: "tuple[Charge, ...]",
    invoices: "Sequence[Invoice]",
    today: date,
    month: date,
    *,
    insist: bool = True,
) -> list[str]:
    """A sentence each: what is not known, what is in doubt, what invoices say otherwise, what is left out.

    Nothing of a month that cannot be closed: why not is all that has to be known of it.
    """
    from planning.close import in_force, what_is_missing, why_not_next
    from warehouse.connection import silent
    from warehouse.month_close import list_closings

    closings = list_closings(reader.folder.root, tell=silent)
    state = state_of(read_calls(reader, today), charges, closings, today)
    if why_not_next(in_force(closings), month) or (not insist and what_is_missing(month, today, state.through)):
        return []
    return [*_doubts(state, month), *_invoices(reader, state, month, invoices), *_left_out(state, month)]


def _doubts(state: State, month: date) -> list[str]:
    """Calls whose cost is unknown or a band."""
    books = state.of(month)
    sums = sums_of(books.now) if books else []
    found = []
    if unknown := sum(each.unpriced for each in sums):
        found.append(f"{things(unknown, 'call')} of unknown cost: in no amount; tollbook rates unpriced says why")
    found += [
        f"{things(each.review, 'call')} under review: calls in {each.currency} cost between "
        f"{money(each.low, each.currency)} and {money(each.high, each.currency)}"
        for each in sums
        if each.review
    ]
    return found


def _invoices(reader: "Reader", state: State, month: date, invoices: "Sequence[Invoice]") -> list[str]:
    """What invoices of the month say otherwise than its calls, seller by seller."""
    from app.reconcile_words import OPEN
    from app.reconciling import Asked, against_invoices

    last = month_end(month)
    side = against_invoices(reader, invoices, Asked(month, last), state.today) if invoices else None
    if side is None:
        return [f"no invoice of {month:%Y-%m} was entered: nothing was held against it"]
    found = []
    for each in side.found:
        odd = [finding for finding in each.findings if finding.state in OPEN]
        beyond = sum(finding.beyond for finding in odd)
        if odd:
            more = money(abs(beyond), each.bill.currency)
            than = f"{more} {'more' if beyond > 0 else 'less'} than the calls cost" if beyond else "the same in total"
            found.append(
                f"invoices of {each.bill.seller} in {each.bill.currency} and the calls have "
                f"{things(len(odd), 'difference')} to look into, {than}; "
                f"tollbook reconcile --seller {quote(each.bill.seller)} --since {month} --until {last}"
            )
    return found


def _left_out(state: State, month: date) -> list[str]:
    """Earlier months that the books will not have, where this is the first that is closed."""
    earlier = [f"{each.month:%Y-%m}" for each in state.books if each.month < month and each.closing is None]
    if not earlier:
        return []
    names = earlier[0] if len(earlier) == 1 else f"{earlier[0]} to {earlier[-1]}"
    are = "is" if len(earlier) == 1 else "are"
    return [f"{names} {are} not closed: what is closed first begins the books, and months before it stay out of them"]
