"""The workings of a workbook: quantities and rates, of which its totals are made again by anybody who changes one."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from pricing.fx import Rates, rate_at
from pricing.rates import Rate
from reports.asked import Asked
from reports.errors import ReportError
from warehouse.connection import Reader
from warehouse.converted import converted_by, whole
from warehouse.cost import CostRow, cost_by
from warehouse.fx import read_rates
from warehouse.locks import Tell
from warehouse.metered import Metered, metered
from warehouse.rate_book import stale_days_of
from warehouse.scope import Scope
from warehouse.stated_rates import stated_rates
from warehouse.usage_groups import count_groups

NAMES = ("seller", "model", "team", "project")
MOST_GROUPS = 1_000
"""Each has about four meters: so many rows open at once, and compute at once."""
MOST_ROWS = 1_048_000
"""Rows of a sheet, with room for what stands above and below."""


class Grain(NamedTuple):
    """What one row of the workings is about, beside a rate and a meter."""

    by: str
    """``day`` or ``month``."""
    names: tuple[str, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """The dimensions that are put together, so that the sheet stays one that can be read."""
        return tuple(name for name in NAMES if name not in self.names)


class UsageRow(NamedTuple):
    """A quantity of one meter at one rate."""

    day: date
    """The day, or the first one of the month."""
    names: tuple[str | None, ...]
    metered: Metered

    @property
    def line(self) -> tuple[int, str] | None:
        """Which line of the rates prices it; None: nothing is charged, or nobody knows."""
        used = self.metered
        return None if used.rate_id is None or used.pico is None else (used.rate_id, used.meter)


class RateLine(NamedTuple):
    """What one meter costs at one rate; pico-units."""

    rate: Rate
    meter: str
    pico: int


class Exchange(NamedTuple):
    """So many of the target for one of a currency, on one day; None: no rate is known by then."""

    rate: Fraction | None
    source: str
    known: date | None
    """The day that the rate is of: the last one before, where that day has none."""


class Total(NamedTuple):
    """Our own figure of one currency, from the rollups and not from these rows."""

    currency: str
    cost: int
    low: int
    high: int
    calls: int
    review: int


class Workings(NamedTuple):
    """Quantities, rates, and what they must add up to."""

    grain: Grain
    rows: tuple[UsageRow, ...]
    lines: dict[tuple[int, str], RateLine]
    totals: tuple[Total, ...]
    unknown: int
    """Calls of unknown cost: in the rows, with their quantities, and in no total."""
    stale_days: int
    target: str | None = None
    """The currency that figures are converted to."""
    exchange: dict[tuple[str, date], Exchange] = {}  # noqa: RUF012 - nobody writes to it
    converted: Fraction | None = None
    """Our own figure in the target, in pico-units; None where some day has no rate."""


def read_workings(reader: Reader, root: Path, asked: Asked, *, tell: Tell) -> Workings:
    """The workings of a report's question; raises ReportError for more rows than a sheet has."""
    grain = _grain(reader, asked)
    rows = tuple(_rows(reader, grain, asked))
    if len(rows) > MOST_ROWS:
        raise ReportError(f"the workings have {len(rows):,} rows, more than a sheet: ask for a shorter period")
    used = {line: row.metered for row in rows if (line := row.line)}
    stated = stated_rates(reader, {rate_id for rate_id, _ in used})
    order = {rate_id: place for place, rate_id in enumerate(stated)}
    lines = {
        line: RateLine(stated[line[0]], line[1], used[line].pico or 0)
        for line in sorted(used, key=lambda line: (order[line[0]], line[1]))
    }
    costs = cost_by(reader, (), asked.scope)
    found = Workings(grain, rows, lines, tuple(_totals(costs)), _unknown(costs), stale_days_of(root))
    return _converted(found, reader, root, asked, tell) if asked.currency else found


def _grain(reader: Reader, asked: Asked) -> Grain:
    """The finest grain that can be read; conversion is by the day, so days go last."""
    shorter = [Grain("day", NAMES)]
    if asked.currency is None:
        shorter.append(Grain("month", NAMES))
    by = "day" if asked.currency else "month"
    shorter += [Grain(by, NAMES[:count]) for count in (3, 2, 0)]
    for grain in shorter[:-1]:
        if count_groups(reader, (grain.by, *grain.names), asked.scope) <= MOST_GROUPS:
            return grain
    return shorter[-1]


def _rows(reader: Reader, grain: Grain, asked: Asked) -> Iterator[UsageRow]:
    if grain.by == "day":
        for row in metered(reader, ("day", *grain.names), asked.scope):
            yield UsageRow(row.group[0], row.group[1:], row)
        return
    for first, scope in _months(asked.scope, asked.first, asked.last):
        for row in metered(reader, grain.names, scope):
            yield UsageRow(first, row.group, row)


def _months(scope: Scope, first: date, last: date) -> Iterator[tuple[date, Scope]]:
    """Each month of the period by its first day, with the part of the scope that is in it."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=32)).replace(day=1)
        part = scope._replace(since=max(first, month), until=min(last, following - timedelta(days=1)))
        yield month, part
        month = following


def _totals(costs: Sequence[CostRow]) -> Iterator[Total]:
    for row in costs:
        if row.currency is not None:
            low, high = row.cost_low or 0, row.cost_high or 0
            yield Total(row.currency, row.cost or 0, low, high, row.requests, row.review)


def _unknown(costs: Sequence[CostRow]) -> int:
    return sum(row.unpriced for row in costs)


def _converted(found: Workings, reader: Reader, root: Path, asked: Asked, tell: Tell) -> Workings:
    target = str(asked.currency)
    rates = read_rates(root, {*(total.currency for total in found.totals), target}, tell=tell)
    days = sorted({(row.metered.currency, row.day) for row in found.rows if row.metered.currency})
    exchange = {(currency, day): _exchange(rates, currency, target, day) for currency, day in days}
    parts = converted_by(reader, (), asked.scope, target, rates).values()
    return found._replace(target=target, exchange=exchange, converted=whole(list(parts)).exact)


def _exchange(rates: Rates, currency: str, target: str, day: date) -> Exchange:
    known = rate_at(rates, currency, target, day)
    if known is None:
        return Exchange(None, "no rate is known", None)
    sources = dict.fromkeys(leg.source for leg in known.legs)
    return Exchange(
        known.rate, "; ".join(sources) or "the same currency", min((leg.known for leg in known.legs), default=day)
    )
