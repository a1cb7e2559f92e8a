"""The question that the page answers before anybody asks one: where the dearest calls would be cheaper."""

from collections.abc import Sequence

from app.components.scenario_data import Bought, Market, Route
from app.scenario_draft import Document, empty
from pricing.meters import METERS
from pricing.rates import Rate
from warehouse.rate_sellers import family_of

INPUT, CACHE_READ, OUTPUT = (METERS.index(meter) for meter in ("input", "cache_read", "output"))
WORTH = 0.98
"""What is not cheaper by a fiftieth is no question."""


def first_question(
    bought: Sequence[Bought], anywhere: Sequence[Bought], market: Market, currency: str | None
) -> Document:
    """The dearest route in scope moved to the cheapest seller of its family, else to the cheapest model that is bought
    anywhere; else half as much from the cache, or twice the calls.
    """
    dearest = next((each for each in bought if currency in each.costs), None)
    rate = market.rates.get(dearest.route) if dearest else None
    if dearest is None:
        return empty() | {"changes": [{"kind": "volume", "times": "2"}]}
    where = dearest.route._asdict()
    target = _cheapest(dearest, rate, anywhere, market) if rate else None
    if target is not None:
        move = {"kind": "move", "where": where, **target._asdict(), "share": "1"}
        return empty() | {"changes": [move]}
    if rate and dearest.cache_read and rate.pico[CACHE_READ] not in (None, rate.pico[INPUT]):
        return empty() | {"changes": [{"kind": "cache", "where": where, "times": "0.5"}]}
    return empty() | {"changes": [{"kind": "volume", "times": "2"}]}


def _cheapest(dearest: Bought, rate: Rate, bought: Sequence[Bought], market: Market) -> Route | None:
    family = family_of(dearest.route.model)
    same = [
        route for route in market.rates if family_of(route.model) == family and route.seller != dearest.route.seller
    ]
    known = [each.route for each in bought if each.route in market.rates and family_of(each.route.model) != family]
    most = (_estimate(dearest, rate) or 0) * WORTH
    for routes in (same, known):
        costs = [(_estimate(dearest, market.rates[route]), route) for route in routes
                 if market.rates[route].currency == rate.currency]  # fmt: skip
        cheaper = sorted((cost, route) for cost, route in costs if cost is not None and cost < most)
        if cheaper:
            return cheaper[0][1]
    return None


def _estimate(calls: Bought, rate: Rate) -> int | None:
    """About what the calls come to at a plain rate; None where it asks nothing for some of them, as for a trial."""
    pairs = (
        (calls.input + calls.cache_written, rate.pico[INPUT]),
        (calls.cache_read, rate.pico[CACHE_READ]),
        (calls.output, rate.pico[OUTPUT]),
    )
    if any(tokens and not pico for tokens, pico in pairs):
        return None
    return sum(tokens * (pico or 0) for tokens, pico in pairs)
