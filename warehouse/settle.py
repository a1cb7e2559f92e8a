"""Decides, of the rows in which several sources saw one call, which are counted: whatever the order they came in."""

from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb

from warehouse.sqlfiles import run, sql

EVER = (datetime(1, 1, 1), datetime(9999, 12, 31))
REACH = timedelta(days=1)
"""How far apart two sightings with one response id can be; what is further apart is two calls."""
NEAR = timedelta(seconds=3)
"""How far around a row proposals can change: its partner, the partner's partner, and a second around that."""
GIVEN = "select 1 from usage where time_quality = 'given'"

Span = tuple[datetime, datetime]


class Rule(NamedTuple):
    """What is declared of sightings without a common id, and what a link made by it notes."""

    by_counts: bool
    zone: str
    now: datetime


def settle_load(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    """Decide anew about every call of which the load just stored a row; inside the load's transaction.

    The hours and tasks of rows that count from now on, or no longer, become touched ones.
    """
    span = _touched(connection)
    if span is None:
        return
    values = {"first": span[0], "last": span[1]}
    by_hand = _any(connection, GIVEN) and run(connection, "loaded_given", values).fetchone() == (True,)
    near = EVER if by_hand else _widened(span, REACH)
    run(connection, "loaded_calls", {**values, "from": near[0], "until": near[1]})
    settle(connection, span, rule.zone)
    if rule.by_counts:
        follow_rule(connection, _touched(connection) or span, rule)


def settle(connection: duckdb.DuckDBPyConnection, span: Span, zone: str) -> None:
    """Decide about the calls in the tables ``call_id`` and ``call_key``, of which some row stands in the span."""
    if not _any(connection, "select 1 from call_id union all select 1 from call_key"):
        return
    within = _find_rows(connection, span)
    run(connection, "call_heads")
    run(connection, "verdicts")
    run(connection, "keep_verdicts", {"from": within[0], "until": within[1], "zone": zone})


def follow_rule(connection: duckdb.DuckDBPyConnection, span: Span, rule: Rule) -> None:
    """Confirm what is proposed around the span, and take back what the rule confirmed there and is proposed no more."""
    values = {"first": span[0], "last": span[1], "now": rule.now}
    run(connection, "withdraw_rule", values)
    settle(connection, span, rule.zone)
    propose(connection, _widened(span, NEAR))
    run(connection, "link_by_rule", values)
    settle(connection, span, rule.zone)


def propose(connection: duckdb.DuckDBPyConnection, span: Span) -> None:
    """Fill the table ``proposal`` with what is proposed in a span."""
    text = f"create or replace temp table proposal as {sql('proposals')}"
    connection.execute(text, {"from": span[0], "until": span[1]})


def _find_rows(connection: duckdb.DuckDBPyConnection, span: Span) -> Span:
    """Fill ``call_row`` with every row of the calls in question, and of those they lead to; returns where they stand.

    The search goes on where a row at its edge may have another one beyond.
    """
    by_hand = _any(connection, GIVEN) and run(connection, "given_calls").fetchone() == (True,)
    within, known = EVER if by_hand else _widened(span, 2 * REACH), 0
    follows = _any(connection, "select 1 from call_key union all select 1 from sighting_link")
    while True:
        run(connection, "call_rows", {"from": within[0], "until": within[1]})
        if follows:
            run(connection, "call_links")
        count, lost, first, last = run(connection, "call_extent").fetchall()[0]
        needed = EVER if lost else _joined(within, _widened((first, last), REACH) if first else within)
        if needed == within and (count == known or not follows):
            return within
        within, known = needed, count


def _touched(connection: duckdb.DuckDBPyConnection) -> Span | None:
    first, last = run(connection, "touched_range").fetchall()[0]
    return None if first is None else (first, last)


def _widened(span: Span, by: timedelta) -> Span:
    return EVER if span == EVER else (span[0] - by, span[1] + by)


def _joined(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])


def _any(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    return connection.execute(f"{text} limit 1").fetchone() is not None
