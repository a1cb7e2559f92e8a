"""Traffic as servers of one's own would see it, and what servers that are there were seen to do."""

from datetime import datetime
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.rate_sellers import family_of, traffic_of
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql


class HostedHour(NamedTuple):
    """One hour with calls; ``input`` is all of it."""

    at: datetime
    requests: int
    input: int
    cache_read: int
    output: int


class Hosted(NamedTuple):
    """The traffic of one model that sellers and servers are compared by."""

    hours: tuple[HostedHour, ...]
    tasks: int
    without_task: int
    """Calls that name no task."""
    aside: tuple[tuple[str, int], ...]
    """Calls of the model that are in neither side, by why."""


class Busiest(NamedTuple):
    """The hour in which a server was read to do most: at least so much it can do."""

    server: str
    model: str
    from_at: datetime
    read_at: datetime
    microseconds: int
    """Between the readings."""
    input: int
    """Worked through: without what came from the server's own cache, where it counts that."""
    cache_read: int | None
    """None: it does not count it, and the input may hold some."""
    output: int


def families(reader: Reader, scope: Scope) -> dict[str, int]:
    """The models whose calls in scope could be compared, with the number of these calls, most first."""
    found: dict[str, int] = {}
    for one in traffic_of(reader, scope):
        family = family_of(one.model)
        found[family] = found.get(family, 0) + one.requests
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def hosted_traffic(reader: Reader, scope: Scope, family: str) -> Hosted:
    """The calls of one model in scope, hour by hour; none: no call of it could be compared."""
    models = sorted({one.model for one in traffic_of(reader, scope) if family_of(one.model) == family})
    kept = tuple(value for value in scope.values if value[0] != "model")
    narrowed = scope._replace(values=(*kept, ("model", tuple(models))))
    hours = tuple(HostedHour(*row) for row in reader.rows(*_narrowed("hosted_hours", narrowed)))
    tasks, without_task = reader.rows(*_narrowed("hosted_tasks", narrowed))[0]
    aside = tuple((str(reason), int(calls)) for reason, calls in reader.rows(*_narrowed("hosted_aside", narrowed)))
    return Hosted(hours, tasks, without_task, aside)


def busiest_hours(reader: Reader, family: str) -> list[Busiest]:
    """What each server of one's own that serves a model was seen to do, the fastest first."""
    found = [Busiest(*row) for row in reader.rows(sql("server_hours"))]
    return [one for one in found if family_of(one.model) == family]


def _narrowed(name: str, scope: Scope) -> tuple[str, dict[str, Any]]:
    """A query within a scope that the rollup by hours knows, and its parameters."""
    where, parameters = condition(scope)
    return sql(name).replace("and true", f"and {where}"), parameters
