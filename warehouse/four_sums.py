"""What calls add up to per seller, model and currency, as priced and as reported, for the comparison of both."""

from datetime import date, datetime
from typing import Any, NamedTuple

from pricing.four_costs import Compared, Side, Sums
from warehouse.connection import Reader
from warehouse.recurring import billing_day
from warehouse.scope import Scope, condition
from warehouse.sqlfiles import sql

KINDS = ("billed", "estimate", "list", "upstream")
NOTHING = Side(0, 0)
NONE_COMPARED = Compared(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, None, None)


class Line(NamedTuple):
    """The calls of one seller and model in one currency; without one, those of which no cost is known."""

    seller: str | None
    model: str | None
    currency: str | None
    first: date | None = None
    last: date | None = None
    calls: int = 0
    unpriced: int = 0
    kinds: frozenset[str] = frozenset()
    sums: Sums = Sums(None, None, NONE_COMPARED, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


class Group(NamedTuple):
    """One row of ``sql/four_costs.sql``."""

    seller: str | None
    model: str | None
    currency: str | None
    reported_currency: str | None
    first_at: datetime
    last_at: datetime
    calls: int
    billed: int
    reported: int
    kinds: frozenset[str]
    compared: Compared
    upstream: Side
    upstream_billed: int
    unpriced: Side
    tools_unpriced: Side


def read_lines(reader: Reader, scope: Scope) -> list[Line]:
    """Every line of a scope, dearest first within a seller and currency."""
    where, parameters = condition(scope)
    rows = reader.rows(sql("four_costs").replace("where true", f"where {where}"), parameters)
    zone = reader.folder.settings().billing_zone
    lines: dict[tuple[str | None, str | None, str | None], Line] = {}
    for group in map(_group, rows):
        days = (billing_day(group.first_at, zone), billing_day(group.last_at, zone))
        for currency in dict.fromkeys((group.currency or group.reported_currency, group.reported_currency)):
            if currency or not group.currency:
                key = (group.seller, group.model, currency)
                lines[key] = _with(lines.get(key, Line(*key)), group, days)
    return sorted(lines.values(), key=_order)


def _with(line: Line, group: Group, days: tuple[date, date]) -> Line:
    """A line with the calls of a group: it is billed, or reported, or both, in the line's currency."""
    is_billed = group.currency is not None and group.currency == line.currency
    is_reported = group.reported_currency is not None and group.reported_currency == line.currency
    is_its_own = is_billed or group.currency is None
    return line._replace(
        first=min(filter(None, (line.first, days[0]))),
        last=max(filter(None, (line.last, days[1]))),
        calls=line.calls + (group.calls if is_its_own else 0),
        unpriced=line.unpriced + (group.calls if group.currency is None else 0),
        kinds=line.kinds | (group.kinds if is_reported else frozenset()),
        sums=_added(line.sums, group, is_billed=is_billed, is_reported=is_reported),
    )


def _added(sums: Sums, group: Group, *, is_billed: bool, is_reported: bool) -> Sums:
    if is_billed:
        sums = sums._replace(billed=(sums.billed or 0) + group.billed)
    if is_reported:
        sums = sums._replace(
            reported=(sums.reported or 0) + group.reported,
            unpriced=_both(sums.unpriced, group.unpriced),
            tools_unpriced=_both(sums.tools_unpriced, group.tools_unpriced),
        )
    if is_billed and is_reported:
        upstream = group.upstream._replace(pico=group.upstream.pico - group.upstream_billed)
        return sums._replace(compared=group.compared, upstream=_both(sums.upstream, upstream))
    if is_billed and group.reported_currency is None:
        return sums._replace(unreported=_both(sums.unreported, Side(group.calls, group.billed)))
    if is_billed:
        return sums._replace(foreign=_both(sums.foreign, Side(group.calls, group.billed)))
    if is_reported:
        sums = sums._replace(upstream=_both(sums.upstream, group.upstream))
    if is_reported and group.currency is not None:
        rest = Side(group.calls - group.upstream.calls, group.upstream.pico - group.reported)
        return sums._replace(foreign=_both(sums.foreign, rest))
    return sums


def _both(one: Side, other: Side) -> Side:
    return Side(one.calls + other.calls, one.pico + other.pico)


def _group(row: tuple[Any, ...]) -> Group:
    seller, model, currency, reported_currency, first_at, last_at, *rest = row
    numbers = [int(number or 0) for number in (*rest[:3], *rest[7:])]
    calls, billed, reported, *compared = numbers[:13]
    upstream, upstream_pico, upstream_billed, *sides = numbers[15:]
    return Group(
        seller,
        model,
        currency,
        reported_currency,
        first_at,
        last_at,
        calls,
        billed,
        reported,
        frozenset(name for name, is_met in zip(KINDS, rest[3:7], strict=True) if is_met),
        Compared(*compared, *rest[17:19]),
        Side(upstream, upstream_pico),
        upstream_billed,
        Side(*sides[:2]),
        Side(*sides[2:]),
    )


def _order(line: Line) -> tuple[Any, ...]:
    names = (line.seller is None, line.seller, line.currency is None, line.currency)
    return (*names, -(line.sums.billed or 0), line.model is None, line.model)
