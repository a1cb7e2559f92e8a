"""How a launch goes: what was seen beside what was planned, and what both say of the days to come."""

import pandas as pd
import streamlit as st

from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.formats import MINUS, count, day, literal, money, plural
from app.components.launch_actual_chart import show_course
from app.components.launch_data import actual_for
from app.components.launch_headline import chance
from app.components.launch_state import keep_document, shown_plan
from app.components.page import Run
from app.components.tables import show_frame
from app.figures import UNKNOWN
from app.launch_draft import with_value
from app.launches import Launch
from planning.launch import Band
from planning.launch_actual import Actual, Blend
from planning.launch_plan import LaunchPlan, PlanError, write_launch_plan

PARTS = ("team", "model", "seller")
ALL = "all"
_HELP = ":material/help:"
UNUSUAL = 0.9
"""A day above so many of the draws, or below as few, is worth a word."""


def show_actual(run: Run, plan: LaunchPlan, launch: Launch | None) -> None:
    """Which calls are the launch's, then its days."""
    st.header("Actual against plan")
    _choose(run, plan)
    if plan.launched is None or launch is None:
        why = "Say above which calls are the launch's." if launch else "The plan cannot be priced yet: see Plan."
        st.info(why, title="Nothing to compare", icon=":material/rule:")
        return
    try:
        found = actual_for(run, launch)
    except PlanError as error:
        st.info(literal(str(error)), title="Nothing to compare", icon=":material/rule:")
        return
    if found.blend is None:
        st.info(_why_not(plan, found), title="No day to compare", icon=":material/event_upcoming:")
        return
    _show_found(launch, found, found.blend)


def _why_not(plan: LaunchPlan, found: Actual) -> str:
    if not found.days:
        return f"The plan begins on {day(plan.start)}; none of its days is whole in the data yet."
    if any(each.calls for each in found.days):
        return "No cost of the launch's calls is known yet: see Imports."
    return "None of the calls since the plan began is the launch's: is the right team, model or seller chosen?"


def _show_found(launch: Launch, found: Actual, blend: Blend) -> None:
    _show_cards(launch, found, blend)
    with st.container(border=True):
        show_course(launch, found, blend)
    unpriced = sum(each.unpriced for each in found.days)
    if unpriced:
        st.warning(
            f"{plural(unpriced, 'call')} of unknown cost in no amount spent, which is too low by theirs: see Imports. "
            "The days to come are reckoned as if they had cost what the others did.",
            icon=":material/help:",
        )
    with st.expander(f"Day by day · {plural(len(found.days), 'day')} seen", icon=":material/calendar_month:"):
        _show_days(found, launch.simulation.plan.currency)


def _choose(run: Run, plan: LaunchPlan) -> None:
    st.caption("Which calls are the launch's?")
    with st.container(horizontal=True, gap="xsmall"):
        for part in PARTS:
            said = getattr(plan.launched, part) if plan.launched else None
            options = [ALL, *run.choices.values[part]]
            if said is not None and said not in options:
                options.append(said)
            key = f"launch_launched_{part}"
            if st.session_state.get(key) != (said or ALL):
                st.session_state[key] = said or ALL
            st.selectbox(part.capitalize(), options, key=key, on_change=_take, width=260)


def _take() -> None:
    said = {part: st.session_state[f"launch_launched_{part}"] for part in PARTS}
    plan = shown_plan()
    kept = plan.launched.model_dump(exclude_none=True) if plan.launched else {}
    launched = {name: value for name, value in {**kept, **said}.items() if value != ALL}
    keep_document(with_value(write_launch_plan(plan), ("launched",), launched or None))


def _show_cards(launch: Launch, found: Actual, blend: Blend) -> None:
    plan, code = launch.simulation.plan, launch.simulation.plan.currency
    through = launch.simulation.days[(found.days[-1].day - plan.start).days].cumulative
    band = f"80%: {_band(blend.total, code)}"
    show_cards(
        [
            Card("Spent so far", (money(blend.spent, code),), f"{blend.seen_days} of {plural(plan.days, 'day')}"),
            Card("Planned by then", (money(through.p50, code),), f"P50; P90 is {money(through.p90, code)}"),
            Card("Against plan", (_level(blend.level),), "the level of the days seen"),
            Card("Now expected", (money(blend.total.p50, code),), band, "The plan, as the days seen change it."),
            Card("Plan's P50", (money(blend.plan_total, code),), f"run-rate: {money(blend.run_rate, code)}"),
            Card("Over budget", (chance(blend.over_budget) if plan.budget else "–",), _of_budget(plan)),
        ]
    )


def _of_budget(plan: LaunchPlan) -> str:
    return f"of {money(plan.budget_pico, plan.currency)}" if plan.budget else "no budget given"


def _level(level: float) -> str:
    change = round(100 * (level - 1))
    return f"{'+' if change > 0 else MINUS if change < 0 else '±'}{abs(change)}%"


def _show_days(found: Actual, code: str) -> None:
    frame = pd.DataFrame(
        {
            "Day": [day(each.day) for each in found.days],
            "Billed": [money(each.cost, code) if each.is_known else UNKNOWN for each in found.days],
            "Planned": [money(each.planned.p50, code) for each in found.days],
            "P10 to P90": [
                f"{money(each.planned.p10, code)} to {money(each.planned.p90, code)}" for each in found.days
            ],
            "Calls": [count(each.calls) for each in found.days],
            "": [_word(each.below) if each.is_known else "" for each in found.days],
        }
    )
    show_frame(
        frame, hide_index=True, height="content", alt="Each day as priced and as planned",
        column_config=right(("Billed", "Planned", "P10 to P90", "Calls")),
    )  # fmt: skip


def _band(band: Band, code: str) -> str:
    return f"{money(band.p10, code)} to {money(band.p90, code)}"


def _word(below: float) -> str:
    return "above the band" if below > UNUSUAL else "below the band" if below < 1 - UNUSUAL else ""
