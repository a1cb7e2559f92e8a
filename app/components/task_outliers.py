"""Tasks far dearer than tasks like them, and the dearest calls; a click on a row opens the task."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.outliers import Outlier, Outliers, reasons
from app.components.columns import counts, right
from app.components.formats import literal, money, plural, share
from app.components.page import TASK, Run
from app.components.sections import section
from app.components.tables import show_frame
from app.components.task_data import dear_of
from warehouse.task_facts import DearCall

SHOWN = 100
"""Outliers shown; the command line has them all."""
COMPARED = """A task is compared with the median of those of its team, kind and models; where they are fewer than 10,
of those with less in common. Far is on the logarithm of the cost, and farther where they are few."""


def show_outliers(run: Run) -> None:
    """The section."""
    found = dear_of(run)
    outliers = [outlier for each in found.outliers for outlier in each.found]
    with section("Far dearer than tasks like them", plural(len(outliers), "task")):
        st.caption(COMPARED)
        for each in found.outliers:
            st.caption(literal(_said(each)))
        if outliers:
            _open(_show_outlier_table(outliers[:SHOWN]), [each.task for each in outliers])
    if found.calls:
        with section("Dearest calls", "the dearest of each currency"):
            wanted = run.charted([call.currency for call in found.calls])
            calls = sorted(found.calls, key=lambda call: call.currency != wanted)
            _open(_show_call_table(calls), [call.task for call in calls])


def _open(rows: Sequence[int], tasks: Sequence[str]) -> None:
    if rows:
        st.query_params[TASK] = tasks[rows[0]]
        st.rerun()


def _said(each: Outliers) -> str:
    if each.why:
        return f"In {each.currency} none is told: {each.why}."
    part = f", {share(each.cost, each.total)} of the money" if each.found else ""
    return f"{len(each.found):,} of {plural(each.tasks, 'task')} in {each.currency}{part}."


def _show_outlier_table(outliers: Sequence[Outlier]) -> Sequence[int]:
    """The table; returns the rows selected."""
    chosen = show_frame(
        pd.DataFrame(
            {
                "Task": [each.task for each in outliers],
                "Cost": [money(each.cost, each.currency) for each in outliers],
                "Times": [f"{each.times:.1f}" for each in outliers],
                "Median": [money(each.usual.cost, each.currency) for each in outliers],
                "What is unusual": [", ".join(reasons(each)) or "nothing but its rates" for each in outliers],
                "Compared with": [f"{plural(each.usual.tasks, 'task')} of {each.usual.in_common}" for each in outliers],
                "Resolved": [{True: "yes", False: "no", None: "–"}[each.resolved] for each in outliers],
            }
        ),
        hide_index=True,
        alt="Tasks far dearer than tasks like them, dearest first",
        key="task_outliers",
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(outliers) <= 12 else 460,
        column_config={
            "Task": st.column_config.TextColumn(pinned=True),
            "What is unusual": st.column_config.TextColumn(width="large"),
            **right(("Cost", "Times", "Median")),
        },
    )
    return list(chosen.selection.rows)


def _show_call_table(calls: Sequence[DearCall]) -> Sequence[int]:
    """The table; returns the rows selected."""
    prompts = [call.input + call.cache_read + call.cache_written for call in calls]
    chosen = show_frame(
        pd.DataFrame(
            {
                "Task": [call.task for call in calls],
                "Step": ["–" if call.step is None else str(call.step) for call in calls],
                "Cost": [money(call.cost, call.currency) for call in calls],
                "Input": prompts,
                "From the cache": [share(call.cache_read, prompt) for call, prompt in zip(calls, prompts, strict=True)],
                "Output": [call.output for call in calls],
                "Model": [call.model or "–" for call in calls],
                "Upstream provider": [call.upstream_provider or "–" for call in calls],
                "Logged in": [f"{(call.file or '').rsplit('/', 1)[-1]}:{call.line}" for call in calls],
            }
        ),
        hide_index=True,
        alt="The dearest calls of each currency",
        key="task_dearest_calls",
        on_select="rerun",
        selection_mode="single-row",
        height="content",
        column_config={
            "Task": st.column_config.TextColumn(pinned=True),
            **counts(("Input", "Output")),
            **right(("Step", "Cost", "From the cache")),
        },
    )
    return list(chosen.selection.rows)
