"""Rows of the workings put together by what they have in common."""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from reports.workings import UsageRow, Workings

MOST_GROUPS = 200
"""Of one dimension and currency; what is beyond is one line, so that the sheet computes at once."""
REST = "All others"


class Group(NamedTuple):
    """Calls that have a name and a currency in common; amounts in pico-units."""

    name: str | date
    currency: str | None
    calls: int
    cost: int | None
    """None where the cost is unknown."""
    converted: Fraction | None
    """In the target currency; None where some day has no exchange rate, or there is no target."""
    is_rest: bool = False


def groups(workings: Workings, name_of: Callable[[UsageRow], str | date]) -> list[Group]:
    """Every group, dearest first within a currency and days in order; calls of unknown cost go last."""
    rows: dict[tuple[str | date, str | None], list[UsageRow]] = {}
    for row in workings.rows:
        rows.setdefault((name_of(row), row.metered.currency), []).append(row)
    found = [_group(workings, name, currency, each) for (name, currency), each in rows.items()]
    return sorted(found, key=_order)


def shortened(found: Sequence[Group]) -> list[Group]:
    """The dearest of each currency, and one line for the others of it."""
    kept: list[Group] = []
    for currency in dict.fromkeys(group.currency for group in found):
        same = [group for group in found if group.currency == currency]
        kept += same[:MOST_GROUPS]
        if rest := same[MOST_GROUPS:]:
            kept.append(_together(rest))
    return kept


def _group(workings: Workings, name: str | date, currency: str | None, rows: Sequence[UsageRow]) -> Group:
    calls = sum(row.metered.quantity for row in rows if row.metered.meter == "request")
    costs = [row.metered.cost for row in rows]
    cost = None if None in costs else sum(cost for cost in costs if cost is not None)
    return Group(name, currency, calls, cost, _converted(workings, rows))


def _converted(workings: Workings, rows: Sequence[UsageRow]) -> Fraction | None:
    total = Fraction()
    for row in rows:
        used = row.metered
        known = workings.exchange.get((used.currency or "", row.day))
        if known is None or known.rate is None or used.cost is None:
            return None
        total += used.cost * known.rate
    return total


def _together(rest: Sequence[Group]) -> Group:
    costs = [group.cost for group in rest if group.cost is not None]
    converted = [group.converted for group in rest if group.converted is not None]
    return Group(
        REST,
        rest[0].currency,
        sum(group.calls for group in rest),
        sum(costs) if len(costs) == len(rest) else None,
        sum(converted, Fraction()) if len(converted) == len(rest) else None,
        is_rest=True,
    )


def _order(group: Group) -> tuple[bool, str, str, int, str]:
    day = group.name.isoformat() if isinstance(group.name, date) else ""
    return (group.currency is None, day, group.currency or "", -(group.cost or 0), str(group.name))
