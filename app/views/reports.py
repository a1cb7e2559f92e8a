"""Reports: what to make, its making, its pages, its files."""

import shlex

import streamlit as st

from app.components.page import Run, get_run
from app.components.report_choice import choose_report
from app.components.report_made import is_at_work, make, show_made
from app.components.report_scheduled import show_scheduled
from app.report_kinds import KINDS, arguments_of


def show(run: Run) -> None:
    """The choice, then what came of it."""
    with st.container(border=True):
        wanted = choose_report(run)
        arguments = arguments_of(wanted) if wanted else []
        ready = bool(wanted) and not is_at_work()
        title = f"{KINDS[wanted.kind].noun} of {wanted.period}" if wanted else ""
        # No callback: it would know only what was chosen when the page was last drawn.
        if st.button("Make the report", type="primary", icon=":material/description:", disabled=not ready):
            make(run.desk.root, title, arguments)
            st.rerun()
        if arguments:
            st.caption("The same on the command line:")
            st.code(f"tollbook {shlex.join(arguments)}", language=None, wrap_lines=True)
    show_made()
    show_scheduled(run, wanted)


show(get_run())
