"""A table that no source knows: what it has, and a mapping to say what its columns are, checked as it is written."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components import mapping_draft
from app.components.first_look import look, show_look
from app.components.formats import literal
from app.components.job_status import begin, ended_job, forget
from app.first_look import Look, sellers_with_a_card
from app.jobs import Job, start_upload
from app.spool import Upload
from ingest.mapping import Mapping

PLACES = {
    "inside": ("Inside the input", "1,000 input tokens, of which 800 were cached: OpenAI's way"),
    "beside": ("Beside the input", "200 input tokens, and 800 more from the cache: Anthropic's way"),
    "not_logged": ("Not in this file", "No column counts them"),
    "by_total": ("Each row's total tells", "There is a column for the total"),
}
"""Where cached tokens may stand, in plain words."""
DRAFT_HEIGHT = 420


class Tables(NamedTuple):
    """Files of the same columns, and what was said of them."""

    uploads: Sequence[Upload]
    options: Sequence[str]
    """In the command line's words."""
    mapping: str | None = None
    """The mapping that was tried."""
    error: str | None = None
    """Why it did not do."""


def ask_mapping(root: Path, tables: Tables, *, on_close: Callable[[], None] | None = None) -> Job | None:
    """Ask for a mapping; the load that was started with it. ``on_close``: a person may leave it at that."""
    first = tables.uploads[0]
    seen = look(root, first, tables.options)
    draft = _Draft(first.file_id)
    draft.begin(tables.mapping or seen.proposal or "")
    _show_what_it_is(tables, seen)
    left, right = st.columns((8, 5), gap="medium")
    with left:
        draft.show_guesses()
        draft.show_text()
    with right:
        draft.show_places()
        options = [*_without_seller(tables.options), *_ask_seller(root, tables.options, first.file_id)]
        mapping, problems = mapping_draft.check(draft.text)
        if problems:
            st.markdown("**Still open**\n" + "\n".join(f"- :small[{literal(problem)}]" for problem in problems))
    if mapping:
        _preview(root, first, options, mapping)
    title = "Load with this mapping" if len(tables.uploads) == 1 else f"Load {len(tables.uploads)} files with it"
    with st.container(horizontal=True, vertical_alignment="center"):
        wanted = st.button(
            title, type="primary", icon=":material/upload_file:", disabled=not mapping, key=f"map_{first.file_id}"
        )
        st.download_button(
            "The mapping as YAML", draft.text, "mapping.yaml", icon=":material/download:", on_click="ignore"
        )
        if on_close:
            st.button("Close", icon=":material/close:", on_click=on_close, key=f"close_{first.file_id}")
    return start_upload(root, tables.uploads, options, draft.text) if wanted else None


def _show_what_it_is(tables: Tables, seen: Look) -> None:
    names = ", ".join(upload.name for upload in tables.uploads)
    st.markdown(f"**No source knows {literal(names)}.** Say once what its columns are. Nothing of it is loaded yet.")
    st.caption("  \n".join(literal(line[:1].upper() + line[1:]) for line in _about(seen)))
    if tables.error and tables.mapping is not None:
        st.error(literal(tables.error), icon=":material/error:")
    elif seen.error:
        st.error(literal(seen.error), icon=":material/error:")


def _preview(root: Path, upload: Upload, options: Sequence[str], mapping: Mapping) -> None:
    seen = look(root, upload, options, mapping)
    if seen.error:
        st.error(literal(seen.error), icon=":material/error:")
    else:
        show_look(seen.found)


def _ask_seller(root: Path, options: Sequence[str], file_id: str) -> list[str]:
    """Who bills, for rows that do not say it."""
    said = next((word.removeprefix("--seller=") for word in options if word.startswith("--seller=")), None)
    known = list(dict.fromkeys([*([said] if said else []), *sellers_with_a_card(root)]))
    seller = st.selectbox(
        "Who bills, where no column says it",
        known,
        index=0 if said else None,
        placeholder="Nobody: such calls have no cost",
        accept_new_options=True,
        key=f"seller_{file_id}",
    )
    return [f"--seller={seller.strip()}"] if seller and seller.strip() else []


def _without_seller(options: Sequence[str]) -> list[str]:
    return [word for word in options if not word.startswith(("--seller=", "--source="))]


class _Draft:
    """The mapping's text, and two easier ways to change it; whichever is used, the others follow."""

    def __init__(self, file_id: str) -> None:
        self._text, self._taken, self._place = (f"{name}_{file_id}" for name in ("draft", "taken", "place"))

    @property
    def text(self) -> str:
        return str(st.session_state[self._text])

    def begin(self, text: str) -> None:
        if self._text not in st.session_state:
            st.session_state[self._text] = text
            self._follow_text()

    def show_guesses(self) -> None:
        found = mapping_draft.guesses(self.text)
        if found:
            st.pills(
                "Guessed by name: choose those that are right",
                list(found),
                selection_mode="multi",
                format_func=lambda name: literal(found[name].told if name in found else name),
                wrap=True,
                key=self._taken,
                on_change=self._follow_taken,
            )

    def show_text(self) -> None:
        st.text_area("The mapping", height=DRAFT_HEIGHT, key=self._text, on_change=self._follow_text)

    def show_places(self) -> None:
        st.radio(
            "Where do cached tokens stand?",
            list(PLACES),
            index=None,
            format_func=lambda name: PLACES[name][0],
            captions=[caption for _, caption in PLACES.values()],
            key=self._place,
            on_change=self._follow_place,
        )

    def _follow_text(self) -> None:
        place = mapping_draft.answer(self.text)
        st.session_state[self._place] = place if place in PLACES else None
        st.session_state[self._taken] = [
            name for name, guess in mapping_draft.guesses(self.text).items() if guess.taken
        ]

    def _follow_taken(self) -> None:
        st.session_state[self._text] = mapping_draft.take(self.text, st.session_state[self._taken])

    def _follow_place(self) -> None:
        st.session_state[self._text] = mapping_draft.put_answer(self.text, st.session_state[self._place])


def show_waiting() -> None:
    """The tables of the load that has ended which wait for a mapping, those of the same columns together."""
    job = ended_job()
    if job is None or not job.unread:
        return
    groups: dict[str, list[Upload]] = {}
    for unread in job.unread:
        groups.setdefault("\n".join(_about(look(job.root, unread.upload, job.options))), []).append(unread.upload)
    errors = {unread.upload.file_id: unread.error for unread in job.unread}
    for uploads in groups.values():
        with st.container(border=True):
            tables = Tables(uploads, job.options, job.mapping, errors[uploads[0].file_id])
            started = ask_mapping(job.root, tables, on_close=forget)
        if started:
            begin(started)
            st.rerun()


def _about(seen: Look) -> list[str]:
    """What a table has and which presets come near; the message's first line names the sources there are."""
    return (seen.found.get("problem") or "").split("\n")[1:3]
