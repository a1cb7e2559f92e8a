"""What a report is asked for: a period, a scope, a currency, and which plans belong in it."""

from datetime import date
from typing import NamedTuple

from pricing.books import month_end
from warehouse.scope import Scope


class Asked(NamedTuple):
    """The question of a report. Equal ones on equal data and cards give equal bytes."""

    name: str
    """Of the period, as people call it: ``2026-10``, ``2026-Q4``."""
    first: date
    """First billing day."""
    last: date
    """Last billing day; it counts."""
    scope: Scope
    """With the period in it, so that it can be asked as it is."""
    currency: str | None = None
    """The currency that figures are shown in, each day at its own rate. None: each in the currency it was billed in."""
    scenarios: tuple[str, ...] = ()
    """Names of saved scenarios, in the order in which they are shown."""
    launch: str | None = None
    """The name of a saved launch plan."""

    @property
    def days(self) -> int:
        """How many billing days that is."""
        return (self.last - self.first).days + 1

    @property
    def is_of_whole_months(self) -> bool:
        """Whether it is of all traffic of whole months, as the closings of the books are."""
        ends = self.first.day == 1 and self.last == month_end(self.last.replace(day=1))
        return ends and not self.scope.values
