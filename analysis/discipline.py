"""Output discipline: answers without a limit, cut by length, paid and empty, and the longest; the money in each."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

NO_LIMIT = "no max_tokens"
CUT = "cut by length"
EMPTY = "paid, empty"
LONGEST = "at P99 or longer"


class Cell(NamedTuple):
    """Answers of one seller, model and currency that are alike; ``cost`` in pico-units, None where unknown."""

    seller: str | None
    model: str | None
    currency: str | None
    holds_request: bool
    """Their file names what calls asked for: where it names no limit, there was none."""
    is_limited: bool
    has_end: bool
    """The log says why the answer ended."""
    is_cut: bool
    has_length: bool
    is_empty: bool
    """Charged for, and nothing in it for its reader: no text, no tool call."""
    is_long: bool
    """As long as the answer that 99% of the model's answers do not exceed, or longer."""
    calls: int
    cost: int | None


class Habit(NamedTuple):
    """One habit: how many answers have it, of how many of which that can be told, and what those cost."""

    name: str
    calls: int
    of: int
    not_told: int
    """Answers of which the log does not say it: they are in no share."""
    costs: dict[str, int]
    """What the ``calls`` cost, by currency."""
    unpriced: int
    """Those of the ``calls`` whose cost is unknown; in no amount."""
    costs_of_all: dict[str, int]
    """What all answers of which it can be told cost, by currency."""

    @property
    def share(self) -> float | None:
        """Share of answers; None where it can be told of none."""
        return self.calls / self.of if self.of else None


def habits(cells: Iterable[Cell]) -> list[Habit]:
    """The four habits of some answers."""
    known = list(cells)
    return [
        _habit(NO_LIMIT, known, [(cell, cell.holds_request, not cell.is_limited) for cell in known]),
        _habit(CUT, known, [(cell, cell.has_end, cell.is_cut) for cell in known]),
        _habit(EMPTY, known, [(cell, cell.has_length, cell.is_empty) for cell in known]),
        _habit(LONGEST, known, [(cell, cell.has_length, cell.is_long) for cell in known]),
    ]


def by_model(cells: Iterable[Cell]) -> dict[tuple[str | None, str | None], list[Habit]]:
    """The habits of each seller's model, most answers first."""
    groups: dict[tuple[str | None, str | None], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.seller, cell.model].append(cell)
    ordered = sorted(groups.items(), key=lambda group: (-sum(cell.calls for cell in group[1]), str(group[0])))
    return {name: habits(found) for name, found in ordered}


def _habit(name: str, cells: list[Cell], judged: list[tuple[Cell, bool, bool]]) -> Habit:
    told = [cell for cell, is_told, _ in judged if is_told]
    having = [cell for cell, is_told, has_it in judged if is_told and has_it]
    of = _calls(told)
    unpriced = _calls(cell for cell in having if cell.cost is None)
    return Habit(name, _calls(having), of, _calls(cells) - of, _costs(having), unpriced, _costs(told))


def _calls(cells: Iterable[Cell]) -> int:
    return sum(cell.calls for cell in cells)


def _costs(cells: Iterable[Cell]) -> dict[str, int]:
    """Amounts by currency; never added across."""
    sums: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.cost is not None and cell.currency is not None:
            sums[cell.currency] += cell.cost
    return dict(sorted(sums.items()))
