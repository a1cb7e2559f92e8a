"""Two bills of one seller about the same days: what they ask for may be the same calls, counted twice."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

from analysis.reconcile import DAY, BillLine, Cell, Scope

TWICE = "two invoices cover these days: {refs}"
Abouts = set[tuple[str | None, str | None]]
"""Models and keys; None is all of them."""


class Overlap(NamedTuple):
    """Two bills of a seller, and the first and the last of the days that both are about."""

    seller: str
    refs: tuple[str, str]
    first: date
    last: date


def overlaps(lines: Iterable[BillLine]) -> list[Overlap]:
    """Every two bills that ask for usage of the same seller, days, models and keys, in one currency."""
    found: dict[tuple[str, tuple[str, str]], list[date]] = {}
    for (seller, _, day), by_ref in _by_day(lines).items():
        for one, two in combinations(sorted(by_ref), 2):
            if _meet(by_ref[one], by_ref[two]):
                found.setdefault((seller, (one, two)), []).append(day)
    return sorted(Overlap(seller, refs, min(days), max(days)) for (seller, refs), days in found.items())


def twice_of(cells: Iterable[Cell]) -> dict[Scope, str]:
    """Of comparisons that ask for more than the calls cost, those on days that two bills are about, and which two."""
    known = list(cells)
    by_day = _by_day(line for cell in known for line in cell.lines)
    found = {}
    for cell in known:
        if cell.state not in ("different", "theirs_only") or cell.beyond <= 0:
            continue
        mine, refs = {line.ref for line in cell.lines}, set[str]()
        for day in _days(cell.about.first, cell.about.last):
            of_day = by_day.get((cell.about.seller, cell.about.currency, day), {})
            both = {ref for ref, abouts in of_day.items() if _meet(abouts, {(cell.about.model, cell.about.key)})}
            refs |= both if len(both) > 1 and both & mine else set()
        if refs:
            found[cell.about] = TWICE.format(refs=", ".join(sorted(refs)))
    return found


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def _by_day(lines: Iterable[BillLine]) -> Mapping[tuple[str, str, date], dict[str, Abouts]]:
    found: dict[tuple[str, str, date], dict[str, Abouts]] = {}
    for line in lines:
        if line.kind != "usage" or line.pico <= 0:
            continue
        for day in _days(line.first, line.last):
            of_day = found.setdefault((line.seller, line.currency, day), {})
            of_day.setdefault(line.ref, set()).add((line.model, line.key))
    return found


def _meet(ones: Abouts, others: Abouts) -> bool:
    """Whether a call may be in both."""
    if ones & others:
        return True
    return any(
        (None in (model, other) or model == other) and (None in (key, another) or key == another)
        for model, key in ones
        for other, another in others
    )
