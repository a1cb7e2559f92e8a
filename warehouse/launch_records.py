"""What the records say of a launch's inputs: kinds of task, lengths of calls, days, and where calls went."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql

LONG = 32_000
"""More input tokens than this make a long context of what is nothing else."""
SAMPLE = 2_000
"""Calls of a kind whose lengths are looked at."""


class KindDay(NamedTuple):
    """Tasks of one kind on one day."""

    day: date
    kind: str
    tasks: int
    answered: int
    """Calls that did not fail."""
    failed: int
    failed_charged: int
    taken: int
    """Input tokens of the answered calls, cached ones among them."""
    cached: int
    written: int
    """Of the input tokens, those that were written to a cache."""


class CallLength(NamedTuple):
    """One sampled call."""

    kind: str
    taken: int
    cached: int | None
    """None where the log does not tell cached tokens."""
    output: int


class TrafficDay(NamedTuple):
    """One day of the calls in scope."""

    day: date
    tasks: int
    sessions: int
    users: int
    calls: int
    with_session: int
    with_user: int
    with_task: int


class PlaceDay(NamedTuple):
    """Answered calls of one day that went to one place."""

    day: date
    seller: str | None
    model: str | None
    tier: str
    effort: str | None
    calls: int
    taken: int
    output: int


class LaunchRecords(NamedTuple):
    """Everything that the calls in scope say."""

    kinds: list[KindDay]
    lengths: list[CallLength]
    days: list[TrafficDay]
    places: list[PlaceDay]


def launch_records(reader: Reader, scope: Scope, kinds: Sequence[str]) -> LaunchRecords:
    """What the calls of some days say; ``kinds``: names of kinds that a tag of the log may say.

    The scope has to say since when and until when.
    """
    where, parameters = condition(scope)

    def rows(name: str, **values: Any) -> list[tuple[Any, ...]]:
        return reader.rows(sql(name).replace("and true", f"and {where}"), parameters | values)

    named = {"kinds": list(kinds), "long": LONG}
    return LaunchRecords(
        [KindDay._make(row) for row in rows("launch_kinds", **named)],
        [CallLength._make(row) for row in rows("launch_lengths", **named, most=SAMPLE)],
        [TrafficDay._make(row) for row in rows("launch_days")],
        [PlaceDay._make(row) for row in rows("launch_places")],
    )
