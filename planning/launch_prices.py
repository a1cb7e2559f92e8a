"""What a plan's calls cost: the dated rates of every route, day by day and by the size of the input."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from planning.guess import Floats, Guess
from planning.launch_plan import HOURS, Escalation, LaunchPlan, PlanError, Route
from pricing.call_terms import CallTerms, dated_name
from pricing.cells import ANY
from pricing.cost import FEES
from pricing.meters import METERS
from pricing.rates import Rate
from pricing.spans import RateFinder
from pricing.week import minute_of_week

PRICED = ("input", "cache_read", "output", "input_image", "input_video", "request")
"""The meters that a plan's calls use, in the order of its prices."""
_PLACES = [METERS.index(meter) for meter in PRICED]
Place = Route | Escalation


class RoutePrices(NamedTuple):
    """Pico-units of the plan's currency per token, by route; last comes the escalation's, where there is one."""

    steps: tuple[int, ...]
    """The smallest input, in tokens, of each step that some rate has; the first is 0."""
    pico: Floats
    """(routes, steps, PRICED, days)."""
    first: tuple[Rate, ...]
    """By route: what a call of few tokens costs when the plan begins."""


def places_of(plan: LaunchPlan) -> list[Place]:
    """Where calls go: the routes, then the escalation."""
    return [*plan.routes, *([plan.escalation] if plan.escalation else [])]


def route_prices(
    plan: LaunchPlan,
    rates: Iterable[Rate],
    zone: str = "UTC",
    exchange: Mapping[str, Fraction] | None = None,
) -> RoutePrices:
    """Prices of every route on every day of a plan; days and hours are those of a zone.

    ``exchange``: so many of the plan's currency for one of another. Raises PlanError where a call has no price.
    """
    known = list(rates)
    used = _used(plan)
    finders = [RateFinder(_about(place, known)) for place in places_of(plan)]
    starts = [_hours_of(plan.start + timedelta(days=number), zone) for number in range(plan.days)]
    steps = _steps(plan, finders, starts)
    pico = np.zeros((len(finders), len(steps), len(PRICED), plan.days))
    first: list[Rate] = []
    for place, (route, finder) in enumerate(zip(places_of(plan), finders, strict=True)):
        asked = _Asked(plan, route, finder, used, exchange or {})
        first.append(asked.rate(starts[0][0], 0))
        for number, least in enumerate(steps):
            pico[place, number] = _by_day(asked, least, starts)
    return RoutePrices(steps, pico, tuple(first))


class _Asked(NamedTuple):
    """Of one route: how its rates are asked for."""

    plan: LaunchPlan
    route: Place
    finder: RateFinder
    used: frozenset[str]
    exchange: Mapping[str, Fraction]

    def rate(self, at: datetime, tokens: int) -> Rate:
        """The rate of a call; raises PlanError where there is none, or it does not sell what the plan uses."""
        route = self.route
        terms = CallTerms(route.seller, route.model, at, tokens, route.tier, route.region or ANY)
        rate = self.finder.find(terms)
        name = f"{route.model} at {route.seller}" + (f" ({route.tier})" if route.tier != "standard" else "")
        if rate is None:
            why = self.finder.missing(terms)
            raise PlanError(f"{name} has no price on {at:%Y-%m-%d}: {why}; tollbook rates lists what there is")
        for meter in sorted(self.used - FEES):
            if rate.pico[METERS.index(meter)] is None:
                what = "; set cache_share to 0 there" if meter == "cache_read" else ""
                raise PlanError(f"{name} has no price of {meter}, and the plan uses it{what}")
        if rate.currency != self.plan.currency and rate.currency not in self.exchange:
            raise PlanError(
                f"{name} is billed in {rate.currency}, the plan is in {self.plan.currency}, and no exchange rate is "
                "known: tollbook fx import enters one"
            )
        return rate

    def prices(self, at: datetime, tokens: int) -> Floats:
        """The same in the order of PRICED, in the plan's currency."""
        rate = self.rate(at, tokens)
        factor = Fraction(1) if rate.currency == self.plan.currency else self.exchange[rate.currency]
        return np.array([float((rate.pico[place] or 0) * factor) for place in _PLACES])


def _about(place: Place, rates: Iterable[Rate]) -> list[Rate]:
    """The rates that may price a route."""
    names = {place.model, dated_name(place.model)}
    return [rate for rate in rates if rate.seller == place.seller and names.intersection(rate.strings)]


def _used(plan: LaunchPlan) -> frozenset[str]:
    """The meters that some call of the plan may use."""
    kinds = list(plan.kinds.values())
    found = {"input", "request"}
    if any(_some(kind.output_tokens) for kind in kinds):
        found.add("output")
    if any(_some(kind.cache_share) for kind in kinds):
        found.add("cache_read")
    if any(_some(kind.images) and _some(kind.image_tokens) for kind in kinds):
        found.add("input_image")
    if any(_some(kind.videos) and _some(kind.video_tokens) for kind in kinds):
        found.add("input_video")
    return frozenset(found)


def _some(guess: Guess) -> bool:
    return not guess.is_open and guess.span.high > 0


def _steps(plan: LaunchPlan, finders: Sequence[RateFinder], starts: Sequence[tuple[datetime, ...]]) -> tuple[int, ...]:
    found = {0}
    for place, finder in zip(places_of(plan), finders, strict=True):
        for span in finder.spans_of(place.seller, place.model):
            if span.tier == place.tier and span.valid_from <= starts[-1][-1] and span.valid_until > starts[0][0]:
                found.add(span.context_from)
    return tuple(sorted(found))


def _by_day(asked: _Asked, tokens: int, starts: Sequence[tuple[datetime, ...]]) -> Floats:
    """(PRICED, days): the mean over the hours of each day. Instants between the same edges, at the same time of the
    week on the clocks concerned, have the same price.
    """
    spans = asked.finder.spans_of(asked.route.seller, asked.route.model)
    edges = sorted({edge for span in spans for edge in (span.valid_from, span.valid_until)})
    zones = sorted({span.zone for span in spans if span.zone is not None})
    weights = np.array(asked.plan.hours or (1.0,) * HOURS)
    weights /= weights.sum()
    known: dict[object, Floats] = {}
    price = _remembered(known, lambda at: asked.prices(at, tokens), edges, zones)
    days = []
    for hours in starts:
        alike = not zones and bisect_right(edges, hours[0]) == bisect_right(edges, hours[-1])
        found = (
            [(1.0, hours[0])] if alike else [(weight, at) for weight, at in zip(weights, hours, strict=True) if weight]
        )
        days.append(sum((weight * price(at) for weight, at in found), np.zeros(len(PRICED))))
    return np.array(days).T


def _remembered(
    known: dict[object, Floats], price: Callable[[datetime], Floats], edges: Sequence[datetime], zones: Sequence[str]
) -> Callable[[datetime], Floats]:
    def find(at: datetime) -> Floats:
        key = (bisect_right(edges, at), *(minute_of_week(at, zone) for zone in zones))
        if key not in known:
            known[key] = price(at)
        return known[key]

    return find


def _hours_of(day: date, zone: str) -> tuple[datetime, ...]:
    """When each hour of a day begins (naive UTC)."""
    local = ZoneInfo(zone)
    return tuple(datetime.combine(day, time(hour), local).astimezone(UTC).replace(tzinfo=None) for hour in range(HOURS))
