"""Checks of the books: what became known of months after they were closed."""

from collections.abc import Iterator

from app.doctor import Check, Finding, Patient, some

BOOKS_PAGE = "the page Budgets, Month close"


def known_after_closing(patient: Patient) -> Iterator[Finding]:
    """Closed months with calls that no closing has yet: whoever had a report of them has another figure."""
    from app.books import late_months, read_calls, state_of
    from planning.close import in_force
    from reports.closed_words import later_text
    from warehouse.charges import list_charges
    from warehouse.connection import silent
    from warehouse.month_close import list_closings
    from warehouse.recurring import billing_day
    from warehouse.traffic import zone_of

    closings = list_closings(patient.root, tell=silent)
    if not in_force(closings):
        return
    today = billing_day(patient.now, zone_of(patient.reader))
    charges = list_charges(patient.root, tell=silent)
    late = late_months(state_of(read_calls(patient.reader, today), charges, closings, today))
    if late:
        cases = [f"{month:%Y-%m}: {later_text(lines)}" for month, lines in late.items()]
        yield Finding(
            "known after closing",
            f"what became known of closed months and is in no closing yet: {some(cases)}",
            f"`tollbook close show {max(late):%Y-%m}` and {BOOKS_PAGE}, say of what; leave it to be booked with the "
            f"next month that is closed, or reopen the month and close it anew",
            needs_person=False,
            cases=tuple(cases),
        )


BOOKS = (Check(("known after closing",), known_after_closing),)
