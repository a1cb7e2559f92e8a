"""Lines of the books added up: what a month came to, calls and recurring charges of each currency."""

from typing import NamedTuple

from pricing.books import CALLS, RECURRING, Lines


class Sum(NamedTuple):
    """Lines of one kind and currency, added up."""

    kind: str
    currency: str | None
    """None: calls of unknown cost, and free ones, which are billed in none."""
    cost: int
    """Pico-units, as are the two that follow."""
    low: int
    high: int
    requests: int
    unpriced: int
    review: int


def sums_of(lines: Lines) -> list[Sum]:
    """Lines by kind and currency: calls first, those of unknown cost after the others."""
    found: dict[tuple[str, str | None], list[int]] = {}
    for key, counts in lines.items():
        sums = found.setdefault((key.kind, key.currency), [0] * 6)
        for place in range(6):
            sums[place] += counts[place]
    order = sorted(found, key=lambda key: (key[0] == RECURRING, key[1] is None, key[1] or ""))
    return [Sum(*key, *found[key]) for key in order]


def cost_of(lines: Lines) -> dict[tuple[str, str], int]:
    """Pico-units by kind and currency."""
    return {(each.kind, each.currency): each.cost for each in sums_of(lines) if each.currency}


def calls_of(lines: Lines) -> tuple[int, int]:
    """Calls, and those of them whose cost is unknown."""
    sums = [each for each in sums_of(lines) if each.kind == CALLS]
    return sum(each.requests for each in sums), sum(each.unpriced for each in sums)
