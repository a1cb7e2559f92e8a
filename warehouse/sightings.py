"""Sightings: calls that several sources saw. Which rows stand for one call, and which seem to."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from warehouse.connection import Reader
from warehouse.settle import EVER
from warehouse.sqlfiles import sql


class Sighting(NamedTuple):
    """One row that stands for a call. Money in pico-units; ``tokens_in`` holds cached ones and modalities."""

    record_key: str
    source: str
    file: str | None
    line: int
    seller: str | None
    model: str | None
    start_at: datetime
    response_id: str | None
    team: str | None
    task: str | None
    usage_status: str
    tokens_in: int | None
    tokens_out: int | None
    currency: str | None
    cost: int | None
    cost_reported: int | None
    cost_reported_currency: str | None
    cost_reported_kind: str | None


class Sighted(NamedTuple):
    """A call that several rows stand for: the one that is counted, and those that are not."""

    counted: Sighting
    others: tuple[Sighting, ...]


class Proposal(NamedTuple):
    """Two counted rows of two sources that seem to be one call."""

    one: Sighting
    other: Sighting


class SightingCounts(NamedTuple):
    """How many calls were seen more than once, in how many rows that are not counted, and what is still proposed."""

    calls: int
    others: int
    proposed: int


def count_sightings(reader: Reader) -> SightingCounts:
    """The counts alone."""
    calls, others = reader.rows(sql("count_sighted"))[0]
    return SightingCounts(int(calls), int(others), len(_proposed_pairs(reader)))


def sighted(reader: Reader, top: int | None = None) -> tuple[Sighted, ...]:
    """Calls that are known to have been seen more than once, newest first."""
    groups: dict[str, list[str]] = {}
    for counted, other in reader.rows(sql("sighted_calls"), {"top": top}):
        groups.setdefault(counted, []).append(other)
    found = _sightings(reader, {key for counted, others in groups.items() for key in (counted, *others)})
    return tuple(Sighted(found[counted], tuple(found[key] for key in others)) for counted, others in groups.items())


def proposed(reader: Reader, top: int | None = None) -> tuple[Proposal, ...]:
    """Pairs of counted rows that seem to be one call, newest first.

    Of two sources, with equal seller, model and tokens, at most a second apart, and with no other such row near.
    """
    pairs = _proposed_pairs(reader)[:top]
    found = _sightings(reader, {key for pair in pairs for key in pair})
    return tuple(Proposal(found[one], found[other]) for one, other in pairs)


def _proposed_pairs(reader: Reader) -> list[tuple[str, str]]:
    """What is proposed; nothing, at once, where a single source was loaded."""
    if len(reader.rows("select distinct source from ingest_file limit 2")) < 2:
        return []
    return [(one, other) for one, other, *_ in reader.rows(sql("proposals"), {"from": EVER[0], "until": EVER[1]})]


def _sightings(reader: Reader, keys: Iterable[str]) -> dict[str, Sighting]:
    wanted = list(keys)
    if not wanted:
        return {}
    return {row[0]: Sighting(*row) for row in reader.rows(sql("sighting_rows"), {"keys": wanted})}
