"""Launch plans joined: a plan, the cards and the records of a warehouse, and what the plan comes to.

The same figures for a command and a page: a command opens the warehouse by its folder; a page hands over a reader
that it borrowed, keeps what was read, and only draws again when an input changes.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from app.launch_file import plan_text, read_plan_text, template_text
from app.launch_measured import Filled, Measured, fill
from app.launch_records import measure
from planning.launch import DRAWS, Simulation, simulate
from planning.launch_actual import Actual
from planning.launch_plan import LaunchPlan, inputs_of
from planning.launch_prices import places_of, route_prices
from pricing.fx import Leg, rate_at
from pricing.fx import Rates as FxRates
from pricing.rates import Rate
from warehouse.connection import Reader, open_reader
from warehouse.folder import Folder
from warehouse.fx import read_rates
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day


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
    """In which the plan's days are."""


class Launch(NamedTuple):
    """One plan and what it comes to."""

    plan: LaunchPlan
    """As it was written: what is to be measured is open in it."""
    simulation: Simulation
    """``simulation.plan`` is the plan with everything filled."""
    filled: tuple[Filled, ...]
    """The inputs that were filled from the warehouse."""
    priced_by: tuple[PricedBy, ...]
    exchanged: tuple[Leg, ...]
    """The exchange rates that were used."""
    notes: tuple[str, ...]
    data_through: datetime | None
    """Of the records, where some were used."""


def read_cards_for(root: Path, currency: str = "USD", *, tell: Tell) -> Cards:
    """The cards of a warehouse, and its exchange rates to a currency; raises CardError, WarehouseError."""
    folder = Folder(root)
    rates = compile_rates(read_cards(folder))
    zone = folder.settings().billing_zone if folder.settings_file.exists() else "UTC"
    currencies = {currency, *(rate.currency for rate in rates)}
    return Cards(rates, read_rates(root, currencies, tell=tell), zone)


def run(
    plan: LaunchPlan, cards: Cards, measured: Measured | None, *, seed: int | None = None, draws: int = DRAWS
) -> Launch:
    """Fill, price and draw a plan; exchange rates are the last that are known when it begins. Raises PlanError."""
    filled_plan, filled = fill(plan, measured)
    lengths = measured.lengths if measured else {}
    exchange, legs = _exchange(plan, cards)
    prices = route_prices(filled_plan, cards.rates, lengths, cards.zone, exchange)
    simulation = simulate(filled_plan, prices, lengths, seed=seed, draws=draws)
    priced = tuple(
        PricedBy(place.seller, place.model, place.tier, rate)
        for place, rate in zip(places_of(plan), prices.first, strict=True)
    )
    used = [leg for currency, leg in legs if any(rate.currency == currency for rate in prices.first)]
    notes = (*simulation.notes, *(measured.notes if measured and filled else ()))
    return Launch(plan, simulation, filled, priced, tuple(used), notes, measured.data_through if measured else None)


def launch_of(  # noqa: PLR0913 - a plan, of which warehouse, when, how often drawn, and whom to tell of a wait
    root: Path, plan: LaunchPlan, now: datetime, *, seed: int | None = None, draws: int = DRAWS, tell: Tell
) -> Launch:
    """The same for a command: reads the warehouse where there is one, and the shipped cards where there is none."""
    cards = read_cards_for(root, plan.currency, tell=tell)
    measured = None
    if any(each.guess.is_open for each in inputs_of(plan)) and Folder(root).database("usage").exists():
        with open_reader(root, tell=tell) as reader:
            measured = measure(reader, plan, billing_day(now, cards.zone))
    return run(plan, cards, measured, seed=seed, draws=draws)


def actual_of(reader: Reader, launch: Launch, today: date) -> Actual:
    """The launch's own calls, by whole day, beside the plan; raises PlanError where the plan does not say which."""
    raise NotImplementedError


def _exchange(plan: LaunchPlan, cards: Cards) -> tuple[Mapping[str, Fraction], list[tuple[str, Leg]]]:
    """So many of the plan's currency for one of another, and the rates that say so."""
    pairs = (*cards.fx.own, *cards.fx.library)
    found, legs = dict[str, Fraction](), list[tuple[str, Leg]]()
    for currency in sorted({code for pair in pairs for code in pair} - {plan.currency}):
        known = rate_at(cards.fx, currency, plan.currency, plan.start)
        if known is not None:
            found[currency] = known.rate
            legs += [(currency, leg) for leg in known.legs]
    return found, legs


__all__ = [
    "Cards",
    "Filled",
    "Launch",
    "Measured",
    "PricedBy",
    "actual_of",
    "fill",
    "launch_of",
    "measure",
    "plan_text",
    "read_cards_for",
    "read_plan_text",
    "run",
    "template_text",
]
