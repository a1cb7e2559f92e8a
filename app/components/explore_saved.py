"""Views of the page Explore that people keep: opened, saved under a name, renamed and removed."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app.components.entered import Edition, edition_of_state
from app.components.entries import ask_who, attempt
from app.components.explore_state import Shown, go
from app.components.filter_state import DIMENSIONS, more_of, set_filters
from app.components.formats import instant, literal
from app.components.page import Run
from app.components.undo import offer_to_put_back
from app.explore_place import Place, narrowed
from app.explore_view import SavedView, View, from_document, to_document
from app.named_periods import ALL_TIME, CHOSEN, PERIODS
from app.session import UserMistake
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.saved_views import KeptView, list_views, remove_view, rename_view, save_view

ACT, OPEN = "explore_act", "explore_saved"


def show_saved(run: Run, found: Shown, view: View) -> None:
    """The list of saved views, what can be done with them, and the dialog that is open."""
    kept = _views(edition_of_state(run.desk.root))
    if kept:
        st.selectbox(
            "Open a saved view", [each.name for each in kept], index=None, key=OPEN, on_change=_open, args=(run, kept),
            placeholder="Open a saved view", label_visibility="collapsed", width=200,
        )  # fmt: skip
    st.button("Save", icon=":material/save:", on_click=_ask, args=("save",))
    if kept:
        with st.popover("Manage", icon=":material/edit:", width="content"):
            st.button("Rename a view", icon=":material/edit:", type="tertiary", on_click=_ask, args=("rename",))
            st.button("Remove a view", icon=":material/delete:", type="tertiary", on_click=_ask, args=("remove",))
    act = st.session_state.get(ACT)
    if act == "save":
        _save_dialog(run, _kept_of(run, found, view), kept)
    elif act == "rename" and kept:
        _rename_dialog(run, kept)
    elif act == "remove" and kept:
        _remove_dialog(run, kept)


def _kept_of(run: Run, found: Shown, view: View) -> SavedView:
    """What is shown with its period and filters; of an hour, its day."""
    scope, period = narrowed(run.scope, found.place), st.session_state.get("period", ALL_TIME)
    if found.place.at is not None and run.scope.since is None:
        period = found.place.at.partition("T")[0]
    elif scope.since and scope.until and (found.place.at is not None or period == CHOSEN):
        period = f"{scope.since}..{scope.until}"
    elif period == CHOSEN:
        period = ALL_TIME
    values = {**dict(run.scope.values), **{name: (value,) for name, value in found.place.where}}
    return SavedView(view, period, tuple(values.items()))


def _open(run: Run, kept: tuple[KeptView, ...]) -> None:
    name = st.session_state[OPEN]
    st.session_state[OPEN] = None
    chosen = next((each for each in kept if each.name == name), None)
    if chosen is None:
        return
    try:
        saved = from_document(chosen.document)
    except UserMistake as error:
        st.toast(literal(str(error)), icon=":material/error:")
        return
    known, wanted = run.choices.values, dict(saved.filters)
    offered = {name for name in (*DIMENSIONS, *more_of(run.choices)) if {*wanted.get(name, ())} <= {*known[name]}}
    filters = {name: values for name, values in wanted.items() if name in offered}
    is_named = saved.period in PERIODS
    unset = dict.fromkeys(("period", "days", *offered), ())
    set_filters(run.choices, {**unset, "period": (saved.period,) if is_named else (), **filters})
    at = None if is_named else saved.period
    picked = ((name, values[0]) for name, values in wanted.items() if name not in offered)
    go(Shown(saved.view, Place(at, tuple(picked)), auto=False))


def _ask(act: str) -> None:
    st.session_state[ACT] = act


def _dismiss() -> None:
    st.session_state.pop(ACT, None)


@st.dialog("Save the view", on_dismiss=_dismiss)
def _save_dialog(run: Run, saved: SavedView, kept: tuple[KeptView, ...]) -> None:
    st.caption("Kept with it: the measure, by what, the period and the filters. Its figures are asked anew each time.")
    with st.form("explore_save", border=False):
        name = st.text_input("Name", max_chars=80, placeholder="as in Cost by team and model").strip()
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    held = next((each for each in kept if each.name == name), None)
    if sent and not name:
        st.error("Give it a name.")
    elif sent and held is not None:
        by = f"{held.changed_by}, {instant(held.changed_at)}"
        st.error(literal(f"A view of this name was saved by {by}: take another name, or remove that one first."))
    elif sent:
        _act(lambda author: save_view(run.desk.root, name, to_document(saved), author, tell=silent, over=None), who)


@st.dialog("Rename a view", on_dismiss=_dismiss)
def _rename_dialog(run: Run, kept: tuple[KeptView, ...]) -> None:
    with st.form("explore_rename", border=False):
        which = st.selectbox("View", [each.name for each in kept])
        name = st.text_input("New name", max_chars=80).strip()
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:
        _act(lambda author: rename_view(run.desk.root, which, name, author, tell=silent), who)


@st.dialog("Remove a view", on_dismiss=_dismiss)
def _remove_dialog(run: Run, kept: tuple[KeptView, ...]) -> None:
    st.markdown("It leaves the list, for everyone. No figure is lost, and it can be put back at once.")
    with st.form("explore_remove", border=False):
        which = st.selectbox("View", [each.name for each in kept])
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:

        def remove(author: Author) -> None:
            was = remove_view(run.desk.root, which, author, tell=silent)
            offer_to_put_back("view", f"The view {was.name} was removed.", run.desk.root, "saved_view", [was.number])

        _act(remove, who)


def _act(act: Callable[[Author], object], who: str) -> None:
    def done(author: Author) -> None:
        act(author)
        _dismiss()

    attempt(done, who)


@st.cache_data(max_entries=10, show_spinner=False)
def _views(edition: Edition) -> tuple[KeptView, ...]:
    return tuple(list_views(Path(edition[0]), tell=silent))
