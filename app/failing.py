"""Failed attempts of a scope, for the commands and the page alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.failures import Attempts, Failed, Failure, failures_by
from warehouse.failures import FailureCell, Place, read_failures, read_places

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.scope import Scope


class Failures(NamedTuple):
    """What failed in a scope, and where attempts went."""

    cells: list[FailureCell]
    places: list[Place]

    @property
    def attempts(self) -> int:
        """All attempts, failed or not."""
        return sum(place.attempts for place in self.places)

    @property
    def retries_unseen(self) -> int:
        """Tries that a log counts without holding them: what they cost and delayed is unknown."""
        return sum(place.retries_unseen for place in self.places)

    @property
    def calls_retried_unseen(self) -> int:
        """The calls of those tries."""
        return sum(place.calls_retried_unseen for place in self.places)

    def by(self, names: Sequence[str]) -> list[Failure]:
        """One row per group; raises KeyError for a name by which failures are not told apart."""
        failed = [Failed._make(cell[: len(Failed._fields)]) for cell in self.cells]
        return failures_by(failed, [Attempts._make(place[: len(Attempts._fields)]) for place in self.places], names)


def failures_of(reader: "Reader", scope: "Scope") -> Failures:
    """The failures of a scope."""
    return Failures(read_failures(reader, scope), read_places(reader, scope))
