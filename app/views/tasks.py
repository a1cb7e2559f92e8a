"""Tasks: what they cost, one by one and put together, and one of them step by step."""

from collections.abc import Callable

import streamlit as st

from app.components.notices import show_demo, show_no_tasks
from app.components.page import TASK, Run, get_run
from app.components.provenance import show_provenance
from app.components.sections import pick_section
from app.components.task_beside import show_beside
from app.components.task_by_step import show_by_step
from app.components.task_costs import show_costs
from app.components.task_data import whole_of
from app.components.task_discipline import show_discipline
from app.components.task_escalation import show_escalation
from app.components.task_groups import show_groups
from app.components.task_outliers import show_outliers
from app.components.task_rule import show_task_rule
from app.components.task_spread import show_task_cards
from app.components.task_steps import show_step_chart, show_step_table, show_task_figures

# What there is to see of all tasks. A docstring here would be written on the page.
SECTIONS: dict[str, Callable[[Run], None]] = {
    "Costs": show_costs,
    "Compare": show_groups,
    "Steps": show_by_step,
    "Outliers": show_outliers,
    "Output": show_discipline,
    "Escalation": show_escalation,
}


def show_all(run: Run) -> None:
    """The figures of every task in scope, and the section that the reader picks."""
    page = run.desk.tasks(run.scope)
    if not page.counts.tasks:
        show_no_tasks()
        show_task_rule(run)
        return
    billed = {spread.currency for spread in page.spreads}
    currency = run.charted([currency for currency in run.choices.currencies if currency in billed])
    show_task_cards(page, whole_of(run), currency)
    show_provenance(page.provenance)
    show_task_rule(run)
    SECTIONS[pick_section(list(SECTIONS))](run)


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
    with st.container(border=True):
        show_beside(run, name)


page_run = get_run()
if page_run.task:
    show_one(page_run, page_run.task)
else:
    show_all(page_run)
