"""One group's money in one currency: what was billed, day by day, and what may come."""

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.traffic import Cell

NANO_IN_PICO = 1000
"""Pico-units in a nano-unit. Money on paths is counted in nano-units: 10**-9 of a currency."""
Nano = NDArray[np.int64]


class Group(NamedTuple):
    """Traffic that is added up: ``("all", "")``, ``("model", "step-3.7-flash")``, ``("scope", "3")``."""

    kind: str
    name: str


EVERYTHING = Group("all", "")


class LeftOut(NamedTuple):
    """A cell without a forecast: it is taken to go on as in its last days."""

    cell: Cell
    why: str
    days: tuple[int, ...]
    """What each projected day then costs, in nano-units."""

    @property
    def nano(self) -> int:
        """What that comes to over the days."""
        return sum(self.days)


class Course(NamedTuple):
    """One group's money in one currency."""

    group: Group
    currency: str
    billed_from: date
    billed: tuple[int, ...]
    """Pico-units per billing day, as priced: every day from ``billed_from`` to the newest with data."""
    first: date
    """The first projected day: the one after the last whole day of data."""
    nano: Nano
    """(paths, days): what each path costs on each projected day; the first is at least what was seen of it."""
    left_out: tuple[LeftOut, ...]
    """Cells that the paths hold without a forecast."""
    requests: NDArray[np.int64]
    """(paths, days): calls of this group's traffic, in whatever currency."""
    unpriced: float
    """Share of the projected calls that no rate prices; their cost is in no path."""

    @property
    def last(self) -> date:
        """The last projected day."""
        return self.first + timedelta(days=self.nano.shape[1] - 1)

    def spent(self, first: date, last: date) -> int:
        """Pico-units billed from ``first`` to ``last``, both included; 0 where there is no data."""
        begins, ends = (first - self.billed_from).days, (last - self.billed_from).days + 1
        return sum(self.billed[max(0, begins) : max(0, ends)])

    def left_out_within(self, first: date, last: date) -> tuple[LeftOut, ...]:
        """The cells without a forecast, with what they are taken to cost from ``first`` to ``last``."""
        begins, ends = max(0, (first - self.first).days), max(0, (last - self.first).days + 1)
        return tuple(each._replace(days=each.days[begins:ends]) for each in self.left_out)

    def total(self, first: date, last: date) -> Nano:
        """(paths,): nano-units from ``first`` to ``last``: days before the projected ones as priced, the others as
        on each path. Raises ValueError for a last day after the projected ones.
        """
        if last > self.last:
            raise ValueError(f"{last} is after the last projected day, {self.last}")
        billed = self.spent(first, min(last, self.first - timedelta(days=1)))
        begins, ends = max(0, (first - self.first).days), max(0, (last - self.first).days + 1)
        total: Nano = to_nano(billed) + self.nano[:, begins:ends].sum(axis=1)
        return total


def run_rate(spent: int, days: int, ahead: int) -> int | None:
    """What whole days cost, and their mean for each day ahead: what people reckon in their heads; None without days."""
    return spent + round(Fraction(spent * ahead, days)) if days > 0 else None


def to_nano(pico: int) -> int:
    """Pico-units as nano-units, rounded half to even."""
    whole, rest = divmod(pico, NANO_IN_PICO)
    half = NANO_IN_PICO // 2
    return whole + (rest > half or (rest == half and whole % 2 == 1))
