"""Traffic as the warehouse sums it and a scenario takes it: calls that are alike in all that may price them."""

from typing import NamedTuple


class Cell(NamedTuple):
    """Calls on equal terms, as priced."""

    seller: str | None
    model: str | None
    team: str | None
    org: str | None
    region: str | None
    tier: str
    context_bucket: int | None
    kind: str
    """``rated``, ``free``, ``no rate`` (the tokens are known), ``unknown``."""
    rate_id: int | None
    currency: str | None
    reason: str | None
    failed: bool | None
    """None: not told apart."""
    stretch: int
    """How many of the times they come after."""
    hours: tuple[int, ...]
    """Per zone, how many of its minutes of the week they come after."""
    size: int
    """How many of the sizes they reach."""
    used: int
    """Which of the meters that are lacking they use, a bit each."""
    single: str | None
    """One call of its own, whose input is below nothing."""
    requests: int
    cost: int | None
    """As priced, in pico-units."""
    counts: tuple[int, ...]
    """What they are charged for, in METERS order."""
    lengths: tuple[tuple[int, int], ...] = ()
    """Per cap: output tokens of the answers up to it, and how many answers are longer."""


class Billed(NamedTuple):
    """A rate that calls were billed at."""

    digest: str
    currency: str
    pico: tuple[int | None, ...]
