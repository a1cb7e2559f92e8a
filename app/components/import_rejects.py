"""Lines that could not be read: why, where, what they say, and what to do."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

import pandas as pd
import streamlit as st

from app.components.advice import PATTERNS, reject_advice
from app.components.answers import Desk
from app.components.formats import literal, plural
from app.components.sections import nothing, section
from app.components.tables import show_frame
from warehouse.imports import RejectedLine, RejectKind, rejected_lines
from warehouse.overview import page_reader

SHOWN_LINES = 100
WHOLE_TABLE = 10
"""Rows up to which the table is shown without scrolling."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""


def show_rejects(desk: Desk, kinds: Sequence[RejectKind]) -> None:
    """Show the kinds of reasons, most lines first, then the lines themselves."""
    if not kinds:
        nothing("Rejected lines")
        return
    with section("Rejected lines", f"{plural(sum(kind.lines for kind in kinds), 'line')}, in no figure"):
        for kind in kinds:
            _show_kind(kind)
        with st.expander("The lines", icon=":material/segment:"):
            _show_lines(desk, kinds)


def _show_kind(kind: RejectKind) -> None:
    about = reject_advice(kind.kind)
    what, first, then = st.columns((3, 5, 5), gap="xsmall")
    what.markdown(f"**{plural(kind.lines, 'line')}**: {about.title}")
    where = f"{PurePath(kind.first_path).name}:{kind.first_line}"
    first.caption(f"{'First ' if kind.lines > 1 else ''}**{literal(where)}**: {literal(kind.first_reason)}")
    then.markdown(f":small[{about.advice}]")


def _show_lines(desk: Desk, kinds: Sequence[RejectKind]) -> None:
    """The lines of one kind or of all, and all of them to take along."""
    titles = {kind.kind: reject_advice(kind.kind).title for kind in kinds}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        wanted = st.selectbox("Reason", list(titles), None, titles.__getitem__, placeholder="All", width=280)
        st.download_button(
            "All lines as CSV",
            data=lambda: rejects_csv(desk.root),
            file_name="rejected-lines.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    lines = desk.ask(rejected_lines, PATTERNS, wanted, SHOWN_LINES)
    show_frame(
        pd.DataFrame(
            {
                "Line": [f"{PurePath(line.path).name}:{line.line}" for line in lines],
                "Reason": [line.reason for line in lines],
                "Text, redacted": [line.text for line in lines],
            }
        ),
        hide_index=True,
        height="content" if len(lines) <= WHOLE_TABLE else 380,
        alt="Lines that were not read, with their reasons",
        column_config={
            "Reason": st.column_config.TextColumn(width="large"),
            "Text, redacted": st.column_config.TextColumn(width="large"),
        },
    )
    found = sum(kind.lines for kind in kinds if wanted in (None, kind.kind))
    if found > len(lines):
        st.caption(f"The first {len(lines)} of {plural(found, 'line')}; the CSV has all.")


def rejects_csv(root: Path) -> bytes:
    """Every line that could not be read, as CSV."""
    with page_reader(root) as reader:
        return csv_of(rejected_lines(reader, PATTERNS))


def csv_of(lines: Iterable[RejectedLine]) -> bytes:
    """Lines as CSV; no cell begins a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("file", "line", "reason", "text"))
    for line in lines:
        cells = (PurePath(line.path).name, line.reason, line.text)
        name, reason, said = (f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
        table.writerow((name, line.line, reason, said))
    return text.getvalue().encode("utf-8-sig")
