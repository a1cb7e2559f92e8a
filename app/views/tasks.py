"""Tasks: how their cost is spread, the dearest, and one of them step by step."""

import streamlit as st

from app.components.answers import Desk, open_desk
from app.components.filters import choose, choose_currency
from app.components.formats import written
from app.components.notices import show_banners, show_no_tasks
from app.components.task_spread import edges_of, left_out, show_histogram, show_task_cards
from app.components.task_steps import show_step_chart, show_step_table, show_task_figures
from app.components.task_table import TASK, show_task_table
from app.session import warehouse_folder
from warehouse.overview import Choices
from warehouse.scope import Scope


def show_all(desk: Desk, choices: Choices) -> None:
    """Every task in scope."""
    st.title("Tasks")
    show_banners(desk, choices)
    scope = choose(choices)
    page = desk.tasks(scope)
    if not page.counts.tasks:
        show_no_tasks()
        return
    figures = st.container()
    with st.container(border=True):
        currency = show_spread(desk, choices, scope)
    with figures:
        show_task_cards(page, currency)
    with st.container(border=True):
        show_dearest(desk, scope, currency)


def show_spread(desk: Desk, choices: Choices, scope: Scope) -> str | None:
    """The histogram of one currency, which it returns."""
    page = desk.tasks(scope)
    spreads = {spread.currency: spread for spread in page.spreads}
    billed = [currency for currency in choices.currencies if currency in spreads]
    currency = choose_currency("How much tasks cost", choices.currencies, billed)
    if currency and spreads[currency].cheapest:
        edges = edges_of(spreads[currency])
        show_histogram(spreads[currency], edges, desk.bins(scope, currency, edges))
        st.caption(left_out(page, spreads[currency]))
    else:
        st.caption("No task here has a known cost.")
    return currency


def show_dearest(desk: Desk, scope: Scope, currency: str | None) -> None:
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
    lines = desk.task_lines(scope, currency, like.strip() or None)
    if lines:
        show_task_table(lines)
    else:
        st.caption(f"No task has “{written(like)}” in its name.")


def show_one(desk: Desk, choices: Choices, name: str) -> None:
    """One task."""
    st.button("All tasks", on_click=_close, icon=":material/arrow_back:", type="tertiary")
    st.title(written(name))
    show_banners(desk, choices)
    detail = desk.task(name)
    if detail is None:
        st.info("No task has this name.", icon=":material/search_off:")
        return
    show_task_figures(detail.line)
    with st.container(border=True):
        show_step_chart(detail.steps)
        show_step_table(detail.steps)


def _close() -> None:
    st.query_params.pop(TASK, None)


with open_desk(warehouse_folder(None)) as at_desk:
    if TASK in st.query_params:
        show_one(at_desk, at_desk.choices(), st.query_params[TASK])
    else:
        show_all(at_desk, at_desk.choices())
