"""What a page says when it has no figures, or when its figures need a word of warning."""

from pathlib import Path
from time import monotonic

import streamlit as st

from app.clock import now
from app.components.answers import Desk
from app.components.filter_state import clear
from app.components.formats import literal
from app.components.job_status import begin, running_job
from app.components.links import link_to
from app.fault import fault_of, keep_trace
from app.jobs import start_demo
from warehouse.demo import DemoState
from warehouse.errors import WarehouseBusy
from warehouse.overview import busy_with

IMPORTS = "views/imports.py"
DEMO, SCIENCE = ":blue-badge", ":material/science:"
NEXT = """Look around with the demo, made-up traffic that you can take out again, or load a log of your own.
On the command line: `tollbook demo`, `tollbook ingest PATH`."""


def show_demo(demo: DemoState, *, leads: bool = True) -> None:
    """Say so where figures are made up; unless it is that page, it leads to where they can be taken out again."""
    if demo.demo_files:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            # No caption: it is paler than a badge's ink may be.
            st.markdown(f":small[{_demo_text(demo)}]", width="content")
            if leads:
                link_to("imports", "Take out the demo")


def show_older(desk: Desk) -> None:
    """Say that newer figures are on their way, and show them when they are there."""
    st.warning(f"A load is running: {desk.busy}. These are the figures from before it.", icon=":material/sync:")
    wait_for_load(str(desk.root))


def _demo_text(demo: DemoState) -> str:
    if demo.other_files:
        return f"{DEMO}[{SCIENCE} Demo data: made-up traffic, not yours,] is mixed with your own logs in these figures."
    return f"{DEMO}[{SCIENCE} Demo data: made-up traffic, not yours.]"


def show_empty(root: Path) -> None:
    """Nothing is loaded yet, on a page that has something to say before: two ways on."""
    st.info(NEXT, title="Nothing is loaded yet", icon=":material/inbox:")
    with st.container(horizontal=True):
        busy = running_job() is not None
        if st.button("Load the demo", type="primary", icon=":material/science:", disabled=busy):
            begin(start_demo(root))
            st.rerun()
        if st.button("Load a log", icon=":material/upload_file:", disabled=busy):
            st.switch_page(IMPORTS)


def show_nothing_matches(data_through: str) -> None:
    """The filters leave nothing."""
    st.info(
        f"The newest record is from {data_through}.",
        title="No traffic matches these filters",
        icon=":material/filter_alt_off:",
    )
    st.button("Clear the filters", on_click=clear, icon=":material/restart_alt:")


def show_no_tasks() -> None:
    """The filters leave no task, or the logs name none."""
    st.info(
        "Name the task in each call's log (`task` in an envelope), or say where it stands: "
        "`tollbook ingest PATH --task-field FIELD`.",
        title="No task in scope",
        icon=":material/filter_alt_off:",
    )
    st.button("Clear the filters", on_click=clear, icon=":material/restart_alt:")


def show_failure(error: Exception, root: Path) -> None:
    """A sentence for what went wrong and a code; the trace goes to the log in the warehouse's folder."""
    if isinstance(error, WarehouseBusy):
        st.warning(
            "This page shows its figures as soon as it is done.",
            title="A load is running",
            icon=":material/sync:",
        )
        wait_for_load(str(root))
        return
    fault = fault_of(error)
    kept = keep_trace(error, fault.code, root, now())
    where = f" Its trace is in {kept}." if kept else ""
    st.error(
        f"{literal(fault.says)}  \n:small[Code **{fault.code}**.{literal(where)}]",
        title="This cannot be shown",
        icon=":material/error:",
    )


def wait_for_load(root: str) -> None:
    """Show the page anew once the load has ended."""
    _wait(root, monotonic())


@st.fragment(run_every="2s")
def _wait(root: str, since: float) -> None:
    # Not at once: where another program holds the file, nobody is known to load, and the page would spin.
    if busy_with(Path(root)) is None and monotonic() - since > 1:
        st.rerun()
