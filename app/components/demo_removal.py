"""Taking the demo out again: what goes is said first, and it is done in the background."""

from pathlib import Path

import streamlit as st

from app.components.formats import plural
from app.components.job_status import begin, running_job
from app.jobs import start_demo_removal
from warehouse.demo import DemoState

ACT = "demo_removal"


def offer_demo_removal(root: Path, demo: DemoState) -> None:
    """The button where there is a demo."""
    if not demo.demo_files:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        busy = running_job() is not None
        st.button("Take out the demo", icon=":material/delete:", disabled=busy, on_click=_ask)
        st.caption("Demo data: made-up traffic. Your own logs stay.")
    if st.session_state.get(ACT):
        removal_dialog(root, demo)


def _ask() -> None:
    st.session_state[ACT] = True


def _dismiss() -> None:
    st.session_state.pop(ACT, None)


@st.dialog("Take out the demo", on_dismiss=_dismiss)
def removal_dialog(root: Path, demo: DemoState) -> None:
    """Say what goes, and how it can be had again."""
    st.markdown(
        f"The calls of {plural(demo.demo_files, 'demo log')} leave every figure, and so does what was entered with "
        "them: budgets, invoices, outcomes, scenarios. Your own logs and entries stay. To have it back, load the demo "
        "again: `tollbook demo`."
    )
    if st.button("Take it out", type="primary", icon=":material/delete:"):
        _dismiss()
        begin(start_demo_removal(root))
        st.rerun()
