"""The place to drop log files: they are loaded by a process of their own, as ``tollbook ingest`` would."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components.first_look import look, show_look
from app.components.formats import literal, plural
from app.components.job_status import begin, running_job
from app.components.mapping_draft import check
from app.components.unknown_table import Tables, ask_mapping
from app.jobs import Job, start_upload
from app.spool import Upload
from ingest.mapping import Mapping
from ingest.registry import SOURCES

MOST_MB = 200
"""Largest file that a browser may hand over: it passes through memory."""
MOST_PREVIEWS = 3
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


class GivenMapping(NamedTuple):
    """The mapping file that was handed over, if any."""

    text: str | None = None
    mapping: Mapping | None = None
    problems: tuple[str, ...] = ()
    """Why it cannot be used."""


def show_upload(root: Path, sellers: Sequence[str]) -> None:
    """Take log files and load them, or show first what a load would make of them."""
    place = st.session_state.get(UPLOADS, 0)
    busy = running_job() is not None
    with st.container(border=True):
        st.header("Load a log")
        files = st.file_uploader(
            f"Log files, up to {MOST_MB} MB each; plain, gzip or zstd. Their content tells what they are.",
            accept_multiple_files=True,
            max_upload_size=MOST_MB,
            # A new key empties the field once its files are on their way.
            key=f"upload_{place}",
            disabled=busy,
        )
        uploads = [Upload(file.name, file, file.file_id) for file in files]
        with st.expander("Options: what the records do not say themselves", icon=":material/tune:"):
            said = _ask(sellers)
            given = _ask_mapping(place, said)
        job = None
        with st.container(horizontal=True, vertical_alignment="center"):
            title = f"Load {plural(len(files), 'file')}" if files else "Load"
            ready = bool(files) and not busy and not given.problems
            if st.button(title, type="primary", icon=":material/upload_file:", disabled=not ready):
                job = start_upload(root, uploads, said.options(), given.text)
            preview = st.toggle("Preview before loading", key="upload_preview")
            st.caption("Larger files and whole folders: `tollbook ingest PATH`.")
        if preview and ready and not job:
            job = _preview(root, uploads, said.options(), given)
        if job:
            begin(job)
            st.session_state[UPLOADS] = place + 1
            st.rerun()


def _preview(root: Path, uploads: Sequence[Upload], options: Sequence[str], given: GivenMapping) -> Job | None:
    """The first records of the first files; a table that no source knows asks for its mapping, and may be loaded."""
    for upload in uploads[:MOST_PREVIEWS]:
        seen = look(root, upload, options, given.mapping)
        if seen.error:
            st.error(literal(seen.error), icon=":material/error:")
        elif seen.proposal is None:
            show_look(seen.found)
        elif job := ask_mapping(root, Tables([upload], options)):
            return job
    if len(uploads) > MOST_PREVIEWS:
        st.caption(f"and {plural(len(uploads) - MOST_PREVIEWS, 'more file')}.")
    return None


def _ask_mapping(place: int, said: Said) -> GivenMapping:
    """A mapping file of the person's own, checked at once."""
    file = st.file_uploader(
        "Mapping file (YAML), for tables that no source knows: which column is what",
        type=["yaml", "yml"],
        max_upload_size=1,
        key=f"upload_mapping_{place}",
    )
    if file is None:
        return GivenMapping()
    try:
        text = file.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused(["it is not UTF-8"])
    if said.source:
        return _refused(["a file is read by a source or by a mapping file: choose one of them"])
    mapping, problems = check(text)
    return GivenMapping(text, mapping) if mapping else _refused(problems)


def _refused(problems: list[str]) -> GivenMapping:
    st.error("\n".join(f"- {literal(problem)}" for problem in problems), title="The mapping file cannot be used")
    return GivenMapping(problems=tuple(problems))


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
