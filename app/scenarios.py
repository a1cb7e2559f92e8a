"""Scenarios joined: traffic, cards and exchange rates of a warehouse, and what changes to them come to.

The same figures for a command and a page: a command opens the warehouse by its folder; a page hands over how it asks
(``desk.ask``), so that what was read is kept and a slider that moves only computes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from app.outlook import read_events
from app.scenario_break_even import WAYS, Slider, break_even_of, with_slider
from app.scenario_projection import projections_of
from app.scenario_traffic import Ask, Asked, Basis, Enquiry, ask_of, data_digest, rates_digest
from planning.bridge import Bridge, bridges_of
from planning.scenario import Scenario
from planning.scenario_points import ScenarioPoints
from planning.what_if import Result, evaluate
from pricing.fx import Rates as FxRates
from warehouse.connection import Reader, open_reader
from warehouse.folder import Folder
from warehouse.fx import read_rates
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.scope import Scope

__all__ = [
    "WAYS",
    "Ask",
    "Basis",
    "Slider",
    "WhatIf",
    "asking",
    "asking_of",
    "break_even_of",
    "read_basis",
    "what_if",
    "what_if_from",
    "with_slider",
]


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
    projected: tuple[ScenarioPoints, ...] = ()
    """Per currency, where the scenario is about traffic to come."""


def read_basis(root: Path, *, converts: bool = True, tell: Tell) -> Basis:
    """The cards, limits and exchange rates of a warehouse; raises CardError, WarehouseError.

    The exchange rates take a second to read: no scenario that names no currency needs them (``converts``).
    """
    cards = read_cards(Folder(root))
    rates = compile_rates(cards)
    limits = tuple((card.seller, limit) for card in cards.all for limit in card.limits)
    currencies = {rate.currency for rate in rates}
    fx = read_rates(root, currencies, tell=tell) if converts else FxRates({}, {})
    return Basis(rates, limits, fx, read_events(root, tell=tell))


def what_if(root: Path, scenarios: Sequence[Scenario], scope: Scope, now: datetime, *, tell: Tell) -> list[WhatIf]:
    """What each scenario comes to over the traffic in scope; a scenario's own period goes before the scope's.

    Raises ScenarioError for one that its traffic or rates do not allow, WarehouseError.
    """
    basis = read_basis(root, converts=any(scenario.currency for scenario in scenarios), tell=tell)
    with asking(root, tell=tell) as ask:
        return what_if_from(ask, basis, scenarios, scope, now)


@contextmanager
def asking(root: Path, *, tell: Tell) -> Iterator[Ask]:
    """A way to ask a warehouse, for as long as the block lasts; the same question is answered once."""
    with open_reader(root, tell=tell) as reader:
        yield asking_of(reader)


def asking_of(reader: Reader) -> Ask:
    """A way to ask through a reader that is open already."""
    known: dict[tuple[Any, ...], Any] = {}

    def ask(question: Any, *asked: Any) -> Any:
        key = (question, *asked)
        if key not in known:
            known[key] = question(reader, *asked)
        return known[key]

    return ask


def what_if_from(ask: Ask, basis: Basis, scenarios: Sequence[Scenario], scope: Scope, now: datetime) -> list[WhatIf]:
    """The same through ``ask``: ``desk.ask`` of a page, or ``asking_of`` an open reader."""
    enquiry = Enquiry(ask, basis)
    return [_what_if(ask, basis, ask_of(enquiry, scenario, scope, now), now) for scenario in scenarios]


def _what_if(ask: Ask, basis: Basis, asked: Asked, now: datetime) -> WhatIf:
    result = evaluate(asked.question, asked.cells.from_rows)
    return WhatIf(
        scenario=asked.question.scenario,
        result=result,
        bridges=bridges_of(asked.question, result),
        notes=(*result.notes, *asked.notes),
        rates_digest=rates_digest(result.rates),
        data_digest=data_digest(asked.cells),
        data_through=asked.span.data_through,
        since=asked.since,
        until=asked.until,
        as_of=asked.at,
        projected=projections_of(ask, basis, asked, now),
    )
