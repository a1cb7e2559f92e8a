"""What the page Explore shows, held by its URL: each change is a place of its own to go back to."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from app.components.formats import literal
from app.explore_place import Place, place_of, written
from app.explore_view import View, from_params, to_params
from app.session import UserMistake
from warehouse.explore import Call

STATE = "explore"
WRITTEN = "explore_written"
TOUCHED = "explore_touched"
MISTAKE = "explore_mistake"
SECTION = "explore_section"
"""The key of the control that is on the page whatever it shows."""
CALLS, CALL = "requests", "request"
PARAMS = ("measure", "rows", "columns", "step", "at", "where", CALLS, CALL)
"""Names in the URL."""

Params = dict[str, list[str]]


class Shown(NamedTuple):
    """What is shown: of what, and where."""

    view: View = View()
    place: Place = Place()
    calls: bool = False
    """The requests themselves, instead of sums."""
    call: str | None = None
    """The one request that is open: its start and its key."""
    auto: bool = True
    """The step is the one that goes with the stretch of time, and not the reader's own."""


def shown() -> Shown:
    """What to show: as the URL says where a reader came by it, else as the page was left; and make the URL say so."""
    said: Params = {name: st.query_params.get_all(name) for name in PARAMS}
    was_here = SECTION in st.session_state
    is_new = said != st.session_state.get(WRITTEN) if was_here else any(said.values())
    # A reader who was quicker than the browser's address bar is not taken back.
    if is_new and not st.session_state.pop(TOUCHED, False):
        st.session_state[STATE] = _read(said)
    st.session_state.pop(TOUCHED, None)
    found = st.session_state.setdefault(STATE, Shown())
    assert isinstance(found, Shown)
    _write(found, said)
    return found


def go(to: Shown) -> None:
    """Show something else; for a control's callback."""
    st.session_state[STATE] = to
    st.session_state[TOUCHED] = True
    st.session_state.pop(MISTAKE, None)


def show_mistake() -> None:
    """Say what is wrong with the link that the reader came by."""
    if mistake := st.session_state.get(MISTAKE):
        st.warning(mistake, title="This link says something that cannot be shown", icon=":material/link_off:")


def params_of(found: Shown) -> Params:
    """What is shown as the URL says it: what goes without saying is left out."""
    said: dict[str, Sequence[str]] = {name: [value] for name, value in to_params(found.view).items()}
    said["step"] = [] if found.auto else [found.view.step or "none"]
    said |= {"at": [found.place.at] if found.place.at else [], "where": written(found.place.where)}
    said |= {CALLS: ["yes"] if found.calls else [], CALL: [found.call] if found.call else []}
    return {name: list(said.get(name, ())) for name in PARAMS}


def _read(said: Params) -> Shown:
    st.session_state.pop(MISTAKE, None)
    one = {name: values[-1] for name, values in said.items() if values}
    try:
        view = from_params(one)
        place = place_of(one.get("at"), said["where"])
    except UserMistake as error:
        st.session_state[MISTAKE] = literal(str(error))
        return Shown()
    return Shown(view, place, CALLS in one, one.get(CALL), "step" not in one)


def _write(found: Shown, said: Params) -> None:
    wanted = params_of(found)
    if wanted != said:
        # All at once, so that one click back is one step back; an empty list takes a name out.
        st.query_params.update(wanted)
    st.session_state[WRITTEN] = wanted


def call_param(call: Call) -> str:
    """A request as the URL names it: by its start, which finds it at once among millions, and its key."""
    return f"{call.at.isoformat()}~{call.record_key}"


def call_of_param(text: str) -> tuple[str, datetime]:
    """The key and the start of the request that a link names; raises UserMistake."""
    at, _, key = text.partition("~")
    try:
        start = datetime.fromisoformat(at)
    except ValueError:
        raise UserMistake(f"{text!r} names no request") from None
    if not key or start.tzinfo is not None:
        raise UserMistake(f"{text!r} names no request")
    return key, start
