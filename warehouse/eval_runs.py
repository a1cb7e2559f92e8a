"""Runs of evaluations that people load: which model, at which tier, did which task, and what came of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Connection
from warehouse.entries import Author, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.locks import Tell
from warehouse.sqlfiles import run


class EvalRun(NamedTuple):
    """One run, or a summary of ``cases`` of them; what the file did not say is None."""

    run_set: str
    """The evaluation that it is of."""
    task: str
    number: int
    """Which pass over the task it is, from 1."""
    model: str | None = None
    seller: str | None = None
    effort: str | None = None
    variant: str | None = None
    """What else tells its arm from others."""
    kind: str | None = None
    cases: int = 1
    solved: float | None = None
    """1 or 0; of a summary the share of its cases."""
    score: float | None = None
    input: int | None = None
    """All input, what was read from a cache included."""
    cache_read: int | None = None
    output: int | None = None
    """All output, reasoning included."""
    reasoning: int | None = None
    calls: int | None = None
    latency_ms: int | None = None
    pico: int | None = None
    currency: str | None = None
    ran_at: datetime | None = None
    source: str = ""
    entered_at: datetime | None = None
    demo: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it the same run as another."""
        return self[:7]

    @property
    def says(self) -> tuple[object, ...]:
        """What came of it, whoever said so."""
        return self[7:20]


class StoredRuns(NamedTuple):
    """What came of a load: runs that are new, that say something else than before, and that say the same."""

    added: int
    changed: int
    same: int


def list_eval_runs(root: Path, *, tell: Tell) -> list[EvalRun]:
    """Every run that was entered, by evaluation, arm, task and pass."""
    return [_run(row) for row in read_entries(root, "eval_run", tell=tell)]


def compare_eval_runs(root: Path, runs: Iterable[EvalRun], *, tell: Tell) -> StoredRuns:
    """What ``store_eval_runs`` would come to; nothing is stored."""
    _, stored = _fresh(list_eval_runs(root, tell=tell), runs)
    return stored


def store_eval_runs(
    root: Path, runs: Iterable[EvalRun], author: Author, *, tell: Tell, demo: bool = False
) -> StoredRuns:
    """Keep runs; one that says something else than before takes its place."""
    with open_entries(root, author, purpose="evaluation runs", tell=tell) as entries:
        fresh, stored = _fresh(_known(entries.connection), runs)
        if fresh:
            _put(entries.connection, [each._replace(entered_at=author.now, demo=demo) for each in fresh])
            names = ", ".join(sorted({each.source for each in fresh}))
            after = {f"{each.run_set}: {each.task} {each.number}": str(each.solved) for each in fresh[:20]}
            entries.audit(f"{len(fresh)} evaluation runs from {names}", after=after)
    return stored


def remove_eval_runs(root: Path, sets: Collection[str], author: Author, *, tell: Tell) -> int:
    """Take evaluations out; raises WarehouseError naming those that there are."""
    held = list_eval_runs(root, tell=tell)
    known = sorted({each.run_set for each in held})
    if missing := [name for name in sets if name not in known]:
        there = f"there are {', '.join(known)}" if known else "none was loaded"
        raise WarehouseError(f"there is no evaluation {missing[0]!r}; {there}")
    return _remove(root, [each for each in held if each.run_set in sets], author, tell)


def remove_demo_eval_runs(root: Path, author: Author, *, tell: Tell) -> int:
    """Take the demo's runs out; returns how many there were."""
    return _remove(root, [each for each in list_eval_runs(root, tell=tell) if each.demo], author, tell)


def _remove(root: Path, runs: Sequence[EvalRun], author: Author, tell: Tell) -> int:
    if runs:
        sets = sorted({each.run_set for each in runs})
        demo_alone = all(each.demo for each in runs)
        with open_entries(root, author, purpose="evaluation runs", tell=tell) as entries:
            run(entries.connection, "remove_eval_runs", {"sets": sets, "demo_alone": demo_alone})
            entries.audit(f"{len(runs)} evaluation runs of {', '.join(sets)} removed")
    return len(runs)


def _fresh(held: Sequence[EvalRun], runs: Iterable[EvalRun]) -> tuple[list[EvalRun], StoredRuns]:
    """The runs that are new or say something else, and how many are which."""
    known = {each.key: each for each in held}
    given = {each.key: each for each in runs}
    fresh = [each for key, each in given.items() if key not in known or known[key].says != each.says]
    changed = sum(each.key in known for each in fresh)
    return fresh, StoredRuns(len(fresh) - changed, changed, len(given) - len(fresh))


def _known(connection: Connection) -> list[EvalRun]:
    return [_run(row) for row in run(connection, "list_eval_run").fetchall()]


def _run(row: Sequence[object]) -> EvalRun:
    values = EvalRun._make(row)
    return values._replace(pico=None if values.pico is None else int(values.pico))


def _put(connection: Connection, runs: Sequence[EvalRun]) -> None:
    import pyarrow as pa

    text, whole, real, instant = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
    kinds = (
        (text, text, whole, text, text, text, text, text, whole, real, real)
        + (whole,) * 6
        + (text, text, instant, text, instant, pa.bool_())
    )
    names = ["pass" if name == "number" else name for name in EvalRun._fields]
    rows = [each._replace(pico=None if each.pico is None else str(each.pico)) for each in runs]  # type: ignore[arg-type]
    columns = zip(names, zip(*rows, strict=True), kinds, strict=True)
    connection.register("new_run", pa.table({name: pa.array(column, kind) for name, column, kind in columns}))
    run(connection, "put_eval_runs")
    connection.unregister("new_run")
