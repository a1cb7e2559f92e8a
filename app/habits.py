"""Output discipline of a scope, for the commands and the page alike."""

from typing import TYPE_CHECKING, NamedTuple

from analysis.discipline import Cell, Habit, by_model, habits
from warehouse.discipline import Lengths, read_answers, read_lengths

if TYPE_CHECKING:
    from warehouse.connection import Reader
    from warehouse.scope import Scope


class Discipline(NamedTuple):
    """How disciplined the answers of a scope are."""

    answers: int
    habits: list[Habit]
    by_model: dict[tuple[str | None, str | None], list[Habit]]
    lengths: list[Lengths]


def discipline_of(reader: "Reader", scope: "Scope") -> Discipline:
    """The habits of all answers in scope, and of each model."""
    cells = [Cell(*cell) for cell in read_answers(reader, scope)]
    return Discipline(sum(cell.calls for cell in cells), habits(cells), by_model(cells), read_lengths(reader, scope))
