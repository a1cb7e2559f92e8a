"""Waiting for room: calls that a client keeps in a queue, first in, first out, until the limits let them begin."""

from collections import deque
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from planning.capacity import MINUTE_US, Calls, Caps, share_over

SECOND_US = 1_000_000


class Waits(NamedTuple):
    """How long calls wait in the queue, in seconds, those that begin at once too."""

    mean: float
    middle: float
    most: float
    """95% wait no longer."""
    longest: float
    waited: float
    """Share of the calls that wait at all."""
    never: int
    """Calls that no queue helps: each alone is more than a minute's tokens. They are in no other figure."""
    at_end: float
    """How long the last call waits: about as long as the longest where the queue only grows."""


def wait_for(calls: Calls, caps: Caps) -> Waits:
    """The waits of each call under all limits at once."""
    fits = calls.tokens <= caps.tpm if caps.tpm is not None else np.ones(len(calls.tokens), dtype=np.bool_)
    kept = Calls(*(None if part is None else part[fits] for part in calls))  # type: ignore[arg-type]
    never = int(len(fits) - fits.sum())
    if not len(kept.start_us) or share_over(kept, caps) == 0:
        return Waits(0.0, 0.0, 0.0, 0.0, 0.0, never, 0.0)
    waits = (np.array(_begins(kept, caps), dtype=np.int64) - kept.start_us) / SECOND_US
    middle, most = np.quantile(waits, (0.5, 0.95), method="inverted_cdf")
    return Waits(
        float(waits.mean()), float(middle), float(most), float(waits.max()), float((waits > 0).mean()), never,
        float(waits[-1]),
    )  # fmt: skip


def _begins(calls: Calls, caps: Caps) -> list[int]:
    """When each call may begin."""
    queue = _Queue(caps)
    durations = [0] * len(calls.start_us) if calls.duration_us is None else calls.duration_us.tolist()
    return [
        queue.begin(start, tokens, duration)
        for start, tokens, duration in zip(calls.start_us.tolist(), calls.tokens.tolist(), durations, strict=True)
    ]


class _Queue:
    """What the last minute holds, and what is under way."""

    def __init__(self, caps: Caps) -> None:
        self.caps = caps
        self.now = -(2**62)
        self.minute: deque[tuple[int, int]] = deque()
        self.tokens = 0
        self.ends: list[int] = []

    def begin(self, at: int, tokens: int, duration: int) -> int:
        """Wait until there is room, and begin."""
        self.now = max(self.now, at)
        self._let_go()
        while (until := self._full_until(tokens)) is not None:
            self.now = until
            self._let_go()
        self.minute.append((self.now, tokens))
        self.tokens += tokens
        heappush(self.ends, self.now + duration)
        return self.now

    def _let_go(self) -> None:
        while self.minute and self.minute[0][0] <= self.now - MINUTE_US:
            self.tokens -= self.minute.popleft()[1]
        while self.ends and self.ends[0] <= self.now:
            heappop(self.ends)

    def _full_until(self, tokens: int) -> int | None:
        """When something ends that is in the way; None where there is room."""
        rpm, tpm, concurrency = self.caps
        if rpm is not None and len(self.minute) >= rpm or tpm is not None and self.tokens + tokens > tpm:
            return self.minute[0][0] + MINUTE_US
        if concurrency is not None and len(self.ends) >= concurrency:
            return self.ends[0]
        return None
