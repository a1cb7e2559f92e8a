"""The load that a page started: what it is doing, the way to stop it, and what came of it."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app.commands.ingest import ALWAYS, COUNTS
from app.components.advice import error_advice
from app.components.formats import literal, plural
from app.components.tables import show_frame
from app.figures import sentence
from app.jobs import Job

JOB = "job"
SHOWN_LINES = 12
MOST_REASONS = 20


def running_job() -> Job | None:
    """The load that this reader has under way."""
    job = st.session_state.get(JOB)
    return job if isinstance(job, Job) and not job.done.is_set() else None


def ended_job() -> Job | None:
    """The load of this reader that has ended and is still shown."""
    job = st.session_state.get(JOB)
    return job if isinstance(job, Job) and job.done.is_set() else None


def begin(job: Job) -> None:
    """Watch a load from now on."""
    st.session_state[JOB] = job


def show_job(*, with_result: bool) -> None:
    """Show the work under way on any page; what a load came to only where that is asked for."""
    job = st.session_state.get(JOB)
    if not isinstance(job, Job):
        return
    if not job.done.is_set():
        _watch()
    elif job.cancelled or job.failure:
        _show_end(job)
    elif job.result is None:
        del st.session_state[JOB]
    elif (with_result or "files" not in job.result) and not _all_wait(job):
        with st.container(border=True):
            show_loads(job) if "files" in job.result else _show_said(job)
            st.button("Close", key="job_close", icon=":material/close:", on_click=forget)


@st.fragment(run_every="1s")
def _watch() -> None:
    job = running_job()
    if job is None:
        st.rerun()
    lines = job.said[-SHOWN_LINES:]
    latest = f": {lines[-1]}" if lines else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        title = "Stopping" if job.cancelled else f"{job.title}{latest}"
        st.status(literal(title), state="running").text("\n".join(lines) or "Starting.")
        st.button("Cancel", icon=":material/stop_circle:", on_click=job.cancel, disabled=job.cancelled)


def _show_end(job: Job) -> None:
    if job.cancelled:
        st.warning(
            job.after_cancel,
            title=f"Stopped: {literal(job.title[:1].lower() + job.title[1:])}",
            icon=":material/stop_circle:",
        )
    else:
        show_failed(job)
    st.button("Close", key="job_close_line", icon=":material/close:", on_click=forget)


def show_failed(job: Job) -> None:
    """Why nothing came of it, and under which code its trace is in the log."""
    where = f" Its trace is in {job.trace}." if job.trace else ""
    code = f"  \n:small[Code **{job.code}**.{literal(where)}]" if job.code else ""
    st.error(literal(sentence(job.failure or "")) + code, title=job.after_failure, icon=":material/error:")


def _all_wait(job: Job) -> bool:
    """Whether every file waits for a mapping: then nothing came of the load that could be shown."""
    return bool(job.unread) and len(job.unread) == len((job.result or {}).get("files", ()))


def _show_said(job: Job) -> None:
    """What a command that is no load said at its end."""
    said = job.said[-1] if job.said else "Done"
    st.success(f"{literal(sentence(said))}. {job.advice}", icon=":material/check:")


def forget() -> None:
    """Show the load no more, and let go of what it kept."""
    st.session_state.pop(JOB, None)


def show_loads(job: Job) -> None:
    """The table that a load ends with, as on the command line, with the reasons for what was not read."""
    loads: list[dict[str, Any]] = job.result["files"] if job.result else []
    read = [load for load in loads if not load["error"]]
    st.header("What came of it")
    if read:
        show_frame(
            _frame(read),
            hide_index=True,
            height="content",
            alt="What came of each file",
            column_config={"File": st.column_config.TextColumn(pinned=True)}
            | {_title(name): st.column_config.NumberColumn(format="%,d") for name in ("read", *COUNTS)},
        )
    # What waits for a mapping says so itself.
    waiting = {unread.error for unread in job.unread}
    for load in loads:
        if load["error"] and load["error"] not in waiting:
            st.error(f"{literal(load['error'])}. {error_advice(load['error'])}", icon=":material/error:")
    reasons = [_reason(load, reject) for load in read for reject in load["rejects"]]
    for reason in reasons[:MOST_REASONS]:
        st.markdown(f":small[{reason}]")
    if len(reasons) > MOST_REASONS:
        st.caption(f"and {plural(len(reasons) - MOST_REASONS, 'more reason')}; all of them are below.")
    for load in read:
        for warning in load["warnings"]:
            st.caption(f"**{literal(Path(load['file']).name)}**: {literal(warning)}")


def _frame(loads: list[dict[str, Any]]) -> pd.DataFrame:
    shown = [name for name in COUNTS if name in ALWAYS or any(load[name] for load in loads)]
    rows = [
        {
            "File": Path(load["file"]).name,
            "Source": load["note"] or load["source"],
            "Read": load["records"] + load["rejected"],
            **{_title(name): load[name] for name in shown},
        }
        for load in loads
    ]
    if len(rows) > 1:
        sums = {name: sum(row[name] for row in rows) for name in rows[0] if name not in ("File", "Source")}
        rows.append({"File": "Total", "Source": "", **sums})
    return pd.DataFrame(rows)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _reason(load: dict[str, Any], reject: dict[str, Any]) -> str:
    more = f" ({plural(reject['lines'], 'line')})" if reject["lines"] > 1 else ""
    where = f"{Path(load['file']).name}:{reject['first_line']}"
    return f"**{literal(where)}** {literal(reject['reason'])}{more}"
