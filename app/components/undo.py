"""What was just taken out, and the way to have it back: shown where it was taken out, until somebody closes it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components.entries import WHO, attempt
from app.components.formats import literal
from warehouse.audit import machine_user
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.put_back import put_back

UNDO = "undo"


class Undo(NamedTuple):
    """One act that can be taken back."""

    place: str
    """Where on the pages it is shown."""
    said: str
    """What was done, as a sentence."""
    act: Callable[[Author], object]
    """Puts it back; that is entered in the audit, too."""


def offer_undo(place: str, said: str, act: Callable[[Author], object]) -> None:
    """Say what was done, and offer to take it back, from the next run on."""
    st.session_state[UNDO] = Undo(place, said, act)


def offer_to_put_back(place: str, said: str, root: Path, table: str, numbers: Sequence[int]) -> None:
    """The same for entries of the state database: they come back as they were, under their numbers."""
    offer_undo(place, said, lambda author: put_back(root, table, numbers, author, tell=silent))


def show_undo(place: str) -> None:
    """The last act of this place with its way back; nothing where there is none."""
    undo = st.session_state.get(UNDO)
    if not isinstance(undo, Undo) or undo.place != place:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/delete: {literal(undo.said)}", width="stretch")
        # Whoever just took it out: the name was given a moment ago.
        who = st.session_state.get(WHO) or machine_user()
        if st.button("Undo", key=f"undo_{place}", icon=":material/undo:"):
            attempt(lambda author: _take_back(undo, author), who)
        st.button("Close", key=f"undo_close_{place}", icon=":material/close:", on_click=_forget)


def _take_back(undo: Undo, author: Author) -> None:
    undo.act(author)
    _forget()


def _forget() -> None:
    st.session_state.pop(UNDO, None)
