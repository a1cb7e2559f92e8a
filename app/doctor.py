"""A check-up of a warehouse: what keeps its figures from being whole, what wastes money, and what to do about each."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from app.live import Watcher
    from planning.events import Event
    from warehouse.connection import Reader
    from warehouse.eval_runs import EvalRun
    from warehouse.locks import Tell
    from warehouse.outcomes import Entered
    from warehouse.scope import Scope

NAMED = 3
"""So many examples a finding names."""
Page = Literal["imports", "rates", "effort", "tasks", "reconciliation"]
"""Where in the app a finding can be looked at, by its address."""


class Known(NamedTuple):
    """What is known beside the logs."""

    entered: "Sequence[Entered]" = ()
    """How tasks ended, as people entered it."""
    runs: "Sequence[EvalRun]" = ()
    """Runs of evaluations that were loaded."""
    events: "Sequence[Event]" = ()
    """What people marked."""
    watchers: "Sequence[Watcher]" = ()
    """What loads by itself, running or not."""

    @classmethod
    def read(cls, root: "Path", at: datetime, *, tell: "Tell") -> "Known":
        """Everything, at an instant of the clock."""
        from app.live import read_watchers
        from app.outlook import read_events
        from warehouse.eval_runs import list_eval_runs
        from warehouse.outcomes import list_outcomes

        entered, runs = list_outcomes(root, tell=tell), list_eval_runs(root, tell=tell)
        return cls(entered, runs, read_events(root, tell=tell), read_watchers(root, at))


class Patient(NamedTuple):
    """What is looked at."""

    root: "Path"
    reader: "Reader"
    scope: "Scope"
    now: datetime
    known: Known = Known()


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
    cases: tuple[str, ...] = ()
    """The first few of what was found, one by one."""
    lines: str | None = None
    """What to copy, as it has to stand in a file."""
    page: Page | None = None


class Check(NamedTuple):
    """One look at a warehouse; ``names`` are those that its findings may have."""

    names: tuple[str, ...]
    find: Callable[[Patient], Iterable[Finding]]


def checks() -> list[Check]:
    """Every check, in the order in which they are told."""
    from app.doctor_books import BOOKS
    from app.doctor_habits import HABITS
    from app.doctor_keys import KEYS
    from app.doctor_money import FIGURES
    from app.doctor_names import NAMES
    from app.doctor_sources import SOURCES
    from app.doctor_stopped import STOPS
    from app.doctor_usage import USAGE

    return [*SOURCES, *STOPS, *FIGURES, *NAMES, *USAGE, *KEYS, *BOOKS, *HABITS]


def check_names() -> list[str]:
    """The names of all findings there may be."""
    return [name for check in checks() for name in check.names]


def examine(patient: Patient, wanted: Collection[str] | None = None) -> list[Finding]:
    """Everything found under the names that are wanted (None: under all of them): what needs a person first."""
    names = set(check_names() if wanted is None else wanted)
    asked = [check for check in checks() if names.intersection(check.names)]
    found = [finding for check in asked for finding in check.find(patient) if finding.check in names]
    return sorted(found, key=lambda finding: not finding.needs_person)


def some(names: Iterable[str]) -> str:
    """The first few of them, and how many there are beside."""
    listed = list(dict.fromkeys(names))
    rest = len(listed) - NAMED
    return ", ".join(listed[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def first_few(cases: Iterable[str]) -> tuple[str, ...]:
    """The same, one by one."""
    listed = list(dict.fromkeys(cases))
    rest = len(listed) - NAMED
    return (*listed[:NAMED], *([f"and {rest:,} more"] if rest > 0 else []))


def counted(numbers: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Names with their numbers: ``stepfun (34)``."""
    return (f"{name} ({number:,})" for name, number in numbers)
