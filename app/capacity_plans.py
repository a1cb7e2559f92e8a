"""What a launch plan asks of limits: calls on its busiest day and tokens of a call, by route."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planning.guess import Guess
from planning.launch import Simulation


class PlanDay(NamedTuple):
    """The busiest day of a launch plan: that whose calls have the highest P90."""

    plan: str
    day: date


class Demand(NamedTuple):
    """What a launch plan asks of one seller's model: one for each route of the plan."""

    seller: str
    model: str
    calls_per_day: float
    """Billed attempts of this route on the plan's busiest day: give the P90, and say so on the page."""
    input_tokens: float
    """Of a call, in the mean: cached and written ones included."""
    output_tokens: float
    """Of a call, in the mean: reasoning included."""
    cached_tokens: float = 0.0
    """How many of the input tokens are read from a cache."""


class _Call(NamedTuple):
    input: float
    output: float
    cached: float


def busiest_day(simulation: Simulation) -> PlanDay:
    """The day that ``demands_of`` is about."""
    return PlanDay(simulation.plan.name, max(simulation.days, key=lambda day: day.calls.p90).day)


def demands_of(simulation: Simulation) -> list[Demand]:
    """Each route of a plan that was drawn: calls of the day whose P90 is the most, tokens at their likely values."""
    plan = simulation.plan
    busiest = max(day.calls.p90 for day in simulation.days)
    call = _mean_call(simulation)
    moved = 0.0 if plan.escalation is None else _likely(plan.escalation.share)
    whole = sum(_likely(route.share) for route in plan.routes)
    demands = [
        Demand(route.seller, route.model, busiest * (1 - moved) * _likely(route.share) / whole, *call)
        for route in plan.routes
    ]
    if plan.escalation is not None and moved:
        more = _likely(plan.escalation.input)
        larger = _Call(call.input * more, call.output * _likely(plan.escalation.output), call.cached * more)
        demands.append(Demand(plan.escalation.seller, plan.escalation.model, busiest * moved, *larger))
    return _together(demands)


def _mean_call(simulation: Simulation) -> _Call:
    """Of all kinds, each weighed by its attempts."""
    plan = simulation.plan
    calls = input_tokens = output = cached = 0.0
    for kind in plan.kinds.values():
        attempts = _likely(kind.share) * _likely(kind.steps) * (1 + _likely(kind.retries))
        media = _likely(kind.images) * _likely(kind.image_tokens) + _likely(kind.videos) * _likely(kind.video_tokens)
        calls += attempts
        input_tokens += attempts * (_likely(kind.input_tokens) + media)
        output += attempts * _likely(kind.output_tokens)
        cached += attempts * _likely(kind.input_tokens) * _likely(kind.cache_share)
    tiers = plan.effort.values()
    asked = sum(_likely(tier.share) for tier in tiers) or 1.0
    more_in = sum(_likely(tier.share) * _likely(tier.input) for tier in tiers) / asked if tiers else 1.0
    more_out = sum(_likely(tier.share) * _likely(tier.output) for tier in tiers) / asked if tiers else 1.0
    return _Call(input_tokens / calls * more_in, output / calls * more_out, cached / calls * more_in)


def _together(demands: Sequence[Demand]) -> list[Demand]:
    """Routes to one seller's model, as at two tiers, share its limits."""
    found: dict[tuple[str, str], Demand] = {}
    for each in demands:
        held = found.get((each.seller, each.model))
        calls = each.calls_per_day + (held.calls_per_day if held else 0)
        if held and calls:
            part = held.calls_per_day / calls
            mean = (part * one + (1 - part) * other for one, other in zip(held[3:], each[3:], strict=True))
            found[each.seller, each.model] = Demand(each.seller, each.model, calls, *mean)
        else:
            found[each.seller, each.model] = each
    return list(found.values())


def _likely(guess: Guess) -> float:
    return guess.span.likely
