"""Tasks one by one: how their cost is spread, and the dearest of them."""

import streamlit as st

from app.components.formats import literal
from app.components.page import Run
from app.components.task_spread import show_spread
from app.components.task_table import show_task_table


def show_costs(run: Run) -> None:
    """The spread of the tasks in scope, and their list."""
    page = run.desk.tasks(run.scope)
    spreads = {spread.currency: spread for spread in page.spreads}
    currency = run.charted([currency for currency in run.choices.currencies if currency in spreads])
    if currency:
        with st.container(border=True):
            show_spread(run, page, spreads[currency])
    with st.container(border=True):
        _show_dearest(run, currency)


def _show_dearest(run: Run, currency: str | None) -> None:
    """The tasks, dearest first, and the search for their names."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Dearest tasks", width="content")
        like = st.text_input(
            "Find a task",
            key="find",
            bind="query-params",
            placeholder="Find a task by its name",
            label_visibility="collapsed",
            width=280,
        )
    lines = run.desk.task_lines(run.scope, currency, like.strip() or None)
    if lines:
        show_task_table(lines)
    else:
        st.caption(f"No task has “{literal(like)}” in its name.")
