"""Tasks: how their cost is spread, the dearest, and one of them step by step."""

import streamlit as st

from app.components.answers import Desk, open_desk
from app.components.filters import choose, in_scope
from app.components.formats import written
from app.components.notices import show_banners, show_empty, show_no_tasks
from app.components.task_spread import edges_of, left_out, show_histogram, show_task_cards
from app.components.task_steps import show_step_chart, show_step_table, show_task_figures
from app.components.task_table import TASK, show_task_table
from app.session import warehouse_folder
from warehouse.overview import Choices


def show_all(desk: Desk, choices: Choices) -> None:
    """Every task in scope."""
    chosen = choose(choices)
    page = desk.tasks(chosen.scope)
    if not page.counts.tasks:
        show_no_tasks()
        return
    spreads = {spread.currency: spread for spread in page.spreads}
    currency = in_scope(chosen.currency, list(spreads))
    show_task_cards(page, currency)
    if currency and spreads[currency].cheapest:
        with st.container(border=True):
            edges = edges_of(spreads[currency])
            st.subheader("How much tasks cost")
            show_histogram(spreads[currency], edges, desk.bins(chosen.scope, currency, edges))
            st.caption(left_out(page, spreads[currency]))
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader("Dearest tasks", width="content")
            like = st.text_input(
                "Find a task",
                key="find",
                bind="query-params",
                placeholder="Find a task by its name",
                label_visibility="collapsed",
                width=280,
            )
        lines = desk.task_lines(chosen.scope, currency, like.strip() or None)
        if lines:
            show_task_table(lines)
        else:
            st.caption(f"No task has “{written(like)}” in its name.")


def show_one(desk: Desk, name: str) -> None:
    """One task."""
    st.button("All tasks", on_click=_close, icon=":material/arrow_back:")
    detail = desk.task(name)
    if detail is None:
        st.info(f"No task is named “{written(name)}”.", icon=":material/search_off:")
        return
    show_task_figures(detail.line)
    with st.container(border=True):
        show_step_chart(detail.steps)
        show_step_table(detail.steps)


def _close() -> None:
    st.query_params.pop(TASK, None)


def show(desk: Desk) -> None:
    """Show the task that the URL names, or all of them."""
    choices = desk.choices()
    show_banners(desk, choices)
    if not choices.values["seller"] and not choices.models:
        show_empty()
    elif TASK in st.query_params:
        show_one(desk, st.query_params[TASK])
    else:
        show_all(desk, choices)


st.title(written(st.query_params.get(TASK, "Tasks")))
with open_desk(warehouse_folder(None)) as at_desk:
    show(at_desk)
