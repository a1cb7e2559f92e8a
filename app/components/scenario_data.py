"""What the page of scenarios reads: cards and routes once per state of the warehouse, and what scenarios come to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components.entered import Edition, edition_of_state
from app.components.entries import present
from app.components.page import Run
from app.scenario_traffic import scope_about
from app.scenarios import Basis, Slider, WhatIf, break_even_of, read_basis, what_if_from
from planning.break_even import BreakEven
from planning.scenario import Scenario
from pricing.card_terms import STANDARD
from pricing.rates import Rate
from warehouse.connection import Reader, silent
from warehouse.cost import cost_by
from warehouse.rate_trial import own_cards
from warehouse.scope import Scope

Cards = tuple[tuple[str, int], ...]


class Route(NamedTuple):
    """A model at a seller, by the names that its card or the calls have."""

    seller: str
    model: str


class Bought(NamedTuple):
    """The calls in scope of one route."""

    route: Route
    requests: int
    costs: dict[str, int]
    """As priced, per currency."""
    input: int
    cache_read: int
    cache_written: int
    output: int

    @property
    def all_input(self) -> int:
        """Input tokens, cached and written ones included."""
        return self.input + self.cache_read + self.cache_written


class Market(NamedTuple):
    """What there is to move to: every route that a rate prices now, with its plain rate."""

    basis: Basis
    rates: Mapping[Route, Rate]
    routes: tuple[Route, ...]
    """The same routes by name."""


def market_of(run: Run, *, converts: bool = False) -> Market:
    """The cards of the warehouse, and who sells what at present; exchange rates, slow to read, only where asked for."""
    root, at = run.desk.root, present(run).replace(minute=0, second=0, microsecond=0)
    return _market(edition_of_state(root), own_cards(root), at, converts=converts)


def bought_in(run: Run) -> tuple[Bought, ...]:
    """The routes of the calls in scope, the dearest first, those of unknown cost last."""
    return run.desk.ask(_bought, run.scope)


def bought_about(run: Run, scenario: Scenario) -> tuple[Bought, ...]:
    """The same of the calls that a scenario is about: its own period and calls, within the filters."""
    at = present(run).replace(second=0, microsecond=0)
    return run.desk.ask(_bought, scope_about(run.desk.ask, scenario, run.scope, at))


def bought_anywhere(run: Run) -> tuple[Bought, ...]:
    """The same of all calls there are."""
    return run.desk.ask(_bought, Scope())


def what_ifs(run: Run, scenarios: Sequence[Scenario], scope: Scope | None = None) -> list[WhatIf]:
    """What scenarios come to over the calls in scope; raises ScenarioError."""
    at = present(run).replace(second=0, microsecond=0)
    basis = _basis_for(run, scenarios)
    return what_if_from(run.desk.ask, basis, scenarios, run.scope if scope is None else scope, at)


def break_even_for(run: Run, pair: tuple[Scenario, Scenario], slider: Slider) -> dict[str, BreakEven]:
    """By currency, where two scenarios cost the same while a slider of the first moves; raises ScenarioError."""
    at = present(run).replace(second=0, microsecond=0)
    return break_even_of(run.desk.ask, _basis_for(run, pair), pair, slider, run.scope, at)


def cache_share(bought: Sequence[Bought], where: Mapping[str, str]) -> float | None:
    """The share of the input that came from the cache, of some of the calls; None where they have no input."""
    found = [each for each in bought if _is_in(each.route, where)] or list(bought)
    whole = sum(each.all_input for each in found)
    return sum(each.cache_read for each in found) / whole if whole else None


def _basis_for(run: Run, scenarios: Sequence[Scenario]) -> Basis:
    return market_of(run, converts=any(scenario.currency for scenario in scenarios)).basis


def _is_in(route: Route, where: Mapping[str, str]) -> bool:
    return where.get("seller", route.seller) == route.seller and where.get("model", route.model) == route.model


# Kept as it is for every session, not copied for each question: nobody changes it.
@st.cache_resource(ttl="1h", max_entries=4, show_spinner=False)
def _market(edition: Edition, cards: Cards, at: datetime, *, converts: bool) -> Market:
    basis = read_basis(Path(edition[0]), converts=converts, tell=silent)
    found: dict[Route, Rate] = {}
    for rate in sorted(basis.rates, key=_plainness, reverse=True):
        if rate.valid_from <= at < rate.valid_until and not rate.team and not rate.org:
            found[Route(rate.seller, rate.model)] = rate
    return Market(basis, found, tuple(sorted(found)))


def _plainness(rate: Rate) -> tuple[object, ...]:
    """Of several rates the plain one goes first: standard tier, short input, every region; then the greater say."""
    cell = rate.cell
    return cell.tier != STANDARD, cell.context_from, bool(cell.region), -rate.precedence, -rate.correction


def _bought(reader: Reader, scope: Scope) -> tuple[Bought, ...]:
    found: dict[Route, Bought] = {}
    for row in cost_by(reader, ("seller", "model"), scope):
        if None in row.group:
            continue
        route = Route(*row.group)
        was = found.get(route, Bought(route, 0, {}, 0, 0, 0, 0))
        found[route] = Bought(
            route,
            was.requests + row.requests,
            was.costs | ({row.currency: row.cost} if row.currency and row.cost is not None else {}),
            was.input + row.input,
            was.cache_read + row.cache_read,
            was.cache_written + row.cache_written,
            was.output + row.output,
        )
    return tuple(sorted(found.values(), key=lambda each: -max(each.costs.values(), default=-1)))
