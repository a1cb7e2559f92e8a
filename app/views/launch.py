"""Launch: what traffic without a history may cost, whether the limits hold it, and how it went."""

import streamlit as st

from app.capacity_plans import busiest_day, demands_of
from app.components.formats import literal
from app.components.launch_actual import show_actual
from app.components.launch_begin import first_document, show_begin, show_open, show_records
from app.components.launch_chart import fan_of, show_fan
from app.components.launch_data import launch_of, measured_of, sold_in, today_of
from app.components.launch_headline import show_headline
from app.components.launch_inputs import show_inputs
from app.components.launch_keep import show_dialog, show_history, show_keep, show_stale
from app.components.launch_limits import show_limits
from app.components.launch_rest import show_basis, show_by_kind
from app.components.launch_state import WRONG, fill_in, open_plan
from app.components.launch_tornado import Reach, show_tornado
from app.components.notices import show_empty
from app.components.page import Run, get_run
from app.components.sections import pick_section
from app.components.undo import show_undo
from app.launch_words import field_of, input_words
from app.launches import Launch
from planning.launch_plan import LaunchPlan, PlanError

SECTIONS = ("Plan", "Limits", "Actual")


def show(run: Run) -> None:
    """The plan with what it comes to, or one of the sections beside it."""
    today = today_of(run)
    plan = open_plan(run, first_document(today))
    launch, why_not = _drawn(run, plan)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        section = pick_section(SECTIONS)
        with st.container(horizontal=True, width="content"):
            show_open(run, today)
            show_keep(run, plan, launch)
    with st.container():
        show_undo("launch")
    if section == SECTIONS[0]:
        show_plan(run, plan, launch, why_not)
    elif run.choices.is_empty:
        show_empty(run.desk.root)
    elif section == SECTIONS[2]:
        show_actual(run, plan, launch)
    else:
        if launch:
            show_limits(run, demands_of(launch.simulation), busiest_day(launch.simulation).day)
        else:
            show_limits(run)
    show_dialog(run, plan, launch)


def _drawn(run: Run, plan: LaunchPlan) -> tuple[Launch | None, str | None]:
    """What the plan comes to, or why that cannot be said."""
    try:
        launch = launch_of(run, plan)
    except PlanError as error:
        return None, str(error)
    fill_in(launch.simulation.plan)
    return launch, None


def show_plan(run: Run, plan: LaunchPlan, launch: Launch | None, why_not: str | None) -> None:
    """What it comes to at the top, its inputs at the left, what moves it at the right."""
    show_begin(today_of(run))
    st.header(literal(plan.name))
    wrong = st.session_state.pop(WRONG, None)
    if wrong:
        st.error(literal(wrong), title="Not taken over", icon=":material/undo:")
    if launch is not None:
        show_stale(run, plan, launch)
        show_headline(launch)
    else:
        st.warning(literal(why_not or ""), title="It cannot be priced yet", icon=":material/sell:")
    left, right = st.columns([5, 7], gap="medium")
    with left:
        show_records(measured_of(run, plan))
        filled = launch.simulation.plan if launch else plan
        show_inputs(plan, filled, sold_in(run, plan), launch)
    with right:
        if launch is not None:
            _show_charts(launch)
    if launch is not None:
        show_basis(launch)
    show_history(run)


def _show_charts(launch: Launch) -> None:
    found, plan = launch.simulation, launch.simulation.plan
    with st.container(border=True):
        days = [each.day for each in found.days]
        per_day = fan_of(days, [each.cost for each in found.days])
        added_up = fan_of(days, [each.cumulative for each in found.days])
        show_fan(per_day, added_up, plan.budget_pico, plan.currency)
    with st.container(border=True):
        reaches = [
            Reach(
                input_words(each.name), each.at_low, each.at_high, field_of(each.name).text(each.span.low),
                field_of(each.name).text(each.span.high),
            )
            for each in found.tornado
        ]  # fmt: skip
        show_tornado(reaches, found.total.p50, plan.currency)
    with st.container(border=True):
        show_by_kind(launch)


show(get_run())
