"""From as priced to a scenario, kind by kind: steps that add up to the last pico-unit, with what their order makes.

A state is the traffic after the changes of some kinds. Going from none to all kinds one by one, each step is the
difference of two states: so the steps add up in every order, and differ between orders by the order effect alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Literal, NamedTuple

from planning.scenario_changes import Kind
from planning.scenario_state import Priced, Question, state_of
from planning.what_if import Result, by_calls, line_key

BridgeKind = Literal["price", "volume", "mix", "cache", "effort", "retries"]
BRIDGE_KINDS: tuple[BridgeKind, ...] = ("price", "volume", "mix", "cache", "effort", "retries")
"""In the order in which the steps are shown."""
KIND_OF: dict[Kind, BridgeKind] = {
    "drop_failed": "retries",
    "retries": "retries",
    "volume": "volume",
    "media": "volume",
    "move": "mix",
    "effort": "effort",
    "output_cap": "effort",
    "cache": "cache",
    "batch": "price",
    "rates": "price",
    "discount": "price",
}


class Step(NamedTuple):
    """What one kind of change comes to, in pico-units."""

    kind: BridgeKind
    pico: int
    """In the stated order."""
    least: int
    most: int
    """Over all orders."""

    @property
    def order(self) -> int:
        """The order effect: how far the step moves when kinds are taken in other orders."""
        return self.most - self.least

    @property
    def counts(self) -> bool:
        """Whether it comes to anything, in this order or another."""
        return bool(self.pico or self.least or self.most)


class Bridge(NamedTuple):
    """One currency's way from as priced to the scenario: ``billed`` + steps + ``apart`` = ``scenario``."""

    currency: str
    billed: int
    """As priced: all calls of known cost."""
    steps: tuple[Step, ...]
    """Of the kinds that the scenario changes; price always, for rates may have moved since. Over the calls whose cost
    is known on both sides."""
    apart_requests: Fraction
    """Calls whose cost is known on one side alone, or not in between: in no step."""
    apart_billed: int
    """What they were billed, where that is known."""
    apart_scenario: int
    """What they come to under the scenario, where that is known."""
    scenario: int
    known_billed: int
    """What the calls were billed whose cost is known as priced and under the scenario, whatever it is in between."""
    known_scenario: int
    """What they come to under the scenario."""

    @property
    def is_whole(self) -> bool:
        """Whether no call in this currency has a cost on one side alone."""
        return (self.known_billed, self.known_scenario) == (self.billed, self.scenario)

    @property
    def difference(self) -> int | None:
        """What the scenario makes of the calls whose cost is known on both sides; None: there is none that costs."""
        if not self.is_whole and not self.known_billed and not self.known_scenario:
            return None
        return self.known_scenario - self.known_billed

    @property
    def apart(self) -> int:
        """What the calls apart move the total by."""
        return self.apart_scenario - self.apart_billed

    @property
    def adds_up(self) -> bool:
        """Whether it does, to the last pico-unit."""
        return self.billed + sum(step.pico for step in self.steps) + self.apart == self.scenario


Subset = frozenset[BridgeKind]


def bridges_of(asked: Question, result: Result) -> tuple[Bridge, ...]:
    """One bridge per currency, the largest first."""
    named = {KIND_OF[change.kind] for change in asked.scenario.changes} | {"price"}
    kinds = [kind for kind in BRIDGE_KINDS if kind in named]
    subsets = [frozenset(some) for count in range(len(kinds) + 1) for some in combinations(kinds, count)]
    states = {subset: _pieces(asked, subset, is_last=len(subset) == len(kinds)) for subset in subsets}
    ends = states[frozenset()], states[frozenset(kinds)]
    same, both = _known_in(asked, states.values()), _known_in(asked, ends)
    totals = {subset: _totals(found, same) for subset, found in states.items()}
    known = _totals(ends[0], both), _totals(ends[1], both)
    # Calls of unknown cost on either side are on neither.
    apart = [calls for calls in asked.calls if id(calls) not in same and _is_known(calls.cost, states, id(calls))]
    requests = Fraction(sum(calls.requests for calls in apart))
    size = {currency: max(result.billed.get(currency, 0), result.cost.get(currency, 0)) for currency in
            {*result.billed, *result.cost}}  # fmt: skip
    return tuple(
        _bridge(currency, kinds, totals, result, requests)._replace(
            known_billed=known[0].get(currency, 0), known_scenario=known[1].get(currency, 0)
        )
        for currency in sorted(size, key=lambda name: (-size[name], name))
    )


def _known_in(asked: Question, states: Iterable[Mapping[int, list[Priced]]]) -> set[int]:
    """Calls of known cost as priced and in some states; what failed and is dropped costs nothing, which is known."""
    held = list(states)
    return {
        id(calls)
        for calls in asked.calls
        if calls.cost is not None and all(one.cost is not None for found in held for one in found[id(calls)])
    }


def _is_known(billed: int | None, states: Mapping[Subset, Mapping[int, list[Priced]]], calls: int) -> bool:
    last = max(states, key=len)
    return billed is not None or any(one.cost is not None for one in states[last][calls])


def _pieces(asked: Question, kinds: Subset, *, is_last: bool) -> Mapping[int, list[Priced]]:
    numbers = {number for number, change in enumerate(asked.scenario.changes) if KIND_OF[change.kind] in kinds}
    state = state_of(asked, numbers, is_repriced="price" in kinds, is_last=is_last)
    return by_calls(asked.calls, state.priced)


def _totals(pieces: Mapping[int, list[Priced]], same: set[int]) -> dict[str, int]:
    """What the comparable calls come to, by currency: each line rounded once, as in the result."""
    lines: dict[tuple[str | None, ...], Fraction] = {}
    for calls, found in pieces.items():
        for one in found if calls in same else ():
            key = line_key(one)
            lines[key] = lines.get(key, Fraction()) + (one.cost or 0)
    totals: dict[str, int] = {}
    for (*_, currency, _), cost in lines.items():
        if currency is not None:
            totals[currency] = totals.get(currency, 0) + round(cost)
    return totals


def _bridge(
    currency: str,
    kinds: Sequence[BridgeKind],
    totals: Mapping[Subset, Mapping[str, int]],
    result: Result,
    apart_requests: Fraction,
) -> Bridge:
    pico = {subset: total.get(currency, 0) for subset, total in totals.items()}
    steps = []
    for place, kind in enumerate(kinds):
        before = frozenset(kinds[:place])
        moves = [pico[subset | {kind}] - pico[subset] for subset in pico if kind not in subset]
        steps.append(Step(kind, pico[before | {kind}] - pico[before], min(moves), max(moves)))
    billed, scenario = result.billed.get(currency, 0), result.cost.get(currency, 0)
    none, every = frozenset[BridgeKind](), frozenset(kinds)
    apart = billed - pico[none], scenario - pico[every]
    return Bridge(currency, billed, tuple(steps), apart_requests, *apart, scenario, billed, scenario)
