"""From as billed to a scenario, kind by kind: steps that add up to the last pico-unit, with what their order makes.

A state is the traffic after the changes of some kinds. Going from none to all kinds one by one, each step is the
difference of two states: so the steps add up in every order, and differ between orders by the order effect alone.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from planning.scenario_changes import Kind

BridgeKind = Literal["price", "volume", "mix", "cache", "effort", "retries"]
BRIDGE_KINDS: tuple[BridgeKind, ...] = ("retries", "volume", "mix", "effort", "cache", "price")
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


class Bridge(NamedTuple):
    """One currency's way from as billed to the scenario: ``billed`` + steps + ``apart`` = ``scenario``."""

    currency: str
    billed: int
    """As billed: all calls of known cost."""
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

    @property
    def apart(self) -> int:
        """What the calls apart move the total by."""
        return self.apart_scenario - self.apart_billed

    @property
    def adds_up(self) -> bool:
        """Whether it does, to the last pico-unit."""
        return self.billed + sum(step.pico for step in self.steps) + self.apart == self.scenario
