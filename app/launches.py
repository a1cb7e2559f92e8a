"""Launch plans joined: a plan, the cards and the records of a warehouse, and what the plan comes to.

The same figures for a command and a page: a command opens the warehouse by its folder; a page hands over a reader
that it borrowed, keeps what was read, and only draws again when an input changes.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from app.launch_measured import Filled, Measured, fill
from app.launch_records import measure, scope_of
from planning.launch import DRAWS, Band, Simulation, simulate
from planning.launch_actual import Actual, Seen, compare
from planning.launch_lengths import FIELDS, Lengths
from planning.launch_plan import LaunchPlan, PlanError, inputs_of
from planning.launch_prices import places_of, route_prices
from pricing.fx import Leg, rate_at
from pricing.fx import Rates as FxRates
from pricing.money import format_pico
from pricing.rates import Rate
from warehouse.connection import Reader, open_reader
from warehouse.cost import CostRow, cost_by
from warehouse.folder import Folder
from warehouse.fx import read_rates
from warehouse.locks import Tell
from warehouse.rates import compile_rates, read_cards
from warehouse.recurring import billing_day
from warehouse.traffic import traffic_span


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
    fx: FxRates
    rates_digest: str
    """Of every price that the plan's days have."""
    records_digest: str
    """Of what was filled from the records."""


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
    lengths = _lengths_of(filled, measured)
    exchange, legs = _exchange(plan, cards)
    prices = route_prices(filled_plan, cards.rates, cards.zone, exchange)
    simulation = simulate(filled_plan, prices, lengths, seed=seed, draws=draws)
    priced = tuple(
        PricedBy(place.seller, place.model, place.tier, rate)
        for place, rate in zip(places_of(plan), prices.first, strict=True)
    )
    used = [leg for currency, leg in legs if any(rate.currency == currency for rate in prices.first)]
    notes = (*simulation.notes, *(measured.notes if measured and filled else ()))
    return Launch(
        plan=plan,
        simulation=simulation,
        filled=filled,
        priced_by=priced,
        exchanged=tuple(used),
        notes=notes,
        data_through=measured.data_through if measured else None,
        fx=cards.fx,
        rates_digest=_digest(prices.steps, prices.pico.tolist()),
        records_digest=_digest(
            [[one.name, one.guess.span] for one in filled], [each.input.tolist() for each in lengths.values()]
        ),
    )


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
    plan = launch.plan
    if plan.launched is None:
        raise PlanError("the plan does not say which calls are the launch's: add launched: with a team, or a model")
    begun = traffic_span(reader, today).begun
    through = begun - timedelta(days=1) if begun else plan.start - timedelta(days=1)
    seen: dict[date, Seen] = {}
    for row in cost_by(reader, ("day",), scope_of(plan.launched, plan.start, min(plan.last, through))):
        (day,) = row.group
        seen[day] = _added(seen.get(day, Seen(0, 0, 0)), row, launch)
    return compare(launch.simulation, seen, through)


def figures_of(launch: Launch) -> dict[str, Any]:
    """What a plan came to, as it is kept beside a saved one."""
    found = launch.simulation
    amounts = {name: format_pico(getattr(found.total, name)) for name in Band._fields}
    return {
        "currency": launch.plan.currency,
        **amounts,
        "at_likely": format_pico(found.at_likely),
        "over_budget": found.over_budget,
        "rates": launch.rates_digest,
        "records": launch.records_digest,
    }


def stale_note(figures: Mapping[str, Any], launch: Launch) -> str | None:
    """What has moved since a plan was saved; None where nothing has, or nothing was kept."""
    now = figures_of(launch)
    moved = [name for name in ("rates", "records") if figures.get(name) not in (None, now[name])]
    if not moved:
        return None
    was = f"P50 was {figures.get('p50')} {figures.get('currency')}, and is {now['p50']} {now['currency']}"
    return f"Stale: {' and '.join(moved)} have changed since it was saved. {was}."


def _added(was: Seen, row: CostRow, launch: Launch) -> Seen:
    """A day with one more of its rows: an amount in some currency, or calls without a price."""
    plan, (day,) = launch.plan, row.group
    known = rate_at(launch.fx, row.currency, plan.currency, day) if row.currency else None
    if row.cost is None or known is None:
        # Without an exchange rate an amount is as unknown here as without a price.
        return Seen(was.cost, was.calls + row.requests, was.unpriced + row.requests)
    return Seen(was.cost + round(row.cost * known.rate), was.calls + row.requests, was.unpriced + row.unpriced)


def _lengths_of(filled: Sequence[Filled], measured: Measured | None) -> dict[str, Lengths]:
    """Calls like those of each kind, for the inputs that were filled from them: what a plan writes itself, it keeps."""
    names = {each.name for each in filled}
    found = {}
    for kind, lengths in (measured.lengths if measured else {}).items():
        fields = tuple(field for field in FIELDS if f"kinds.{kind}.{field}" in names)
        if fields:
            found[kind] = lengths._replace(fields=fields)
    return found


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:32]


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
    "figures_of",
    "fill",
    "launch_of",
    "measure",
    "read_cards_for",
    "run",
    "stale_note",
]
