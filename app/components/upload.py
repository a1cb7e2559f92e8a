"""The place to drop log files: they are loaded by a process of their own, as ``tollbook ingest`` would."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components.formats import plural
from app.components.job_status import begin, running_job
from app.jobs import Upload, start_upload
from ingest.registry import SOURCES

MOST_MB = 200
"""Largest file that a browser may hand over: it passes through memory."""
UPLOADS = "uploads"
BY_CONTENT = "Told by the content"


class Said(NamedTuple):
    """What a person says of every record that does not say it itself."""

    source: str | None
    seller: str | None
    team: str | None
    time: datetime | None

    def options(self) -> list[str]:
        """The same in the command line's words."""
        time = self.time and f"{self.time.isoformat()}Z"
        said = {"source": self.source, "seller": self.seller, "team": self.team, "time": time}
        return [f"--{name}={value.strip()}" for name, value in said.items() if value and value.strip()]


def show_upload(root: Path, sellers: Sequence[str]) -> None:
    """Take log files and load them."""
    place = st.session_state.get(UPLOADS, 0)
    busy = running_job() is not None
    with st.container(border=True):
        st.subheader("Load a log")
        files = st.file_uploader(
            f"Log files, up to {MOST_MB} MB each; plain, gzip or zstd. Their content tells what they are.",
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            # A new key empties the field once its files are on their way.
            key=f"upload_{place}",
            disabled=busy,
        )
        with st.expander("Options: what the records do not say themselves", icon=":material/tune:"):
            said = _ask(sellers)
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"Load {plural(len(files), 'file')}" if files else "Load"
            if st.button(title, type="primary", icon=":material/upload_file:", disabled=not files or busy):
                begin(start_upload(root, [Upload(file.name, file) for file in files], said.options()))
                st.session_state[UPLOADS] = place + 1
                st.rerun()
            st.caption("Larger files and whole folders: `tollbook ingest PATH`.")


def _ask(sellers: Sequence[str]) -> Said:
    titles = {source.name: source.title for source in SOURCES}
    with st.grid(4, min_column_width=200, gap="small"):
        source = st.selectbox(
            "Source",
            list(titles),
            index=None,
            placeholder=BY_CONTENT,
            key="upload_source",
            help="Only where the content does not tell: each source is a shape of log.",
        )
        seller = st.selectbox(
            "Seller",
            list(sellers),
            index=None,
            placeholder="Who bills",
            accept_new_options=True,
            key="upload_seller",
            help="Who bills these calls, by the name of a rate card's seller.",
        )
        team = st.text_input("Team", placeholder="Who called", key="upload_team")
        time = st.datetime_input(
            "Start time (UTC)", value=None, key="upload_time", help="For records without a time of their own."
        )
    if source:
        st.caption(f"{source}: {titles[source]}.")
    return Said(source, seller, team, time)
