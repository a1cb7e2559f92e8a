"""What the page Explore asks of the warehouse: the figures of a view, at a place, over time and all in one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.components.explore_state import Shown
from app.components.page import Run
from app.explore_place import narrowed, step_for, steps_for
from app.explore_view import View
from app.pivot import Pivot, over_time, pivot
from warehouse.connection import Reader
from warehouse.cost import CostRow, coverage_of
from warehouse.explore import explored
from warehouse.overview import Provenance, read_provenance
from warehouse.scope import Scope

SERIES = 7
"""Rows or columns that a chart shows by themselves; the others are put together."""
BARS = 15
MOST_CELLS, MOST_ROWS, MOST_COLUMNS = 10_000, 200, 40


class Stretch(NamedTuple):
    """The days in which there is traffic, and the scope that leaves them."""

    scope: Scope
    first: date
    last: date

    @property
    def days(self) -> int:
        """Days from the first to the last, both included."""
        return (self.last - self.first).days + 1


class Figures(NamedTuple):
    """What is shown: over time if it is told so, and all in one."""

    view: View
    chart: Pivot
    table: Pivot


def stretch_of(run: Run, found: Shown) -> Stretch | None:
    """The days that the filters and the place leave; None: there is no traffic in them."""
    scope = narrowed(run.scope, found.place)
    days = [row.group[0] for row in run.desk.ask(explored, (), scope, step="day")]
    return Stretch(scope, min(days), max(days)) if days else None


def view_in(found: Shown, stretch: Stretch) -> View:
    """The view with the step by which it is told there: the reader's own as far as there is room for it."""
    if found.place.hour is not None:
        return found.view._replace(step=None)
    step = found.view.step
    if found.auto or (step is not None and step not in steps_for(stretch.days)):
        step = step_for(stretch.days)
    return found.view._replace(step=step)


def figures_of(run: Run, found: Shown, stretch: Stretch) -> Figures:
    """The figures of a view."""
    view = view_in(found, stretch)
    if view.step is None or view.columns is None:
        rows = _rows(run, found, view, stretch.scope)
        table = pivot(rows, view, most_rows=_most_rows(rows, view), most_columns=MOST_COLUMNS)
        most = (SERIES, None) if view.step else (BARS, SERIES)
        return Figures(view, pivot(rows, view, most_rows=most[0], most_columns=most[1]), table)
    timeless = view._replace(step=None)
    by_time = run.desk.ask(explored, (view.rows,), stretch.scope, step=view.step)
    rows = run.desk.ask(explored, view.dimensions, stretch.scope)
    table = pivot(rows, timeless, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    return Figures(view, over_time(by_time, view, most_rows=SERIES), table)


def provenance_of(run: Run, scope: Scope) -> Provenance:
    """Through when the data goes, and whose rates priced it."""
    return run.desk.ask(_provenance, scope)


def _provenance(reader: Reader, scope: Scope) -> Provenance:
    return read_provenance(reader, scope, coverage_of(reader, scope))


def _rows(run: Run, found: Shown, view: View, scope: Scope) -> list[CostRow]:
    hour = found.place.hour
    if hour is None:
        return run.desk.ask(explored, view.dimensions, scope, step=view.step)
    return hour_rows(run.desk.ask(explored, view.dimensions, scope, step="hour"), hour)


def hour_rows(rows: Sequence[CostRow], hour: datetime) -> list[CostRow]:
    """Of rows by hour those of one hour on the billing zone's clock, without it."""
    return [row._replace(group=row.group[1:]) for row in rows if row.group[0].replace(tzinfo=None) == hour]


def _most_rows(rows: list[CostRow], view: View) -> int:
    columns = len({row.group[0] for row in rows}) if view.step else 1
    return max(10, min(MOST_ROWS, MOST_CELLS // max(1, columns)))
