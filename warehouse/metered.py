"""What was used of each meter at which rate: the quantities that a cost is made of, and what one of each costs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from warehouse.connection import Reader
from warehouse.cost import columns_of, table_of
from warehouse.scope import EVERYTHING, Scope, condition
from warehouse.sqlfiles import sql


class Metered(NamedTuple):
    """What a group used of one meter at one rate; costs in pico-units of ``currency``."""

    group: tuple[Any, ...]
    rate_id: int | None
    currency: str | None
    costing: str
    """``rated``, ``free`` (the seller charges nothing for such calls) or ``unknown``."""
    meter: str
    """One of ``pricing.meters.METERS``."""
    quantity: int
    """Tokens or units; never 0, and below 0 where a log counts more cached tokens than there was input."""
    pico: int | None
    """What one costs. None: free calls, calls of unknown cost, and a meter that the card asks nothing for."""
    cost: int | None
    """Quantity times ``pico``; 0 where nothing is charged, and None where the cost is unknown."""


def metered(reader: Reader, dimensions: Sequence[str], scope: Scope = EVERYTHING) -> list[Metered]:
    """Quantities by dimensions, rate and meter, in order.

    Costs add up to those of ``cost_by`` of the same scope, and the meter ``request`` to its calls: a group that used
    nothing else has that row. Raises KeyError for a name that is no dimension.
    """
    columns = columns_of(dimensions)
    where, parameters = condition(scope)
    told = "".join(f"{column.expression} as {column.name}, " for column in columns)
    text = sql("metered").replace("where true", f"where {where}").replace("        costing,", f"        {told}costing,")
    text = text.replace("select q.rate_id", f"select {''.join(f'q.{column.name}, ' for column in columns)}q.rate_id")
    text = text.replace("from usage_day", f"from {_table(reader, {*dimensions, *scope.dimensions})}")
    return [_metered(row, len(dimensions)) for row in reader.rows(text, parameters)]


def _table(reader: Reader, needed: set[str]) -> str:
    """The narrowest table with these dimensions, and days: sums of tokens without a price in them."""
    return table_of(reader, needed | {"day"}).removesuffix("_priced")


def _metered(row: tuple[Any, ...], width: int) -> Metered:
    rate_id, currency, costing, meter, quantity, pico = row[width:]
    cost = None if costing == "unknown" else int(quantity) * (pico or 0)
    return Metered(tuple(row[:width]), rate_id, currency, costing, meter, int(quantity), pico, cost)
