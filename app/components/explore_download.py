"""What the page Explore shows, taken along as a file: made when it is asked for, with where it comes from inside."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.components.entries import present
from app.components.explore_data import hour_rows
from app.components.explore_state import Shown
from app.components.page import Run
from app.explore_files import explored_file, notes_of
from app.explore_view import View
from app.pivot import pivot
from warehouse.explore import explored
from warehouse.overview import page_reader
from warehouse.scope import Scope

FORMATS = {"csv": ("CSV", "text/csv"), "xlsx": ("Workbook (XLSX)", None), "parquet": ("Parquet", None)}


class Asked(NamedTuple):
    """What the file is of; a file is made after the page has let go of the warehouse."""

    root: Path
    view: View
    scope: Scope
    found: Shown


def show_download(run: Run, found: Shown, view: View, scope: Scope) -> None:
    """A button for each format."""
    # What is shown beside its chart is the table: with columns of its own it is all in one.
    table = view._replace(step=None) if view.columns else view
    asked, made_at = Asked(run.desk.root, table, scope, found), present(run)
    with st.popover("Download", icon=":material/download:", width="content"):
        st.caption("All rows and columns of the table, with filters, rates and coverage inside.")
        for form, (label, mime) in FORMATS.items():
            st.download_button(
                label, partial(file_of, asked, made_at, form), f"explore-{view.measure}-by-{_plain(view.rows)}.{form}",
                mime=mime or "application/octet-stream", on_click="ignore", key=f"explore_{form}", type="tertiary",
            )  # fmt: skip


def file_of(asked: Asked, made_at: datetime, form: str) -> bytes:
    """The file, asked of the warehouse anew."""
    with page_reader(asked.root) as reader:
        hour = asked.found.place.hour
        step = asked.view.step if hour is None else "hour"
        rows = explored(reader, asked.view.dimensions, asked.scope, step=step)
        shown = pivot(rows if hour is None else hour_rows(rows, hour), asked.view)
        notes = notes_of(reader, asked.view, asked.scope, made_at)
    told = (*notes, ("Hour", f"{hour:%Y-%m-%d %H}:00")) if hour else notes
    return explored_file(shown, asked.view, told, form)


def _plain(name: str) -> str:
    """A tag's name may be anything, the name of a file may not."""
    return "".join(letter if letter.isalnum() or letter == "_" else "-" for letter in name)
