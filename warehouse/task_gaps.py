"""Keeps tasks as the rule has them: which it is, which tasks a load touched, and which ones pauses make."""

import json
from datetime import datetime, timedelta

import duckdb

from warehouse.sqlfiles import run
from warehouse.task_rule import TASK_IDS, TaskRule
from warehouse.transaction import transaction

MONTH = timedelta(days=31)


def rule_of(connection: duckdb.DuckDBPyConnection) -> TaskRule:
    """The rule that the tasks of this database are made by."""
    known = connection.execute("select value from meta where name = 'task_rule'").fetchone()
    return TASK_IDS if known is None else TaskRule(tuple(json.loads(known[0])))


def keep_rule(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> bool:
    """Make the rule the database's own; returns whether it was another. What was built by it is to be built anew."""
    was = rule_of(connection)
    if was == rule:
        return False
    connection.execute(rule.statements())
    connection.execute("delete from meta where name = 'task_rule'")
    connection.execute("insert into meta values ('task_rule', $rule)", {"rule": json.dumps(rule.parts)})
    return True


def touch_load(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> None:
    """Fill ``touched_task`` with the tasks of the load in ``batch_key``, and make those that pauses make."""
    if rule == TASK_IDS:
        run(connection, "touched_tasks")
        return
    first, last = connection.execute("select min(start_at), max(start_at) from batch_key").fetchall()[0]
    within = {"from": first, "until": last}
    if first is not None and rule.ids:
        run(connection, "ruled_tasks", within)
    if rule.gap is None:
        return
    if first is not None:
        run(connection, "touched_lines", within)
    _make_tasks(connection, rule)


def make_touched(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> None:
    """Make the tasks that pauses make anew around what is in ``touched_line``, where the rule has a pause."""
    if rule.gap is not None:
        _make_tasks(connection, rule)


def make_all(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> None:
    """Make every task that pauses make, of the calls alone."""
    run(connection, "forget_gaps")
    if rule.gap is not None:
        run(connection, "all_lines")
        _make_tasks(connection, rule)


def fill_all(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> None:
    """Write on every call the task that the rule's pauses make, month by month, each in a transaction of its own.

    All of it in one would not fit in memory. No rule that is in force may have pauses meanwhile.
    """
    run(connection, "all_lines")
    span = _find_stretches(connection, rule)
    if span is None:
        return
    at, last = span
    while at <= last:
        with transaction(connection):
            run(connection, "clear_gaps", {"from": at, "until": at + MONTH})
            run(connection, "fill_gaps", {"from": at, "until": at + MONTH})
        connection.execute("checkpoint")
        at += MONTH
    run(connection, "drop_gap_calls")


def _make_tasks(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> None:
    """Make the tasks anew around what is in ``touched_line``."""
    span = _find_stretches(connection, rule)
    if span is not None:
        run(connection, "gap_tasks")
        run(connection, "fill_gaps", {"from": span[0], "until": span[1]})
        run(connection, "drop_gap_calls")


def _find_stretches(connection: duckdb.DuckDBPyConnection, rule: TaskRule) -> tuple[datetime, datetime] | None:
    """Fill ``gap_call`` and ``gap_stretch`` around what is in ``touched_line``; returns from when to when they are."""
    run(connection, "gap_spans", {"gap": rule.gap})
    first, last = connection.execute("select min(first_at), max(last_at) from gap_span").fetchall()[0]
    if first is None:
        return None
    run(connection, "gap_calls", {"gap": rule.gap, "from": first, "until": last})
    return first, last
