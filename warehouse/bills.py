"""What the calls of a bill's days cost, what sellers' own reports ask for, and the calls behind a comparison."""

from datetime import date, datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.sqlfiles import sql

Days = tuple[date, date]
"""First and last, both included."""


class CallDay(NamedTuple):
    """The calls of one day, seller, model, key and currency; without a currency their cost is unknown."""

    day: date
    seller: str | None
    model: str | None
    key: str | None
    currency: str | None
    own_key: bool
    """Another seller bills them: the caller brought their own upstream key."""
    calls: int
    pico: int
    unpriced: int
    without_usage: int
    streamed: int
    free: int
    retries: int
    retried: int
    cached: int
    tiered: int
    reported: int
    unreported: int
    confirmed: int
    """Calls whose log says what was billed for them."""
    review: int
    """Calls whose usage can be read in two ways, and by how much less and more they may cost."""
    low: int
    high: int


class Bucket(NamedTuple):
    """What a seller's own report of costs says of a day (UTC)."""

    source: str
    seller: str
    model: str | None
    key: str | None
    day: date
    currency: str
    pico: int
    is_other: bool
    """It is about no model: a tool, storage, a fee."""


class Call(NamedTuple):
    """One call behind a comparison; costs in pico-units."""

    path: str | None
    line: int
    start_at: datetime
    model: str | None
    key: str | None
    task: str | None
    step: int | None
    tokens_in: int | None
    output: int | None
    currency: str | None
    cost: int | None
    reported: int | None
    reported_currency: str | None
    usage_status: str
    http_status: int | None
    retries: int | None
    unpriced_reason: str | None
    rate_seller: str | None
    """Of the rate, other than its own, at which it would cost just what is reported; None where none is known."""
    rate_model: str | None
    rate_from: datetime | None
    calls: int
    """How many calls there are in all."""


class About(NamedTuple):
    """Which calls are wanted: of a seller, on days, of models and keys; none is the empty name."""

    seller: str
    currency: str
    days: tuple[date, ...]
    models: tuple[str, ...]
    keys: tuple[str, ...] | None = None
    """None: whatever their key."""


def read_days(reader: Reader, days: Days, *, zone: str, by_key: bool, seller: str | None = None) -> list[CallDay]:
    """The calls of a bill's days, in a bill's zone."""
    values = {"since": days[0], "until": days[1], "zone": zone, "by_key": by_key, "seller": seller}
    rows = reader.rows(sql("bill_days"), values)
    return [CallDay._make([*row[:7], int(row[7]), *row[8:13], *map(int, row[13:])]) for row in rows]


def read_hours(
    reader: Reader, seller: str, currency: str, days: Days, *, by_key: bool
) -> dict[tuple[str | None, str | None], list[tuple[datetime, int]]]:
    """What the calls of each model and key of a seller cost hour by hour (UTC), from two days before to two after."""
    values = {"seller": seller, "currency": currency, "since": days[0], "until": days[1], "by_key": by_key}
    found: dict[tuple[str | None, str | None], list[tuple[datetime, int]]] = {}
    for at, model, key, pico in reader.rows(sql("bill_hours"), values):
        found.setdefault((model, key), []).append((at, int(pico)))
    return found


def read_buckets(reader: Reader, since: date | None = None, until: date | None = None) -> list[Bucket]:
    """What sellers' own reports of costs say of the days of a period; each amount once."""
    at = (
        None if since is None else datetime.combine(since, datetime.min.time()),
        None if until is None else datetime.combine(date.fromordinal(until.toordinal() + 1), datetime.min.time()),
    )
    rows = reader.rows(sql("bill_buckets"), {"source": None, "since": at[0], "until": at[1]})
    return [Bucket._make([*row[:6], int(row[6]), row[7]]) for row in rows]


def read_answered(reader: Reader, since: date | None = None, until: date | None = None) -> dict[str, dict[date, date]]:
    """Days of a period whose costs a seller was asked for, also those of which it bills nothing; and when, each."""
    found: dict[str, dict[date, date]] = {}
    for seller, day, asked_on in reader.rows(sql("answered_costs"), {"since": since, "until": until}):
        found.setdefault(seller, {})[day] = asked_on
    return found


def read_calls(reader: Reader, about: About, *, zone: str, top: int) -> list[Call]:
    """The dearest calls of a comparison; those of unknown cost come first."""
    if not about.days:
        return []
    values = {
        "seller": about.seller,
        "currency": about.currency,
        "since": min(about.days),
        "until": max(about.days),
        "days": list(about.days),
        "models": list(about.models),
        "any_key": about.keys is None,
        "keys": list(about.keys or ()),
    }
    rows = reader.rows(sql("bill_calls"), values | {"zone": zone, "top": top})
    return [Call(*row) for row in rows]
