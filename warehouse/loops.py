"""The calls of tasks, whole tasks at a time and each in order: what the book-keeping of agents' loops is made from."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.overview_tasks import put_tasks_in_scope
from warehouse.scope import Scope
from warehouse.sqlfiles import sql

BATCH_CALLS = 200_000
"""Calls that are read at once: as many as whole tasks have, and no more than fit into little memory."""
EARLY_TASKS = 100
"""Of each seller's model so many tasks are read in any case: they tell what is usual there."""


class LoopKind(NamedTuple):
    """What many calls have in common; None: not reported."""

    seller: str | None
    base_url: str | None
    upstream_provider: str | None
    operation: str | None
    model_requested: str | None
    model_served: str | None
    role: str | None
    granularity: str
    currency: str | None
    effort: str | None
    provider_asked: str | None
    """The call's tag of that name: no log has a field for it."""
    one_rate: bool
    """The card has one rate for the model asked for and the model served: two names of one."""

    @property
    def route(self) -> tuple[str | None, ...]:
        """Who counts the tokens, and of what model."""
        served = self.model_served or self.model_requested
        return self.seller, self.base_url, self.upstream_provider, self.operation, served


class LoopBatch(NamedTuple):
    """Calls of whole tasks: NumPy arrays by the names of ``loop_calls.sql``; ``kind`` is a key of ``kinds``."""

    columns: dict[str, Any]
    kinds: dict[int, LoopKind]


class LeftOut(NamedTuple):
    """Tasks in scope that were not read, and how many of them for they are too long."""

    tasks: int
    calls: int
    too_long: int


def read_loops(
    reader: Reader, scope: Scope, newest: int | None = None, *, batch_calls: int = BATCH_CALLS
) -> Iterator[LoopBatch]:
    """The tasks in scope, and the first ones of every seller's model, the earliest first.

    ``newest``: of the tasks in scope only so many calls, the newest. A task of more calls than a batch is not read.
    """
    put_tasks_in_scope(reader, scope)
    reader.rows(sql("loop_tasks"), {"early": EARLY_TASKS, "most": batch_calls, "newest": newest})
    for batch in _batches(reader.columns(sql("loop_sizes")), batch_calls):
        reader.rows(sql("loop_batch"), batch)
        kinds = {row[0]: LoopKind(*row[1:]) for row in reader.rows(sql("loop_kinds"))}
        yield LoopBatch(reader.columns(sql("loop_calls")), kinds)


def thinking_of(reader: Reader) -> list[tuple[str, bool]]:
    """Every model whose thinking some log counts, and whether it ever thought: in the whole warehouse."""
    return [(model, thought) for model, thought in reader.rows(sql("loop_thinking"))]


def left_out(reader: Reader, *, batch_calls: int = BATCH_CALLS) -> LeftOut:
    """What ``read_loops`` left out of its scope."""
    return LeftOut(*reader.rows(sql("loop_left_out"), {"most": batch_calls})[0])


def names_of(reader: Reader, numbers: Collection[int] | None = None) -> dict[int, tuple[str, str | None]]:
    """The task and its team behind each number that ``read_loops`` gave; of all of them where none are asked for."""
    wanted = None if numbers is None else sorted(numbers)
    return {number: (task, team) for number, task, team in reader.rows(sql("loop_names"), {"numbers": wanted})}


def files_of(reader: Reader, files: Collection[int]) -> dict[int, str]:
    """The path behind each number of a file."""
    return dict(reader.rows(sql("loop_files"), {"files": sorted(files)}))


def _batches(sizes: dict[str, Any], most: int) -> Iterator[dict[str, int]]:
    """Stretches of tasks with at most so many calls together, and the time that they span."""
    count, start = len(sizes["number"]), 0
    reached = sizes["requests"].cumsum()
    while start < count:
        done = reached[start - 1] if start else 0
        end = max(start + 1, int(reached.searchsorted(done + most, side="right")))
        some = slice(start, end)
        yield {
            "first": int(sizes["number"][start]),
            "last": int(sizes["number"][end - 1]),
            "from_us": int(sizes["first_us"][some].min()),
            "until_us": int(sizes["last_us"][some].max()),
        }
        start = end
