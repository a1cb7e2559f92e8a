"""Failed attempts in scope: what kind, where, what they cost and how long they kept callers waiting."""

from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class FailureCell(NamedTuple):
    """Failed attempts of one kind, place, status and currency; ``cost`` in pico-units, None where unknown."""

    category: str
    seller: str | None
    region: str | None
    base_url: str | None
    http_status: int | None
    currency: str | None
    failures: int
    charged: int
    unpriced: int
    assumed_free: int
    """Taken to cost nothing, as no rule of the seller's says so."""
    cost: int | None
    tried_again: int
    """Those after which the log has another try of the same call."""
    timed: int
    """Those of which a delay is known: to the next try's start, else as long as the attempt took."""
    delay_ms: int | None
    longest_ms: int | None
    first_at: datetime
    last_at: datetime


class Place(NamedTuple):
    """All attempts of one seller, region and base URL, and tries that the log counts without holding them."""

    seller: str | None
    region: str | None
    base_url: str | None
    attempts: int
    failures: int
    retries_unseen: int
    calls_retried_unseen: int


def read_failures(reader: Reader, scope: Scope) -> list[FailureCell]:
    """Failed attempts in scope, most first."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("failures").replace("and true", f"and {where}"), parameters)
    return [FailureCell(*row)._replace(cost=None if row[10] is None else int(row[10])) for row in rows]


def read_places(reader: Reader, scope: Scope) -> list[Place]:
    """Where attempts went, most first."""
    where, parameters = condition(scope)
    return [Place(*row) for row in reader.rows(sql("attempts").replace("where true", f"where {where}"), parameters)]
