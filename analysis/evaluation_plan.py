"""An evaluation before anybody runs it: what to try, how often, and how many calls and tokens that is."""

from collections.abc import Sequence
from typing import NamedTuple

from analysis.passes import ENOUGH_PASSES, Passes, half_width_of, passes_needed


class Kind(NamedTuple):
    """One kind of task: so many of them, each so many calls of so many tokens."""

    name: str
    tasks: int
    calls: int
    input: int
    """All input of a call, what is read from a cache included."""
    cached: int
    output: int
    fails: bool = False
    """It is meant to fail: whether it is charged depends on how, and on the seller."""


TEMPLATE = (
    Kind("short text", 15, 1, 300, 0, 400),
    Kind("long context", 10, 1, 60_000, 0, 800),
    Kind("image", 10, 1, 1_500, 0, 400),
    Kind("tool call", 15, 8, 12_000, 9_000, 400),
    Kind("JSON schema", 10, 1, 1_200, 0, 500),
    Kind("failures", 7, 1, 1_000, 0, 100, True),
)
"""What a decision about a model ought to be tried on. The tokens are a guess: put your own in."""
FAILURES = (
    "wrong region or key",
    "input too large",
    "media missing",
    "rate limit",
    "timeout",
    "media refused",
    "client disconnects",
)
"""One failure each."""


class Plan(NamedTuple):
    """How often to run the tasks, and what that shows."""

    kinds: tuple[Kind, ...]
    tiers: int
    wanted: float
    """Half the width of the interval that is wanted, as a share."""
    needed: Passes
    passes: int
    """As many as are needed; where no number is enough, the least that count as a measurement."""
    reached: float
    by_kind: tuple[tuple[str, float], ...]
    """Half the width of each kind's own interval; a kind of fewer than 5 tasks has none."""

    @property
    def runs(self) -> int:
        """Task runs on one seller."""
        return self.passes * self.tiers * sum(kind.tasks for kind in self.kinds)

    @property
    def calls(self) -> int:
        """Calls on one seller."""
        return self.passes * self.tiers * sum(kind.tasks * kind.calls for kind in self.kinds)


def plan(kinds: Sequence[Kind], wanted: float, *, tiers: int = 1, rate: float = 0.5, alike: float = 0.5) -> Plan:
    """The passes for an interval of so much to either side, if so many runs are solved and a task's are so alike."""
    judged = sum(kind.tasks for kind in kinds if not kind.fails)
    needed = passes_needed(judged, wanted, rate=rate, alike=alike)
    passes = needed.passes or ENOUGH_PASSES
    reached = half_width_of(judged, passes, rate=rate, alike=alike) if judged > 1 else 1.0
    by_kind = tuple(
        (kind.name, half_width_of(kind.tasks, passes, rate=rate, alike=alike))
        for kind in kinds
        if not kind.fails and kind.tasks >= ENOUGH_PASSES
    )
    return Plan(tuple(kinds), tiers, wanted, needed, passes, reached, by_kind)
