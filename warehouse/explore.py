"""Any measure by any dimensions and time, from the narrowest rollup that knows them, down to the calls themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pricing.meters import METERS
from warehouse.connection import Reader
from warehouse.cost import Column, CostRow, columns_of, cost_rows, source_of, table_of
from warehouse.promoted import promoted_of
from warehouse.scope import (
    DAY_DIMENSIONS,
    DETAIL_DIMENSIONS,
    EVERYTHING,
    ROW_DIMENSIONS,
    TAG,
    Scope,
    expression_of,
    row_condition,
)
from warehouse.sqlfiles import sql
from warehouse.traffic import zone_of

STEPS = ("hour", "day", "week", "month")
"""Stretches of time that figures are told by; weeks begin on Monday."""
HOUR_DIMENSIONS = frozenset({"day", "seller", "model", "team", "region", "org", "unpriced_reason"})
"""Dimensions of ``usage_hour``."""
LABELS = {
    "seller": "Seller",
    "model": "Model",
    "team": "Team",
    "source": "Log source",
    "gateway": "Gateway",
    "base_url": "Base URL",
    "region": "Region",
    "upstream_provider": "Upstream provider",
    "operation": "Operation",
    "model_requested": "Model asked for",
    "role": "Role",
    "service_tier": "Service tier",
    "unpriced_reason": "Reason without a price",
    "usage_status": "Usage status",
    "http_status": "HTTP status",
    "error_category": "Error",
    "finish_reason": "Finish reason",
    "reasoning_effort": "Reasoning effort",
    "org": "Organisation",
    "project": "Project",
    "environment": "Environment",
    "application": "Application",
    "key_alias": "Key alias",
    "task": "Task",
    "session_id": "Session",
    "user_hash": "User (hashed)",
}
"""What people call the dimensions; a tag is called by its own name."""

ORDERS = {
    "newest": "start_at desc, record_key",
    "oldest": "start_at, record_key",
    "dearest": "currency nulls last, cost desc nulls last, start_at desc, record_key",
    "slowest": "latency_ms desc nulls last, start_at desc, record_key",
}
"""How calls may stand; dearest first within a currency."""
TOLD = (
    "billable_reason",
    "step",
    "ttft_ms",
    "gateway",
    "base_url",
    "region",
    "upstream_provider",
    "operation",
    "model_requested",
    "role",
    "service_tier",
    "usage_status",
    "finish_reason",
    "reasoning_effort",
    "org",
    "environment",
    "application",
    "key_alias",
    "session_id",
    "user_hash",
    "tags",
)
"""What is told of one call beside the columns of the list."""


class Dimension(NamedTuple):
    """What traffic can be told apart by, and how many values it has."""

    name: str
    label: str
    values: int


def dimensions_of(reader: Reader) -> list[Dimension]:
    """The dimensions in which anything stands, promoted tags after the common ones, those of single calls last."""
    tags = [f"{TAG}{name}" for name in promoted_of(reader)]
    common = [*(name for name in (*DAY_DIMENSIONS, *DETAIL_DIMENSIONS) if name != "day"), *tags]
    counted = ", ".join(f"count(distinct {expression_of(name)})" for name in common)
    numbers = [*reader.rows(sql("dimension_counts").replace("count(*)", counted))[0]]
    numbers += reader.rows(sql("row_dimension_counts"))[0]
    names = [*common, *ROW_DIMENSIONS]
    return [Dimension(name, label_of(name), number) for name, number in zip(names, numbers, strict=True) if number]


def label_of(name: str) -> str:
    """What people call a dimension."""
    return LABELS.get(name) or name.removeprefix(TAG)


def explored(
    reader: Reader, dimensions: Sequence[str], scope: Scope = EVERYTHING, *, step: str | None = None
) -> list[CostRow]:
    """Cost by dimensions; with a step, ``group[0]`` is where the stretch of time begins that the row is about.

    That is a date, and for hours an instant on the billing zone's clock: two hours that a change of clocks gives the
    same name stay two. Raises KeyError for a name that is no dimension, and for a step that is none.
    """
    columns = columns_of(dimensions)
    needed = {*dimensions, *scope.dimensions, *({"day"} if scope.since or scope.until or step else set())}
    table = table_of(reader, needed)
    if step is None:
        return cost_rows(reader, columns, source_of(reader, columns, scope, table))
    if step == "hour":
        table = "usage_hour_priced" if needed <= HOUR_DIMENSIONS else "usage_row_priced"
    columns = [_start_of(step, table), *columns]
    rows = cost_rows(reader, columns, source_of(reader, columns, scope, table))
    return _on_the_clock(rows, zone_of(reader)) if step == "hour" else rows


def _start_of(step: str, table: str) -> Column:
    """The column that says where a stretch of time begins."""
    if step not in STEPS:
        raise KeyError(step)
    if step == "day":
        return Column("day", "day")
    if step != "hour":
        return Column("step_start", f"cast(date_trunc('{step}', day) as date)")
    return Column("hour_at", "hour_at" if table == "usage_hour_priced" else sql("hour_of_call"))


def _on_the_clock(rows: list[CostRow], zone: str) -> list[CostRow]:
    """Rows with their hour, which comes in UTC, on the zone's clock, at that hour's own distance from UTC."""
    clock = ZoneInfo(zone)

    @cache
    def local(at: datetime) -> datetime:
        utc = at.replace(tzinfo=UTC)
        # An offset of its own, because instants of one zone are compared by what their clocks say.
        return utc.astimezone(timezone(utc.astimezone(clock).utcoffset() or timedelta()))

    return [row._replace(group=(local(row.group[0]), *row.group[1:])) for row in rows]


class Call(NamedTuple):
    """One counted call; nothing of what was said in it."""

    record_key: str
    at: datetime
    """When it began (naive UTC)."""
    seller: str | None
    model: str | None
    team: str | None
    project: str | None
    task: str | None
    source: str
    rate_id: int | None
    currency: str | None
    cost: int | None
    """Pico-units; None where it is unknown."""
    unpriced_reason: str | None
    status: int | None
    error: str | None
    latency_ms: int | None
    in_review: bool
    tokens: dict[str, int]
    """What its log reports of each meter of ``pricing.meters.METERS``; what it does not report is not in it."""
    reasoning: int | None


class CallPage(NamedTuple):
    """Some calls of those in scope, and how many there are."""

    calls: list[Call]
    total: int


class MeterLine(NamedTuple):
    """What a call used of a meter; ``pico`` and ``cost`` in pico-units, None where its rate says nothing of it."""

    meter: str
    quantity: int
    pico: int | None
    cost: int | None


class RateWord(NamedTuple):
    """On whose word a rate is."""

    source: str
    checked: date
    confidence: str
    card: str
    valid_from: datetime
    note: str | None


class CallDetail(NamedTuple):
    """One call, what its cost is made of, and where both come from."""

    call: Call
    lines: list[MeterLine]
    rate: RateWord | None
    path: str | None
    """The log that it stands in."""
    line: int
    told: dict[str, Any]
    """What else its log says of it, under the names of dimensions."""


def calls_of(  # noqa: PLR0913 - a page of calls is told by all of these
    reader: Reader,
    scope: Scope,
    *,
    on: date | None = None,
    hour: int | None = None,
    order: str = "newest",
    limit: int = 100,
    offset: int = 0,
) -> CallPage:
    """The calls in scope, of a day and an hour of the billing zone if they are given; KeyError for an unknown order."""
    if on is not None:
        scope = scope._replace(since=max(on, scope.since or on), until=min(on, scope.until or on))
    where, parameters = row_condition(scope)
    if hour is not None:
        where += f" and hour({sql('hour_on_clock')}) = $hour"
        parameters["hour"] = hour
    total = reader.rows(sql("explored_call_count").replace("where true", f"where {where}"), parameters)[0][0]
    text = sql("explored_calls").replace("where true", f"where {where}").replace("by start_at", f"by {ORDERS[order]}")
    rows = reader.rows(text, parameters | {"limit": limit, "offset": offset})
    return CallPage([_call(row) for row in rows], total)


def find_call(reader: Reader, record_key: str, at: datetime) -> CallDetail | None:
    """One call by its key and its start; None: there is none, or it is counted no more."""
    row = reader.row(sql("explored_call"), {"record_key": record_key, "start_at": at})
    if row is None:
        return None
    call, rest = _call(row), row[len(_HEAD) + len(METERS) + 1 :]
    picos, rest = rest[: len(METERS)], rest[len(METERS) :]
    word, rest = rest[: len(RateWord._fields)], rest[len(RateWord._fields) :]
    path, line, costing, *told = rest
    priced = zip(METERS, picos, strict=True)
    return CallDetail(
        call,
        [_line(meter, call, pico, costing) for meter, pico in priced if call.tokens.get(meter)],
        RateWord(*word) if word[0] is not None else None,
        path,
        line,
        {name: value for name, value in zip(TOLD, told, strict=True) if value not in (None, "", {})},
    )


_HEAD = Call._fields[: Call._fields.index("tokens")]


def _call(row: tuple[Any, ...]) -> Call:
    head, quantities = row[: len(_HEAD)], row[len(_HEAD) : len(_HEAD) + len(METERS)]
    tokens = {meter: number for meter, number in zip(METERS, quantities, strict=True) if number is not None}
    cost = head[_HEAD.index("cost")]
    known = {"tokens": tokens, "reasoning": row[len(_HEAD) + len(METERS)]}
    return Call(**dict(zip(_HEAD, head, strict=True)) | known | {"cost": None if cost is None else int(cost)})


def _line(meter: str, call: Call, pico: int | None, costing: str) -> MeterLine:
    quantity = call.tokens[meter]
    if costing != "rated" or pico is None:
        return MeterLine(meter, quantity, None, 0 if costing == "free" else None)
    return MeterLine(meter, quantity, pico, quantity * pico)
