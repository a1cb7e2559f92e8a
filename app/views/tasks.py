"""Tasks: how their cost is spread, the dearest, and one of them step by step."""

import streamlit as st

from app.components.formats import literal
from app.components.notices import show_demo, show_no_tasks
from app.components.page import TASK, Run, get_run
from app.components.provenance import show_provenance
from app.components.task_spread import show_spread, show_task_cards
from app.components.task_steps import show_step_chart, show_step_table, show_task_figures
from app.components.task_table import show_task_table


def show_all(run: Run) -> None:
    """Every task in scope."""
    page = run.desk.tasks(run.scope)
    if not page.counts.tasks:
        show_no_tasks()
        return
    spreads = {spread.currency: spread for spread in page.spreads}
    currency = run.charted([currency for currency in run.choices.currencies if currency in spreads])
    show_task_cards(page, currency)
    show_provenance(page.provenance)
    if currency:
        with st.container(border=True):
            show_spread(run, page, spreads[currency])
    with st.container(border=True):
        show_dearest(run, currency)


def show_dearest(run: Run, currency: str | None) -> None:
    """The tasks, dearest first, and the search for their names."""
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
    lines = run.desk.task_lines(run.scope, currency, like.strip() or None)
    if lines:
        show_task_table(lines)
    else:
        st.caption(f"No task has “{literal(like)}” in its name.")


def show_one(run: Run, name: str) -> None:
    """One task."""
    if st.button("All tasks", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.pop(TASK, None)
        st.rerun()
    show_demo(run.choices.demo)
    detail = run.desk.task(name)
    if detail is None:
        st.info("No task has this name.", icon=":material/search_off:")
        return
    show_task_figures(detail.line)
    with st.container(border=True):
        show_step_chart(detail.steps)
        show_step_table(detail.steps)


page_run = get_run()
if page_run.task:
    show_one(page_run, page_run.task)
else:
    show_all(page_run)
