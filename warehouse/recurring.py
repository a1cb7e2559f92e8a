"""Recurring charges in a scope, as cost rows of their own: they are never added to what calls cost."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from pricing.charges import SCOPES, Charge, Share, charges_between, days_between
from pricing.fx import Converted, Rates, converted
from warehouse.scope import Scope


class RecurringRow(NamedTuple):
    """What the charges of one group cost in one currency, in pico-units; of the dimensions a charge has few."""

    group: tuple[Any, ...]
    currency: str
    cost: int
    charges: tuple[str, ...]
    converted: Converted | None = None


def recurring_by(
    charges: Sequence[Charge],
    dimensions: Sequence[str],
    scope: Scope,
    *,
    today: date,
    into: tuple[str, Rates] | None = None,
) -> list[RecurringRow]:
    """Charges by dimensions, dearest first within a currency; what is to come is not counted before it has come."""
    within = [charge for charge in charges if _is_within(charge, scope)]
    first = scope.since or min((charge.first for charge in within), default=today)
    last = min(scope.until or today, today)
    spread = days_between if "day" in {*dimensions, *scope.dimensions} or into else charges_between
    groups: dict[tuple[tuple[Any, ...], str], list[Share]] = {}
    for share in spread(within, first, last):
        if _is_wanted_day(share, scope):
            group = tuple(_value(share, name) for name in dimensions)
            groups.setdefault((group, share.charge.currency), []).append(share)
    rows = [_row(group, currency, shares, into) for (group, currency), shares in groups.items()]
    return sorted(rows, key=lambda row: (row.currency, -row.cost, row.charges))


def charged_days(charges: Sequence[Charge], scope: Scope, currency: str) -> dict[date, int]:
    """What the charges of one currency that belong to a scope cost on each day of its period, in pico-units.

    Days to come are counted too: what they cost is known.
    """
    assert scope.since and scope.until, "the days are counted from one to another"
    within = [charge for charge in charges if charge.currency == currency and _is_within(charge, scope)]
    found: dict[date, int] = {}
    for share in days_between(within, scope.since, scope.until):
        found[share.first] = found.get(share.first, 0) + share.pico
    return found


def billing_day(now: datetime, zone: str) -> date:
    """The day that an instant (naive UTC) belongs to in the billing zone."""
    return now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()


def end_of_day(day: date, zone: str) -> datetime:
    """The last instant of a billing day, in naive UTC."""
    return day_span(day, zone)[1] - timedelta(microseconds=1)


def day_span(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a billing day begins and when the next one does, in naive UTC."""
    midnights = (datetime.combine(on, time(), ZoneInfo(zone)) for on in (day, day + timedelta(days=1)))
    begins, ends = (midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) for midnight in midnights)
    return begins, ends


def _row(
    group: tuple[Any, ...], currency: str, shares: Iterable[Share], into: tuple[str, Rates] | None
) -> RecurringRow:
    found = list(shares)
    names = tuple(dict.fromkeys(share.charge.name for share in found))
    amounts = [(currency, share.first, share.pico) for share in found]
    value = converted(amounts, *into) if into else None
    return RecurringRow(group, currency, sum(share.pico for share in found), names, value)


def _is_within(charge: Charge, scope: Scope) -> bool:
    """Whether a charge belongs to what the scope wants; one that says nothing of a dimension does not."""
    return all(name == "day" or name in SCOPES and getattr(charge, name) in wanted for name, wanted in scope.values)


def _is_wanted_day(share: Share, scope: Scope) -> bool:
    return all(name != "day" or str(share.first) in wanted for name, wanted in scope.values)


def _value(share: Share, name: str) -> Any:
    return share.first if name == "day" else getattr(share.charge, name) if name in SCOPES else None
