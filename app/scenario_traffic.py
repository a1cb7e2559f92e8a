"""The traffic of a scenario: which calls, read how, and what else its changes need to know of them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from planning.events import Event
from planning.scenario import OWN, Scenario, ScenarioError
from planning.scenario_cells import Pair, Setting, summed
from planning.scenario_changes import Batch, DropFailed, Effort, Move, OutputCap, Retries, Where
from planning.scenario_pieces import Facts, cap_of
from planning.scenario_rates import Finder, Place, places_of
from planning.scenario_state import Money, Question
from pricing.call_terms import BATCH
from pricing.fx import Conversion, rate_at
from pricing.fx import Rates as FxRates
from pricing.limits import Limit
from pricing.meters import METERS
from pricing.rates import Rate
from warehouse.recurring import billing_day
from warehouse.scope import Scope
from warehouse.traffic import MIX_DAYS, Span, traffic_span, zone_of
from warehouse.what_if import Cells, Edges, Reading, charged_attempts, effort_tokens, traffic_cells, traffic_pairs

Ask = Callable[..., Any]
"""Asks the warehouse one of its questions: ``ask(question, *asked)``, as a page's desk does."""
DAY = timedelta(days=1)
NONE = (0,) * len(METERS)
MOST_CAPS = 32


class Basis(NamedTuple):
    """What scenarios are computed from beside the traffic: the cards and exchange rates of a warehouse."""

    rates: Sequence[Rate]
    limits: tuple[tuple[str, Limit], ...]
    """Seller and limit: what an image or a video is in tokens."""
    fx: FxRates
    events: tuple[Event, ...] = ()
    """What people marked, for traffic to come."""


class Asked(NamedTuple):
    """A scenario's question, and where its traffic is from."""

    question: Question
    cells: Cells
    scope: Scope
    span: Span
    since: date | None
    until: date | None
    at: datetime | None
    """The instant whose rates are used; None: each call's own time."""
    notes: tuple[str, ...]


class Enquiry:
    """Whom scenarios ask: the warehouse and its cards; of rates that several ask for, the spans are laid out once."""

    def __init__(self, ask: Ask, basis: Basis) -> None:
        self.ask = ask
        self.basis = basis
        self._finders: dict[tuple[frozenset[Pair], datetime | None], Finder] = {}

    def finder(self, pairs: frozenset[Pair], at: datetime | None) -> Finder:
        """Finds the rates of some sellers and models as of an instant; None: of each call's own time."""
        key = pairs, at
        if key not in self._finders:
            self._finders[key] = Finder(self.basis.rates, pairs, at)
        return self._finders[key]


def ask_of(enquiry: Enquiry, scenario: Scenario, scope: Scope, now: datetime) -> Asked:
    """Read what a scenario is about; raises ScenarioError for what its traffic does not allow."""
    ask, basis = enquiry.ask, enquiry.basis
    span = _span_of(ask, now)
    narrowed = _narrowed(scope, scenario, span)
    pairs = ask(traffic_pairs, narrowed)
    at = None if scenario.rates_as_of == OWN else scenario.at or now
    changes = [change for _, change in scenario.ordered()]
    moves = [change for change in changes if isinstance(change, Move)]
    places = {(pair.seller, pair.model): places_of(pair.seller, pair.model, moves) for pair in pairs}
    finder = enquiry.finder(frozenset(place[:2] for every in places.values() for place in every), at)
    edges = {pair: finder.edges(pair[0], pair[1], every) for pair, every in places.items()}
    media = _media_tokens(basis.limits, _all_places(places), at or now)
    facts = _facts(ask, scenario, narrowed, media)
    reading = Reading(
        tuple(Edges(*edge) for edge in edges.values() if any(edge[2:])),
        any(isinstance(change, DropFailed) for change in changes),
        facts.caps,
    )
    cells: Cells = ask(traffic_cells, narrowed, reading)
    known = {pair: edge for pair, edge in edges.items() if any(edge[2:])}
    tiers = (BATCH,) if any(isinstance(change, Batch) for change in changes) else ()
    calls = summed(cells.rows, cells.rates, Setting(finder, places, known, tiers))
    money, notes = _money(basis, scenario, {place[:2] for place in _all_places(places)}, cells, at or now)
    days = [(pair.first, pair.last) for pair in pairs]
    since, until = (min(day for day, _ in days), max(day for _, day in days)) if days else (None, None)
    question = Question(calls, scenario, finder, facts, money)
    return Asked(question, cells, narrowed, span, since, until, at, notes)


def scope_about(ask: Ask, scenario: Scenario, scope: Scope, now: datetime) -> Scope:
    """The calls that a scenario is about, whatever of a scope it takes."""
    return _narrowed(scope, scenario, _span_of(ask, now))


def _span_of(ask: Ask, now: datetime) -> Span:
    span: Span = ask(traffic_span, billing_day(now, ask(zone_of)))
    return span


def data_digest(cells: Cells) -> str:
    """Of the calls and what they were billed, however they were read."""
    sums: dict[str, list[int]] = {}
    for row in cells.rows:
        rate = cells.rates[row.rate_id].digest if row.rate_id in cells.rates else None
        # Tokens that are read for some scenarios alone are no news.
        is_told = row.kind == "rated" or (row.reason or "").startswith("no ")
        key = json.dumps([*row[:6], row.cost is None, rate, row.currency, row.reason])
        held = [row.requests, row.cost or 0, *(row.counts if is_told else NONE)]
        sums[key] = [a + b for a, b in zip(sums[key], held, strict=True)] if key in sums else held
    return _digest(sorted(sums.items()))


def rates_digest(digests: Sequence[str]) -> str:
    """Of rates, by their digests."""
    return _digest(sorted(digests))


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _narrowed(scope: Scope, scenario: Scenario, span: Span) -> Scope:
    """The scope with the scenario's own period and calls."""
    since, until = scenario.since or scope.since, scenario.until or scope.until
    if scenario.projected_until is not None and span.begun is not None:
        # The terms of traffic to come are those of the last days, as in the forecast.
        since, until = span.begun - MIX_DAYS * DAY, span.begun
    elif scenario.last_days is not None and span.begun is not None:
        until = span.begun - DAY
        since = span.begun - scenario.last_days * DAY
    elif scenario.since or scenario.until:
        since, until = scenario.since, scenario.until
    return about(Scope(since, until, scope.values), scenario.where)


def about(scope: Scope, where: Where) -> Scope:
    """The part of a scope that a ``where`` is about."""
    values = dict(scope.values)
    for name in ("seller", "model", "team"):
        wanted = getattr(where, name)
        if wanted is not None:
            values[name] = (wanted,) if wanted in values.get(name, (wanted,)) else ()
    return scope._replace(values=tuple(values.items()))


def _all_places(places: dict[Pair, tuple[Place, ...]]) -> list[Place]:
    return sorted({place for every in places.values() for place in every}, key=repr)


def _facts(ask: Ask, scenario: Scenario, scope: Scope, media: dict[tuple[str, str, str], int]) -> Facts:
    """What the changes need to know; raises ScenarioError where nothing tells it."""
    factors: dict[int, Fraction] = {}
    for number, change in scenario.ordered():
        if isinstance(change, Effort):
            factors[number] = _effort(change, ask(effort_tokens, about(scope, change.where)), number)
        elif isinstance(change, Retries):
            factors[number] = _retries(change, ask(charged_attempts, about(scope, change.where)), number)
    return Facts(factors, media, _caps(scenario, factors))


def _effort(change: Effort, measured: Sequence[tuple[str, int, int]], number: int) -> Fraction:
    """Output tokens of the wanted mix for one of what there is."""
    calls, tokens = sum(row[1] for row in measured), sum(row[2] for row in measured)
    if not calls or not tokens:
        raise ScenarioError(f"change {number + 1} (effort): there are no such calls with output to measure it on")
    wanted = Fraction()
    for tier, share in change.mix.items():
        seen = next((row for row in measured if row[0] == tier and row[1]), None)
        if tier in change.tokens:
            each = Fraction(change.tokens[tier].value)
        elif seen is not None:
            each = Fraction(seen[2], seen[1])
        else:
            names = ", ".join(name for name, count, _ in measured if name and count) or "none"
            raise ScenarioError(
                f"change {number + 1} (effort): no call has effort {tier}, so nothing tells its tokens (there are: "
                f"{names}); give tokens: {{{tier}: {{value: ...}}}}"
            )
        wanted += Fraction(share) * each
    return wanted / Fraction(tokens, calls)


def _retries(change: Retries, measured: tuple[int, int], number: int) -> Fraction:
    tries, calls = measured
    if change.now is None and not calls:
        raise ScenarioError(f"change {number + 1} (retries): there are no charged calls to measure tries on: give now")
    return Fraction(change.attempts.value) / (Fraction(change.now.value) if change.now else Fraction(tries, calls))


def _media_tokens(
    limits: Sequence[tuple[str, Limit]], places: Sequence[Place], at: datetime
) -> dict[tuple[str, str, str], int]:
    """By place and what: tokens of one image or video, as the cards say."""
    found: dict[tuple[str, str, str], int] = {}
    for place in places:
        for seller, limit in limits:
            if seller != place.seller or not place.model or not limit.holds(at):
                continue
            if limit.models and place.model not in limit.models:
                continue
            for name, said in (("image", limit.image_tokens), ("video", limit.video_tokens)):
                found |= {(seller, place.model, f"{name} {detail}"): tokens for detail, tokens in said.items()}
    return found


def _caps(scenario: Scenario, factors: dict[int, Fraction]) -> tuple[int, ...]:
    """The lengths in the record that the caps come to, in every state that some of the changes make."""
    lengths = {Fraction(1)}
    for number, change in scenario.ordered():
        if isinstance(change, Move):
            lengths |= {length * Fraction(change.output.value) for length in lengths}
        elif isinstance(change, Effort):
            lengths |= {length * factors[number] for length in lengths}
    caps = [change.tokens for change in scenario.changes if isinstance(change, OutputCap)]
    found = sorted({cap_of(tokens, length) for tokens in caps for length in lengths if length})
    if len(found) > MOST_CAPS:
        raise ScenarioError(f"the output caps come to {len(found)} lengths after all the moves: at most {MOST_CAPS}")
    return tuple(found)


def _money(
    basis: Basis, scenario: Scenario, places: set[tuple[str | None, str | None]], cells: Cells, at: datetime
) -> tuple[Money, tuple[str, ...]]:
    """The exchange rates of one day, that of the rates: a scenario's steps are then no news of currencies."""
    target = scenario.currency
    if target is None:
        return Money(), ()
    sellers = {seller for seller, _ in places}
    used = {rate.currency for rate in basis.rates if rate.seller in sellers}
    used |= {row.currency for row in cells.rows if row.currency}
    rates: dict[str, Fraction] = {}
    notes = []
    for currency in sorted(used - {target}):
        found = rate_at(basis.fx, currency, target, at.date())
        if found is None:
            notes.append(
                f"There is no exchange rate of {currency} to {target} for {at.date()}: {currency} stays apart."
            )
        else:
            rates[currency] = found.rate
            notes.append(_rate_note(currency, target, found))
    return Money(target, rates), tuple(notes)


def _rate_note(currency: str, target: str, found: Conversion) -> str:
    known = ", ".join(dict.fromkeys(f"{leg.source} of {leg.known}" for leg in found.legs))
    return f"1 {currency} is {float(found.rate):.6g} {target} throughout ({known})."
