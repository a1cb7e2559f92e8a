"""Recurring charges beside what calls cost: rows of their own, with a subtotal of their own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.commands.conversion import cost_in, shown
from app.figures import money, plain
from app.session import plain_table
from pricing.money import format_pico

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.recurring import RecurringRow

COUNTS = ("requests", "unpriced", "errors", "needs_review", "partial")
TOKENS = ("input", "cache_read", "cache_written", "output", "reasoning")


def recurring_object(dimensions: Sequence[str], row: "RecurringRow", target: str | None) -> dict[str, Any]:
    """A charge's row with the keys of a row of calls: it has none of those, and so no tokens."""
    cost = format_pico(row.cost)
    return {
        **dict(zip(dimensions, map(plain, row.group), strict=True)),
        "currency": row.currency,
        **dict.fromkeys(("cost", "cost_low", "cost_high"), cost),
        "cost_per_request": None,
        **dict.fromkeys(COUNTS, 0),
        **dict.fromkeys(TOKENS, 0),
        **dict.fromkeys(("cost_reported", "cost_reported_currency")),
        "kind": "recurring",
        "charges": list(row.charges),
        **({"converted": cost_in(row.converted, target)} if target else {}),
    }


def recurring_table(
    dimensions: Sequence[str], rows: "Sequence[RecurringRow]", totals: "Sequence[RecurringRow]", target: str | None
) -> "Table":
    """The charges of each group, and per currency a subtotal."""
    table = plain_table("Recurring charges")
    for name in dimensions:
        table.add_column(name, overflow="fold")
    table.add_column("charge", overflow="fold")
    table.add_column("cost", justify="right", no_wrap=True)
    if target:
        table.add_column(target, justify="right", no_wrap=True)
    for row in rows:
        groups = ["–" if value is None else str(value) for value in row.group]
        table.add_row(*groups, ", ".join(row.charges), *_cells(row, target))
    for row in totals:
        heads = ["subtotal", *[""] * len(dimensions)]
        table.add_row(*heads, *_cells(row, target), style="bold")
    return table


def _cells(row: "RecurringRow", target: str | None) -> list[str]:
    return [money(row.cost, row.currency), *([shown(row.converted)] if target else [])]
