"""Closed months among the days that are shown: the figures are of what is known now, a closing is of what was then."""

from datetime import date
from pathlib import Path

import streamlit as st

from app.books import read_state
from app.components.entered import Edition, charges_of, edition_of_state
from app.components.filters import today_of
from app.components.formats import literal
from app.components.page import Run
from planning.close import in_force
from pricing.books import Closing
from reports.closed_words import closed_months
from warehouse.connection import silent
from warehouse.month_close import list_closings


def show_closed_months(run: Run) -> None:
    """A line where a closed month of the shown days is known by another cost than it was closed at."""
    root = run.desk.root
    edition = edition_of_state(root)
    since, until = run.scope.since or date.min, run.scope.until or date.max
    if not any(since.replace(day=1) <= each.month <= until for each in _in_force(edition)):
        return
    state = run.desk.ask(read_state, edition, charges_of(root), today_of(run.choices))
    found = closed_months(state.books, since, until)
    if found is None or not found.came_later:
        return
    said = (
        f"{found.names}: closed at {found.closed}, and {found.came_later} became known later. "
        f"The figures here are of all calls known now"
    )
    st.caption(f":material/lock_clock: {literal(said)}: see *Budgets*, *Month close*.")


@st.cache_data(max_entries=10, show_spinner=False)
def _in_force(edition: Edition) -> list[Closing]:
    return in_force(list_closings(Path(edition[0]), tell=silent))
