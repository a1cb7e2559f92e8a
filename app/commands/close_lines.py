"""Lines of the books as tables and as JSON."""

from collections.abc import Sequence
from typing import Any

from app.figures import count, money, things
from app.session import plain_table, print_table
from planning.book_sums import Sum, sums_of
from pricing.books import AMOUNTS, MEASURES, LineKey, Lines
from pricing.money import format_pico

SHOWN = 20
"""Lines shown of a month; --json has them all."""
TOKENS = ("uncached input", "cache read")
"""Meters, which do not overlap: `tollbook cost` has both in one column, and the share of the second."""


def print_lines(title: str, lines: Lines, notes: Sequence[str]) -> None:
    """The dearest lines as a table, with notes below it."""
    table = plain_table(title)
    for head in ("seller", "model", "team", "project", "cost", "calls", "unpriced", *TOKENS, "output"):
        table.add_column(head, justify="left" if head in ("seller", "model", "team", "project") else "right")
    place = {name: number for number, name in enumerate(MEASURES)}
    ordered = sorted(lines.items(), key=lambda pair: (pair[0].currency is None, -abs(pair[1][0]), str(pair[0])))
    for key, counts in ordered[:SHOWN]:
        sums = (counts[place[name]] for name in ("requests", "unpriced", "input", "cache_read", "output"))
        cost = money(counts[0] if key.currency else None, key.currency)
        table.add_row(*_names(key), cost, *map(count, sums))
    rest = len(ordered) - SHOWN
    more = [f"And {things(rest, 'more line')}: --json has every line."] if rest > 0 else []
    print_table(table, *more, *notes, spare=(*reversed(TOKENS), "output", "project"))


def _names(key: LineKey) -> tuple[str, str, str, str]:
    what = key.model if key.charge is None else f"charge {key.charge}"
    return key.seller or "–", what or "–", key.team or "–", key.project or "–"


def sums_object(lines: Lines) -> list[dict[str, Any]]:
    """Lines added up, as JSON has them."""
    return [
        {
            "kind": each.kind,
            "currency": each.currency,
            "cost": format_pico(each.cost) if each.currency else None,
            "cost_low": format_pico(each.low) if each.currency else None,
            "cost_high": format_pico(each.high) if each.currency else None,
            "requests": each.requests,
            "unpriced": each.unpriced,
            "needs_review": each.review,
        }
        for each in sums_of(lines)
    ]


def lines_object(lines: Lines) -> list[dict[str, Any]]:
    """Every line with every figure, as JSON has them."""
    rows = []
    for key in sorted(lines, key=str):
        row: dict[str, Any] = {**key._asdict()}
        for name, number in zip(MEASURES, lines[key], strict=True):
            row[name] = number if name not in AMOUNTS else format_pico(number) if key.currency else None
        rows.append(row)
    return rows


def sum_notes(lines: Lines) -> list[str]:
    """What lines come to, a sentence per kind and currency."""
    return [_sum_note(each) for each in sums_of(lines)]


def _sum_note(found: Sum) -> str:
    if found.currency is None:
        return f"{things(found.requests, 'call')} without a currency, {count(found.unpriced)} of them of unknown cost."
    what = "Recurring charges" if found.kind == "recurring" else things(found.requests, "call")
    band = ""
    if found.review and (found.low, found.high) != (found.cost, found.cost):
        band = f" ({money(found.low, found.currency)} to {money(found.high, found.currency)}, some under review)"
    return f"{what}: {money(found.cost, found.currency)}{band}."
