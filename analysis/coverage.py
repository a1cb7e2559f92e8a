"""How much of the traffic has a known cost, and the money at risk in the rest: a band, never a figure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

NOT_BY_TOKEN = ("byok", "self-hosted")
"""How reasons begin for which a call costs nothing here: another bill holds it."""


class Group(NamedTuple):
    """Calls of one seller and model of which the same is known; amounts in pico-units."""

    seller: str | None
    model: str | None
    currency: str | None
    reason: str | None
    """Why their cost is unknown; None where it is known."""
    has_usage: bool
    calls: int
    partial: int
    confirmed: int
    """Calls whose log says what was billed for them."""
    cost: int | None
    low: int
    """How much less they may cost: those under review, at their lowest reading. At most 0."""
    high: int
    """How much more."""


class Risk(NamedTuple):
    """One currency: what is known, and by how much the truth may lie below or above."""

    currency: str
    known: int
    low: int
    high: int


class Headline(NamedTuple):
    """How many attempts there are, and of how many what is known."""

    attempts: int
    with_usage: int
    priced: int
    """Attempts whose cost is known, the free ones among them."""
    billed: int | None
    """Attempts that a bill is about, or whose log says what was billed. None: nobody looked."""
    unknown: int
    elsewhere: int
    """Of those, attempts that another bill holds: with an own upstream key, or on machines of one's own."""
    partial: int
    """Priced attempts that were cut off: their cost is that of what was seen, at least."""
    unbounded: int
    """Attempts of unknown cost for which not even a band is known."""
    risks: tuple[Risk, ...]


Ceilings = Mapping[tuple[str | None, str | None], tuple[str, int]]
"""Of a seller and model, the currency and what 95 of 100 of its calls cost at most."""
Ranges = Mapping[tuple[str | None, str | None, str | None], tuple[str, int, int]]
"""Of a seller, model and reason, the currency and what the calls cost at the cheapest and at the dearest rate known."""


def headline(groups: Iterable[Group], ceilings: Ceilings, ranges: Ranges, billed: int | None = None) -> Headline:
    """The headline of a scope.

    A call without usage may cost from nothing to what 95 of 100 calls of its seller and model cost at most; one with
    usage and without a price, from the cheapest to the dearest rate of a model of its name; one under review, from its
    lowest to its highest reading.
    """
    rows = list(groups)
    risks: dict[str, list[int]] = {}
    unbounded = 0
    for row in rows:
        if row.reason is None and row.currency:
            _add(risks, row.currency, row.cost or 0, row.low, row.high)
        elif row.reason is not None and not is_elsewhere(row.reason):
            band = ranges.get((row.seller, row.model, row.reason)) if row.has_usage else _ceiling(row, ceilings)
            if band is None:
                unbounded += row.calls
            else:
                _add(risks, band[0], 0, band[1], band[2])
    unknown = [row for row in rows if row.reason is not None]
    return Headline(
        sum(row.calls for row in rows),
        sum(row.calls for row in rows if row.has_usage),
        sum(row.calls for row in rows if row.reason is None),
        billed,
        sum(row.calls for row in unknown),
        sum(row.calls for row in unknown if is_elsewhere(row.reason or "")),
        sum(row.partial for row in rows if row.reason is None),
        unbounded,
        tuple(Risk(currency, *sums) for currency, sums in sorted(risks.items())),
    )


def is_elsewhere(reason: str) -> bool:
    """Whether another bill holds what such calls cost."""
    return reason.startswith(NOT_BY_TOKEN)


def _ceiling(row: Group, ceilings: Ceilings) -> tuple[str, int, int] | None:
    """From nothing to what most calls of the seller and model cost at most; else of the dearest model of the seller."""
    found = ceilings.get((row.seller, row.model)) or max(
        (each for (seller, _), each in ceilings.items() if seller == row.seller and seller is not None),
        key=lambda each: each[1],
        default=None,
    )
    return (found[0], 0, found[1] * row.calls) if found else None


def _add(risks: dict[str, list[int]], currency: str, *amounts: int) -> None:
    sums = risks.setdefault(currency, [0, 0, 0])
    for place, amount in enumerate(amounts):
        sums[place] += amount
