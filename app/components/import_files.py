"""The files that were loaded."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from app.components.formats import literal, plural, size
from app.components.sections import nothing, section
from app.components.tables import show_frame
from warehouse.imports import ImportedFile

WHOLE_TABLE = 12
"""Rows up to which the table is shown without scrolling."""
COUNTS = ("Read", "Loaded", "Replaced", "Already there", "Rejected", "Unpriced", "Needs review")
HELP = {
    "Read": "Records and rejected lines.",
    "Replaced": "Records that say more than the ones they replaced.",
    "Already there": "Records that were stored before: they count once.",
    "Unpriced": "When it was loaded, each time that it was; what has no price now stands under Unknown cost.",
}


def show_files(files: Sequence[ImportedFile], sums: Mapping[str, int]) -> None:
    """Show the manifest, newest first, and say which rows are sums in place of calls, by source."""
    if not files:
        nothing("Files")
        return
    with section("Files", f"{plural(len(files), 'file')}, newest first"):
        show_frame(
            _frame(files),
            hide_index=True,
            height="content" if len(files) <= WHOLE_TABLE else 460,
            alt="Files with what came of each",
            column_config={
                "File": st.column_config.TextColumn(pinned=True),
                **{name: st.column_config.NumberColumn(format="%,d", help=HELP.get(name)) for name in COUNTS},
                "Size": st.column_config.TextColumn(alignment="right"),
            },
        )
        for source, number in sums.items():
            st.caption(f"{plural(number, 'daily sum')} of {literal(source)}, kept for reconciliation, in no figure.")


def _frame(files: Sequence[ImportedFile]) -> pd.DataFrame:
    """What no file has is left out, but for what every load tells."""
    columns: dict[str, list[object]] = {
        "File": [PurePath(file.path).name for file in files],
        "Source": [file.source for file in files],
        "Read": [file.read for file in files],
        "Loaded": [file.loaded for file in files],
        "Replaced": [file.replaced for file in files],
        "Already there": [file.already_there for file in files],
        "Rejected": [file.rejected for file in files],
        "Unpriced": [file.unpriced for file in files],
        "Needs review": [file.needs_review for file in files],
        "First call (UTC)": [_minute(file.first_at) for file in files],
        "Last call (UTC)": [_minute(file.last_at) for file in files],
        "Size": [size(file.file_bytes) for file in files],
        "Loaded at (UTC)": [_minute(file.loaded_at) for file in files],
        "Data": ["demo" if file.demo else "yours" for file in files],
    }
    if not any(columns["Replaced"]):
        del columns["Replaced"]
    if not any(file.demo for file in files):
        del columns["Data"]
    return pd.DataFrame(columns)


def _minute(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"
