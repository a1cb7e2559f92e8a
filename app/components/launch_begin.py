"""Where a plan on the page comes from: a first plan, one's own records, a saved plan, a file."""

from datetime import date
from typing import Any

import streamlit as st

from app.components.formats import count, day, instant, literal
from app.components.launch_state import (
    SHOWN,
    begin_anew,
    generation,
    is_untouched,
    replace_document,
    saved_plans,
    show_document,
    shown_plan,
)
from app.components.page import Run
from app.launch_draft import place_of, with_value
from app.launch_file import read_plan_text
from app.launch_starts import FILES, start_of
from app.launches import Measured
from app.session import UserMistake
from planning.guess import MEASURED
from planning.launch_plan import inputs_of, write_launch_plan
from warehouse.launch_plans import SavedPlan

START = "start"
"""The name in the URL of the first plan that was picked."""
MOST_MB = 1
READ = "launch_file_read"


def first_document(today: date) -> dict[str, Any]:
    """The plan that the page begins with: as picked, and as the URL says."""
    wanted = st.session_state.get(START) or st.query_params.get(START)
    return start_of(wanted if wanted in FILES else next(iter(FILES)), today)


def show_begin(today: date) -> None:
    """A choice of first plans, until one of them is changed."""
    if not is_untouched():
        return
    with st.container(border=True):
        st.markdown("**What is launched?** Pick what is nearest, then change what you know. Everything moves with it.")
        st.pills(
            "What is launched", list(FILES), default=next(iter(FILES)), required=True, key=START, bind="query-params",
            label_visibility="collapsed", on_change=begin_anew,
        )  # fmt: skip


def show_open(run: Run, today: date) -> None:
    """The way to another plan: behind one button."""
    # With another plan it is another control, and closed.
    with st.popover("Open", icon=":material/folder_open:", width="content", key=f"launch_open_{generation()}"):
        st.markdown("**Begin anew**")
        for title in FILES:
            st.button(title, key=f"launch_anew_{title}", type="tertiary", on_click=_begin, args=(title, today))
        saved = saved_plans(run)
        if saved:
            st.markdown("**Saved plans**")
        for each in saved:
            about = f"{each.owner}, {instant(each.changed_at)}{', demo' if each.demo else ''}"
            st.button(
                literal(each.name), key=f"launch_saved_{each.number}", type="tertiary", help=literal(about),
                on_click=_open, args=(each,),
            )  # fmt: skip
        st.markdown("**A file**")
        _show_upload()


def _show_upload() -> None:
    file = st.file_uploader("A plan in YAML", type=["yaml", "yml"], max_upload_size=MOST_MB, key="launch_file")
    if file is None or st.session_state.get(READ) == file.file_id:
        return
    try:
        plan = read_plan_text(file.getvalue().decode("utf-8-sig"), file.name)
    except (UserMistake, UnicodeDecodeError) as error:
        text = "it is no text in UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        st.error("\n".join(f"- {literal(line)}" for line in text.splitlines()), title="The file cannot be used")
        return
    st.session_state[READ] = file.file_id
    show_document(write_launch_plan(plan))
    st.rerun()


def _begin(title: str, today: date) -> None:
    replace_document(start_of(title, today))


def _open(saved: SavedPlan) -> None:
    replace_document(saved.document)


def show_records(measured: Measured | None) -> None:
    """What the warehouse could say in place of a guess."""
    if measured is None:
        return
    plan = shown_plan()
    open_to_it = [
        each.name for each in inputs_of(plan) if each.name in measured.inputs and each.guess.source != MEASURED
    ]
    if not open_to_it:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        days = f", {day(measured.since)} to {day(measured.until)}" if measured.since else ""
        inputs = "one input" if len(open_to_it) == 1 else f"{len(open_to_it)} inputs"
        st.markdown(
            f"Your records say **{inputs}** of this plan ({count(measured.calls)} calls{days}).", width="content"
        )
        st.button(
            "Use my records", icon=":material/database:", key="launch_use_records", on_click=_use, args=(open_to_it,)
        )


def _use(names: list[str]) -> None:
    plan = st.session_state[SHOWN]
    document = write_launch_plan(plan)
    for name in names:
        document = with_value(document, place_of(plan, name), MEASURED)
    replace_document(document)
