"""The table of the page Explore: a row for each value, totals beside and below, and a way into each row."""

from typing import Any

import pandas as pd
import streamlit as st

from app.components.columns import counts, right
from app.components.explore_chart import RATIOS
from app.components.explore_words import figure, named, stretch
from app.components.formats import share
from app.components.tables import show_frame
from app.pivot import Cell, Key, Others, Pivot, Table
from warehouse.explore import label_of

TOTAL = "Total"
WHOLE_TABLE = 15


def show_table(shown: Pivot, table: Table, key: str) -> Key | None:
    """Show it; says the row that was selected, None where none was: a value that is named by nothing is ``""``."""
    frame, config = _frame(shown, table)
    chosen = show_frame(
        frame,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(frame) <= WHOLE_TABLE else 560,
        alt=f"{shown.measure.label} by {_by(shown)}, with totals",
        column_config=config,
    )
    rows = [table.rows[place] for place in chosen.selection.rows if place < len(table.rows)]
    return None if not rows or isinstance(rows[0], Others) else rows[0] if rows[0] is not None else ""


def _by(shown: Pivot) -> str:
    across = shown.view.columns or shown.view.step
    return f"{label_of(shown.view.rows)}{f' and {label_of(across)}' if across else ''}".lower()


def _frame(shown: Pivot, table: Table) -> tuple[pd.DataFrame, dict[str, Any]]:
    """For the eye alone: figures are texts; columns are numbered, because two values may read the same."""
    first = label_of(shown.view.rows)
    columns: dict[str, list[str] | list[int]] = {
        first: [*(named(shown.view.rows, row) for row in table.rows), TOTAL],
        TOTAL: [
            *(_text(table.row_totals.get(row), shown, table) for row in table.rows),
            _text(table.total, shown, table),
        ],
    }
    config: dict[str, Any] = {first: st.column_config.TextColumn(pinned=True), **right([TOTAL])}
    config[TOTAL] = st.column_config.TextColumn(TOTAL if table.columns else shown.measure.label, alignment="right")
    if not table.columns:
        return pd.DataFrame(columns | _beside(shown, table)), config | counts(["Requests", "Unknown cost"]) | right(
            ["Share"]
        )
    for place, column in enumerate(table.columns):
        cells = [_text(table.cells.get((row, column)), shown, table) for row in table.rows]
        columns[f"c{place}"] = [*cells, _text(table.column_totals.get(column), shown, table)]
        config[f"c{place}"] = st.column_config.TextColumn(_head(shown, column), alignment="right")
    return pd.DataFrame(columns), config


def _beside(shown: Pivot, table: Table) -> dict[str, Any]:
    """What stands beside a single figure: its share, and how much it rests on."""
    cells = [*(table.row_totals[row] for row in table.rows), table.total]
    found: dict[str, Any] = {}
    if shown.view.measure not in RATIOS and table.total.value:
        found["Share"] = [
            share(int(cell.value or 0), int(table.total.value)) if cell.value is not None else "–" for cell in cells
        ]
    if shown.view.measure != "requests":
        found["Requests"] = [cell.sums.requests for cell in cells]
    if any(cell.unknown for cell in cells):
        found["Unknown cost"] = [cell.unknown for cell in cells]
    return found


def _head(shown: Pivot, column: Key) -> str:
    return named(shown.view.columns, column) if shown.view.columns else stretch(column, shown.view.step or "day")


def _text(cell: Cell | None, shown: Pivot, table: Table) -> str:
    return figure(cell, shown.measure, table.currency)
