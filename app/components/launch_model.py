"""Where a launch's calls go: seller, model and tier of each route, with what they cost."""

from collections.abc import Mapping

import streamlit as st

from app.components.formats import day, literal, rate
from app.components.launch_field import show_input
from app.components.launch_state import keep_document, shown_plan
from app.components.provenance import WORDS
from app.launch_draft import with_value
from app.launches import Launch, PricedBy
from planning.launch_plan import STANDARD, Input, LaunchPlan, write_launch_plan
from pricing.meters import METERS

TIERS = (STANDARD, "batch", "flex", "priority", "fast")
MTOK = 1_000_000
MOST_ROUTES = 6
Sold = Mapping[str, tuple[str, ...]]


def show_routes(plan: LaunchPlan, inputs: Mapping[str, Input], sold: Sold, launch: Launch | None) -> None:
    """Each route, with the price that it has on the first day."""
    for number in range(len(plan.routes)):
        if number:
            st.space("small")
        _show_route(plan, number, sold)
        if share := inputs.get(f"routes.{number + 1}.share"):
            show_input(share)
        if launch is not None and number < len(launch.priced_by):
            st.caption(literal(_price(launch.priced_by[number])))
    for leg in launch.exchanged if launch else ():
        st.caption(literal(f"{' to '.join(leg.pair)} at the rate of {leg.known}: {leg.source}"))
    with st.container(horizontal=True):
        if len(plan.routes) < MOST_ROUTES:
            st.button("Add a route", icon=":material/add:", type="tertiary", on_click=_add)
        if len(plan.routes) > 1:
            st.button("Remove the last", icon=":material/remove:", type="tertiary", on_click=_remove)


def _show_route(plan: LaunchPlan, number: int, sold: Sold) -> None:
    route = plan.routes[number]
    sellers = _with(sold, route.seller)
    models = _with(sold.get(route.seller, ()), route.model)
    with st.container(horizontal=True, gap="xsmall"):
        _choice("Seller", number, "seller", sellers, route.seller, sold)
        _choice("Model", number, "model", models, route.model, sold, width=215)
        _choice("Tier", number, "tier", _with(TIERS, route.tier), route.tier, sold)


def _choice(  # noqa: PLR0913 - one control, told apart by its route and field
    label: str, number: int, field: str, options: list[str], value: str, sold: Sold, *, width: int = 120
) -> None:
    key = f"launch_route_{number}_{field}"
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.selectbox(label, options, key=key, on_change=_take, args=(number, field, key, sold), width=width)


def _with(options: "tuple[str, ...] | Sold", value: str) -> list[str]:
    """The options, and what the plan says where it is none of them: no rate of today has that name."""
    return [*options] if value in options else [value, *options]


def _take(number: int, field: str, key: str, sold: Sold) -> None:
    value = st.session_state[key]
    document = with_value(write_launch_plan(shown_plan()), ("routes", number, field), value)
    if field == "seller":
        model = _nearest(shown_plan().routes[number].model, sold.get(value, ()))
        document = with_value(document, ("routes", number, "model"), model)
    keep_document(document)


def _nearest(model: str, models: tuple[str, ...]) -> str:
    """The same model at another seller, by its name after the last slash; else the first one."""
    name = model.rsplit("/", 1)[-1].lower()
    same = (each for each in models if each.rsplit("/", 1)[-1].lower() == name)
    return next(same, models[0] if models else model)


def _add() -> None:
    document = write_launch_plan(shown_plan())
    keep_document(with_value(document, ("routes",), [*document["routes"], {**document["routes"][0], "share": 0}]))


def _remove() -> None:
    document = write_launch_plan(shown_plan())
    kept = document["routes"][:-1]
    if len(kept) == 1:
        kept = [{key: value for key, value in kept[0].items() if key != "share"}]
    else:
        even = round(1 / len(kept), 6)
        kept = [{**route, "share": even} for route in kept]
    keep_document(with_value(document, ("routes",), kept))


def _price(by: PricedBy) -> str:
    """What a million tokens cost there, and on whose word."""
    found = by.rate
    parts = [
        f"{rate(pico * MTOK, found.currency)} {words}"
        for meter, words in (("input", "in"), ("cache_read", "cached"), ("output", "out"))
        if (pico := found.pico[METERS.index(meter)]) is not None
    ]
    word = WORDS.get(found.confidence, found.confidence)
    return f"{', '.join(parts)} per million tokens · {word}, checked {day(found.checked)}"
