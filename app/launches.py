"""Launch plans joined: a plan, the cards and the records of a warehouse, and what the plan comes to.

The same figures for a command and a page: a command opens the warehouse by its folder; a page hands over a reader
that it borrowed, keeps what was read, and only draws again when an input changes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from planning.guess import Guess
from planning.launch import DRAWS, Simulation
from planning.launch_actual import Actual
from planning.launch_lengths import Lengths
from planning.launch_plan import LaunchPlan
from pricing.fx import Rates as FxRates
from pricing.rates import Rate
from warehouse.connection import Reader
from warehouse.locks import Tell


class Filled(NamedTuple):
    """One input that the warehouse says."""

    name: str
    """As ``inputs_of`` names it."""
    guess: Guess
    """Its source is ``measured``; its note says of what."""


class Measured(NamedTuple):
    """What the warehouse says of a plan's inputs, open or not."""

    inputs: Mapping[str, Filled]
    """By name: those that it can say."""
    lengths: Mapping[str, Lengths]
    """By kind: calls like its own."""
    calls: int
    """Calls that were looked at."""
    since: date | None
    until: date | None
    data_through: datetime | None
    notes: tuple[str, ...]


class PricedBy(NamedTuple):
    """Whose word a route's price is, on the plan's first day."""

    seller: str
    model: str
    tier: str
    rate: Rate


class Cards(NamedTuple):
    """What prices a plan: the cards and the exchange rates of a warehouse."""

    rates: Sequence[Rate]
    fx: FxRates
    zone: str


class Launch(NamedTuple):
    """One plan and what it comes to."""

    plan: LaunchPlan
    """As it was written: what is to be measured is open in it."""
    simulation: Simulation
    """``simulation.plan`` is the plan with everything filled."""
    filled: tuple[Filled, ...]
    """The inputs that were filled from the warehouse."""
    priced_by: tuple[PricedBy, ...]
    exchanged: Mapping[str, Fraction]
    """Currencies of routes that are not the plan's: so many of the plan's currency for one of theirs."""
    notes: tuple[str, ...]
    data_through: datetime | None


TEMPLATE = ""
"""A plan to begin with, as YAML text."""


def read_cards_for(root: Path, *, tell: Tell) -> Cards:
    """The cards and exchange rates of a warehouse; raises CardError, WarehouseError."""
    raise NotImplementedError


def measure(reader: Reader, plan: LaunchPlan, today: date) -> Measured:
    """What the warehouse says of a plan's inputs, by the calls that ``measured_from`` names."""
    raise NotImplementedError


def fill(plan: LaunchPlan, measured: Measured | None) -> tuple[LaunchPlan, tuple[Filled, ...]]:
    """The plan with every open input filled; raises PlanError naming those that the records do not say."""
    raise NotImplementedError


def run(
    plan: LaunchPlan,
    cards: Cards,
    measured: Measured | None,
    *,
    seed: int | None = None,
    draws: int = DRAWS,
) -> Launch:
    """Fill, price and draw a plan; raises PlanError."""
    raise NotImplementedError


def launch_of(  # noqa: PLR0913 - a plan, of which warehouse, when, how often drawn, and whom to tell of a wait
    root: Path, plan: LaunchPlan, now: datetime, *, seed: int | None = None, draws: int = DRAWS, tell: Tell
) -> Launch:
    """The same for a command: reads the warehouse where there is one, and the shipped cards where there is none."""
    raise NotImplementedError


def actual_of(reader: Reader, launch: Launch, today: date) -> Actual:
    """The launch's own calls, by whole day, beside the plan; raises PlanError where the plan does not say which."""
    raise NotImplementedError


def read_plan_text(text: str, name: str) -> LaunchPlan:
    """The plan of a YAML text; raises PlanError, every mistake with the line of the file called ``name``."""
    raise NotImplementedError


def plan_text(plan: LaunchPlan) -> str:
    """The YAML that says a plan."""
    raise NotImplementedError
