"""Whether the book-keeping of a loop holds on a route at all: its first calls say so."""

from typing import NamedTuple

import numpy as np

from analysis.loops import Ints, Mask

FIRST = 200
"""So many checkable calls of a route are looked at first."""
MOST = 0.01
"""Where a larger share of them breaks the rule, it does not hold on that route."""


class Tried(NamedTuple):
    """What the first checkable calls of a route came to."""

    checked: int = 0
    broken: int = 0
    beside: tuple[int, ...] = ()
    """Tokens that came in beside the answer, of those that keep the rule."""

    @property
    def holds(self) -> bool:
        """Whether the rule holds on the route; nothing is known of one without a checkable call."""
        return self.checked > 0 and self.broken <= MOST * self.checked

    @property
    def usual(self) -> int:
        """The median of what comes in beside an answer."""
        return int(np.median(self.beside)) if self.beside else 0


class Calibration:
    """The first checkable calls of every route, in the order in which they are added."""

    def __init__(self) -> None:
        self._tried: dict[int, Tried] = {}

    def add(self, route: Ints, checkable: Mask, found: Mask, beside: Ints) -> None:
        """Look at calls that follow on those added before."""
        wanted = np.flatnonzero(checkable)
        for each in np.unique(route[wanted]).tolist():
            tried = self._tried.get(each, Tried())
            first = wanted[route[wanted] == each][: FIRST - tried.checked]
            if len(first):
                kept = tuple(beside[first[~found[first]]].tolist())
                broken = int(found[first].sum())
                self._tried[each] = Tried(tried.checked + len(first), tried.broken + broken, tried.beside + kept)

    def of(self, route: int) -> Tried:
        """What a route came to."""
        return self._tried.get(route, Tried())

    def holding(self) -> frozenset[int]:
        """The routes on which the rule holds."""
        return frozenset(route for route, tried in self._tried.items() if tried.holds)
