"""The months of a period in the books: closed or open, and what became known after a month was closed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from planning.close import Books, books_of, changed_closings, in_force, with_charges
from pricing.books import Closing
from pricing.charges import Charge
from reports.readings.periods import Days, months_of
from warehouse.connection import Reader
from warehouse.deleted_lines import deleted_months
from warehouse.locks import Tell
from warehouse.month_close import call_lines, list_closings


class Month(NamedTuple):
    """One month of the period."""

    month: date
    books: Books | None
    """None: nothing is known of it, or no month is closed at all."""
    changed: bool
    """The stored lines are not those that its digest was taken of."""
    deleted: bool = False
    """Calls of the closed month were deleted since: its lines have them, no other figure does."""

    @property
    def closing(self) -> Closing | None:
        """None: the month is open."""
        return self.books.closing if self.books else None


def read_months(  # noqa: PLR0913 - the books rest on calls, closings, charges and the day
    reader: Reader, root: Path, period: Days, charges: Sequence[Charge], today: date, *, tell: Tell
) -> tuple[Month, ...]:
    """Every month that the period touches."""
    closings = list_closings(root, tell=tell)
    months = months_of(period)
    if not in_force(closings):
        return tuple(Month(month, None, changed=False) for month in months)
    books = books_of(closings, with_charges(call_lines(reader), charges, closings, today))
    found = {each.month: each for each in books}
    changed, deleted = changed_closings(closings), deleted_months(reader.connection)
    return tuple(_month(month, found.get(month), changed, month in deleted) for month in months)


def _month(month: date, books: Books | None, changed: frozenset[int], deleted: bool) -> Month:
    closing = books.closing if books else None
    return Month(month, books, closing is not None and closing.closing_id in changed, deleted)
