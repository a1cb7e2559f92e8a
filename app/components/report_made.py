"""The report that a reader has under way or made: its progress, its files, its pages."""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app.components.formats import literal, plural, size
from app.components.job_status import show_failed
from app.report_jobs import ReportJob, start_report

MADE = "report_made"
SHOWN_LINES = 12
SUMMED = {"rated": "calls", "free": "calls that are free", "charge": "charges", "invoice": "taxes, credits, fees"}
PREVIEW_WIDTH = 744
PAGES_WIDTH = 380


def make(root: Path, title: str, arguments: list[str]) -> None:
    """Begin a report; what was made before is let go."""
    forget()
    st.session_state[MADE] = start_report(root, title, arguments)


def forget() -> None:
    """Let go of the report and its files."""
    made = st.session_state.pop(MADE, None)
    if isinstance(made, ReportJob):
        made.forget()


def is_at_work() -> bool:
    """Whether this reader has a report under way."""
    made = st.session_state.get(MADE)
    return isinstance(made, ReportJob) and not made.job.done.is_set()


def show_made() -> None:
    """Show how far the report is, or what came of it."""
    made = st.session_state.get(MADE)
    if not isinstance(made, ReportJob):
        return
    if not made.job.done.is_set():
        _watch()
    elif made.job.cancelled:
        st.warning(made.job.after_cancel, title="Stopped", icon=":material/stop_circle:")
        st.button("Close", icon=":material/close:", on_click=forget)
    elif made.job.failure or not made.files:
        made.job.failure = made.job.failure or "its files are gone; make it again"
        show_failed(made.job)
        st.button("Close", icon=":material/close:", on_click=forget)
    else:
        _show_files(made)
        _show_pages(made)


@st.fragment(run_every="1s")
def _watch() -> None:
    made = st.session_state.get(MADE)
    if not isinstance(made, ReportJob) or made.job.done.is_set():
        st.rerun()
    job = made.job
    lines = job.said[-SHOWN_LINES:]
    latest = f": {lines[-1]}" if lines else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        title = "Stopping" if job.cancelled else f"{job.title}{latest}"
        st.status(literal(title), state="running").text("\n".join(lines) or "Starting.")
        st.button("Cancel", icon=":material/stop_circle:", on_click=job.cancel, disabled=job.cancelled)


def _show_files(made: ReportJob) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(plural(len(made.files), "file"), width="content")
            st.button("Close", icon=":material/close:", on_click=forget)
        with st.container(horizontal=True):
            for path in made.files:
                st.download_button(
                    f"{literal(path.name)} ({size(path.stat().st_size)})",
                    # Read when somebody takes it: until then the server holds no file.
                    path.read_bytes,
                    file_name=path.name,
                    mime=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                    key=f"report_file_{path.name}",
                    icon=":material/download:",
                    on_click="ignore",
                )
        told = [*rows_told(made.job.result or {}), *made.job.said]
        if told:
            with st.expander("What the command said", icon=":material/notes:"):
                st.text("\n".join(told))


def rows_told(result: Mapping[str, Any]) -> list[str]:
    """Of exported rows, what the command line's table says: sums by kind and currency, and what is in none."""
    told = [
        f"{SUMMED.get(each['basis'], each['basis'])}: {each['cost']} {each['currency']}"
        for each in result.get("billed", ())
    ]
    if result.get("calls_left_out"):
        told.append(f"{plural(result['calls_left_out'], 'call')} of unknown cost of {result['calls']:,}: in no row.")
    for each in result.get("left_out", ()):
        names = f"{each['seller'] or 'no seller known'}, {each['model'] or 'no model known'}"
        told.append(f"  {names}: {plural(each['calls'], 'call')}, {each['reason']}")
    return told


@st.fragment
def _show_pages(made: ReportJob) -> None:
    pages = made.pages
    if not pages:
        return
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Preview", width="content")
            # As wide as its content, it would take itself for narrow and leave out page 2 of 4.
            number = st.pagination(len(pages), key="report_page", width=PAGES_WIDTH) if len(pages) > 1 else 1
        with st.container(horizontal_alignment="center"):
            page = pages[min(number, len(pages)) - 1]
            with st.container(border=True, width="content"):
                st.image(page.read_bytes(), width=PREVIEW_WIDTH, alt=f"Page {number} of {len(pages)} of the PDF")
            st.caption(f"Page {number} of {len(pages)}, as the PDF has it.")
