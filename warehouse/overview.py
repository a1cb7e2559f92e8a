"""What the browser's first page asks, in one borrowed connection; money in pico-units."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.connection import Reader, open_reader, silent
from warehouse.cost import CostRow, Coverage, cost_by, coverage_of
from warehouse.demo import DemoState, demo_state
from warehouse.errors import WarehouseBusy, WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Turnstile
from warehouse.overview_tasks import TaskCounts, TaskSpread, count_tasks, put_tasks_in_scope, spread_of_tasks
from warehouse.scope import Scope, condition, table_for
from warehouse.sqlfiles import sql

BUSY_AFTER_S = 0.3
"""How long a page waits for a lock before it says that a load is running."""
GROUPS = ("model", "team", "seller")
"""The dimensions by which the page shows where the money goes."""


class Edition(NamedTuple):
    """One state of a warehouse's data: as long as it stays the same, so do the answers."""

    root: str
    changed_ns: int
    size_bytes: int


class Choices(NamedTuple):
    """What the filters offer, the models in the order in which they first appeared, and what is loaded."""

    values: dict[str, list[str]]
    """By dimension; one that no call says anything of is not there, but for seller, model and team."""
    models: list[str]
    currencies: tuple[str, ...]
    """Every currency something was billed in, the one with most calls first."""
    demo: DemoState

    @property
    def is_empty(self) -> bool:
        """Whether no call was ever loaded."""
        return not (self.demo.demo_files or self.demo.other_files)


class Provenance(NamedTuple):
    """Through when the data goes, how many rates priced what is in scope, and the oldest day one was checked on."""

    data_through: datetime | None
    rates: int
    checked_from: date | None
    words: tuple[tuple[str, int], ...]
    """On whose word the rates are, with the calls that they price; most first."""


class Overview(NamedTuple):
    """The answers of the overview page."""

    totals: list[CostRow]
    days: list[CostRow]
    groups: dict[str, list[CostRow]]
    unpriced: list[CostRow]
    """Calls of unknown cost by reason, seller and model, most calls first."""
    coverage: Coverage
    provenance: Provenance
    spreads: list[TaskSpread]
    tasks: TaskCounts


def edition_of(root: Path) -> Edition:
    """The state the warehouse is in; raises WarehouseMissing."""
    try:
        stat = Folder(root).database("usage").stat()
    except FileNotFoundError:
        raise WarehouseMissing(root) from None
    return Edition(str(root), stat.st_mtime_ns, stat.st_size)


def busy_with(root: Path) -> str | None:
    """Who keeps readers out at the moment, in words; None when a reader gets in."""
    try:
        with Turnstile(root, "usage").reading(timeout_s=BUSY_AFTER_S, tell=silent):
            return None
    except WarehouseBusy:
        return Turnstile(root, "usage").holder()


@contextmanager
def page_reader(root: Path) -> Iterator[Reader]:
    """Borrow the usage database for one page; raises WarehouseError in words where the file cannot be used."""
    try:
        with open_reader(root) as reader:
            yield reader
    except duckdb.CatalogException as error:
        raise WarehouseError(f"the warehouse in {root} was made by another version of Tollbook") from error
    except duckdb.Error as error:
        raise WarehouseError(f"the warehouse in {root} cannot be read: {str(error).splitlines()[0]}") from error


def read_choices(reader: Reader) -> Choices:
    """What the filters offer."""
    values: dict[str, list[str]] = {name: [] for name in GROUPS}
    for dimension, value in reader.rows(sql("overview_choices")):
        values.setdefault(dimension, []).append(value)
    billed = sorted(cost_by(reader, ()), key=lambda row: -row.requests)
    currencies = tuple(row.currency for row in billed if row.currency is not None)
    return Choices(values, read_models(reader), currencies, demo_state(reader))


def read_models(reader: Reader) -> list[str]:
    """The models in the order in which they first appeared: each has the colour of its place."""
    return [model for (model,) in reader.rows(sql("overview_models"))]


def read_overview(reader: Reader, scope: Scope) -> Overview:
    """Everything the overview page shows of a scope."""
    put_tasks_in_scope(reader, scope)
    unpriced = [row for row in cost_by(reader, ("unpriced_reason", "seller", "model"), scope) if row.unpriced]
    coverage = coverage_of(reader, scope)
    return Overview(
        totals=cost_by(reader, (), scope),
        days=cost_by(reader, ("day", "model"), scope),
        groups={name: cost_by(reader, (name,), scope) for name in GROUPS},
        unpriced=sorted(unpriced, key=lambda row: -row.unpriced),
        coverage=coverage,
        provenance=read_provenance(reader, scope, coverage),
        spreads=spread_of_tasks(reader),
        tasks=count_tasks(reader),
    )


def read_provenance(reader: Reader, scope: Scope, coverage: Coverage) -> Provenance:
    """Where the figures of a scope come from."""
    where, parameters = condition(scope)
    table = table_for({*scope.dimensions, "day"}).removesuffix("_priced")
    text = sql("overview_rates").replace("from usage_day", f"from {table}").replace("and true", f"and {where}")
    rates, checked = reader.rows(text, parameters)[0]
    return Provenance(coverage.data_through, rates, checked, coverage.words)
