"""Chance that is the same every time: seeded by what is drawn for, never by when or beside what it is drawn."""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TAIL = 8.0
"""Degrees of freedom of Student's t: big shocks come oftener than a bell curve allows."""

KEPT_WEEKS, KEPT_PATHS = 5, 300
"""Draws of so many are kept, 12 kB each."""


def generator(*purpose: str) -> np.random.Generator:
    """A stream of its own for each purpose."""
    digest = hashlib.sha256("\x1f".join(purpose).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def normals(paths: int, weeks: int, *purpose: str) -> Floats:
    """(weeks, paths): what is drawn for a week does not depend on how many weeks follow."""
    if weeks <= KEPT_WEEKS and paths <= KEPT_PATHS:
        return _kept_normals(paths, purpose)[:weeks]
    return generator(*purpose).standard_normal((weeks, paths))


@lru_cache(maxsize=500)
def _kept_normals(paths: int, purpose: tuple[str, ...]) -> Floats:
    """Those of short and few paths: a forecast is tried on the same ones as of many days of the past."""
    found = generator(*purpose).standard_normal((KEPT_WEEKS, paths))
    found.setflags(write=False)
    return found


@lru_cache(maxsize=4)
def tails(paths: int) -> Floats:
    """What makes Student's t of a path's normals: the same for all series and weeks."""
    found: Floats = np.sqrt(TAIL / generator("tail").chisquare(TAIL, paths))
    found.setflags(write=False)
    return found


def picks(paths: int, blocks: int) -> Floats:
    """(blocks, paths) from 0 to 1: where in the history a block begins, the same for all series."""
    return generator("days").random((blocks, paths))
