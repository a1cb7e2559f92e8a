"""Whose limits and whose calls a person means: sellers' models by their name or a part of it."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.capacity_tiers import limits_of, sellers_with_limits
from app.session import UserMistake
from warehouse.capacity import routes_seen
from warehouse.connection import Reader
from warehouse.scope import Scope


class Route(NamedTuple):
    """One model at one seller."""

    seller: str
    model: str
    calls: int
    """In the warehouse; 0: only its limits are known."""
    has_limits: bool


def routes_of(reader: Reader | None, root: Path, now: datetime) -> list[Route]:
    """Every seller's model with calls, most calls first, then those of which only limits are known."""
    seen = routes_seen(reader) if reader is not None else []
    found = [Route(row[0], row[1], row[2], bool(limits_of(root, row[0], row[1], now).tiers)) for row in seen]
    known = {(route.seller, route.model) for route in found}
    limited = [pair for pair in sellers_with_limits(root, now) if pair[1] is not None]
    return found + [
        Route(seller, model, 0, True) for seller, model in limited if model and (seller, model) not in known
    ]


def route_for(routes: list[Route], seller: str | None, model: str | None) -> Route:
    """The one meant: the busiest with limits of those that fit; raises UserMistake where it is not clear."""
    fitting = [route for route in routes if seller in (None, route.seller)]
    named = [route for route in fitting if model is None or route.model == model]
    close = named or [route for route in fitting if model is not None and model in route.model]
    if close:
        return next((route for route in close if route.has_limits), close[0])
    if seller and model:
        return Route(seller, model, 0, False)
    there = ", ".join(sorted({f"{route.seller} {route.model}" for route in routes})) or "none"
    raise UserMistake(f"no model fits that; with calls or limits there are {there}. Give --seller and --model")


def traffic_of(route: Route, scope: Scope, seller: str | None, model: str | None) -> Scope:
    """The calls to hold against the limits: those of the route, or of the seller and model that are named."""
    named = bool(seller or model)
    wanted = (("seller", seller if named else route.seller), ("model", model if named else route.model))
    return scope._replace(values=(*scope.values, *((name, (value,)) for name, value in wanted if value)))
