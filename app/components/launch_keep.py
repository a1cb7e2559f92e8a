"""A launch plan leaves the page: saved by name, or as a file; and what it came to as a table."""

import csv
import io

import streamlit as st

from app.components.entries import ask_who, attempt, show_changes
from app.components.formats import instant, literal
from app.components.launch_state import opened, saved_plans
from app.components.page import Run
from app.components.undo import offer_to_put_back
from app.launch_file import plan_text
from app.launches import Launch, figures_of, stale_note
from planning.launch_plan import LaunchPlan, write_launch_plan
from pricing.money import to_decimal
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.launch_plans import Draft, remove_launch_plan, save_launch_plan

ACT = "launch_act"
NOWHERE = "Plans are saved beside logs, and none is loaded yet. The address of this page holds the whole plan, too."
BANDS = ("p10", "p50", "p90", "p99")


def show_keep(run: Run, plan: LaunchPlan, launch: Launch | None) -> None:
    """The buttons, and the dialog that one of them opened."""
    saved = opened(run, plan)
    nowhere = run.choices.is_empty
    st.button(
        "Saved" if saved else "Save", icon=":material/check:" if saved else ":material/save:", type="primary",
        disabled=saved is not None or nowhere, on_click=_ask, args=("save",), help=NOWHERE if nowhere else None,
    )  # fmt: skip
    with st.popover("Export", icon=":material/download:", width="content"):
        name = "".join(letter if letter.isalnum() else "-" for letter in plan.name.lower()).strip("-") or "plan"
        st.download_button(
            "The plan (YAML)", lambda: plan_text(plan), f"{name}.yaml", on_click="ignore",
            icon=":material/description:", help="`tollbook launch` runs it.",
        )  # fmt: skip
        if launch is not None:
            st.download_button(
                "Each day (CSV)", lambda: days_csv(launch), f"{name}-days.csv", on_click="ignore",
                icon=":material/table:",
            )  # fmt: skip
        if saved:
            st.button("Remove the plan", icon=":material/delete:", type="tertiary", on_click=_ask, args=("remove",))


def show_dialog(run: Run, plan: LaunchPlan, launch: Launch | None) -> None:
    """The dialog that is open, if any."""
    act = st.session_state.get(ACT)
    if act == "save":
        _save_dialog(run, plan, launch)
    elif act == "remove":
        _remove_dialog(run, plan)


def show_stale(run: Run, plan: LaunchPlan, launch: Launch) -> None:
    """Say where a saved plan no longer comes to what it came to, and why."""
    saved = opened(run, plan)
    note = stale_note(saved.figures, launch) if saved else None
    if note:
        st.warning(literal(note), title="Not what it was when it was saved", icon=":material/history:")


def show_history(run: Run) -> None:
    """Who saved what."""
    show_changes(run.desk.root, ("launch plan",))


def _ask(act: str) -> None:
    st.session_state[ACT] = act


def _dismiss() -> None:
    st.session_state.pop(ACT, None)


@st.dialog("Save the plan", on_dismiss=_dismiss)
def _save_dialog(run: Run, plan: LaunchPlan, launch: Launch | None) -> None:
    held = next((each for each in saved_plans(run) if each.name == plan.name), None)
    st.caption("It can be opened by its name, here and with `tollbook launch`.")
    if held:
        about = (
            f"{held.name} was saved by {held.changed_by}, {instant(held.changed_at)}: under this name it is replaced."
        )
        st.caption(literal(about))
    with st.form("launch_save", border=False):
        name = st.text_input("Name", plan.name, max_chars=80).strip()
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if not sent:
        return
    if not name:
        st.error("Give it a name.")
        return

    def act(author: Author) -> None:
        document = write_launch_plan(plan) | {"name": name}
        figures = figures_of(launch) if launch else {}
        # What this page did not show is not written over.
        over = held.changed_at if held and held.name == name else None
        save_launch_plan(run.desk.root, Draft(document, figures), author, tell=silent, over=over)
        st.session_state["launch_draft"] = document
        _dismiss()

    attempt(act, who)


@st.dialog("Remove the plan", on_dismiss=_dismiss)
def _remove_dialog(run: Run, plan: LaunchPlan) -> None:
    with st.form("launch_remove", border=False):
        st.markdown(
            f"**{literal(plan.name)}** leaves the saved plans, for everyone, and what it came to when it was saved "
            "goes with it. On this page it stays, and it can be put back at once."
        )
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:

        def act(author: Author) -> None:
            was = remove_launch_plan(run.desk.root, plan.name, author, tell=silent)
            said = f"The plan {was.name} was removed."
            offer_to_put_back("launch", said, run.desk.root, "launch_plan", [was.number])
            _dismiss()

        attempt(act, who)


def days_csv(launch: Launch) -> str:
    """A row for each day: percentiles of its cost, of the cost so far and of its calls."""
    found = launch.simulation
    code = found.plan.currency.lower()
    heads = [f"{what}_{band}" for what in (f"cost_{code}", f"cost_so_far_{code}", "calls") for band in BANDS]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["day", *heads])
    for each in found.days:
        amounts = [to_decimal(pico) for band in (each.cost, each.cumulative) for pico in band]
        writer.writerow([each.day, *(f"{amount:f}" for amount in amounts if amount is not None), *each.calls])
    return out.getvalue()
