"""What changed in spend and why: two stretches of days side by side, causes that add up, and who moved most."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from analysis.drivers import Cause, Driver, Part, Span, causes
from app.morning_days import Pair, Step, Stretch, pair_of
from warehouse.connection import Reader
from warehouse.cost import CostRow, cost_by
from warehouse.drivers import count_retries, read_parts
from warehouse.scope import Scope
from warehouse.traffic import traffic_span

CAUSES: tuple[Cause, ...] = ("requests", "retries", "tokens per request", "cache share", "mix", "price")
"""Every cause, in the order in which each takes its new value."""
KINDS = ("model", "team", "project")
"""What may have moved."""
MOST_MOVERS = 6
Values = tuple[tuple[str, tuple[str, ...]], ...]
"""The values wanted of some dimensions, as a scope has them."""


class Moved(NamedTuple):
    """What one cause made of the difference, with what it was and is; amounts in pico-units."""

    cause: Cause
    pico: int
    was: Fraction | None
    now: Fraction | None


class Mover(NamedTuple):
    """What one model, team or project cost before and now, in pico-units."""

    kind: str
    name: str | None
    before: int
    now: int

    @property
    def difference(self) -> int:
        """How much more it costs."""
        return self.now - self.before


class Change(NamedTuple):
    """The difference in one currency, in pico-units; the causes add up to it."""

    currency: str
    before: int
    now: int
    causes: tuple[Moved, ...]
    movers: tuple[Mover, ...]
    """The largest difference first."""

    @property
    def difference(self) -> int:
        """How much more the days cost."""
        return self.now - self.before


class Changed(NamedTuple):
    """What changed from some days to others."""

    pair: Pair
    why_not: str | None
    """Why there is nothing to compare; None where there is."""
    changes: tuple[Change, ...]
    """Per currency, the one in which most was spent first."""
    unknown: tuple[int, int]
    """Calls of unknown cost, before and now: they are in no amount."""


def read_change(reader: Reader, step: Step, values: Values, today: date) -> Changed | None:
    """What changed in the traffic with these values, in one borrowed connection; None where no call is loaded."""
    span = traffic_span(reader, today)
    if span.begun is None or span.first is None:
        return None
    pair = pair_of(step, span.begun)
    if why_not := _why_not(pair, span.first):
        return Changed(pair, why_not, (), (0, 0))
    before, now = (cost_by(reader, (), scope_of(days, values)) for days in (pair.before, pair.now))
    names = sorted({row.currency for row in [*before, *now] if row.currency})
    sums = {name: (_cost_in(before, name), _cost_in(now, name)) for name in names}
    movers = _movers(reader, pair, values)
    changes = [
        Change(name, *sums[name], _causes(reader, pair, values, name), _largest(movers, name))
        for name in sorted(names, key=lambda name: (-sum(sums[name]), name))
    ]
    unknown = sum(row.unpriced for row in before), sum(row.unpriced for row in now)
    return Changed(pair, None, tuple(changes), unknown)


def scope_of(days: Stretch, values: Values) -> Scope:
    """These days of the traffic with these values."""
    return Scope(days.first, days.last, values)


def _why_not(pair: Pair, first: date) -> str | None:
    if first > pair.now.last:
        return f"the data begins on {first}, and no day of it is whole yet"
    if first > pair.before.first:
        return f"the data begins on {first}, and the days to compare with on {pair.before.first}"
    return None


def _cost_in(rows: Sequence[CostRow], currency: str) -> int:
    return sum(row.cost or 0 for row in rows if row.currency == currency)


def _causes(reader: Reader, pair: Pair, values: Values, currency: str) -> tuple[Moved, ...]:
    spans = [_span(reader, scope_of(days, values), currency) for days in (pair.before, pair.now)]
    found = {driver.cause: driver for driver in causes(*spans)}
    return tuple(whole([found.get(cause) or Driver(cause, None, Fraction(0), None, None) for cause in CAUSES]))


def whole(drivers: Sequence[Driver]) -> list[Moved]:
    """Causes in whole pico-units: their running sums are rounded, so that they still add up to the difference."""
    found, exact, told = [], Fraction(0), 0
    for driver in drivers:
        exact += driver.pico
        found.append(Moved(driver.cause, round(exact) - told, driver.was, driver.now))
        told = round(exact)
    return found


def _span(reader: Reader, scope: Scope, currency: str) -> Span:
    """All days of a stretch as if they were one: the causes are of the whole difference."""
    assert scope.since is not None  # a stretch has both ends
    parts = tuple(Part._make(row[1:]) for row in read_parts(reader, scope, scope.since, currency))
    return Span(1, parts, count_retries(reader, scope, scope.since, currency)[1])


def _movers(reader: Reader, pair: Pair, values: Values) -> dict[str, list[Mover]]:
    """Everything that moved, by currency."""
    found: dict[str, list[Mover]] = {}
    for kind in KINDS:
        sums: dict[tuple[str, str | None], list[int]] = {}
        for place, days in enumerate((pair.before, pair.now)):
            for row in cost_by(reader, (kind,), scope_of(days, values)):
                if row.currency and row.cost is not None:
                    sums.setdefault((row.currency, row.group[0]), [0, 0])[place] += row.cost
        for (currency, name), costs in sums.items():
            # The only one there is has all of the difference, and says nothing.
            if sum(other == currency for other, _ in sums) > 1:
                found.setdefault(currency, []).append(Mover(kind, name, *costs))
    return found


def _largest(movers: dict[str, list[Mover]], currency: str) -> tuple[Mover, ...]:
    moved = [each for each in movers.get(currency, ()) if each.difference]
    order = sorted(moved, key=lambda each: (-abs(each.difference), KINDS.index(each.kind), each.name or ""))
    return tuple(order[:MOST_MOVERS])
