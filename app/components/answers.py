"""Answers to the pages' questions: cached per state of the warehouse, read in one borrowed connection per page run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import streamlit as st

from warehouse.connection import Reader
from warehouse.cost import coverage_of
from warehouse.errors import WarehouseBusy, WarehouseMissing
from warehouse.overview import (
    BUSY_AFTER_S,
    Choices,
    Edition,
    Overview,
    Provenance,
    busy_with,
    edition_of,
    page_reader,
    read_choices,
    read_overview,
    read_provenance,
)
from warehouse.overview_tasks import (
    TaskCounts,
    TaskLine,
    TaskSpread,
    TaskStep,
    count_tasks,
    find_line,
    list_tasks,
    put_tasks_in_scope,
    read_steps,
    spread_of_tasks,
    tasks_per_bin,
)
from warehouse.scope import Scope

Borrow = Callable[[], Reader]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
SHOWN_TASKS = 200
"""Tasks that the list shows at once; the search looks through all of them."""


class TaskPage(NamedTuple):
    """The answers of the tasks page, for the tasks in scope."""

    counts: TaskCounts
    spreads: list[TaskSpread]
    provenance: Provenance


class TaskDetail(NamedTuple):
    """One task and its calls."""

    line: TaskLine
    steps: list[TaskStep]


class Desk:
    """Where one page run asks its questions; while a load runs, of the state of the data before it."""

    def __init__(self, root: Path, borrow: Borrow, busy: str | None, *, edition: Edition | None = None) -> None:
        self.root = root
        self.busy = busy
        """Who is changing the warehouse at the moment, in words; None when nobody is."""
        self._borrow = borrow
        last = st.session_state.get("edition")
        self.edition = edition or (last if busy and last else edition_of(root))
        """The state of the data that the answers are of."""
        st.session_state["edition"] = self.edition

    def ask(
        self, question: Callable[Concatenate[Reader, Asked], Answer], *asked: Asked.args, **named: Asked.kwargs
    ) -> Answer:
        """The answer to one of the warehouse's questions; what is asked can be hashed."""
        name = f"{question.__module__}.{question.__qualname__}"
        answer: Answer = _ask(self._borrow, self.edition, question, (name, asked, tuple(sorted(named.items()))))
        return answer

    def choices(self) -> Choices:
        """What the filters offer."""
        return _choices(self._borrow, self.edition)

    def overview(self, scope: Scope) -> Overview:
        """The overview of a scope."""
        return _overview(self._borrow, self.edition, scope)

    def tasks(self, scope: Scope) -> TaskPage:
        """How tasks are spread."""
        return _tasks(self._borrow, self.edition, scope)

    def bins(self, scope: Scope, currency: str, edges: tuple[int, ...]) -> list[int]:
        """Tasks per bin of cost; the edges are pico-units."""
        return _bins(self._borrow, self.edition, (scope, currency, edges))

    def task_lines(self, scope: Scope, currency: str | None, like: str | None) -> list[TaskLine]:
        """The dearest tasks whose name contains a text."""
        return _task_lines(self._borrow, self.edition, (scope, currency, like))

    def task(self, name: str) -> TaskDetail | None:
        """One task, or None."""
        return _task(self._borrow, self.edition, name)


@contextmanager
def open_desk(root: Path) -> Iterator[Desk]:
    """A desk for one page run; raises WarehouseError, and WarehouseBusy when a load runs and nothing is known yet."""
    edition_of(root)
    busy = busy_with(root)
    with ExitStack() as stack:
        readers: list[Reader] = []

        def borrow() -> Reader:
            if busy:
                raise WarehouseBusy("usage", busy, BUSY_AFTER_S)
            if not readers:
                readers.append(stack.enter_context(page_reader(root)))
            return readers[0]

        yield Desk(root, borrow, busy)


def desk_before_data(root: Path) -> Desk:
    """The desk before anything was loaded: every question to it raises WarehouseMissing."""

    def borrow() -> Reader:
        raise WarehouseMissing(root)

    return Desk(root, borrow, None, edition=Edition(str(root), 0, 0))


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _ask(_borrow: Borrow, edition: Edition, _question: Callable[..., Any], asked: tuple[Any, ...]) -> Any:
    _, values, named = asked
    return _question(_borrow(), *values, **dict(named))


@st.cache_data(ttl="1h", max_entries=20, show_spinner=False)
def _choices(_borrow: Borrow, edition: Edition) -> Choices:
    return read_choices(_borrow())


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _overview(_borrow: Borrow, edition: Edition, scope: Scope) -> Overview:
    return read_overview(_borrow(), scope)


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _tasks(_borrow: Borrow, edition: Edition, scope: Scope) -> TaskPage:
    reader = _borrow()
    put_tasks_in_scope(reader, scope)
    return TaskPage(
        count_tasks(reader),
        spread_of_tasks(reader),
        read_provenance(reader, scope, coverage_of(reader, scope)),
    )


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _bins(_borrow: Borrow, edition: Edition, asked: tuple[Scope, str, tuple[int, ...]]) -> list[int]:
    scope, currency, edges = asked
    reader = _borrow()
    put_tasks_in_scope(reader, scope)
    return tasks_per_bin(reader, currency, list(edges))


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _task_lines(_borrow: Borrow, edition: Edition, asked: tuple[Scope, str | None, str | None]) -> list[TaskLine]:
    scope, currency, like = asked
    reader = _borrow()
    put_tasks_in_scope(reader, scope)
    return list_tasks(reader, currency, like=like, top=SHOWN_TASKS)


@st.cache_data(ttl="1h", max_entries=100, show_spinner=False)
def _task(_borrow: Borrow, edition: Edition, name: str) -> TaskDetail | None:
    reader = _borrow()
    line = find_line(reader, name)
    return TaskDetail(line, read_steps(reader, line)) if line else None
