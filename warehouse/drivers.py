"""What drove the cost of some days: the same traffic on those days and on as many days before as are asked for."""

from datetime import date
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.cost import table_of
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql

CLASSES = 4
"""Tokens are told apart as fresh input, read from a cache, written to one, and output; units cost beside them."""


class PartRow(NamedTuple):
    """Traffic of one seller, model and team, over all days of one span."""

    is_now: bool
    """Whether it is of the days asked about, or of those before."""
    seller: str | None
    model: str | None
    team: str | None
    requests: int
    tokens: tuple[int, ...]
    costs: tuple[int, ...]
    """Pico-units, of the same classes and of units."""


def read_parts(reader: Reader, scope: Scope, before: date, currency: str) -> list[PartRow]:
    """Priced traffic of a scope from its ``since`` to its ``until``, and of the days from ``before`` up to then."""
    text, values = _narrowed("cost_parts", scope, before, currency, "where true")
    table = table_of(reader, {*scope.dimensions, "day"})
    rows = reader.rows(text.replace("from usage_day_priced", f"from {table}"), values)
    first = 5
    return [
        PartRow._make(
            (*row[:first], tuple(map(int, row[first : first + CLASSES])), tuple(map(int, row[first + CLASSES :])))
        )
        for row in rows
    ]


def count_retries(reader: Reader, scope: Scope, before: date, currency: str) -> tuple[int, int]:
    """Calls that were a second or later attempt: on the days before, and on those asked about."""
    found = dict(reader.rows(*_narrowed("retried_calls", scope, before, currency, "and true")))
    return found.get(False, 0), found.get(True, 0)


def _narrowed(name: str, scope: Scope, before: date, currency: str, place: str) -> tuple[str, dict[str, Any]]:
    where, values = condition(scope._replace(since=None, until=None))
    parameters = {"since": scope.since, "until": scope.until, "before": before, "currency": currency}
    return sql(name).replace(place, f"{place.split()[0]} {where}"), {**parameters, **values}
