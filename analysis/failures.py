"""Failures by category, seller, region or base URL: how often, what they cost, what they delayed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

BY = ("category", "seller", "region", "base_url", "http_status")
"""By what failures are told apart."""


class Failed(NamedTuple):
    """Failed attempts that are alike; ``cost`` in pico-units, None where unknown."""

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
    cost: int | None
    tried_again: int
    timed: int
    delay_ms: int | None
    longest_ms: int | None


class Attempts(NamedTuple):
    """All attempts of one place."""

    seller: str | None
    region: str | None
    base_url: str | None
    attempts: int


class Failure(NamedTuple):
    """The failures of one group."""

    group: tuple[str | int | None, ...]
    failures: int
    attempts: int
    """Attempts at the group's seller, region and base URL, failed or not; all in scope where it names none of them."""
    costs: dict[str, int]
    """What is known to have been charged for them, by currency."""
    charged: int
    unpriced: int
    """Those of unknown cost, in no amount."""
    assumed_free: int
    tried_again: int
    timed: int
    delay_ms: int | None
    """Time lost to them, as far as the log tells it; None where it tells nothing."""
    longest_ms: int | None


def failures_by(cells: Iterable[Failed], places: Sequence[Attempts], by: Sequence[str]) -> list[Failure]:
    """One row per group, most failures first; raises KeyError for a name that is not among ``BY``."""
    unknown = [name for name in by if name not in BY]
    if unknown:
        raise KeyError(unknown[0])
    groups: dict[tuple[str | int | None, ...], list[Failed]] = defaultdict(list)
    for cell in cells:
        groups[tuple(getattr(cell, name) for name in by)].append(cell)
    where = [name for name in by if name in ("seller", "region", "base_url")]
    tried: dict[tuple[str | None, ...], int] = defaultdict(int)
    for place in places:
        tried[tuple(getattr(place, name) for name in where)] += place.attempts
    found = [
        _failure(group, alike, tried[tuple(getattr(alike[0], name) for name in where)])
        for group, alike in groups.items()
    ]
    return sorted(found, key=lambda failure: (-failure.failures, str(failure.group)))


def _failure(group: tuple[str | int | None, ...], cells: list[Failed], attempts: int) -> Failure:
    costs: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.cost and cell.currency:
            costs[cell.currency] += cell.cost
    delays = [cell.delay_ms for cell in cells if cell.delay_ms is not None]
    return Failure(
        group,
        sum(cell.failures for cell in cells),
        attempts,
        dict(sorted(costs.items())),
        sum(cell.charged for cell in cells),
        sum(cell.unpriced for cell in cells),
        sum(cell.assumed_free for cell in cells),
        sum(cell.tried_again for cell in cells),
        sum(cell.timed for cell in cells),
        sum(delays) if delays else None,
        max((cell.longest_ms for cell in cells if cell.longest_ms is not None), default=None),
    )
