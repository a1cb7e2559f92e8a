"""Scenarios kept: opened, saved under a name, taken as a file or brought as one, and stale ones named."""

from collections.abc import Sequence

import streamlit as st

from app.components.entries import ask_who, attempt
from app.components.formats import literal
from app.components.page import Run
from app.components.scenario_data import what_ifs
from app.components.scenario_state import DRAFT, SHOWN, opened, replace_document, saved_scenarios, scenario_of
from app.components.undo import offer_to_put_back
from app.saved_scenarios import Stale, draft_of, stale_of, stale_text
from app.scenario_draft import NAME, Document
from app.scenario_file import read_scenario_text, write_scenario_text
from app.session import UserMistake
from planning.scenario import ScenarioError, read_scenario, write_scenario
from pricing.errors import PricingError
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.scenarios import SavedScenario, remove_scenario, save_scenario
from warehouse.scope import Scope

PERIODS = {"Last 7 days": 7, "Last 30 days": 30, "Last 90 days": 90}
ACT = "scenario_act"
OPEN = "scenario_open"
FILE = "scenario_file"


def show_actions(run: Run) -> None:
    """Open, save, file, start over."""
    known = saved_scenarios(run)
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
        if known:
            current = opened(run)
            st.session_state[OPEN] = current.name if current else None
            st.selectbox(
                "Saved", [each.name for each in known], index=None, key=OPEN, on_change=_open, args=(run,), width=240,
                placeholder="Open a saved one", label_visibility="collapsed",
            )  # fmt: skip
        st.button("Save", icon=":material/save:", on_click=_ask, args=("save",))
        with st.popover("File", icon=":material/description:"):
            _show_file()
        if st.session_state.get(DRAFT):
            st.button(
                "Start over", icon=":material/restart_alt:", type="tertiary", on_click=replace_document, args=(None,)
            )
    if st.session_state.get(ACT) == "save":
        save_dialog(run)
    elif st.session_state.get(ACT) == "remove":
        remove_dialog(run)


def show_stale(run: Run) -> None:
    """Say it where the saved scenario on the page rests on other rates or calls than when it was saved."""
    saved = opened(run)
    if saved is None:
        return
    try:
        stale = _stale(run, saved)
    except (PricingError, WarehouseError):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if stale is not None:
            st.warning(literal(stale_text(stale)), icon=":material/history:", width="stretch")
        else:
            demo = "Demo scenario, " if saved.demo else ""
            by = f"{demo}saved by {saved.changed_by} on {saved.changed_at:%Y-%m-%d}; rates and calls are the same since"
            st.caption(literal(by[:1].upper() + by[1:]), width="stretch")
        st.button("Remove", icon=":material/delete:", type="tertiary", on_click=_ask, args=("remove",))


def stale_texts(run: Run, saved: Sequence[SavedScenario]) -> list[str]:
    """Of saved scenarios, those that rest on other rates or calls than when they were saved, each in a sentence."""
    said = []
    for each in saved:
        try:
            stale = _stale(run, each)
        except (PricingError, WarehouseError):
            # Why it cannot be computed is said where its figures would stand.
            continue
        said += [stale_text(stale)] if stale is not None else []
    return said


def _stale(run: Run, saved: SavedScenario) -> Stale | None:
    (now,) = what_ifs(run, [read_scenario(saved.document)], Scope())
    return stale_of(saved, now)


@st.dialog("Save the scenario", on_dismiss=lambda: st.session_state.pop(ACT, None))
def save_dialog(run: Run) -> None:
    """Ask for a name; the filters of the page become the scenario's own."""
    document = st.session_state[SHOWN]
    try:
        narrowed = with_filters(document, run.scope, st.session_state.get("period"))
    except UserMistake as error:
        st.error(literal(str(error)))
        return
    with st.form("scenario_save", border=False):
        name = st.text_input(
            "Name", "" if document["name"] == NAME else document["name"], placeholder="as in Half cache"
        )
        note = st.text_input("Note", document.get("note", ""))
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    st.caption("Kept with it: what it comes to today, and of which rates and calls, so that a later change is noticed.")
    if sent:
        named = narrowed | {"name": name.strip()} | ({"note": note.strip()} if note.strip() else {})
        attempt(lambda author: _save(run, named, author), who)


@st.dialog("Remove the scenario", on_dismiss=lambda: st.session_state.pop(ACT, None))
def remove_dialog(run: Run) -> None:
    """Ask whether it is meant."""
    saved = opened(run)
    if saved is None:
        return
    st.markdown(
        f"**{literal(saved.name)}** leaves the list, for everyone. No figure is lost; it stays on this page, "
        "and can be put back at once."
    )
    with st.form("scenario_remove", border=False):
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:

        def remove(author: Author) -> None:
            remove_scenario(run.desk.root, saved.name, author, tell=silent)
            said = f"The scenario {saved.name} was removed."
            offer_to_put_back("scenario", said, run.desk.root, "scenario", [saved.number])
            st.session_state.pop(ACT, None)

        attempt(remove, who)


def with_filters(document: Document, scope: Scope, period: str | None) -> Document:
    """The document about the calls that the page's filters leave; raises UserMistake where it cannot say so."""
    values = dict(scope.values)
    several = [name for name, chosen in values.items() if len(chosen) > 1]
    if several:
        raise UserMistake(f"A scenario keeps one {several[0]}, or all: choose one above, then save.")
    where = document.get("where", {}) | {name: chosen[0] for name, chosen in values.items()}
    said = {**document, **({"where": where} if where else {})}
    has_period = any(name in document for name in ("since", "until", "last_days", "projected_until"))
    if has_period or (scope.since is None and scope.until is None):
        return said
    if period in PERIODS:
        return said | {"last_days": PERIODS[period]}
    return said | {name: str(on) for name, on in (("since", scope.since), ("until", scope.until)) if on}


def _ask(act: str) -> None:
    st.session_state[ACT] = act


def _open(run: Run) -> None:
    name = st.session_state[OPEN]
    found = next((each for each in saved_scenarios(run) if each.name == name), None)
    replace_document(found.document if found else None)


def _save(run: Run, document: Document, author: Author) -> None:
    if not document["name"] or document["name"] == NAME:
        raise UserMistake("Give it a name to find it by.")
    scenario = scenario_of(document)
    (found,) = what_ifs(run, [scenario], Scope())
    save_scenario(run.desk.root, draft_of(found), author, tell=silent)
    replace_document(write_scenario(scenario))
    st.session_state.pop(ACT, None)


def _show_file() -> None:
    """The scenario as YAML, and one brought as YAML."""
    document = st.session_state[SHOWN]
    try:
        text = write_scenario_text([scenario_of(document)])
        st.download_button("Take as YAML", text, "scenario.yaml", icon=":material/download:", on_click="ignore")
        st.caption("`tollbook scenario run scenario.yaml` gives the same figures.")
    except ScenarioError as error:
        st.caption(literal(str(error)))
    file = st.file_uploader("Bring one", type=["yaml", "yml", "json"], max_upload_size=1, key=FILE)
    if file is not None and st.session_state.get("scenario_brought") != file.file_id:
        try:
            first, *_ = read_scenario_text(file.getvalue().decode("utf-8-sig"), file.name)
        except (UserMistake, UnicodeDecodeError) as error:
            st.error(literal(str(error)))
            return
        st.session_state["scenario_brought"] = file.file_id
        replace_document(write_scenario(first))
        st.rerun()
