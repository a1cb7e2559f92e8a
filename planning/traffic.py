"""Whole days of traffic, cell by cell, as a projection takes them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing.meters import METERS

MEASURES = ("requests", *METERS)
"""What is counted of a cell and day: calls, then what they are charged for, in METERS order."""
REQUESTS = MEASURES.index("requests")
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Cell(NamedTuple):
    """The finest traffic that is forecast on its own."""

    seller: str | None
    model: str | None
    team: str | None


class Traffic(NamedTuple):
    """Whole days of some cells, and what is seen so far of the day after."""

    first: date
    """The billing day of the first column."""
    cells: tuple[Cell, ...]
    counts: Counts
    """(cells, MEASURES, days)."""
    known: Mask
    """(cells, days): whether a day counts. Not before a cell's first call, nor where an event takes it out."""
    shaped: Mask
    """(cells, days): whether a day tells how weekdays differ; before a launch or a migration it still does."""
    begun: Counts
    """(cells, MEASURES): what is seen so far of the day after the last whole one."""

    @property
    def days(self) -> int:
        """How many whole days there are."""
        return int(self.counts.shape[2])

    @property
    def through(self) -> date:
        """The last whole day; the day before ``first`` where there is none."""
        return self.first + timedelta(days=self.days - 1)

    def until(self, last: date) -> "Traffic":
        """The same as it stood at the end of a day: later days are cut off, and nothing of the next is seen."""
        count = max(0, (last - self.first).days + 1)
        return self._replace(
            counts=self.counts[:, :, :count],
            known=self.known[:, :count],
            shaped=self.shaped[:, :count],
            begun=np.zeros_like(self.begun),
        )

    def at(self, places: Sequence[int]) -> "Traffic":
        """The same of some cells alone."""
        held = list(places)
        return self._replace(
            cells=tuple(self.cells[place] for place in held),
            counts=self.counts[held],
            known=self.known[held],
            shaped=self.shaped[held],
            begun=self.begun[held],
        )


def traffic_of(first: date, cells: tuple[Cell, ...], counts: Counts, begun: Counts) -> Traffic:
    """Traffic without events: a cell's days count from its first call on."""
    begins = np.cumsum(counts[:, REQUESTS, :], axis=1) > 0
    return Traffic(first, cells, counts, begins, begins.copy(), begun)
