"""Ways into a figure: a bar opens its stretch of time, a row leaves its value alone; by a click or from a list."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from app.components.explore_state import Shown, go
from app.components.explore_words import long_stretch, lower, named
from app.explore_place import opened, picked
from app.explore_view import View
from app.pivot import Key, Others, Table
from warehouse.explore import label_of

NEXT = ("model", "team", "project", "application", "seller")
"""By what one value is told, once it was picked."""
MOST_LISTED = 500


def show_ways(found: Shown, view: View, table: Table) -> None:
    """The list beside the chart: what a click on a bar does, for the keyboard and for thin bars."""
    step = view.step
    if step is None:
        return
    what = f"Open {'an' if step == 'hour' else 'a'} {step}"
    starts = [at for at in reversed(table.columns) if isinstance(at, date)][:MOST_LISTED]
    place = st.selectbox(
        what, range(len(starts)), index=None, format_func=lambda place: long_stretch(starts[place], step),
        key=f"explore_open_{hash(found)}", placeholder=what, label_visibility="collapsed", width=200,
    )  # fmt: skip
    if place is not None:
        _open(found, opened(starts[place], step))


def show_rows(found: Shown, view: View, table: Table, dimensions: Sequence[str]) -> None:
    """The list beside the table: what a click on a row does."""
    name = lower(label_of(view.rows))
    rows = [row for row in table.rows if not isinstance(row, Others)][:MOST_LISTED]
    place = st.selectbox(
        f"Look into one {name}", range(len(rows)), index=None, format_func=lambda place: named(view.rows, rows[place]),
        key=f"explore_only_{hash(found)}", placeholder=f"Look into one {name}", label_visibility="collapsed", width=240,
    )  # fmt: skip
    if place is not None:
        into_row(found, view, rows[place], dimensions)


def into_bar(found: Shown, view: View, table: Table, chosen: str) -> None:
    """Open what a bar stands for: its stretch of time, else the value of its row."""
    if view.step is None:
        row = table.rows[int(chosen)]
        if not isinstance(row, Others):
            into_row(found, view, row, ())
        return
    starts = (at for at in table.columns if isinstance(at, date))
    start = next((at for at in starts if at.isoformat()[: len(chosen)] == chosen), None)
    if start is not None:
        _open(found, opened(start, view.step))


def into_row(found: Shown, view: View, row: Key, dimensions: Sequence[str]) -> None:
    """Leave one value alone, and tell it by something else: told by itself it would be one row."""
    done = {view.rows, *(name for name, _ in found.place.where)}
    rest = [name for name in (*NEXT, *dimensions) if name not in done and (name in dimensions or not dimensions)]
    rows = view.columns or next(iter(rest), view.rows)
    place = picked(found.place, view.rows, "" if row is None else str(row))
    _show(found._replace(place=place, view=found.view._replace(rows=rows, columns=None)))


def _open(found: Shown, at: str) -> None:
    place = found.place._replace(at=at)
    _show(found._replace(place=place, calls=place.hour is not None, auto=True))


def _show(to: Shown) -> None:
    go(to)
    st.rerun()
