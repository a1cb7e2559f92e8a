"""A projection: sample paths of what traffic may come, priced path by path, and added up group by group.

A group's paths are the sum of its cells' paths, so the parts add up to the whole on every path and day.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from planning.course import NANO_IN_PICO, Group, LeftOut, Nano
from planning.paths import Fit, fit
from planning.prices import Prices
from planning.traffic import MEASURES, REQUESTS, Cell, Counts, Traffic
from pricing.errors import PricingError

PATHS = 1000
WEEK = 7
MOST = 2**62
"""Above it a product of tokens and a rate is not told apart from an overflow."""


class Projected(NamedTuple):
    """One group's paths: calls, money by currency, and what of it has no forecast."""

    requests: Counts
    """(paths, days)."""
    nano: dict[str, Nano]
    """By currency: (paths, days)."""
    left_out: dict[str, tuple[LeftOut, ...]]
    unpriced: float
    """Share of the calls, over all paths and days, that no rate prices."""


class TooMuch(PricingError):
    """A cell's tokens times its rate pass what whole numbers of 64 bits hold."""


def project(
    traffic: Traffic, prices: Prices, days: int, groups: Mapping[Group, Sequence[int]], *, paths: int = PATHS
) -> dict[Group, Projected]:
    """Paths of the days after the traffic's last, for groups of places in ``traffic.cells``.

    Raises TooMuch where a day of a cell costs more than four million units.
    """
    sums = {group: _Sum.empty(paths, days) for group in groups}
    holders: dict[int, list[_Sum]] = {place: [] for place in range(len(traffic.cells))}
    for group, places in groups.items():
        for place in places:
            holders[place].append(sums[group])
    series = _series_of(traffic)
    for place, cell in enumerate(traffic.cells):
        if not holders[place]:
            continue
        counts, why = _cell_paths(traffic, series, place, (paths, days))
        money = {currency: _money(counts, pico[place, :, :days]) for currency, pico in prices.pico.items()}
        for held in holders[place]:
            held.add(cell, counts, money, prices.unpriced[place, :days], why)
    return {group: held.projected() for group, held in sums.items()}


class _Series(NamedTuple):
    """The rows of the fit: which measure of which cell each is."""

    fit: Fit
    rows: dict[int, list[tuple[int, int]]]
    """By cell: the row of the fit, and the measure."""


def _series_of(traffic: Traffic) -> _Series:
    """Every measure of a cell that is ever used is a series."""
    used = traffic.counts.any(axis=2) | (traffic.begun > 0)
    used[:, REQUESTS] = True
    places = [(cell, measure) for cell, measure in np.argwhere(used).tolist()]
    rows: dict[int, list[tuple[int, int]]] = {}
    for row, (cell, measure) in enumerate(places):
        rows.setdefault(cell, []).append((row, measure))
    cells = np.array([cell for cell, _ in places], dtype=np.intp)
    measures = np.array([measure for _, measure in places], dtype=np.intp)
    counts = traffic.counts[cells, measures].astype(np.float64)
    values = np.where(traffic.known[cells], counts, np.nan)
    profile = np.where(traffic.shaped[cells], counts, np.nan)
    keys = [repr((*traffic.cells[cell], MEASURES[measure])) for cell, measure in places]
    # A cell's draws are seeded by its name, not by its place: it has the same paths in every company.
    names = [zlib.crc32(repr(tuple(traffic.cells[cell])).encode()) for cell, _ in places]
    return _Series(fit(values, traffic.first.weekday(), keys, names, profile_values=profile), rows)


def _cell_paths(traffic: Traffic, series: _Series, place: int, shape: tuple[int, int]) -> tuple[Counts, str | None]:
    """(MEASURES, paths, days) of one cell, and why it has no forecast where it has none."""
    paths, days = shape
    counts = np.zeros((len(MEASURES), paths, days), dtype=np.int64)
    rows = series.rows[place]
    why = series.fit.why_not[rows[0][0]]
    last = _last_days(traffic, place, days)
    for measure in np.flatnonzero(last.any(axis=1)).tolist():
        counts[measure] = last[measure]
    if why is None:
        # A meter that is new or has ended goes on as in its last days, though its cell has a forecast.
        told = [(row, measure) for row, measure in rows if series.fit.why_not[row] is None]
        sampled = series.fit.sample([row for row, _ in told], days, paths=paths)
        for (_, measure), found in zip(told, sampled, strict=True):
            counts[measure] = found
    if days:
        counts[:, :, 0] = np.maximum(counts[:, :, 0], traffic.begun[place][:, np.newaxis])
    return counts, why


def _last_days(traffic: Traffic, place: int, days: int) -> Counts:
    """(MEASURES, days): the last week that a cell has, again and again; of fewer days, those."""
    held = traffic.counts[place][:, traffic.known[place]][:, -WEEK:]
    if held.shape[1] == 0:
        return np.zeros((len(MEASURES), days), dtype=np.int64)
    repeated: Counts = held[:, np.arange(days) % held.shape[1]]
    return repeated


def _money(counts: Counts, pico: NDArray[np.int64]) -> Nano:
    """(paths, days) in nano-units; every meter's amount is rounded once, half to even."""
    total = np.zeros(counts.shape[1:], dtype=np.int64)
    for meter in np.flatnonzero(pico.any(axis=1)).tolist():
        tokens, rate = counts[1 + meter], pico[meter]
        most = int(tokens.max(initial=0))
        if not most:
            continue
        if most * int(rate.max()) > MOST:
            raise TooMuch("one day of one model costs more than four million: it is past what a projection holds")
        # Most rates are of whole nano-units: there is nothing to round then.
        whole = rate // NANO_IN_PICO
        total += tokens * whole if (whole * NANO_IN_PICO == rate).all() else rounded_nano(tokens * rate)
    return total


def rounded_nano(pico: NDArray[np.int64]) -> Nano:
    """Pico-units as nano-units, half to even."""
    # By a constant alone, a division is several times as quick as one that gives the rest, too.
    whole = pico // NANO_IN_PICO
    rest = pico - whole * NANO_IN_PICO
    half = NANO_IN_PICO // 2
    up: Nano = whole + ((rest > half) | ((rest == half) & (whole & 1 == 1)))
    return up


class _Sum:
    """What the cells of a group add up to."""

    def __init__(self, requests: Counts) -> None:
        self.requests = requests
        self.nano: dict[str, Nano] = {}
        self.left_out: dict[str, list[LeftOut]] = {}
        self.unpriced = 0.0

    @classmethod
    def empty(cls, paths: int, days: int) -> "_Sum":
        return cls(np.zeros((paths, days), dtype=np.int64))

    def add(
        self, cell: Cell, counts: Counts, money: dict[str, Nano], unpriced: NDArray[np.float64], why: str | None
    ) -> None:
        self.requests += counts[REQUESTS]
        self.unpriced += float((counts[REQUESTS] * unpriced).sum())
        for currency, nano in money.items():
            if not nano.any():
                continue
            self.nano[currency] = self.nano[currency] + nano if currency in self.nano else nano
            if why is not None:
                self.left_out.setdefault(currency, []).append(LeftOut(cell, why, tuple(nano[0].tolist())))

    def projected(self) -> Projected:
        whole = int(self.requests.sum())
        left_out = {currency: tuple(cells) for currency, cells in self.left_out.items()}
        return Projected(self.requests, self.nano, left_out, self.unpriced / whole if whole else 0.0)
