"""The rates that priced the calls of a scope: what each states, and what of each meter it was asked for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pricing.rates import Rate
from warehouse.connection import Reader
from warehouse.metered import Metered, metered
from warehouse.rates_known import rate_of_row
from warehouse.scope import EVERYTHING, Scope
from warehouse.sqlfiles import sql

UNITS = ("web_search", "request")


class UsedMeter(NamedTuple):
    """What a rate priced of one meter; pico-units."""

    quantity: int
    pico: int | None
    """What one costs; None: the card asks nothing for it."""
    cost: int


class UsedRate(NamedTuple):
    """A rate, and the calls that it priced; pico-units of its currency."""

    rate: Rate
    active: bool
    """Whether a card still says so."""
    calls: int
    cost: int
    first: date
    last: date
    """The first and the last billing day with a call that it priced."""
    meters: Mapping[str, UsedMeter]

    @property
    def tokens(self) -> int:
        """What it priced of the meters that are counted in tokens."""
        return sum(used.quantity for name, used in self.meters.items() if name not in UNITS)


class Used(NamedTuple):
    """What the cost of a scope was made of."""

    rates: tuple[UsedRate, ...]
    """By seller, model and start."""
    digest: str
    """SHA-256 of the quantities by day, seller, model, rate and meter: equal usage at equal rates has an equal one."""
    rates_digest: str
    """SHA-256 of the rates' own digests, as a month that is closed keeps it."""


def read_used(reader: Reader, scope: Scope = EVERYTHING) -> Used:
    """The rates of a scope, and digests of what they priced."""
    rows = metered(reader, ("day", "seller", "model"), scope)
    numbers = sorted({row.rate_id for row in rows if row.rate_id is not None})
    stated: dict[int, tuple[Rate, bool]] = {
        number: (rate_of_row(tuple(rest)), active)
        for number, active, *rest in reader.rows(sql("stated_rates"), {"ids": numbers})
    }
    priced: dict[int, list[Metered]] = {}
    for row in rows:
        if row.costing == "rated" and row.rate_id is not None:
            priced.setdefault(row.rate_id, []).append(row)
    digests = {number: rate.digest for number, (rate, _) in stated.items()}
    return Used(
        tuple(_used(*known, priced[number]) for number, known in stated.items() if number in priced),
        _hash(sorted(_line(row, digests) for row in rows)),
        _hash(sorted(set(digests.values()))),
    )


def _line(row: Metered, digests: Mapping[int, str]) -> str:
    """One quantity as text, with the rate's digest and not its number, which depends on the order of loading."""
    group: list[Any] = [str(row.group[0]), *row.group[1:]]
    rate = None if row.rate_id is None else digests[row.rate_id]
    return json.dumps([*group, rate, row.costing, row.meter, row.quantity], ensure_ascii=False)


def _hash(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _used(rate: Rate, active: bool, rows: Sequence[Metered]) -> UsedRate:
    meters: dict[str, UsedMeter] = {}
    for row in rows:
        was = meters.get(row.meter, UsedMeter(0, row.pico, 0))
        meters[row.meter] = UsedMeter(was.quantity + row.quantity, row.pico, was.cost + (row.cost or 0))
    days = [row.group[0] for row in rows]
    calls = meters["request"].quantity if "request" in meters else 0
    return UsedRate(rate, active, calls, sum(row.cost or 0 for row in rows), min(days), max(days), meters)
