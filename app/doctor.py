"""A check-up of a warehouse: what keeps its figures from being whole, what wastes money, and what to do about each."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.connection import Reader
    from warehouse.eval_runs import EvalRun
    from warehouse.outcomes import Outcome
    from warehouse.scope import Scope

NAMED = 3
"""So many examples a finding names."""


class Patient(NamedTuple):
    """What is looked at."""

    root: "Path"
    reader: "Reader"
    scope: "Scope"
    now: datetime
    outcomes: "dict[str, Outcome]" = {}
    runs: "Sequence[EvalRun]" = ()
    """Runs of evaluations that were loaded."""


class Finding(NamedTuple):
    """One thing found, and what to do about it."""

    check: str
    says: str
    fix: str
    needs_person: bool
    """Somebody has to do something before the figures are whole; else it is worth a look."""
    calls: int | None = None
    costs: dict[str, int] = {}
    """What the calls cost, as far as that is known, in pico-units by currency."""
    unpriced: int = 0
    """Those of the calls whose cost is unknown."""


Check = Callable[[Patient], Iterable[Finding]]


def examine(patient: Patient) -> list[Finding]:
    """Everything found: what needs a person first."""
    from app.doctor_habits import HABITS
    from app.doctor_money import FIGURES

    found = [finding for check in (*FIGURES, *HABITS) for finding in check(patient)]
    return sorted(found, key=lambda finding: not finding.needs_person)


def some(names: Iterable[str]) -> str:
    """The first few of them, and how many there are beside."""
    listed = list(dict.fromkeys(names))
    rest = len(listed) - NAMED
    return ", ".join(listed[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def counted(numbers: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Names with their numbers: ``stepfun (34)``."""
    return (f"{name} ({number:,})" for name, number in numbers)
