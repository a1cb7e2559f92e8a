"""What traffic would cost after the changes of a scenario: the same calls, cell by cell, under other terms.

Every change is a linear map of a cell's counts with constants of the change's whole scope, so that cells and rows give
the same. Amounts are exact fractions, rounded half-even once per line; totals are sums of lines.
"""

from fractions import Fraction
from typing import NamedTuple


class Line(NamedTuple):
    """Calls of one seller, model and team in one currency, or without a known cost: one output cell."""

    seller: str | None
    model: str | None
    team: str | None
    currency: str | None
    requests: Fraction
    counts: tuple[Fraction, ...]
    """Of each meter, in METERS order."""
    cost: int | None
    """Pico-units of ``currency``; None: unknown."""
    reason: str | None
    """Why the cost is unknown."""


class Apart(NamedTuple):
    """Calls, and what they come to where that is known, by currency in pico-units."""

    requests: Fraction
    amounts: dict[str, int]


class Result(NamedTuple):
    """What a scenario comes to."""

    billed: dict[str, int]
    """As billed, by currency; with a target currency named, all in it."""
    cost: dict[str, int]
    """Under the scenario: the sum of its lines."""
    exact: dict[str, Fraction]
    """The same before any rounding, for break-even."""
    before: tuple[Line, ...]
    """As billed, the dearest first."""
    lines: tuple[Line, ...]
    """Under the scenario, the dearest first."""
    requests: int
    """Calls as billed, of known and of unknown cost."""
    billed_unpriced: int
    """Calls whose billed cost is unknown."""
    unpriced: Fraction
    """Calls whose cost under the scenario is unknown."""
    only_billed: Apart
    """Calls whose cost is known as billed and not under the scenario, with what they were billed."""
    only_scenario: Apart
    """Calls whose cost is known under the scenario and not as billed, with what they come to."""
    read_from_rows: int
    """Calls that were read one by one, because a rate cuts their cell."""
    notes: tuple[str, ...]
    """What a reader has to know, in sentences."""
    rates: tuple[str, ...]
    """Digests of every rate that priced something, in order."""
