"""What a seller's limits let through: calls replayed through sliding minutes of requests, tokens and concurrency."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

MINUTE_US = 60_000_000
"""A limit per minute counts the 60 seconds up to and with a call; one of exactly 60 seconds ago is out."""
Kind = Literal["rpm", "tpm", "concurrency"]
KINDS: tuple[Kind, ...] = ("rpm", "tpm", "concurrency")
Whole = NDArray[np.int64]


class Caps(NamedTuple):
    """What one tier allows; None: no such limit is known, which is not the same as none."""

    rpm: int | None = None
    tpm: int | None = None
    concurrency: int | None = None

    def of(self, kind: Kind) -> int | None:
        """The one figure."""
        found = getattr(self, kind)
        return None if found is None else int(found)


class Calls(NamedTuple):
    """Calls in the order in which they begin."""

    start_us: Whole
    tokens: Whole
    """Input, cached too, and output, of each."""
    duration_us: Whole | None = None
    """How long each took; None where that is not known, and then nothing is known of concurrency."""

    @property
    def minutes(self) -> float:
        """From the first to the last; at least one minute."""
        return max(1.0, float(self.start_us[-1] - self.start_us[0]) / MINUTE_US) if len(self.start_us) else 1.0

    @property
    def rate(self) -> float:
        """Calls a minute, in the mean over all of the time, nights too."""
        return len(self.start_us) / self.minutes


class Use(NamedTuple):
    """How one limit stands against the calls."""

    kind: Kind
    limit: int
    over: float
    """Share of the calls that begin when the limit is full, or that fill it to more than it holds."""
    peak: int
    """What the fullest minute, or moment, would hold."""

    @property
    def filled(self) -> float:
        """The fullest minute against the limit: 1 is full."""
        return self.peak / self.limit


def calls_of(start_us: Whole, tokens: Whole, duration_us: Whole | None = None) -> Calls:
    """Calls in any order, put in order."""
    order = np.argsort(start_us, kind="stable")
    return Calls(start_us[order], tokens[order], None if duration_us is None else duration_us[order])


def before_each(calls: Calls) -> Whole:
    """How many other calls began within the minute up to each."""
    first = np.searchsorted(calls.start_us, calls.start_us - MINUTE_US, side="right")
    return np.arange(len(first), dtype=np.int64) - first


def load_at_each(calls: Calls, kind: Kind) -> Whole | None:
    """What of a kind is in use as each call begins, its own share with it; None where that cannot be known."""
    if kind == "rpm":
        return before_each(calls) + 1
    if kind == "tpm":
        sums = np.concatenate([[0], np.cumsum(calls.tokens)])
        first = np.searchsorted(calls.start_us, calls.start_us - MINUTE_US, side="right")
        found: Whole = sums[1:] - sums[first]
        return found
    if calls.duration_us is None:
        return None
    ended = np.searchsorted(np.sort(calls.start_us + calls.duration_us), calls.start_us, side="right")
    begun = np.arange(1, len(ended) + 1)
    under_way: Whole = np.maximum(begun - ended, 1)
    return under_way


def replay(calls: Calls, caps: Caps) -> tuple[Use, ...]:
    """Each limit against the calls as they came, none held back; a limit that cannot be judged is left out."""
    found = []
    for kind in KINDS:
        limit = caps.of(kind)
        load = load_at_each(calls, kind) if limit is not None and len(calls.start_us) else None
        if limit is not None and load is not None:
            found.append(Use(kind, limit, float(np.mean(load > limit)), int(load.max())))
    return tuple(found)


def share_over(calls: Calls, caps: Caps) -> float:
    """Share of the calls that are over any of the limits."""
    over = np.zeros(len(calls.start_us), dtype=np.bool_)
    for kind in KINDS:
        limit = caps.of(kind)
        load = load_at_each(calls, kind) if limit is not None and len(over) else None
        if limit is not None and load is not None:
            over |= load > limit
    return float(over.mean()) if len(over) else 0.0


def least_cap(calls: Calls, kind: Kind, share: float) -> int | None:
    """The lowest limit of a kind with no more than a share of the calls over it; None where that cannot be known."""
    load = load_at_each(calls, kind) if len(calls.start_us) else None
    if load is None:
        return None
    values, times = np.unique(load, return_counts=True)
    over = (len(load) - np.cumsum(times)) / len(load)
    # Over the highest there is nothing: one is always found.
    return int(values[np.argmax(over <= share)])


def binds_first(uses: tuple[Use, ...]) -> Use | None:
    """The limit that traffic which grows evenly meets first: the one whose fullest minute is nearest to it."""
    return max(uses, key=lambda use: use.filled, default=None)
