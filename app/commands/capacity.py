"""``tollbook capacity``: whether a seller's rate limits hold, which one binds first, and what they let one spend."""

from typing import TYPE_CHECKING

import typer

from app.commands import capacity_options as given
from app.commands.entered import AsJson
from app.session import Session, UserMistake, print_json, session_of

if TYPE_CHECKING:
    from app.capacities import Asked, Capacity


def capacity(  # noqa: PLR0913 - whose limits, which calls, how many, how long
    context: typer.Context,
    seller: given.Seller = None,
    model: given.Model = None,
    tier: given.Tier = None,
    rpm: given.Rpm = None,
    tpm: given.Tpm = None,
    concurrency: given.Concurrency = None,
    traffic_seller: given.TrafficSeller = None,
    traffic_model: given.TrafficModel = None,
    traffic_class: given.TrafficClass = None,
    calls_per_day: given.CallsPerDay = None,
    hours: given.Hours = 24,
    input_tokens: given.InputTokens = None,
    output_tokens: given.OutputTokens = None,
    cached_tokens: given.CachedTokens = 0,
    seconds: given.Seconds = None,
    plan: given.Plan = None,
    since: given.Since = None,
    until: given.Until = None,
    where: given.Where = None,
    full: given.Within = 1.0,
    as_json: AsJson = False,
) -> None:
    """Whether rate limits hold: calls over each, waiting, the tier needed, and the spend a limit allows.

    Own calls are replayed as they came; with --calls-per-day they, or a class of traffic, are taken at that rate.
    """
    from app.capacities import Asked
    from app.commands.capacity_tables import as_object, print_capacity
    from app.commands.cost import scope_of
    from planning.capacity import Caps

    session = session_of(context)
    asked = Asked(
        seller=seller or "",
        model=model or "",
        traffic=None if traffic_class else scope_of(since, until, where or []),
        traffic_class=traffic_class,
        calls_per_day=calls_per_day,
        hours=hours,
        input_tokens=_both(input_tokens, output_tokens),
        output_tokens=output_tokens,
        cached_tokens=cached_tokens,
        seconds=seconds,
        own=Caps(rpm, tpm, concurrency),
        full=full / 100,
    )
    if plan is not None:
        asked = _planned(session, asked, plan)
    found = _of_tier(_found(session, asked, traffic_seller, traffic_model), tier)
    if as_json:
        print_json(as_object(found))
    else:
        print_capacity(found)


def _both(input_tokens: float | None, output_tokens: float | None) -> float | None:
    if (input_tokens is None) != (output_tokens is None):
        raise UserMistake("give --input-tokens and --output-tokens together")
    return input_tokens


def _found(session: Session, asked: "Asked", seller: str | None, model: str | None) -> "Capacity":
    from app.capacities import capacity as capacity_of
    from app.capacity_routes import route_for, routes_of, traffic_of
    from app.present import present_of
    from warehouse.connection import open_reader
    from warehouse.errors import WarehouseMissing

    root, own = session.warehouse, asked.traffic
    try:
        with open_reader(root, tell=session.tell) as reader:
            now = present_of(session, reader)
            route = route_for(routes_of(reader, root, now), asked.seller or None, asked.model or None)
            traffic = None if own is None else traffic_of(route, own, seller, model)
            asked = asked._replace(seller=route.seller, model=route.model, traffic=traffic)
            return capacity_of(reader, root, asked, now)
    except WarehouseMissing:
        if own is not None:
            raise
    route = route_for(routes_of(None, root, session.now), asked.seller or None, asked.model or None)
    return capacity_of(None, root, asked._replace(seller=route.seller, model=route.model), session.now)


def _of_tier(found: "Capacity", name: str | None) -> "Capacity":
    if name is None:
        return found
    kept = tuple(each for each in found.standings if each.tier.name == name)
    if not kept:
        there = ", ".join(each.tier.name for each in found.standings)
        raise UserMistake(f"--tier: {found.asked.seller} has no tier {name!r}; there are {there}")
    return found._replace(standings=kept)


def _planned(session: Session, asked: "Asked", plan: str) -> "Asked":
    """What a launch plan asks of one of its routes; raises UserMistake."""
    from app.capacity_plans import busiest_day, demands_of
    from app.launch_named import named_plan
    from app.launches import launch_of
    from app.present import present_without_reader

    if asked.calls_per_day is not None:
        raise UserMistake("give --plan or --calls-per-day, not both: the plan says how many calls there are")
    now = present_without_reader(session)
    launch = launch_of(session.warehouse, named_plan(session, plan).plan, now, tell=session.tell)
    demands = demands_of(launch.simulation)
    fitting = [one for one in demands if asked.seller in ("", one.seller) and asked.model in one.model]
    if not fitting:
        there = ", ".join(f"{one.seller} {one.model}" for one in demands)
        raise UserMistake(f"the plan has no such route; it has {there}")
    if len(fitting) > 1:
        others = ", ".join(f"{one.seller} {one.model}" for one in fitting[1:])
        session.tell(f"the plan has other routes too, for --seller and --model: {others}")
    return asked._replace(**fitting[0]._asdict(), plan_day=busiest_day(launch.simulation))
