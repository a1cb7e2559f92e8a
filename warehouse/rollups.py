"""Keeps the rollups equal to a full rebuild: recomputed for the hours, days and tasks that a load touched."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb

from warehouse.connection import silent
from warehouse.folder import Settings
from warehouse.locks import Tell
from warehouse.promoted import keep_promoted, promoted_in
from warehouse.sqlfiles import run, sql, statements
from warehouse.task_gaps import fill_all, keep_rule, make_all, rule_of, touch_load
from warehouse.task_rule import TaskRule
from warehouse.transaction import transaction

MONTH = timedelta(days=31)
ALL_CELLS = "true"
BUILT_BY_TIME = ("forget_hours", "build_usage_hour", "build_usage_day", "build_usage_day_detail")
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


def follow_settings(connection: duckdb.DuckDBPyConnection, settings: Settings, tell: Tell = silent) -> None:
    """Rebuild what was built in another billing zone, by another rule of what makes a task, or by other tags."""
    zone, rule = settings.billing_zone, settings.task_rule
    known_zone = connection.execute("select value from meta where name = 'billing_zone'").fetchone()
    if known_zone != (zone,) or rule_of(connection) != rule:
        if rule.gap is not None and rule_of(connection) != rule:
            # In two steps, each whole: tasks by the ids alone, then, with the pauses written on every call, by all.
            _follow(connection, zone, rule.without_gap)
            run(connection, "touched_tables")
            fill_all(connection, rule)
        _follow(connection, zone, rule)
    if promoted_in(connection) != settings.promoted_tags:
        tell("building the sums by day anew, by the tags that the settings promote")
        _promote(connection, zone, settings.promoted_tags)


def _promote(connection: duckdb.DuckDBPyConnection, zone: str, tags: tuple[str, ...]) -> None:
    """Make these tags dimensions, and rebuild the one rollup that has them, month by month."""
    with transaction(connection):
        keep_promoted(connection, tags)
        run(connection, "touched_tables")
        connection.execute("delete from usage_day_detail")
        for _ in _months(connection, zone):
            _build_times(connection, zone, names=("forget_details", "build_usage_day_detail"))
        run(connection, "build_dimension_value")


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
    for _ in _months(connection, zone):
        _build_times(connection, zone)
    _rebuild_tasks(connection)
    run(connection, "build_dimension_value")


def _months(connection: duckdb.DuckDBPyConnection, zone: str) -> Iterator[None]:
    """Put the hours of all calls into ``touched_hour``, month by month."""
    first, last = connection.execute("select min(start_at), max(start_at) from usage").fetchall()[0]
    at: datetime | None = first
    while at is not None and at <= last:
        connection.execute("delete from touched_hour")
        run(connection, "all_hours", {"zone": zone, "from": at, "until": at + MONTH})
        yield
        at += MONTH


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


def _build_times(
    connection: duckdb.DuckDBPyConnection, zone: str, cells: str = ALL_CELLS, *, names: Sequence[str] = BUILT_BY_TIME
) -> None:
    run(connection, "touched_days", {"zone": zone})
    span = run(connection, "touched_span").fetchone()
    if span is None or span[0] is None:
        return
    within = {"zone": zone, "from": span[0], "until": span[1], "promoted": list(promoted_in(connection))}
    for name in names:
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
