"""What to look at, and by what: a measure, two dimensions, and time."""

from collections.abc import Sequence

import streamlit as st

from app.components.explore_state import Shown, go
from app.explore_place import steps_for
from app.explore_view import View
from app.pivot import MEASURES
from warehouse.explore import Dimension, label_of

MEASURE, ROWS, COLUMNS, STEP = "explore_measure", "explore_rows", "explore_columns", "explore_step"
NO = ""
NOTHING = "Nothing else"
STEP_NAMES = {"month": "By month", "week": "By week", "day": "By day", "hour": "By hour"}
NO_TIME = "All in one"


def show_controls(found: Shown, view: View, dimensions: Sequence[Dimension], days: int) -> None:
    """The four choices, set as in ``view``; each change is a place of its own to go back to."""
    names = [each.name for each in dimensions]
    rows = _with(names, view.rows)
    columns = [name for name in _with(names, view.columns) if name != view.rows]
    steps = _with(list(steps_for(days)), view.step)
    # What is shown is the URL's to say: the controls follow it.
    st.session_state.update(
        {MEASURE: view.measure, ROWS: view.rows, COLUMNS: view.columns or NO, STEP: view.step or NO}
    )
    with st.grid(4, min_column_width=150, gap="small"):
        st.selectbox(
            "Measure", list(MEASURES), key=MEASURE, format_func=lambda name: MEASURES[name].label,
            help=MEASURES[view.measure].help, on_change=_choose, args=(found, view),
        )  # fmt: skip
        st.selectbox("By", rows, key=ROWS, format_func=_named, on_change=_choose, args=(found, view))
        st.selectbox("And by", [NO, *columns], key=COLUMNS, format_func=_named, on_change=_choose, args=(found, view))
        st.selectbox("Over time", [NO, *steps], key=STEP, format_func=_step, on_change=_choose, args=(found, view))


def _choose(found: Shown, view: View) -> None:
    chosen = st.session_state
    rows, columns, step = chosen[ROWS], chosen[COLUMNS] or None, chosen[STEP] or None
    if rows == columns:
        # The two change places.
        columns = view.rows if columns != view.rows else None
    auto = found.auto and step == view.step
    view = View(chosen[MEASURE], rows, columns, step)
    go(found._replace(view=view, auto=auto))


def _with(names: Sequence[str], name: str | None) -> list[str]:
    return [*names, *([name] if name and name not in names else [])]


def _named(name: str) -> str:
    return label_of(name) if name else NOTHING


def _step(step: str) -> str:
    return STEP_NAMES[step] if step else NO_TIME
