"""Outcomes: how each task ended, from files that people load and from evaluation events."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Connection, Reader, open_reader
from warehouse.entries import Author, Entries, Values, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.sqlfiles import run, sql

RESOLVED_NAMES = ("resolved", "solved", "passed", "success", "task_resolved", "task_success")
SCORE_NAMES = ("score", "task_score")
"""What an evaluation event about a whole task is called, whatever stands before a dot or a slash."""
YES = frozenset({"true", "yes", "y", "1", "pass", "passed", "resolved", "solved", "success"})
NO = frozenset({"false", "no", "n", "0", "fail", "failed", "unresolved", "unsolved", "failure"})


class Outcome(NamedTuple):
    """How one task ended; what nobody said is None."""

    task: str
    resolved: bool | None
    score: float | None
    kind: str | None
    """The kind of work."""
    work: str | None
    """The piece of work that several tasks repeat, so that they can be paired."""
    source: str


class Entered(NamedTuple):
    """An outcome as a file says it."""

    task: str
    resolved: bool | None
    score: float | None
    kind: str | None
    work: str | None
    judged_at: datetime | None
    source: str
    entered_at: datetime | None = None
    demo: bool = False

    @property
    def outcome(self) -> Outcome:
        """The same without when, and by whom it was entered."""
        return Outcome(self.task, self.resolved, self.score, self.kind, self.work, self.source)

    @property
    def says(self) -> tuple[object, ...]:
        """What it says of the task, whoever said it."""
        return self[1:6]


class Stored(NamedTuple):
    """What came of a load: tasks that are new, that say something else than before, and that say the same."""

    added: int
    changed: int
    same: int


def yes_or_no(text: str) -> bool | None:
    """Whether a word says that a task was resolved; None where it says neither."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


def outcomes_of(root: Path, *, tell: Tell) -> dict[str, Outcome]:
    """Every known outcome, by task: what was entered goes before what an event said of the same."""
    entered = list_outcomes(root, tell=tell)
    if not Folder(root).database("usage").exists():
        return {each.task: each.outcome for each in entered}
    with open_reader(root, tell=tell) as reader:
        return outcomes_beside(reader, entered)


def outcomes_beside(reader: Reader, outcomes: Iterable[Entered]) -> dict[str, Outcome]:
    """What was entered, and what events said: for whoever holds the usage database already."""
    found = _from_events(reader)
    for entered in outcomes:
        said = found.get(entered.task)
        found[entered.task] = entered.outcome if said is None else _filled(entered.outcome, said)
    return found


def list_outcomes(root: Path, *, tell: Tell) -> list[Entered]:
    """What was entered, by task."""
    return [Entered(*row) for row in read_entries(root, "outcome", tell=tell)]


def store_outcomes(
    root: Path, outcomes: Iterable[Entered], author: Author, *, tell: Tell, demo: bool = False
) -> Stored:
    """Keep outcomes; of one task the newest has the say, and what it leaves out stays as it was.

    What is made up is never mixed with what is not: the demo's gives way as a whole.
    """
    with open_entries(root, author, purpose="outcomes", tell=tell) as entries:
        known = _known(entries.connection)
        now = dict(known)
        given = set()
        for each in outcomes:
            given.add(each.task)
            said = each._replace(entered_at=author.now, demo=demo)
            was = now.get(each.task)
            if was is None or (was.demo and not demo):
                now[each.task] = said
            elif demo <= was.demo:
                now[each.task] = _newest(said, was)
        fresh = [now[task] for task in sorted(given) if task not in known or _is_new(now[task], known[task])]
        if fresh:
            _put(entries.connection, fresh)
            _audit(entries, fresh, known)
    changed = sum(each.task in known for each in fresh)
    return Stored(len(fresh) - changed, changed, len(given) - len(fresh))


def remove_outcomes(
    root: Path, author: Author, *, tell: Tell, tasks: Collection[str] = (), source: str | None = None
) -> list[str]:
    """Take out the outcomes of tasks, or those of a source; raises WarehouseError where there are none."""
    with open_entries(root, author, purpose="outcomes", tell=tell) as entries:
        known = _known(entries.connection)
        if missing := [task for task in tasks if task not in known]:
            raise WarehouseError(f"no outcome of task {missing[0]!r} was entered; tollbook outcome list shows them")
        taken = [task for task, each in known.items() if task in tasks or each.source == source]
        if not taken:
            raise WarehouseError(f"there is no outcome from {source}; there are {_sources(known)}")
        _take(entries, taken, known)
    return taken


def remove_demo_outcomes(root: Path, author: Author, *, tell: Tell) -> int:
    """Take the demo's outcomes out; returns how many there were."""
    if not any(each.demo for each in list_outcomes(root, tell=tell)):
        return 0
    with open_entries(root, author, purpose="the demo", tell=tell) as entries:
        known = _known(entries.connection)
        taken = [task for task, each in known.items() if each.demo]
        _take(entries, taken, known)
    return len(taken)


def tasks_without_calls(reader: Reader, tasks: Iterable[str]) -> list[str]:
    """Those of the tasks that no log names."""
    known = {task for (task,) in reader.rows("select task from task_cost")}
    return [task for task in tasks if task not in known]


def _from_events(reader: Reader) -> dict[str, Outcome]:
    if reader.row("select 1 from evaluation limit 1") is None:
        return {}
    rows = reader.rows(sql("outcome_verdicts"), {"names": [*RESOLVED_NAMES, *SCORE_NAMES]})
    found: dict[str, Outcome] = {}
    for task, word, name, score, label in rows:
        said = _verdict(task, word, f"evaluation {name}", score, label)
        if said.resolved is not None or said.score is not None:
            found[task] = _filled(said, found[task]) if task in found else said
    return found


def _verdict(task: str, word: str, source: str, score: float | None, label: str | None) -> Outcome:
    """What one event says; its label tells whether the task was resolved, without one a score of 1 or 0."""
    known = score if score is not None and math.isfinite(score) else None
    resolved = None
    if word in RESOLVED_NAMES:
        resolved = yes_or_no(label) if label is not None else yes_or_no(f"{known:g}" if known is not None else "")
    return Outcome(task, resolved, known, None, None, source)


def _filled(first: Outcome, other: Outcome) -> Outcome:
    """What the first does not say is as the other says it."""
    values = [mine if mine is not None else theirs for mine, theirs in zip(first[1:5], other[1:5], strict=True)]
    said = [mine is None and theirs is not None for mine, theirs in zip(first[1:5], other[1:5], strict=True)]
    both = any(said) and first.source != other.source
    return Outcome._make([first.task, *values, f"{first.source}, {other.source}" if both else first.source])


def _newest(said: Entered, was: Entered) -> Entered:
    """The two as one: the one that was judged later has the say, else the one that was entered later."""
    is_older = bool(said.judged_at and was.judged_at and said.judged_at < was.judged_at)
    first, other = (was, said) if is_older else (said, was)
    values = [mine if mine is not None else theirs for mine, theirs in zip(first[1:6], other[1:6], strict=True)]
    return Entered._make([first.task, *values, *first[6:]])


def _is_new(said: Entered, was: Entered) -> bool:
    return said.says != was.says or said.demo != was.demo


def _known(connection: Connection) -> dict[str, Entered]:
    return {row[0]: Entered(*row) for row in run(connection, "list_outcome").fetchall()}


def _put(connection: Connection, outcomes: Sequence[Entered]) -> None:
    import pyarrow as pa

    text, instant = pa.string(), pa.timestamp("us")
    kinds = (text, pa.bool_(), pa.float64(), text, text, instant, text, instant, pa.bool_())
    columns = zip(Entered._fields, zip(*outcomes, strict=True), kinds, strict=True)
    connection.register("new_outcome", pa.table({name: pa.array(column, kind) for name, column, kind in columns}))
    run(connection, "put_outcomes")
    connection.unregister("new_outcome")


def _take(entries: Entries, taken: Sequence[str], known: Mapping[str, Entered]) -> None:
    run(entries.connection, "remove_outcomes", {"tasks": list(taken)})
    entries.audit(f"outcomes of {len(taken)} tasks removed", before=_plain(known[task] for task in taken))


def _audit(entries: Entries, fresh: Sequence[Entered], known: Mapping[str, Entered]) -> None:
    before = _plain(known[each.task] for each in fresh if each.task in known)
    names = ", ".join(sorted({each.source for each in fresh}))
    entries.audit(f"outcomes of {len(fresh)} tasks from {names}", before=before or None, after=_plain(fresh))


def _plain(outcomes: Iterable[Entered]) -> Values:
    return {each.task: [value for value in each[1:7] if value is not None] for each in outcomes}


def _sources(known: Mapping[str, Entered]) -> str:
    return ", ".join(sorted({each.source for each in known.values()})) or "none"
