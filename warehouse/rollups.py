"""Keeps the rollups equal to a full rebuild: recomputed for the hours, days and tasks that a load touched."""

from datetime import datetime, timedelta
from typing import Any

import duckdb

from warehouse.folder import Settings
from warehouse.sqlfiles import run, sql, statements
from warehouse.task_gaps import fill_all, keep_rule, make_all, rule_of, touch_load
from warehouse.task_rule import TaskRule
from warehouse.transaction import transaction

MONTH = timedelta(days=31)
ALL_CELLS = "true"
OF_TOUCHED_MODELS = "(seller, model) in (select seller, model from touched_model)"
"""Of the touched hours, days and tasks, the cells that what changed can be in."""


def follow_load(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Recompute what the table ``batch`` touched; inside the load's transaction."""
    run(connection, "touched_hours", {"zone": zone})
    touch_load(connection, rule_of(connection))
    follow_touched(connection, zone)


def follow_touched(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Recompute the hours in ``touched_hour`` and the tasks in ``touched_task``; inside the caller's transaction."""
    _build_times(connection, zone)
    _build_tasks(connection)
    run(connection, "build_dimension_value")


def follow_fill(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """The same for nothing but the models in ``touched_model``: no call came or went, and none changed its model."""
    _build_times(connection, zone, OF_TOUCHED_MODELS)
    _build_tasks(connection, OF_TOUCHED_MODELS)


def follow_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Rebuild the rollups that were built in another billing zone, or by another rule of what makes a task."""
    zone, rule = settings.billing_zone, settings.task_rule
    known_zone = connection.execute("select value from meta where name = 'billing_zone'").fetchone()
    if known_zone == (zone,) and rule_of(connection) == rule:
        return
    if rule.gap is not None and rule_of(connection) != rule:
        # In two steps, each whole: tasks by the ids alone, then, with the pauses written on every call, by all of it.
        _follow(connection, zone, rule.without_gap)
        run(connection, "touched_tables")
        fill_all(connection, rule)
    _follow(connection, zone, rule)


def _follow(connection: duckdb.DuckDBPyConnection, zone: str, rule: TaskRule) -> None:
    """Make zone and rule the database's own, and rebuild what depends on them."""
    known_zone = connection.execute("select value from meta where name = 'billing_zone'").fetchone()
    with transaction(connection):
        connection.execute("delete from meta where name = 'billing_zone'")
        connection.execute("insert into meta values ('billing_zone', $zone)", {"zone": zone})
        is_another = keep_rule(connection, rule)
        if known_zone not in (None, (zone,)):
            rebuild(connection, zone)
        elif is_another:
            run(connection, "touched_tables")
            _rebuild_tasks(connection)


def rebuild(connection: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Recompute every rollup from ``usage`` alone, month by month; inside the caller's transaction."""
    run(connection, "touched_tables")
    run(connection, "empty_rollups")
    first, last = connection.execute("select min(start_at), max(start_at) from usage").fetchall()[0]
    at: datetime | None = first
    while at is not None and at <= last:
        connection.execute("delete from touched_hour")
        run(connection, "all_hours", {"zone": zone, "from": at, "until": at + MONTH})
        _build_times(connection, zone)
        at += MONTH
    _rebuild_tasks(connection)
    run(connection, "build_dimension_value")


def _rebuild_tasks(connection: duckdb.DuckDBPyConnection) -> None:
    run(connection, "empty_tasks")
    make_all(connection, rule_of(connection))
    run(connection, "all_tasks")
    at, last = connection.execute("select min(first_at), max(first_at) from every_task").fetchall()[0]
    while at is not None and at <= last:
        run(connection, "tasks_between", {"from": at, "until": at + MONTH})
        _build_tasks(connection)
        at += MONTH
    connection.execute("drop table every_task")


def _build_times(connection: duckdb.DuckDBPyConnection, zone: str, cells: str = ALL_CELLS) -> None:
    run(connection, "touched_days", {"zone": zone})
    span = run(connection, "touched_span").fetchone()
    if span is None or span[0] is None:
        return
    within = {"zone": zone, "from": span[0], "until": span[1]}
    for name in ("forget_hours", "build_usage_hour", "build_usage_day", "build_usage_day_detail"):
        _run_on(connection, name, cells, within)


def _build_tasks(connection: duckdb.DuckDBPyConnection, cells: str = ALL_CELLS) -> None:
    span = run(connection, "touched_task_span").fetchone()
    if span is None or span[0] is None:
        return
    within = {"from": span[0], "until": span[1]}
    _run_on(connection, "forget_tasks", cells, within)
    _run_on(connection, "build_task_rate", cells, within)
    run(connection, "build_task_cost", within)


def _run_on(connection: duckdb.DuckDBPyConnection, name: str, cells: str, values: dict[str, Any]) -> None:
    """Run a statement on some of the cells that it is about."""
    if cells == ALL_CELLS:
        run(connection, name, values)
    else:
        statements(connection, sql(name).replace("and true", f"and {cells}"), values)
