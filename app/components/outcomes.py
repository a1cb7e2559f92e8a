"""How tasks ended: how much of it is known, and the place to drop a file that says more."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from app.components.entered import Edition, edition_of_state
from app.components.entries import ask_who, attempt
from app.components.formats import count, literal, plural, share
from app.components.page import Run
from app.components.sections import section
from app.components.tables import show_frame
from app.outcome_file import BadRow, Columns, OutcomeFile, columns_in, read_outcomes
from app.session import UserMistake
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.outcomes import Entered, Stored, list_outcomes, store_outcomes

MOST_MB = 20
PLACE = "outcome_uploads"
DONE = "outcomes_done"
USUAL = {"task": ("task", "task_id", "instance_id", "id")}
"""Under which names a file usually keeps the task."""
SAYS = ("resolved", "score", "kind", "work")
"""What a row has to say one of."""
LABELS = {
    "task": "Task",
    "resolved": "Resolved",
    "score": "Score",
    "kind": "Kind of work",
    "work": "Repeated work",
    "time": "Judged at",
}


def show_outcomes(run: Run) -> None:
    """What was entered of how tasks ended, and a file that says more."""
    known = _known(edition_of_state(run.desk.root))
    with section("Outcomes", _summary(known)):
        _show_done()
        place = st.session_state.get(PLACE, 0)
        file = st.file_uploader(
            "How tasks ended: a CSV or JSON lines with a row for each task, resolved or not, a score, its kind.",
            max_upload_size=MOST_MB,
            # A new key empties the field once its file is in.
            key=f"outcomes_{place}",
        )
        if file:
            _ask(run.desk.root, file.getvalue(), file.name)


def _ask(root: Path, data: bytes, name: str) -> None:
    """Which column is what, and the button that takes the file in."""
    try:
        names = columns_in(data, name)
        columns = _choose_columns(names)
        if columns is None:
            return
        read = read_outcomes(data, name, columns)
    except UserMistake as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    st.caption(f"{plural(read.rows, 'row')}, {count(len(read.bad))} of them cannot be used.")
    _show_bad(read.bad)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = ask_who()
        title = f"Load {plural(len(read.outcomes), 'outcome')}"
        if st.button(title, type="primary", icon=":material/upload_file:", disabled=not read.outcomes):
            attempt(lambda author: _store(root, read, author), who)


def _store(root: Path, read: OutcomeFile, author: Author) -> None:
    st.session_state[DONE] = store_outcomes(root, read.outcomes, author, tell=silent), read.bad
    st.session_state[PLACE] = st.session_state.get(PLACE, 0) + 1


def _choose_columns(names: Sequence[str]) -> Columns | None:
    """Which column is what; None, and a word about it, as long as the file says nothing of a task."""
    chosen = {}
    with st.grid(3, min_column_width=180, gap="small"):
        for field, usual in Columns()._asdict().items():
            found = next((each for each in USUAL.get(field, (usual,)) if each in names), None)
            place = None if found is None else names.index(found)
            picked = st.selectbox(LABELS[field], names, place, placeholder="In no column", key=f"outcome_{field}")
            # A name that no file has: nothing is read from it.
            chosen[field] = picked or f"no {field}"
    if chosen["task"] not in names:
        st.info("Choose the column that has the task.", icon=":material/arrow_upward:")
        return None
    if not {chosen[field] for field in SAYS} & set(names):
        st.info("Choose a column that says how tasks ended, or what they are.", icon=":material/arrow_upward:")
        return None
    return Columns(**chosen)


def _show_done() -> None:
    """What came of the last file."""
    done: tuple[Stored, list[BadRow]] | None = st.session_state.get(DONE)
    if done is None:
        return
    stored, bad = done
    counts = f"{count(stored.added)} added, {count(stored.changed)} changed, {count(stored.same)} as before"
    st.success(f"Outcomes of tasks: {counts}; {plural(len(bad), 'row')} not used.", icon=":material/check:")
    _show_bad(bad)


def _show_bad(bad: Sequence[BadRow]) -> None:
    if not bad:
        return
    table = {"Line": [each.line for each in bad], "Why it cannot be used": [each.reason for each in bad]}
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        height=min(400, 36 * (len(bad) + 1)),
        alt="Rows not used",
        column_config={"Line": st.column_config.NumberColumn(width="small")},
    )


def _summary(known: Sequence[Entered]) -> str:
    judged = [each.resolved for each in known if each.resolved is not None]
    if not known:
        return "none was entered"
    rate = f", {share(sum(judged), len(judged))} of those judged resolved" if judged else ""
    return f"{plural(len(known), 'task')}{rate}"


@st.cache_data(max_entries=5, show_spinner=False)
def _known(edition: Edition) -> tuple[Entered, ...]:
    return tuple(list_outcomes(Path(edition[0]), tell=silent))
