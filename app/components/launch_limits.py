"""The Limits section of the Launch page: what a seller's tier lets through, of a plan, of own traffic or of a class."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from app.capacities import Asked, Capacity
from app.capacity_notes import notes_of
from app.capacity_plans import Demand
from app.capacity_routes import Route
from app.capacity_words import fit_texts, needed_text, never_text, spend_text
from app.components.formats import count, literal, plural
from app.components.limits_data import capacity_for, routes_for
from app.components.limits_table import show_standing, show_tiers
from app.components.page import Run
from app.session import UserMistake
from planning.capacity import Caps
from planning.traffic_classes import traffic_classes

__all__ = ["Demand", "show_limits"]

AS_THEY_CAME = "Own calls, as they came"
OWN = "Own calls, at another rate"
AS_OWN = "As our own calls"
MOST = 10_000_000


def show_limits(run: Run, demands: Sequence[Demand] = (), day: date | None = None) -> None:
    """Show the section: pick a route, a tier and how bursty the calls are, and see which limit binds, and when.

    Without demands it asks for a seller and a model, and takes the warehouse's own traffic or a class at a wanted rate.
    """
    st.header("Will the sellers' limits hold?")
    with st.container(border=True):
        asked = _of_plan(run, demands, day) if demands else _of_traffic(run)
    if asked is None:
        return
    try:
        found = capacity_for(run, asked)
    except UserMistake as mistake:
        st.info(literal(str(mistake)), title="No answer yet", icon=":material/speed:")
        return
    _show(found)


def _show(found: Capacity) -> None:
    needed = found.needed
    if needed is not None:
        st.success(literal(needed_text(found)), icon=":material/check_circle:")
    else:
        st.warning(literal(needed_text(found)), icon=":material/speed:")
    names = [each.tier.name for each in found.standings]
    name = names[0]
    if len(names) > 1:
        first = names.index(needed.tier.name) if needed is not None else len(names) - 1
        name = st.selectbox("Tier", names, index=first, key="limit_tier", width=240)
    (standing,) = (each for each in found.standings if each.tier.name == name)
    show_standing(found, standing)
    for text in (never_text(found, standing), spend_text(found, standing)):
        if text:
            st.caption(literal(text))
    show_tiers(found)
    with st.expander("What fits, and what is to be known of these figures", icon=":material/info:"):
        st.markdown("\n".join(f"- {literal(text)}" for text in (*fit_texts(found), *notes_of(found))))


def _of_plan(run: Run, demands: Sequence[Demand], day: date | None) -> Asked | None:
    """A route of the plan, and how bursty its calls are."""
    routes = {f"{each.model} at {each.seller}": each for each in demands}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Route", list(routes), key="limit_route", width=340)
        demand = routes[name]
        own = any((route.seller, route.model) == (demand.seller, demand.model) for route in _with_calls(run))
        kind = _burstiness(own)
        hours = _hours(kind)
    st.caption(
        literal(
            f"The plan's busiest day at its P90{f', {day}' if day else ''}: "
            f"{count(round(demand.calls_per_day))} calls of this route; "
            f"{count(round(demand.input_tokens))} tokens in ({count(round(demand.cached_tokens))} cached) and "
            f"{count(round(demand.output_tokens))} out per call, at their likely values."
        )
    )
    if demand.calls_per_day <= 0:
        st.info("The plan sends no calls there.", icon=":material/speed:")
        return None
    traffic = run.scope._replace(values=(("seller", (demand.seller,)), ("model", (demand.model,)))) if own else None
    return Asked(
        demand.seller, demand.model, traffic, kind, demand.calls_per_day, hours, demand.input_tokens,
        demand.output_tokens, demand.cached_tokens, own=_typed_in(),
    )  # fmt: skip


def _of_traffic(run: Run) -> Asked | None:
    """A seller's model with calls or limits, and whose calls are held against them."""
    routes = routes_for(run)
    if not routes:
        st.info("Load a log, or open a plan: there are no calls and no limits.", icon=":material/speed:")
        return None
    routes = sorted(routes, key=lambda route: not route.has_limits)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        route = st.selectbox("Limits of", routes, format_func=_route_text, key="limit_of", width=340)
        classes = [f"Class: {name}" for name in traffic_classes()]
        kinds = [AS_THEY_CAME, OWN, *classes] if route.calls else classes
        what = st.selectbox("Calls", kinds, key="limit_calls", width=240, help=_class_help())
        kind = what.removeprefix("Class: ") if what in classes else None
        calls = None
        if what != AS_THEY_CAME:
            calls = float(st.number_input("Calls per day", 1, MOST, 20_000, key="limit_rate", width=140))
        hours = _hours(kind) if kind else 24.0
    traffic = run.scope._replace(
        values=(*_others(run), ("seller", (route.seller,)), ("model", (route.model,)))
    )  # fmt: skip
    return Asked(route.seller, route.model, None if kind else traffic, kind, calls, hours, own=_typed_in())


def _others(run: Run) -> list[tuple[str, tuple[str, ...]]]:
    """What the page's filters narrow beside seller and model, which the route says."""
    return [(name, values) for name, values in run.scope.values if name not in ("seller", "model")]


def _with_calls(run: Run) -> list[Route]:
    return [route for route in routes_for(run) if route.calls]


def _burstiness(own: bool) -> str | None:
    """As bursty as what; None: own calls."""
    kinds = [*([AS_OWN] if own else []), *traffic_classes()]
    found = st.selectbox("As bursty as", kinds, key="limit_class", width=200, help=_class_help())
    return None if found == AS_OWN else found


def _hours(kind: str | None) -> float:
    if kind in (None, "chat"):
        return 24.0
    asked = st.number_input("Hours of a day", 1, 24, 24, key="limit_hours", width=140, help="In which the calls come.")
    return float(asked)


def _typed_in() -> Caps:
    """Limits of an agreement that no card has."""
    if not st.toggle("Other limits", key="limit_own", help="In place of those that the rate cards know."):
        return Caps()
    with st.container(horizontal=True):
        names = {"Requests a minute": 30, "Tokens a minute": 50_000_000, "At the same time": 0}
        typed = [
            int(st.number_input(name, 0, 10**12, first, key=f"limit_own_{place}", width=180, help="0: no such limit."))
            for place, (name, first) in enumerate(names.items())
        ]
    return Caps(*(figure or None for figure in typed))


def _route_text(route: Route) -> str:
    limits = "" if route.has_limits else ", no limits known"
    return f"{route.model} at {route.seller} ({plural(route.calls, 'call')}{limits})"


def _class_help() -> str:
    lines = [f"{kind.name}: {kind.about}" for kind in traffic_classes().values()]
    return literal(f"Classes, measured on public traces. {'; '.join(lines)}.")
