"""Calls in scope as limits see them: when each began, how long it is and took, and what its like costs."""

from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from warehouse.connection import Reader
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql

MOST_CALLS = 200_000
"""Of more calls the newest ones are replayed."""


class CallTimes(NamedTuple):
    """The newest calls that reached a seller, one place each."""

    start_us: NDArray[np.int64]
    """Microseconds since 1970, UTC."""
    tokens: NDArray[np.int64]
    """Input, cached too, and output; 0 where nothing was reported."""
    latency_ms: NDArray[np.int64]
    """-1 where it was not reported."""


class MixCell(NamedTuple):
    """Calls of one tier and context bucket; ``counts`` in the order of the meters."""

    tier: str
    context_bucket: int | None
    requests: int
    counts: tuple[int, ...]


class FitCounts(NamedTuple):
    """How many calls would not fit; of a figure that the model's card lacks, and of what no call reports, 0."""

    calls: int
    sized: int
    """Calls that report their input and output."""
    limited: int
    """Calls that give ``max_tokens``."""
    over_context: int
    asked_over_context: int
    """Their input with ``max_tokens`` is longer than the context: some sellers refuse them."""
    over_longest: int
    asked_over_longest: int
    longest_call: int | None
    longest_asked: int | None
    answered: int | None
    """Output tokens of the calls that report them."""
    allowed: int | None
    """What the same calls may have answered; None where neither they nor the card say."""


def call_times(reader: Reader, scope: Scope) -> CallTimes:
    """When the calls in scope began, the newest first."""
    text, parameters = _narrowed("capacity_calls", scope)
    found = reader.columns(text, {**parameters, "most": MOST_CALLS})
    return CallTimes(*(np.asarray(found[name], dtype=np.int64) for name in CallTimes._fields))


def charged_mix(reader: Reader, scope: Scope) -> list[MixCell]:
    """What the calls in scope are charged for."""
    rows = reader.rows(*_narrowed("capacity_mix", scope))
    return [MixCell(row[0], row[1], row[2], tuple(int(count) for count in row[3:])) for row in rows]


def fit_counts(reader: Reader, scope: Scope, context: int | None, longest: int | None) -> FitCounts:
    """Which calls in scope would not fit a model."""
    text, parameters = _narrowed("capacity_fit", scope)
    (row,) = reader.rows(text, {**parameters, "context": context, "longest": longest})
    return FitCounts._make((*row[:-2], *(None if each is None else int(each) for each in row[-2:])))


def routes_seen(reader: Reader) -> list[tuple[str, str, int, datetime]]:
    """Seller, model, calls and the newest call of all traffic whose seller is known, most calls first."""
    return [(row[0], row[1], row[2], row[3]) for row in reader.rows(sql("capacity_routes"))]


def _narrowed(name: str, scope: Scope) -> tuple[str, dict[str, object]]:
    where, parameters = condition(scope)
    return sql(name).replace("and true", f"and {where}"), parameters
