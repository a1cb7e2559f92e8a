"""The list of tasks, dearest first; a click on a row opens the task."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.answers import SHOWN_TASKS
from app.components.formats import UNKNOWN, amounts, duration, share
from app.components.page import TASK
from app.components.tables import show_frame
from warehouse.overview_tasks import TaskLine

TABLE = "task_table"
COST_WIDTH = 110


def show_task_table(lines: Sequence[TaskLine]) -> None:
    """Show the tasks; amounts are texts."""
    st.caption("Select a row to open it.")
    chosen = show_frame(
        pd.DataFrame(
            {
                "Task": [line.task for line in lines],
                "Cost": [cost_text(line) for line in lines],
                "Calls": [line.requests for line in lines],
                "Failed": [line.errors for line in lines],
                "Unknown cost": [line.unpriced for line in lines],
                "Cache share": [
                    share(line.cache_read, line.input + line.cache_read + line.cache_written) for line in lines
                ],
                "Output tokens": [line.output for line in lines],
                "Model": [_models(line) for line in lines],
                "Team": [line.team or "–" for line in lines],
                "Took": [duration(_span_ms(line)) for line in lines],
                "Began (UTC)": [f"{line.first_at:%Y-%m-%d %H:%M}" for line in lines],
            }
        ),
        hide_index=True,
        alt="Tasks, dearest first",
        key=TABLE,
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(lines) <= 12 else 460,
        column_config={
            "Task": st.column_config.TextColumn(pinned=True),
            "Cost": st.column_config.TextColumn(alignment="right", width=COST_WIDTH),
            **{
                name: st.column_config.NumberColumn(format="%,d")
                for name in ("Calls", "Failed", "Unknown cost", "Output tokens")
            },
            **{name: st.column_config.TextColumn(alignment="right") for name in ("Cache share", "Took")},
        },
    )
    if len(lines) == SHOWN_TASKS:
        st.caption(f"The {SHOWN_TASKS} dearest; the search looks through all.")
    if chosen.selection.rows:
        st.query_params[TASK] = lines[chosen.selection.rows[0]].task
        st.rerun()


def cost_text(line: TaskLine) -> str:
    """What a task cost: at least so much where some of its calls have no known cost."""
    if not line.costs:
        return UNKNOWN
    return f"≥ {amounts(line.costs)}" if line.unpriced else amounts(line.costs)


def _models(line: TaskLine) -> str:
    return f"{line.model or '–'} and {line.models - 1} more" if line.models > 1 else line.model or "–"


def _span_ms(line: TaskLine) -> int:
    return int((line.last_at - line.first_at).total_seconds() * 1000)
