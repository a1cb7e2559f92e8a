"""What a month said before it was reopened: each former closing, and whether a digest that was handed out is one."""

from datetime import date
from typing import Any

from app.books import State
from app.commands.close_lines import lines_object, print_lines, sum_notes, sums_object
from app.figures import instant
from app.session import UserMistake, print_json
from planning.close import added
from pricing.books import Closing
from reports.closed_words import closed_text, later_text

LEAST = 8
"""A digest is known by so many of its first characters."""


def earlier_notes(state: State, month: date) -> list[str]:
    """A sentence per former closing, the newest first."""
    found = state.earlier(month)
    if not found:
        return []
    return [f"Earlier closings of {month:%Y-%m}, taken back:", *(f"  {earlier_words(each, state)}" for each in found)]


def earlier_words(closing: Closing, state: State) -> str:
    """When, by whom and at what it was closed, its digest, and who took it back and why."""
    verified = "CHANGED since" if closing.closing_id in state.changed else "verified"
    adjusted = f", with adjustments of {later_text(added(*closing.booked.values()))}" if closing.booked else ""
    return (
        f"closed {closing.closed_at:%Y-%m-%d} by {closing.who} at {closed_text(closing.lines)}{adjusted}; "
        f"digest {closing.digest}, {verified}; "
        f"reopened {closing.reopened_at:%Y-%m-%d} by {closing.reopened_by}: {closing.reason}"
    )


def earlier_objects(state: State, month: date) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        closing_object(each, changed=each.closing_id in state.changed)
        | {
            "own": sums_object(each.lines),
            "adjustments": {f"{about:%Y-%m}": sums_object(lines) for about, lines in each.booked.items()},
        }
        for each in state.earlier(month)
    ]


def show_digest(state: State, month: date, digest: str, as_json: bool) -> None:
    """The closing that a digest is of, line by line, verified anew; raises UserMistake where it is none."""
    closing = _closing_of(state, month, digest)
    changed = closing.closing_id in state.changed
    if as_json:
        booked = {f"{month:%Y-%m}": lines_object(lines) for month, lines in closing.booked.items()}
        found = closing_object(closing, changed=changed)
        print_json({"closing": found, "lines": lines_object(closing.lines), "booked": booked})
        return
    verified = "CHANGED: the stored lines are not those that were closed" if changed else "verified"
    notes = [
        *sum_notes(closing.lines),
        f"Digest {closing.digest}, {verified}.",
        "In force: it is what the month says."
        if closing.reopened_at is None
        else f"Taken back on {closing.reopened_at:%Y-%m-%d} by {closing.reopened_by}: {closing.reason}.",
    ]
    print_lines(f"{month:%Y-%m} as {closing.who} closed it on {closing.closed_at:%Y-%m-%d}", closing.lines, notes)
    for about, lines in closing.booked.items():
        print_lines(f"Adjustments of {about:%Y-%m} in it", lines, [])


def _closing_of(state: State, month: date, digest: str) -> Closing:
    wanted = digest.strip().lower()
    if len(wanted) < LEAST:
        raise UserMistake(f"--digest: give at least its first {LEAST} characters")
    found = [each for each in state.closings if each.digest.startswith(wanted)]
    for each in found:
        if each.month == month:
            return each
    if found:
        name = f"{found[0].month:%Y-%m}"
        raise UserMistake(f"--digest: that is a closing of {name}: tollbook close show {name} --digest {digest}")
    known = [each.digest for each in state.closings if each.month == month]
    told = f"it has {', '.join(known)}" if known else "it was never closed"
    raise UserMistake(f"--digest: no closing of {month:%Y-%m} has the digest {digest}; {told}")


def closing_object(closing: Closing, *, changed: bool) -> dict[str, Any]:
    """A closing as JSON has it, without its lines."""
    return {
        "month": f"{closing.month:%Y-%m}",
        "closed_at": instant(closing.closed_at),
        "who": closing.who,
        "zone": closing.zone,
        "data_through": instant(closing.data_through),
        "rates": closing.rates,
        "rates_digest": closing.rates_digest,
        "incomplete": closing.incomplete,
        "previous": closing.previous,
        "digest": closing.digest,
        "verified": not changed,
        "reopened_at": instant(closing.reopened_at),
        "reopened_by": closing.reopened_by,
        "reason": closing.reason,
    }
