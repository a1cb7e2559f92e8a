"""What the sellers did: a row for each attempt, whoever was there to hear of it."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.sellers.plan import Plan, Tokens


@dataclass
class Attempt:
    """One request that arrived."""

    plan: Plan
    number: int
    """Of this attempt, counted from 1."""
    seller: str
    api: str
    """``chat``, ``responses`` or ``messages``."""
    request: dict[str, Any]
    """The body as it arrived."""
    headers: dict[str, str]
    request_id: str
    response_id: str
    status: int | None = None
    """None: no answer began."""
    outcome: str = "open"
    """``ok``; ``error`` (a status or an event says so), ``cut`` (the seller closed), ``left`` (the client did)."""
    made: Tokens | None = None
    """What the seller worked through, and would bill; None: it refused the call."""
    sent: Tokens | None = None
    """What of it stood in the bytes that were sent: what a recorder can know. None: no count was sent."""
    answered: Counter[str] = field(default_factory=Counter)
    """Code points that were sent, by kind: ``text``, ``reasoning``, ``tool_call`` (its name and arguments)."""

    @property
    def stream(self) -> bool:
        """Whether the caller asked for a stream."""
        return bool(self.request.get("stream"))


class Ledger:
    """All attempts, in the order in which they arrived."""

    def __init__(self) -> None:
        self._rows: list[Attempt] = []
        self._numbers: Counter[str] = Counter()
        self._lock = threading.Lock()

    def next_number(self, ref: str) -> int:
        """Of the next attempt of a call, counted from 1."""
        with self._lock:
            self._numbers[ref] += 1
            return self._numbers[ref]

    def add(self, row: Attempt) -> None:
        """Keep an attempt; its outcome is filled in while it is answered."""
        with self._lock:
            self._rows.append(row)

    def rows(self, *, within_s: float = 10) -> list[Attempt]:
        """All attempts, none of them open: a server may still be noticing that its client has left."""
        until = time.monotonic() + within_s
        while any(row.outcome == "open" for row in self._rows) and time.monotonic() < until:
            time.sleep(0.005)
        with self._lock:
            still = [f"{row.seller} {row.plan.faults}" for row in self._rows if row.outcome == "open"]
            assert not still, f"not yet at an end: {still[:5]}"
            return list(self._rows)

    def of(self, ref: str) -> list[Attempt]:
        """The attempts of one call, first to last."""
        return [row for row in self.rows() if row.plan.ref == ref]
