"""Traffic as a scenario takes it, and what of it the scenario cannot tell apart, summed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from planning.scenario_rates import Edges, Finder, Place, Terms, located
from pricing.traffic_cells import Billed, Cell

Pair = tuple[str | None, str | None]


class Calls(NamedTuple):
    """Calls that no state of a scenario prices differently."""

    seller: str | None
    model: str | None
    team: str | None
    tier: str
    kind: str
    currency: str | None
    reason: str | None
    failed: bool | None
    billed: Billed | None
    terms: Terms
    requests: int
    cost: int | None
    counts: tuple[int, ...]
    lengths: tuple[tuple[int, int], ...]

    @property
    def is_charged(self) -> bool:
        """Whether it is told by tokens what they cost."""
        return self.kind in ("rated", "no rate")


class Setting(NamedTuple):
    """What cells are summed for: where their calls may go, and by which rates."""

    finder: Finder
    places: Mapping[Pair, Sequence[Place]]
    edges: Mapping[Pair, Edges]
    tiers: tuple[str, ...]
    """Tiers that calls may be put on, beside their own."""


def summed(cells: Iterable[Cell], rates: Mapping[int, Billed], setting: Setting) -> list[Calls]:
    """The cells, those as one that every state of the scenario prices alike."""
    sums: dict[tuple[object, ...], Calls] = {}
    for cell in cells:
        pair = cell.seller, cell.model
        edges = setting.edges.get(pair)
        terms = setting.finder.terms(pair, (cell.org, cell.team, cell.region), edges)
        terms = located(terms, edges, cell.stretch, cell.hours, cell.size)
        calls = Calls(
            cell.seller, cell.model, cell.team, cell.tier, cell.kind, cell.currency, cell.reason, cell.failed,
            rates.get(cell.rate_id) if cell.rate_id is not None else None, terms, cell.requests, cell.cost,
            cell.counts, cell.lengths,
        )  # fmt: skip
        found = (
            rate and rate.digest
            for place in setting.places[pair]
            for tier in (cell.tier, *setting.tiers)
            for rate in (setting.finder.find(terms, place, tier),)
        )
        key = (*calls[:8], cell.rate_id, cell.used, cell.single, *(found if calls.is_charged else ()))
        sums[key] = _added(sums[key], calls) if key in sums else calls
    return list(sums.values())


def _added(one: Calls, other: Calls) -> Calls:
    lengths = tuple((a + c, b + d) for (a, b), (c, d) in zip(one.lengths, other.lengths, strict=True))
    return one._replace(
        requests=one.requests + other.requests,
        cost=None if one.cost is None or other.cost is None else one.cost + other.cost,
        counts=tuple(map(int.__add__, one.counts, other.counts)),
        lengths=lengths,
    )
