"""What each cell's tokens will cost, day by day: the dated rates, weighed by the mix of the last days.

The mix is that of tiers, regions, sizes of input and hours of the day. A day on which a rate begins or ends is
priced hour by hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from planning.traffic import REQUESTS, Cell
from pricing.call_terms import CallTerms
from pricing.cells import ANY
from pricing.cost import FEES
from pricing.meters import METERS
from pricing.rates import Rate
from pricing.spans import RateFinder
from pricing.week import minute_of_week

BUCKET_LEAST = (0, 32_001, 100_001, 128_001, 200_001, 256_001, 272_001, 512_001)
"""The smallest input, in tokens, of each context bucket of the rollups: no card's step lies inside one."""
NOON = 12


class Share(NamedTuple):
    """Calls of one cell on equal terms, over the days that the mix is taken from."""

    cell: Cell
    org: str | None
    region: str | None
    tier: str
    context_bucket: int | None
    hour: int
    """Of the day, on the billing zone's clock."""
    counts: tuple[int, ...]
    """In MEASURES order."""


class Prices(NamedTuple):
    """Pico-units per token or unit: ``pico[currency]`` is (cells, METERS, days), 0 where nothing is charged in it."""

    first: date
    pico: dict[str, NDArray[np.int64]]
    unpriced: NDArray[np.float64]
    """(cells, days): the share of a cell's calls that no rate prices."""
    changes: tuple["Change", ...]
    """Rates that begin within the days, in order."""

    def at(self, places: Sequence[int]) -> "Prices":
        """The same of some cells alone."""
        held = list(places)
        pico = {currency: grid[held] for currency, grid in self.pico.items()}
        return self._replace(pico=pico, unpriced=self.unpriced[held])


class Change(NamedTuple):
    """A rate that takes over from another within the projected days."""

    at: datetime
    """Naive UTC."""
    seller: str
    model: str
    rate: Rate | None
    """The one that begins; None: a rate ends, and none follows."""


class Horizon(NamedTuple):
    """The billing days that are projected."""

    first: date
    days: int
    zone: str


class _Edges(NamedTuple):
    """When the rates of one seller and model change, and whose wall clocks tell their hours."""

    at: tuple[datetime, ...]
    zones: tuple[str, ...]
    """Empty: they are the same at every hour."""


def future_prices(cells: Sequence[Cell], mix: Iterable[Share], rates: Iterable[Rate], horizon: Horizon) -> Prices:
    """Prices of the cells on the days of a horizon; a cell that the mix lacks is priced on plain terms."""
    first, days, zone = horizon
    sellers = {cell.seller for cell in cells}
    finder = RateFinder(rate for rate in rates if rate.seller in sellers)
    shares: dict[Cell, list[Share]] = defaultdict(list)
    for share in mix:
        shares[share.cell].append(share)
    hours = [_hours_of(first + timedelta(days=number), zone) for number in range(days)]
    pico: dict[str, NDArray[np.int64]] = {}
    unpriced = np.zeros((len(cells), days))
    for place, cell in enumerate(cells):
        edges = _edges(finder, cell, hours)
        known: dict[object, _Priced] = {}
        for number, starts in enumerate(hours):
            key = _stretch(edges, starts, number)
            if key not in known:
                known[key] = _price(finder, shares.get(cell) or [_plain(cell)], starts)
            for currency, figures in known[key].pico.items():
                grid = pico.setdefault(currency, np.zeros((len(cells), len(METERS), days), dtype=np.int64))
                grid[place, :, number] = figures
            unpriced[place, number] = known[key].unpriced
    return Prices(first, pico, unpriced, tuple(_changes(finder, cells, hours)))


class _Priced(NamedTuple):
    pico: dict[str, list[int]]
    unpriced: float


def _hours_of(day: date, zone: str) -> tuple[datetime, ...]:
    """When each hour of a billing day begins (naive UTC), and last when the day ends; an hour that a clock skips
    begins when the next does.
    """
    local = ZoneInfo(zone)
    starts = [datetime.combine(day, time(hour), local) for hour in range(24)]
    starts.append(datetime.combine(day + timedelta(days=1), time(), local))
    return tuple(at.astimezone(UTC).replace(tzinfo=None) for at in starts)


def _edges(finder: RateFinder, cell: Cell, hours: Sequence[tuple[datetime, ...]]) -> _Edges:
    if cell.seller is None or cell.model is None or not hours:
        return _Edges((), ())
    held = finder.spans_of(cell.seller, cell.model)
    at = {edge for span in held for edge in (span.valid_from, span.valid_until)}
    within = tuple(sorted(edge for edge in at if hours[0][0] < edge < hours[-1][-1]))
    return _Edges(within, tuple(sorted({span.zone for span in held if span.zone is not None})))


def _stretch(edges: _Edges, starts: tuple[datetime, ...], number: int) -> object:
    """Days with an equal key have equal prices: between the same edges, their hours at the same time of the week."""
    if any(starts[0] < edge < starts[-1] for edge in edges.at):
        return number
    return sum(edge <= starts[0] for edge in edges.at), *(_week_hours(starts, zone) for zone in edges.zones)


@lru_cache(maxsize=2_000)
def _week_hours(starts: tuple[datetime, ...], zone: str) -> tuple[int, ...]:
    """Where in the week a day's hours begin on a zone's wall clock."""
    return tuple(minute_of_week(at, zone) for at in starts)


def _price(finder: RateFinder, shares: Sequence[Share], starts: tuple[datetime, ...]) -> _Priced:
    """The mean rate of each meter, weighed by the tokens that the shares have of it."""
    sums: dict[str, list[int]] = {}
    weights = [sum(share.counts[1 + meter] for share in shares) for meter in range(len(METERS))]
    requests, missing = sum(share.counts[REQUESTS] for share in shares), 0
    # A meter that the last days did not use is priced as their calls would be.
    used = [(1 + meter, weight) if weight else (REQUESTS, requests) for meter, weight in enumerate(weights)]
    for share in shares:
        rate = _rate_of(finder, share, starts[share.hour])
        if rate is None:
            missing += share.counts[REQUESTS]
            continue
        total = sums.setdefault(rate.currency, [0] * len(METERS))
        for meter, pico in enumerate(rate.pico):
            total[meter] += (pico or 0) * share.counts[used[meter][0]]
    figures = {
        currency: [
            round(Fraction(figure, whole)) if whole else 0 for figure, (_, whole) in zip(total, used, strict=True)
        ]
        for currency, total in sums.items()
    }
    return _Priced(figures, missing / requests if requests else 1.0)


def _rate_of(finder: RateFinder, share: Share, at: datetime) -> Rate | None:
    """The rate of calls on these terms; None where there is none, or it does not sell a meter that they use."""
    if share.cell.seller is None or share.cell.model is None:
        return None
    size = BUCKET_LEAST[share.context_bucket or 0]
    terms = CallTerms(
        share.cell.seller, share.cell.model, at, size, share.tier,
        share.region or ANY, share.org or ANY, share.cell.team or ANY,
    )  # fmt: skip
    rate = finder.find(terms)
    if rate is None:
        return None
    for meter, used, pico in zip(METERS, share.counts[1:], rate.pico, strict=True):
        if used and pico is None and meter not in FEES:
            return None
    return rate


def _plain(cell: Cell) -> Share:
    return Share(cell, None, None, "standard", 0, NOON, (1, *[0] * len(METERS)))


def _changes(finder: RateFinder, cells: Sequence[Cell], hours: Sequence[tuple[datetime, ...]]) -> list[Change]:
    """What begins or ends within the days, once per seller and model, as calls on plain terms see it."""
    found = []
    for seller, model in sorted({(cell.seller, cell.model) for cell in cells if cell.seller and cell.model}):
        cell = Cell(seller, model, None)
        for at in _edges(finder, cell, hours).at:
            before = _rate_of(finder, _plain(cell), at - timedelta(microseconds=1))
            after = _rate_of(finder, _plain(cell), at)
            if (before and before.digest) != (after and after.digest):
                found.append(Change(at, str(seller), str(model), after))
    return sorted(found, key=lambda change: (change.at, change.seller, change.model))
