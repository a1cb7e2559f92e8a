"""What ``tollbook delete`` shows: what would go, month by month, and the deletions so far."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from app.figures import count, instant, money, things
from app.session import plain_table, print_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from warehouse.deletion import Deletion, Found


def print_found(found: "Found", closed: Collection[date]) -> None:
    """One line per month and currency that would lose calls."""
    table = plain_table()
    for name in ("month", "books", "calls", "unpriced", "cost"):
        table.add_column(name, justify="left" if name in ("month", "books") else "right")
    for each in found.months:
        state = "closed" if each.month in closed else "open"
        cost = "–" if each.currency is None else money(each.pico, each.currency)
        table.add_row(f"{each.month:%Y-%m}", state, count(each.calls), count(each.unpriced), cost)
    print_table(table, *_notes(found, closed))


def _notes(found: "Found", closed: Collection[date]) -> list[str]:
    if not found.records and not found.samples:
        return ["No such call is here."]
    months = {each.month for each in found.months}
    nouns = {"second sighting": found.uncounted, "sum": found.sums, "counter reading": found.samples}
    beside = [things(number, noun) for noun, number in nouns.items() if number]
    notes = [f"{things(found.calls, 'call')}{'; with them ' + ', '.join(beside) if beside else ''}."]
    if kept := sorted(months & set(closed)):
        notes.append(f"Closed, and its books stay as they were reported: {_named(kept)}.")
    if smaller := sorted(months - set(closed)):
        notes.append(f"Not closed, and smaller in every figure from then on: {_named(smaller)}.")
    return notes


def _named(months: Sequence[date]) -> str:
    return ", ".join(f"{month:%Y-%m}" for month in months)


def print_deletions(deletions: "Sequence[Deletion]") -> None:
    """One line per deletion."""
    table = plain_table()
    for name in ("number", "deleted", "by", "whose", "begun before", "calls", "lifted"):
        table.add_column(name, justify="right" if name in ("number", "calls") else "left", overflow="fold")
    for each in deletions:
        whose = "everybody's" if each.user_hashes is None else f"user {each.user_hashes[0]}"
        lifted = "–" if each.lifted_at is None else f"{instant(each.lifted_at)} by {each.lifted_by}"
        times = (instant(each.deleted_at), each.who, whose, instant(each.until))
        table.add_row(str(each.deletion_id), *times, count(each.calls), lifted)
    print_table(table, *([] if deletions else ["Nothing was deleted."]))


def found_object(found: "Found", closed: Collection[date]) -> dict[str, Any]:
    """What would go, as JSON has it."""
    return {
        "rows": [
            {
                "month": f"{each.month:%Y-%m}",
                "closed": each.month in closed,
                "currency": each.currency,
                "cost": format_pico(each.pico) if each.currency else None,
                "requests": each.calls,
                "unpriced": each.unpriced,
            }
            for each in found.months
        ],
        "records": found.records,
        "second_sightings": found.uncounted,
        "sums": found.sums,
        "counter_readings": found.samples,
        "first_at": instant(found.first_at),
        "last_at": instant(found.last_at),
    }


def deletion_object(deletion: "Deletion") -> dict[str, Any]:
    """A deletion, as JSON has it."""
    return {
        "number": deletion.deletion_id,
        "deleted_at": instant(deletion.deleted_at),
        "who": deletion.who,
        "user_hashes": deletion.user_hashes,
        "before": instant(deletion.until),
        "requests": deletion.calls,
        "records": deletion.records,
        "total_before": _totals(deletion.total_before),
        "total_after": _totals(deletion.total_after),
        "lifted_at": instant(deletion.lifted_at),
        "lifted_by": deletion.lifted_by,
    }


def _totals(text: str) -> list[dict[str, Any]]:
    return [
        {
            "currency": each["currency"],
            "cost": format_pico(each["pico"]) if each["currency"] else None,
            "requests": each["calls"],
            "unpriced": each["unpriced"],
        }
        for each in json.loads(text)
    ]
