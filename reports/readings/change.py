"""Why a period cost more or less than the one before it: by how much was used, of what, and at which rates."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from analysis.drivers import Driver, Part, Span, causes, parts
from reports.readings.periods import Days
from warehouse.connection import Reader
from warehouse.drivers import count_retries, read_parts
from warehouse.scope import Scope


class Cause(NamedTuple):
    """One reason, with its part of the difference in pico-units; the causes add up to the difference exactly."""

    name: str
    pico: int
    was: Fraction | None
    now: Fraction | None


class Moved(NamedTuple):
    """A model, team or seller whose cost moved; pico-units."""

    kind: str
    name: str
    before: int
    now: int


class Change(NamedTuple):
    """What calls cost in one currency on two stretches of days; pico-units."""

    currency: str
    before: int
    now: int
    causes: tuple[Cause, ...]
    moved: tuple[Moved, ...]
    """Largest difference first."""


def read_changes(
    reader: Reader, scope: Scope, days: Days, before: Days, currencies: Iterable[str]
) -> tuple[Change, ...]:
    """The change in each currency: amounts are compared as they were billed, so that no exchange rate is in it."""
    return tuple(
        change_of(currency, _span(reader, scope, before, currency), _span(reader, scope, days, currency))
        for currency in currencies
    )


def change_of(currency: str, before: Span, now: Span) -> Change:
    """The change between two spans that are taken whole, each as one day: no mean is in it."""
    was, is_now = _cost(before), _cost(now)
    moved = [
        Moved(driver.cause, driver.name or "", round(driver.was or 0), round(driver.now or 0))
        for driver in parts(before, now)
    ]
    ranked = sorted(moved, key=lambda each: (-abs(each.now - each.before), each.kind, each.name))
    return Change(currency, was, is_now, whole_causes(causes(before, now)), tuple(ranked))


def whole_causes(found: Sequence[Driver]) -> tuple[Cause, ...]:
    """Fractions as whole pico-units that still add up: what is rounded is the running sum."""
    sums = [0, *(round(total) for total in accumulate(driver.pico for driver in found))]
    return tuple(
        Cause(driver.cause, after - before, driver.was, driver.now)
        for driver, before, after in zip(found, sums, sums[1:], strict=False)
    )


def _span(reader: Reader, scope: Scope, days: Days, currency: str) -> Span:
    within = scope._replace(since=days.first, until=days.last)
    rows = read_parts(reader, within, days.first, currency)
    retries = count_retries(reader, within, days.first, currency)[1]
    return Span(1, tuple(Part._make(row[1:]) for row in rows), retries)


def _cost(span: Span) -> int:
    return sum(sum(part.costs) for part in span.parts)
