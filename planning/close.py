"""Month close: what was reported stays reported, and what came later is an adjustment, to the last pico-unit.

A closed month has its frozen lines. Whatever its lines would say now beyond them is its open adjustment, which belongs
to the month still open. Closing the next month freezes the open adjustments with it, as lines of their own, so that

    frozen lines + adjustments booked with later months + open adjustment = the lines as they are now

for every closed month, and no figure that was once reported ever moves. Months are closed in order and reopened from
the last one backwards: which month an adjustment is booked with is then never in doubt.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pricing.books import MEASURES, Closing, Lines, charge_lines, month_end, month_of
from pricing.charges import Charge, months_after

FORM = "tollbook month close 1"
"""The first word of what a digest is taken of: another form of it has another name."""


class Books(NamedTuple):
    """One month under both views."""

    month: date
    closing: Closing | None
    """None: the month is open."""
    own: Lines
    """Its own lines as closed; an open month's are as they are now."""
    now: Lines
    """Its own lines as they are now."""
    adjustments: Mapping[date, Lines]
    """Adjustments of earlier months booked with it; with the first open month, those that are open."""
    later: Lines
    """What became known of it after it was closed: booked with later months, or open."""

    @property
    def as_closed(self) -> Lines:
        """What is reported for the month: its own lines and the adjustments booked with it."""
        return added(self.own, *self.adjustments.values())


def added(*parts: Lines) -> dict[Any, tuple[int, ...]]:
    """Lines added up; those that come to nothing are left out."""
    total: dict[Any, tuple[int, ...]] = {}
    for part in parts:
        for key, counts in part.items():
            before = total.get(key)
            total[key] = tuple(a + b for a, b in zip(before, counts, strict=True)) if before else tuple(counts)
    return {key: counts for key, counts in total.items() if any(counts)}


def less(lines: Lines, before: Lines) -> dict[Any, tuple[int, ...]]:
    """What has to be added to ``before`` to make ``lines``; nothing where they are alike."""
    return added(lines, {key: tuple(-count for count in counts) for key, counts in before.items()})


def in_force(closings: Iterable[Closing]) -> list[Closing]:
    """The closings that were not taken back, oldest month first."""
    return sorted((each for each in closings if each.reopened_at is None), key=lambda each: each.month)


def reported(closings: Sequence[Closing], month: date) -> dict[Any, tuple[int, ...]]:
    """All that was reported about a closed month so far: frozen with it, or booked with a later one."""
    frozen = [each.lines for each in closings if each.month == month]
    return added(*frozen, *(each.booked[month] for each in closings if month in each.booked))


def open_adjustments(closings: Sequence[Closing], now: Mapping[date, Lines]) -> dict[date, Lines]:
    """What the closed months would say beyond what was reported about them, by month; alike ones are left out."""
    found = {each.month: less(now.get(each.month, {}), reported(closings, each.month)) for each in closings}
    return {month: lines for month, lines in found.items() if lines}


def with_charges(
    calls: Mapping[date, Lines], charges: Sequence[Charge], closings: Sequence[Closing], today: date
) -> dict[date, Lines]:
    """The lines of every month up to today's: those of its calls, and its share of every recurring charge."""
    found = dict(calls)
    starts = [*calls, *(each.month for each in closings), *(month_of(each.first) for each in charges)]
    month = min(starts, default=today)
    while charges and month <= today:
        if share := charge_lines(charges, month, today):
            found[month] = added(found.get(month, {}), share)
        month = months_after(month, 1)
    return found


def books_of(closings: Iterable[Closing], now: Mapping[date, Lines]) -> list[Books]:
    """Every month with lines or a closing, oldest first, under both views."""
    closed = in_force(closings)
    adjustments = open_adjustments(closed, now)
    follows = next_month(closed)
    months = {*now, *(each.month for each in closed), *([follows] if follows and adjustments else [])}
    found = {each.month: each for each in closed}
    return [_books(month, found.get(month), now, adjustments if month == follows else {}) for month in sorted(months)]


def _books(month: date, closing: Closing | None, now: Mapping[date, Lines], adjustments: Mapping[date, Lines]) -> Books:
    current = now.get(month, {})
    if closing is None:
        return Books(month, None, current, current, adjustments, {})
    return Books(month, closing, closing.lines, current, closing.booked, less(current, closing.lines))


def next_month(closed: Sequence[Closing]) -> date | None:
    """The one month that can be closed next; None where none is closed: any can be the first."""
    return months_after(closed[-1].month, 1) if closed else None


def why_not_next(closed: Sequence[Closing], month: date) -> str | None:
    """Why a month is not the next to close; None where it is."""
    if any(each.month == month for each in closed):
        return f"{name_of(month)} is closed already; tollbook close show {name_of(month)}"
    follows = next_month(closed)
    if follows is None or month == follows:
        return None
    if month < closed[0].month:
        return (
            f"the books begin with {name_of(closed[0].month)}, after it: months are closed in order; "
            f"reopen what is closed, from the last one backwards, to begin earlier"
        )
    return f"months are closed in order: close {name_of(follows)} first"


def what_is_missing(month: date, today: date, through: date | None) -> str | None:
    """Why a month is not complete: it is not over, or the data do not go beyond its end; None where it is."""
    last = month_end(month)
    if today <= last:
        return f"it ends on {last}, and the day was {today}"
    if through is None:
        return "there are no calls"
    if through <= last:
        return f"it ends on {last}, and the newest call is of {through}"
    return None


def changed_closings(closings: Iterable[Closing]) -> frozenset[int]:
    """Closings that are not as they were made: by their own digest, or by the one that the next month kept of them."""
    closings = list(closings)
    found = {each.closing_id for each in closings if digest_of(each) != each.digest}
    closed = in_force(closings)
    pairs = zip(closed, closed[1:], strict=False)
    return frozenset(found | {before.closing_id for before, after in pairs if after.previous != before.digest})


def digest_of(closing: Closing) -> str:
    """SHA-256 of the closing as text: one line about it, then one per frozen line and adjustment, in order."""
    text = "".join(f"{line}\n" for line in (_head(closing), *_texts(closing)))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _head(closing: Closing) -> str:
    through = closing.data_through
    about = {
        "form": FORM,
        "month": name_of(closing.month),
        "zone": closing.zone,
        "closed_at": closing.closed_at.isoformat(timespec="seconds"),
        "who": closing.who,
        "data_through": None if through is None else through.isoformat(timespec="microseconds"),
        "rates": closing.rates,
        "rates_digest": closing.rates_digest,
        "incomplete": closing.incomplete,
        "previous": closing.previous,
    }
    return _json(about)


def _texts(closing: Closing) -> list[str]:
    """A line per line: the month it is about, what it is about, its figures other than 0."""
    parts = {closing.month: closing.lines, **closing.booked}
    return sorted(
        _json([name_of(month), list(key), {name: n for name, n in zip(MEASURES, counts, strict=True) if n}])
        for month, lines in parts.items()
        for key, counts in lines.items()
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def name_of(month: date) -> str:
    """``2026-10``."""
    return f"{month:%Y-%m}"
