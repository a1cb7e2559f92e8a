"""Traffic as a projection takes it: tokens by billing day, the mix of terms they were used on, and what was billed."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.cost import cost_by
from warehouse.recurring import billing_day
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql

MIX_DAYS = 28
"""Tiers, regions, sizes and hours are those of so many last whole days."""
HISTORY_DAYS = 364
"""The longest history that a projection looks at."""
HOUR_DIMENSIONS = frozenset({"day", "seller", "model", "team", "org", "region"})
"""What usage_hour can be narrowed by; any other scope is read from the rows."""


class DayRow(NamedTuple):
    """Traffic of one cell on one billing day; ``counts`` are calls and the meters they are charged by."""

    day: date
    seller: str | None
    model: str | None
    team: str | None
    counts: tuple[int, ...]


class MixRow(NamedTuple):
    """Calls on equal terms, over the last MIX_DAYS whole days."""

    seller: str | None
    model: str | None
    team: str | None
    org: str | None
    region: str | None
    tier: str
    context_bucket: int | None
    hour: int
    counts: tuple[int, ...]


class BilledRow(NamedTuple):
    """What one cell was billed on one billing day in one currency, in pico-units."""

    day: date
    seller: str | None
    model: str | None
    team: str | None
    currency: str
    cost: int


class Span(NamedTuple):
    """From when to when a warehouse has traffic, in days of the billing zone."""

    zone: str
    data_through: datetime | None
    """When the newest call began (naive UTC)."""
    begun: date | None
    """Its billing day: the one after the last whole day of data."""
    first: date | None
    """The first day with traffic."""
    later: int = 0
    """Calls that say they are of a day that has not come yet: a wrong clock. They are in no projection."""
    latest: date | None = None
    """The last day that such a call names."""


def traffic_span(reader: Reader, today: date) -> Span:
    """From when to when there is traffic up to today, a billing day, whoever's."""
    zone = zone_of(reader)
    newest, first, later, latest = reader.rows(sql("traffic_end"), {"today": today})[0]
    return Span(zone, newest, billing_day(newest, zone) if newest else None, first, later, latest)


def daily_traffic(reader: Reader, scope: Scope = EVERYTHING) -> list[DayRow]:
    """Traffic by billing day, seller, model and team; calls that are not charged count as calls alone."""
    rows = reader.rows(*_narrowed("traffic_days", scope))
    return [DayRow._make((*row[:4], tuple(row[4:]))) for row in rows]


def traffic_mix(reader: Reader, span: Span, scope: Scope = EVERYTHING) -> list[MixRow]:
    """The terms on which the last whole days' traffic was used; the day in progress counts too."""
    if span.begun is None:
        return []
    text, parameters = _narrowed("traffic_mix", scope)
    after = span.begun - timedelta(days=MIX_DAYS + 1)
    rows = reader.rows(text, {**parameters, "after": after, "last": span.begun, "zone": span.zone})
    return [MixRow._make((*row[:8], tuple(row[8:]))) for row in rows]


def billed_by_day(reader: Reader, scope: Scope = EVERYTHING) -> list[BilledRow]:
    """What was billed, by day, seller, model, team and currency; calls without a price are not in it."""
    rows = cost_by(reader, ("day", "seller", "model", "team"), scope)
    return [
        BilledRow._make((*row.group, row.currency, row.cost))
        for row in rows
        if row.currency is not None and row.cost is not None
    ]


def zone_of(reader: Reader) -> str:
    """The billing zone that the rollups were built in."""
    row = reader.row("select value from meta where name = 'billing_zone'")
    return str(row[0]) if row and row[0] else "UTC"


def _narrowed(name: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    """A query on the narrowest table that knows the scope's dimensions, and its parameters."""
    where, parameters = condition(scope)
    text = sql(name).replace("where true", f"where {where}").replace("and true", f"and {where}")
    if not scope.dimensions <= HOUR_DIMENSIONS:
        text = text.replace("from usage_hour", f"from ({sql('traffic_rows')})")
    return text, parameters
