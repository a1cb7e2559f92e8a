"""The currency that a report shows its figures in, and the exchange rates that say how."""

import hashlib
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from pricing.fx import Converted, Leg, Rates, converted
from warehouse.connection import Reader
from warehouse.converted import Cell, converted_by, whole
from warehouse.fx import read_rates
from warehouse.locks import Tell
from warehouse.scope import Scope


class Into(NamedTuple):
    """A target currency. Conversion is for display alone: each day at its own rate."""

    currency: str
    rates: Rates

    def by(self, reader: Reader, dimensions: Iterable[str], scope: Scope) -> dict[Cell, Converted]:
        """Every group of calls with a cost, converted."""
        return converted_by(reader, tuple(dimensions), scope, self.currency, self.rates)

    def amounts(self, amounts: Iterable[tuple[str, date, int]]) -> Converted:
        """The sum of amounts (currency, day, pico-units)."""
        return converted(amounts, self.currency, self.rates)

    def digest(self, legs: Iterable[Leg]) -> str:
        """SHA-256 of the exchange rates that figures rest on: pair, day, source and the rate itself."""
        lines = sorted(f"{'/'.join(leg.pair)} {leg.known} {leg.source} {self._rate(leg)}" for leg in {*legs})
        return hashlib.sha256("\n".join(dict.fromkeys(lines)).encode()).hexdigest()

    def _rate(self, leg: Leg) -> Fraction:
        known = [each for series in self.rates for each in series.get(leg.pair, ())]
        return next(each.rate for each in known if (each.day, each.source) == (leg.known, leg.source))


def read_into(root: Path, target: str | None, currencies: Iterable[str | None], *, tell: Tell) -> Into | None:
    """The target with every rate that converting these currencies may need; None without a target."""
    if target is None:
        return None
    return Into(target, read_rates(root, {target, *(code for code in currencies if code)}, tell=tell))


__all__ = ["Converted", "Into", "read_into", "whole"]
