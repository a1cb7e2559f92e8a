"""The launch plan on the page: kept for the session, and in the URL by its name or as a whole."""

import json
from pathlib import Path

import streamlit as st

from app.components.address import new_address, note_use, show_dead_link, write_address
from app.components.entered import Edition, edition_of_state
from app.components.page import Run
from app.launch_draft import Document, with_guess
from app.scenario_link import read_link, write_link
from app.session import UserMistake
from planning.guess import Guess
from planning.launch_plan import LaunchPlan, PlanError, read_launch_plan, write_launch_plan
from warehouse.connection import silent
from warehouse.launch_plans import SavedPlan, list_launch_plans

SAVED, WHOLE = "plan", "launch"
"""Names in the URL: of a plan that was saved, and of a whole one."""
DRAFT = "launch_draft"
"""The document on the page; absent: the page's own first plan."""
SHOWN, FILLED = "launch_shown", "launch_filled"
"""The plan that the controls change, and the same with what is measured filled in."""
ADDRESS = "launch_address"
GENERATION = "launch_generation"
WRONG = "launch_wrong"
"""Why the last change was not taken over."""


def saved_plans(run: Run) -> tuple[SavedPlan, ...]:
    """Every plan that was saved."""
    return _saved(edition_of_state(run.desk.root))


def open_plan(run: Run, first: Document) -> LaunchPlan:
    """The plan to show: as the URL says, else as the reader left it, else the page's first one."""
    if address := new_address((SAVED, WHOLE), ADDRESS):
        try:
            show_document(_from(run, *address))
        except (UserMistake, PlanError) as error:
            show_dead_link(str(error), (SAVED, WHOLE))
    plan = read_launch_plan(st.session_state.get(DRAFT) or first)
    st.session_state[SHOWN] = st.session_state[FILLED] = plan
    _write_address(run, plan)
    return plan


def is_untouched() -> bool:
    """Whether the page still shows its own first plan."""
    return DRAFT not in st.session_state


def show_document(document: Document) -> None:
    """Put another plan on the page; raises PlanError where it is none."""
    st.session_state[DRAFT] = write_launch_plan(read_launch_plan(document))
    begin_anew()


def begin_anew() -> None:
    """Forget what the controls say of the plan that was shown."""
    st.session_state[GENERATION] = generation() + 1


def generation() -> int:
    """How many plans the page has shown: the controls of one say nothing of the next."""
    return int(st.session_state.get(GENERATION, 0))


def keep_document(document: Document) -> None:
    """Take over the plan as a control changed it: what cannot be is said, and not taken over."""
    st.session_state.pop(WRONG, None)
    note_use(ADDRESS)
    try:
        st.session_state[DRAFT] = write_launch_plan(read_launch_plan(document))
    except PlanError as error:
        st.session_state[WRONG] = str(error)


def replace_document(document: Document) -> None:
    """Put another plan on the page, for a button's callback."""
    note_use(ADDRESS)
    try:
        show_document(document)
    except PlanError as error:
        st.session_state[WRONG] = str(error)


def keep_guess(name: str, guess: Guess) -> None:
    """Take over an input as the reader changed it; for a control's callback."""
    keep_document(with_guess(shown_plan(), name, guess, st.session_state[FILLED]))


def fill_in(filled: LaunchPlan) -> None:
    """Let the controls know what is measured."""
    st.session_state[FILLED] = filled


def shown_plan() -> LaunchPlan:
    """The plan that the controls on the page are about."""
    plan: LaunchPlan = st.session_state[SHOWN]
    return plan


def opened(run: Run, plan: LaunchPlan) -> SavedPlan | None:
    """The saved plan on the page; None where it was changed since, or is none."""
    document = json.loads(json.dumps(write_launch_plan(plan), default=str))
    return next((each for each in saved_plans(run) if each.document == document), None)


def _from(run: Run, saved: str | None, whole: str | None) -> Document:
    """The document that a URL names; raises UserMistake."""
    if saved is None:
        try:
            return read_link(whole or "")
        except UserMistake:
            raise UserMistake("The link holds no whole plan: it may have been cut. Ask for it again") from None
    found = next((each for each in saved_plans(run) if saved in (each.name, str(each.number))), None)
    if found is None:
        raise UserMistake("No plan of this name is saved here: it was removed, or the link is of another place")
    return found.document


def _write_address(run: Run, plan: LaunchPlan) -> None:
    known = opened(run, plan)
    whole = None if known or is_untouched() else write_link(st.session_state[DRAFT])
    write_address({SAVED: known.name if known else None, WHOLE: whole}, ADDRESS)


@st.cache_data(max_entries=4, show_spinner=False)
def _saved(edition: Edition) -> tuple[SavedPlan, ...]:
    return tuple(list_launch_plans(Path(edition[0]), tell=silent))
