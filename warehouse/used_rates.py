"""The rates that priced the calls of a scope: what each states, and what of each meter it was asked for."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from pricing.rates import Rate
from warehouse.connection import Reader
from warehouse.metered import Metered, metered
from warehouse.rates_known import rate_of_row
from warehouse.scope import EVERYTHING, Scope
from warehouse.sqlfiles import sql


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
        return sum(used.quantity for name, used in self.meters.items() if name not in ("web_search", "request"))


def used_rates(reader: Reader, scope: Scope = EVERYTHING) -> list[UsedRate]:
    """The rates that priced something in scope, by seller, model and start."""
    rows: dict[int, list[Metered]] = {}
    for row in metered(reader, ("day",), scope):
        if row.costing == "rated" and row.rate_id is not None:
            rows.setdefault(row.rate_id, []).append(row)
    stated = reader.rows(sql("stated_rates"), {"ids": list(rows)})
    return [_used(rate_of_row(rest), active, rows[rate_id]) for rate_id, active, *rest in map(tuple, stated)]


def _used(rate: Rate, active: bool, rows: list[Metered]) -> UsedRate:
    meters: dict[str, UsedMeter] = {}
    for row in rows:
        was = meters.get(row.meter, UsedMeter(0, row.pico, 0))
        meters[row.meter] = UsedMeter(was.quantity + row.quantity, row.pico, was.cost + (row.cost or 0))
    days = [row.group[0] for row in rows]
    calls = meters["request"].quantity if "request" in meters else 0
    return UsedRate(rate, active, calls, sum(row.cost or 0 for row in rows), min(days), max(days), meters)
