"""What calls cost, converted for display: each day's cost at that day's own rate."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from pricing.fx import Converted, Rates, converted
from warehouse.connection import Reader
from warehouse.cost import cost_by
from warehouse.scope import Scope

Cell = tuple[tuple[Any, ...], str]
"""A group and the currency that it was billed in."""


def converted_by(
    reader: Reader, dimensions: Sequence[str], scope: Scope, target: str, rates: Rates
) -> dict[Cell, Converted]:
    """Every cell of ``cost_by`` that has a cost, in the target currency."""
    daily = list(dict.fromkeys([*dimensions, "day"]))
    place = daily.index("day")
    amounts: dict[Cell, list[tuple[str, date, int]]] = {}
    for row in cost_by(reader, daily, scope):
        if row.currency is not None and row.cost is not None:
            cell = (row.group[: len(dimensions)], row.currency)
            amounts.setdefault(cell, []).append((row.currency, row.group[place], row.cost))
    return {cell: converted(found, target, rates) for cell, found in amounts.items()}


def whole(parts: Sequence[Converted]) -> Converted:
    """Several figures as one, rounded once: the total is no sum of rounded figures."""
    known = [part.exact for part in parts if part.exact is not None]
    return Converted(
        sum(known, Fraction()) if known and len(known) == len(parts) else None,
        frozenset().union(*(part.legs for part in parts)),
        frozenset().union(*(part.missing for part in parts)),
    )
