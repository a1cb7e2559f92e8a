"""What calls cost: in all, by what they have in common, and by month up to the period's end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pricing.books import month_of
from pricing.fx import Converted
from reports.readings.into import Into
from reports.readings.periods import Days, context_of, period_before
from warehouse.connection import Reader
from warehouse.converted import whole
from warehouse.cost import CostRow, cost_by
from warehouse.scope import Scope

GROUPS = ("model", "seller", "team", "project")
"""What the spend is shown by."""


class Calls(NamedTuple):
    """Counts of calls and of their tokens: these can be added up, whatever the currency."""

    requests: int
    unpriced: int
    errors: int
    review: int
    partial: int
    input: int
    cache_read: int
    cache_written: int
    output: int

    @property
    def all_input(self) -> int:
        """Input tokens, cached and written ones too."""
        return self.input + self.cache_read + self.cache_written


class Spent(NamedTuple):
    """What calls of one group cost in one currency; pico-units, None where no price is known."""

    group: tuple[Any, ...]
    currency: str | None
    cost: int | None
    cost_low: int | None
    cost_high: int | None
    calls: Calls
    shown: Converted | None = None
    """The same in the report's currency, where it has one."""


class Spend(NamedTuple):
    """The spend of a period, and what it is compared with."""

    totals: tuple[Spent, ...]
    """One per currency; calls of unknown cost apart."""
    groups: Mapping[str, tuple[Spent, ...]]
    days: tuple[Spent, ...]
    """By day and model within the period."""
    months: tuple[Spent, ...]
    """By month, those before the period too."""
    month_models: tuple[Spent, ...]
    """The same by month and model."""
    context: Days
    """The days that the months are counted over."""
    earlier: tuple[Spent, ...]
    """By day and model in the period before, which may lie before the months."""

    def daily(self, days: Days, into: Into | None) -> tuple[Spent, ...]:
        """The totals of some days of the period, or of the one before it."""
        within = [each for each in (*self.earlier, *self.days) if days.first <= each.group[0] <= days.last]
        return put_together(within, lambda each: (), into)


def read_spend(reader: Reader, period: Days, scope: Scope, into: Into | None) -> Spend:
    """Everything about what calls cost."""
    context, before = context_of(period), period_before(period)
    wide = scope._replace(since=min(context.first, before.first), until=period.last)
    cells = sorted((_spent(row, None) for row in cost_by(reader, ("day", "model"), wide)), key=_order)
    within = [each for each in cells if period.first <= each.group[0] <= period.last]
    begun = month_of(min((each.group[0] for each in cells), default=period.first))
    context = Days(max(context.first, min(begun, month_of(period.first))), context.last)
    shown = [each for each in cells if each.group[0] >= context.first]
    return Spend(
        put_together(within, lambda each: (), into),
        {name: _spent_by(reader, name, scope, into) for name in GROUPS},
        put_together(within, lambda each: each.group, into),
        put_together(shown, lambda each: (month_of(each.group[0]),), into),
        put_together(shown, lambda each: (month_of(each.group[0]), each.group[1]), into),
        context,
        tuple(each for each in cells if before.first <= each.group[0] <= before.last),
    )


def put_together(
    cells: Iterable[Spent], key: Callable[[Spent], tuple[Any, ...]], into: Into | None
) -> tuple[Spent, ...]:
    """Cells by day added up by another key, dearest first within a currency; each day converted at its own rate."""
    groups: dict[tuple[tuple[Any, ...], str | None], list[Spent]] = {}
    for each in cells:
        groups.setdefault((key(each), each.currency), []).append(each)
    found = [
        _sum(group, currency, parts, _converted(currency, parts, into)) for (group, currency), parts in groups.items()
    ]
    return tuple(sorted(found, key=_order))


def merged(parts: Sequence[Spent]) -> Spent:
    """Groups of one currency as one."""
    shown = [each.shown for each in parts if each.shown]
    return _sum((), parts[0].currency, parts, whole(shown) if shown else None)


def added_calls(parts: Iterable[Spent]) -> Calls:
    """The calls of several figures together."""
    return Calls(*(sum(column) for column in zip(*(each.calls for each in parts), strict=True)))


def _spent_by(reader: Reader, name: str, scope: Scope, into: Into | None) -> tuple[Spent, ...]:
    shown = into.by(reader, (name,), scope) if into else {}
    found = [
        _spent(row, shown.get((row.group, row.currency)) if row.currency else None)
        for row in cost_by(reader, (name,), scope)
    ]
    return tuple(sorted(found, key=_order))


def _spent(row: CostRow, shown: Converted | None) -> Spent:
    calls = Calls(*(getattr(row, name) for name in Calls._fields))
    return Spent(row.group, row.currency, row.cost, row.cost_low, row.cost_high, calls, shown)


def _converted(currency: str | None, parts: Sequence[Spent], into: Into | None) -> Converted | None:
    if into is None or currency is None:
        return None
    amounts: list[tuple[str, date, int]] = [
        (currency, each.group[0], each.cost) for each in parts if each.cost is not None
    ]
    return into.amounts(amounts) if amounts else None


def _sum(group: tuple[Any, ...], currency: str | None, parts: Sequence[Spent], shown: Converted | None) -> Spent:
    cost, low, high = (_added(getattr(each, name) for each in parts) for name in ("cost", "cost_low", "cost_high"))
    return Spent(group, currency, cost, low, high, added_calls(parts), shown)


def _added(column: Iterable[int | None]) -> int | None:
    known = [value for value in column if value is not None]
    return sum(known) if known else None


def _order(each: Spent) -> tuple[Any, ...]:
    return each.currency is None, each.currency or "", -(each.cost or 0), -each.calls.requests, str(each.group)
