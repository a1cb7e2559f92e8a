"""Budgets in words, for the command line and the pages alike."""

from collections.abc import Sequence
from typing import Any

from planning.budget import DAY, Budget, Scope, Span
from planning.budget_form import write_form

HELD = {
    "none": "nothing is carried over",
    "unspent": "what is unspent is carried over",
    "overspent": "what is overspent is carried over",
    "both": "what is left or overspent is carried over",
}


def span_text(budget: Budget, span: Span) -> str:
    """``Nov 2026``, ``Q4 2026``, ``2026``, and days where a period is cut or one of its own."""
    first, last = span
    if last is None:
        return f"from {first}"
    begins = first.day == 1 and (last + DAY).day == 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if budget.period == "month" and begins:
        return f"{first:%b %Y}"
    if budget.period == "quarter" and begins and months == 3:
        return f"Q{(first.month + 2) // 3} {first.year}"
    if budget.period == "year" and begins and months == 12:
        return str(first.year)
    return f"{first} to {last}"


def scope_text(scope: Scope) -> str:
    """``team research, seller nim or novita``; everything where nothing is narrowed."""
    return ", ".join(f"{name} {' or '.join(values)}" for name, values in scope) or "everything"


def counted_text(budget: Budget) -> str:
    """What counts: calls, and what else."""
    more = [name for name, counts in (("recurring charges", budget.recurring), ("credits", budget.credits)) if counts]
    return " and ".join(["calls", *more]) if len(more) < 2 else "calls, recurring charges and credits"


def chance_text(share: float | None) -> str:
    """A probability in percent; only none of the paths is 0%, and only all are 100%."""
    if share is None:
        return "–"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{100 * share:.0f}%"


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between two versions: field, before, after."""
    fields = dict.fromkeys([*before, *after])
    return [(name, plain_value(before.get(name)), plain_value(after.get(name))) for name in fields
            if before.get(name) != after.get(name)]  # fmt: skip


def plain_value(value: object) -> str:
    """A field of a form on one line."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain_value(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def form_lines(budget: Budget) -> Sequence[tuple[str, str]]:
    """Every field of a budget as lines of text."""
    return [(name, plain_value(value)) for name, value in write_form(budget).items()]
