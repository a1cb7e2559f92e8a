"""The inputs of a launch plan, in the order in which an engineer thinks of them; closed groups say what is in them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import streamlit as st

from app.components.formats import count, literal, money
from app.components.launch_effort import effort_summary, show_effort
from app.components.launch_field import show_input
from app.components.launch_kinds import show_kinds
from app.components.launch_model import Sold, show_routes
from app.components.launch_state import keep_document, shown_plan
from app.launch_draft import with_value
from app.launch_words import field_of
from app.launches import Launch
from planning.launch_plan import MOST_DAYS, Input, LaunchPlan, inputs_of, write_launch_plan

Inputs = Mapping[str, Input]
CURRENCIES = ("USD", "CNY", "EUR", "GBP")
USE = ("sessions", "tasks", "weekend", "day_noise")
MOST_BUDGET = 1e12


def show_inputs(plan: LaunchPlan, filled: LaunchPlan, sold: Sold, launch: Launch | None) -> None:
    """Every input. ``filled``: the plan with what is measured filled in, as far as it can be."""
    inputs = {each.name: each for each in inputs_of(filled)}
    with st.expander(f"**Model and price** · {_model(plan)}", key="launch_group_model"):
        show_routes(plan, inputs, sold, launch)
    with st.expander(f"**Who uses it** · {_people(inputs)}", expanded=True, key="launch_group_users"):
        _show_all(inputs, [name for name in inputs if name == "users" or name.startswith("adoption.")])
    with st.expander(f"**How much they do** · {_use(inputs)}", key="launch_group_use"):
        _show_all(inputs, USE)
    with st.expander(f"**What a task is** · {_kinds(plan)}", key="launch_group_kinds"):
        show_kinds(plan, inputs)
    with st.expander(f"**Effort and escalation** · {effort_summary(plan)}", key="launch_group_effort"):
        show_effort(plan, inputs, sold)
    with st.expander(f"**When, and what it may cost** · {_when(plan)}", key="launch_group_when"):
        _show_when(plan)


def _show_all(inputs: Inputs, names: Iterable[str]) -> None:
    for name in names:
        show_input(inputs[name])


def _show_when(plan: LaunchPlan) -> None:
    _text("Name", "name", plan.name)
    with st.container(horizontal=True, gap="xsmall"):
        st.date_input("First day", key=_set("start", plan.start), on_change=_take, args=("start",), width=150)
        st.number_input("Days", 1, MOST_DAYS, key=_set("days", plan.days), on_change=_take, args=("days",), width=120)
    with st.container(horizontal=True, gap="xsmall"):
        budget = None if plan.budget is None else float(plan.budget)
        st.number_input(
            "Budget", 0.0, MOST_BUDGET, step=1000.0, format="%g", placeholder="none", key=_set("budget", budget),
            on_change=_take, args=("budget",), help="For all days together.", width=180,
        )  # fmt: skip
        offered = [*CURRENCIES] if plan.currency in CURRENCIES else [plan.currency, *CURRENCIES]
        st.selectbox(
            "Currency", offered, key=_set("currency", plan.currency), on_change=_take, args=("currency",), width=110
        )
        st.number_input(
            "Seed", 0, 1_000_000, key=_set("seed", plan.seed), on_change=_take, args=("seed",), width=120,
            help="The same seed draws the same launches, to the last bit.",
        )  # fmt: skip


def _text(label: str, field: str, value: str) -> None:
    st.text_input(label, key=_set(field, value), on_change=_take, args=(field,), max_chars=80)


def _set(field: str, value: object) -> str:
    key = f"launch_plan_{field}"
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def _take(field: str) -> None:
    value = st.session_state[f"launch_plan_{field}"]
    if field == "budget":
        value = f"{Decimal(str(value)):f}" if value else None
    elif isinstance(value, date):
        value = value.isoformat()
    elif value is None or value == "":
        return
    keep_document(with_value(write_launch_plan(shown_plan()), (field,), value))


def _people(inputs: Inputs) -> str:
    users = _said(inputs, "users")
    names = [name for name in inputs if name == "adoption.ceiling" or name.startswith("adoption.day")]
    return f"{users} users, {_said(inputs, names[-1])} of them active in the end"


def _use(inputs: Inputs) -> str:
    return f"{_said(inputs, 'sessions')} sessions of {_said(inputs, 'tasks')} tasks a day"


def _kinds(plan: LaunchPlan) -> str:
    return "one kind" if len(plan.kinds) == 1 else f"{len(plan.kinds)} kinds"


def _model(plan: LaunchPlan) -> str:
    first = plan.routes[0]
    more = f" and {len(plan.routes) - 1} more" if len(plan.routes) > 1 else ""
    return literal(f"{first.model.rsplit('/', 1)[-1]} at {first.seller}{more}")


def _when(plan: LaunchPlan) -> str:
    budget = "no budget" if plan.budget is None else literal(money(plan.budget_pico, plan.currency))
    return f"{count(plan.days)} days from {plan.start:%Y-%m-%d}, {budget}"


def _said(inputs: Inputs, name: str) -> str:
    guess = inputs[name].guess
    return "measured" if guess.is_open else field_of(name).text(guess.span.likely)
