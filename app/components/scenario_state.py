"""The scenario on the page: kept for the session, and in the URL by its name or as a whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.components.address import new_address, note_use, show_dead_link, write_address
from app.components.entered import Edition, edition_of_state
from app.components.page import Run
from app.scenario_draft import Document, about_of, change_of, with_about, with_change
from app.scenario_link import read_link, write_link
from app.session import UserMistake
from planning.scenario import Scenario, ScenarioError, read_scenario, write_scenario
from warehouse.connection import silent
from warehouse.scenarios import SavedScenario, list_scenarios

SAVED, WHOLE = "saved", "scenario"
"""Names in the URL: of a scenario that was saved, and of a whole one."""
DRAFT = "scenario_draft"
"""The document on the page; absent: the page asks its own question."""
SHOWN = "scenario_shown"
ADDRESS = "scenario_address"
ABOUT = "scenario_about"


def saved_scenarios(run: Run) -> tuple[SavedScenario, ...]:
    """Every scenario that was saved."""
    return _saved(edition_of_state(run.desk.root))


def open_document(run: Run, first: Document) -> Document:
    """What the page shows: as the URL says, else as the reader left it, else the page's first question."""
    if address := new_address((SAVED, WHOLE), ADDRESS):
        try:
            _show(_from(run, *address))
        except UserMistake as error:
            show_dead_link(str(error), (SAVED, WHOLE))
    document: Document = st.session_state.get(DRAFT) or first
    st.session_state[SHOWN] = document
    _write_address(run)
    return document


def replace_document(document: Document | None) -> None:
    """Put another document on the page, None for the page's own question; for a control's callback."""
    note_use(ADDRESS)
    _show(document)


def keep_document(document: Document) -> None:
    """Take over the document on the page with a change in it; for a control's callback."""
    note_use(ADDRESS)
    st.session_state[DRAFT] = document


def about() -> dict[str, str]:
    """The calls that changes beside the move are about; as chosen while there is no such change yet."""
    document = st.session_state[SHOWN]
    if any(change["kind"] != "move" for change in document["changes"]):
        return about_of(document)
    return dict(st.session_state.get(ABOUT, {}))


def keep(kind: str, change: Mapping[str, Any] | None) -> None:
    """Take over what the reader chose; for a control's callback."""
    narrowed = about() if kind != "move" else {}
    said = {**change, **({"where": narrowed} if narrowed else {})} if change is not None else None
    keep_document(with_change(st.session_state[SHOWN], kind, narrowed, said))


def keep_about(where: Mapping[str, str]) -> None:
    """Make the changes beside the move be about other calls; for a control's callback."""
    st.session_state[ABOUT] = dict(where)
    keep_document(with_about(st.session_state[SHOWN], where))


def keep_field(name: str, value: Any) -> None:
    """Take over a field of the whole scenario, None to leave it out; for a control's callback."""
    document = {**st.session_state[SHOWN], name: value}
    keep_document({key: said for key, said in document.items() if said is not None})


def changed(kind: str) -> dict[str, Any] | None:
    """The form's change of a kind."""
    return change_of(st.session_state[SHOWN], kind, about())


def opened(run: Run) -> SavedScenario | None:
    """The saved scenario on the page; None where it was changed since, or is none."""
    document = st.session_state.get(DRAFT)
    return next((each for each in saved_scenarios(run) if each.document == document), None) if document else None


def scenario_of(document: Mapping[str, Any]) -> Scenario:
    """The document as a scenario; raises ScenarioError."""
    return read_scenario(document)


def _show(document: Document | None) -> None:
    st.session_state[DRAFT] = document
    st.session_state.pop(ABOUT, None)


def _from(run: Run, saved: str | None, whole: str | None) -> Document:
    """The document that a URL names; raises UserMistake."""
    if saved is not None:
        found = next((each for each in saved_scenarios(run) if saved in (each.name, str(each.number))), None)
        if found is None:
            raise UserMistake("No scenario of this name is saved here: it was removed, or the link is of another place")
        return found.document
    try:
        document = write_scenario(read_scenario(read_link(whole or "")))
    except ScenarioError as error:
        raise UserMistake(f"The link holds no scenario that can be used: {error}") from None
    return document


def _write_address(run: Run) -> None:
    document = st.session_state.get(DRAFT)
    known = opened(run)
    whole = write_link(document) if document and not known else None
    write_address({SAVED: known.name if known else None, WHOLE: whole}, ADDRESS)


@st.cache_data(max_entries=4, show_spinner=False)
def _saved(edition: Edition) -> tuple[SavedScenario, ...]:
    return tuple(list_scenarios(Path(edition[0]), tell=silent))
