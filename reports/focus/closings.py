"""Closed months beside a FOCUS file: its rows are of what is known now, a closed month is of what was known then."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from planning.book_sums import sums_of
from pricing.books import Lines
from pricing.money import format_pico
from reports.closed_words import closed_text, later_text
from reports.focus.asked import FocusAsked
from reports.readings.months import Month

DIGITS = 12
"""So much of a digest is told; the description has all of it."""


class Closings(NamedTuple):
    """The months of a file in the books."""

    months: tuple[Month, ...]
    is_narrower: bool
    """The file is of less than whole months of all traffic, which closings are of."""


def closings_of(months: Sequence[Month], asked: FocusAsked) -> Closings:
    """The months that the file is about, and whether it is about all of them."""
    return Closings(tuple(months), not asked.asked.is_of_whole_months)


def closing_notes(found: Closings) -> list[str]:
    """A sentence or two per closed month, for whoever writes the file."""
    notes = []
    for month in found.months:
        if month.books is None or month.closing is None:
            continue
        said = (
            f"{month.month:%Y-%m} was closed at {closed_text(month.books.own)}, digest {month.closing.digest[:DIGITS]}"
        )
        later = later_text(month.books.later)
        where = "where it is of the scope, in the file" if found.is_narrower else "in the file"
        notes.append(
            f"{said}; {later} became known later: {where}." if later else f"{said}; nothing became known later."
        )
        if month.changed:
            notes.append(f"  The stored lines of {month.month:%Y-%m} are not those that were closed.")
    if any(month.books and month.closing and month.books.later for month in found.months):
        notes.append("The file is of all calls known now; tollbook report chargeback is of what was closed.")
    return notes


def closing_objects(found: Closings) -> list[dict[str, Any]]:
    """The same for machines, months that are open too."""
    return [_object(month) for month in found.months]


def _object(month: Month) -> dict[str, Any]:
    name, closing = f"{month.month:%Y-%m}", month.closing
    if month.books is None or closing is None:
        return {"Month": name, "State": "open"}
    adjusted = {f"{about:%Y-%m}": _sums(lines) for about, lines in month.books.adjustments.items()}
    return {
        "Month": name,
        "State": "closed",
        "ClosedAt": f"{closing.closed_at:%Y-%m-%dT%H:%M:%SZ}",
        "ClosedBy": closing.who,
        "Digest": closing.digest,
        "IsAsClosed": not month.changed,
        "Closed": _sums(month.books.own),
        "AdjustmentsClosedWithIt": adjusted,
        "KnownLater": _sums(month.books.later),
    }


def _sums(lines: Lines) -> list[dict[str, Any]]:
    return [
        {
            "Kind": each.kind,
            "Currency": each.currency,
            "Cost": format_pico(each.cost) if each.currency else None,
            "Calls": each.requests,
            "CallsOfUnknownCost": each.unpriced,
        }
        for each in sums_of(lines)
    ]
