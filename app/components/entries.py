"""What people enter in dialogs: who does it, what went wrong, and who did what before."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from app.clock import now
from app.components.entered import Edition, edition_of_state
from app.components.formats import instant, literal
from app.components.page import Run
from app.components.tables import show_frame
from app.session import UserMistake
from pricing.errors import PricingError
from warehouse.audit import machine_user
from warehouse.changes import Change, list_changes
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError

WHO = "entered_by"
SHOWN = 50
"""Changes shown; the audit has them all."""


def present(run: Run) -> datetime:
    """The present instant: a demo brings its own."""
    return run.choices.demo.now or now()


def ask_who() -> str:
    """Ask who enters it; the answer is kept for the next time."""
    known = st.session_state.get(WHO) or machine_user()
    return st.text_input("Who does this", known, help="Kept with the change.").strip()


def attempt(act: Callable[[Author], object], who: str) -> None:
    """Do it and show the page anew, or say what is wrong and leave the dialog open."""
    if not who:
        st.error("Say who does this.")
        return
    try:
        act(Author(who, now()))
    except (UserMistake, PricingError, WarehouseError) as error:
        # Each line of it stays a line: two blanks break one in Markdown.
        st.error("  \n".join(literal(line) for line in str(error).splitlines()))
        return
    st.session_state[WHO] = who
    st.rerun()


def _as_kept(change: Change) -> str:
    return change.what.replace("_", " ")


def show_changes(root: Path, kinds: Sequence[str], told: Callable[[Change], str] = _as_kept) -> None:
    """Who changed what, the newest first; nothing where nothing was changed. ``told`` is a change in words."""
    found = _changes(edition_of_state(root), tuple(kinds))
    if not found:
        return
    with st.expander("Who changed what", icon=":material/history:"):
        table = {
            "When": [instant(each.changed_at) for each in found],
            "Who": [each.who for each in found],
            "What": [told(each) for each in found],
        }
        show_frame(pd.DataFrame(table), hide_index=True, height="content", alt="Changes, the newest first")


@st.cache_data(max_entries=10, show_spinner=False)
def _changes(edition: Edition, kinds: tuple[str, ...]) -> tuple[Change, ...]:
    return tuple(list_changes(Path(edition[0]), kinds, top=SHOWN, tell=silent))
