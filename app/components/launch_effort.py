"""How hard the model is asked to think, and how many calls a larger one answers."""

from collections.abc import Mapping

import streamlit as st

from app.components.formats import literal
from app.components.launch_field import show_input
from app.components.launch_model import Sold
from app.components.launch_state import keep_document, shown_plan
from app.launch_draft import with_value
from app.launch_words import field_of
from planning.launch_plan import Input, LaunchPlan, write_launch_plan

TIERS = {
    "low": {"share": 0.3, "output": {"low": 0.3, "likely": 0.5, "high": 0.8}},
    "medium": {"share": 0.5, "output": 1},
    "high": {"share": 0.2, "output": {"low": 1.5, "likely": 2.2, "high": 4}},
}
"""What a mix of tiers begins with: guesses of what they write, medium as one."""
ESCALATION = {"low": 0.01, "likely": 0.03, "high": 0.1}
SELLER, MODEL = "launch_escalation_seller", "launch_escalation_model"


def effort_summary(plan: LaunchPlan) -> str:
    """What is in it, for its closed group."""
    tiers = f"{len(plan.effort)} tiers" if plan.effort else "no tiers"
    if plan.escalation is None:
        return f"{tiers}, no escalation"
    share = plan.escalation.share
    said = "measured" if share.is_open else field_of("escalation.share").text(share.span.likely)
    return f"{tiers}, {said} escalated"


def show_effort(plan: LaunchPlan, inputs: Mapping[str, Input], sold: Sold) -> None:
    """Both, each with a switch."""
    _switch("Calls differ in effort", "effort", bool(plan.effort), TIERS)
    for name in plan.effort:
        st.markdown(f"**{literal(name.capitalize())}**")
        for field in ("share", "output", "input"):
            show_input(inputs[f"effort.{name}.{field}"])
    first = plan.routes[0]
    begun = {"share": ESCALATION, "seller": first.seller, "model": first.model}
    _switch("A larger model answers some", "escalation", plan.escalation is not None, begun)
    if plan.escalation is not None:
        _show_model(plan.escalation.seller, plan.escalation.model, sold)
        for field in ("share", "input", "output"):
            show_input(inputs[f"escalation.{field}"])


def _switch(label: str, part: str, is_on: bool, begun: Mapping[str, object]) -> None:
    key = f"launch_switch_{part}"
    if st.session_state.get(key) != is_on:
        st.session_state[key] = is_on
    st.toggle(label, key=key, on_change=_take_switch, args=(part, begun))


def _take_switch(part: str, begun: Mapping[str, object]) -> None:
    value = dict(begun) if st.session_state[f"launch_switch_{part}"] else None
    keep_document(with_value(write_launch_plan(shown_plan()), (part,), value))


def _show_model(seller: str, model: str, sold: Sold) -> None:
    sellers = [*sold] if seller in sold else [seller, *sold]
    known = sold.get(seller, ())
    models = [*known] if model in known else [model, *known]
    for key, value in ((SELLER, seller), (MODEL, model)):
        if st.session_state.get(key) != value:
            st.session_state[key] = value
    with st.container(horizontal=True, gap="xsmall"):
        st.selectbox("Its seller", sellers, key=SELLER, on_change=_take_seller, args=(sold,), width=160)
        st.selectbox("Its model", models, key=MODEL, on_change=_take_model, width=290)


def _take_seller(sold: Sold) -> None:
    seller = st.session_state[SELLER]
    document = with_value(write_launch_plan(shown_plan()), ("escalation", "seller"), seller)
    keep_document(with_value(document, ("escalation", "model"), next(iter(sold.get(seller, ())), "")))


def _take_model() -> None:
    keep_document(with_value(write_launch_plan(shown_plan()), ("escalation", "model"), st.session_state[MODEL]))
