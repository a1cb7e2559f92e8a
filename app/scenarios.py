"""Scenarios joined: traffic, cards and exchange rates of a warehouse, and what changes to them come to.

The same figures for a command and a page: a command opens the warehouse by its folder; a page hands over how it asks
(``desk.ask``), so that what was read is kept and a slider that moves only computes.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, NamedTuple

from planning.break_even import BreakEven
from planning.bridge import Bridge
from planning.scenario import Scenario
from planning.what_if import Result
from pricing.fx import Rates as FxRates
from pricing.limits import Limit
from pricing.rates import Rate
from warehouse.locks import Tell
from warehouse.scope import Scope

Ask = Callable[..., Any]
"""Asks the warehouse one of its questions: ``ask(question, *asked)``, as a page's desk does."""
Slider = Literal["cache", "volume", "move", "batch", "discount", "input_ratio", "output_ratio", "retries"]


class Basis(NamedTuple):
    """What scenarios are computed from beside the traffic: the cards and exchange rates of a warehouse."""

    rates: Sequence[Rate]
    limits: tuple[tuple[str, Limit], ...]
    """Seller and limit: what an image or a video is in tokens."""
    fx: FxRates


class Projection(NamedTuple):
    """Traffic to come in one currency: over the same paths, the 10%, 50% and 90% points, in pico-units. Estimates."""

    currency: str
    first: date
    last: date
    as_is: tuple[int, int, int]
    """As the forecast has it, at dated rates."""
    scenario: tuple[int, int, int]
    difference: tuple[int, int, int]
    """Of scenario minus as-is, path by path."""


class WhatIf(NamedTuple):
    """One scenario and what it comes to."""

    scenario: Scenario
    result: Result
    bridges: tuple[Bridge, ...]
    """One per currency, the largest first."""
    notes: tuple[str, ...]
    rates_digest: str
    """Of every rate that priced something in it."""
    data_digest: str
    """Of the calls that it is about and what they were billed."""
    data_through: datetime | None
    since: date | None
    """The first billing day of the traffic that was looked at; None where there is none."""
    until: date | None
    as_of: datetime | None
    """The instant whose rates were used (naive UTC); None: each call's own time."""
    projected: tuple[Projection, ...] = ()
    """Per currency, where the scenario is about traffic to come."""


def read_basis(root: Path, *, tell: Tell) -> Basis:
    """The cards, limits and exchange rates of a warehouse; raises CardError, WarehouseError."""
    raise NotImplementedError


def what_if(root: Path, scenarios: Sequence[Scenario], scope: Scope, now: datetime, *, tell: Tell) -> list[WhatIf]:
    """What each scenario comes to over the traffic in scope; a scenario's own period goes before the scope's.

    Raises ScenarioError for one that its traffic or rates do not allow, WarehouseError.
    """
    raise NotImplementedError


def what_if_from(ask: Ask, basis: Basis, scenarios: Sequence[Scenario], scope: Scope, now: datetime) -> list[WhatIf]:
    """The same through ``ask``: ``desk.ask`` of a page, or ``partial`` of an open reader (``asking``)."""
    raise NotImplementedError


def break_even_of(  # noqa: PLR0913 - two scenarios, a slider, and where the traffic is from
    ask: Ask, basis: Basis, pair: tuple[Scenario, Scenario], slider: Slider, scope: Scope, now: datetime
) -> dict[str, BreakEven]:
    """By currency, where the two cost the same while the slider of the first moves; raises ScenarioError."""
    raise NotImplementedError


def with_slider(scenario: Scenario, slider: Slider, value: Fraction) -> Scenario:
    """The scenario with its first change that a slider is about at a value; raises ScenarioError where it has none."""
    raise NotImplementedError
