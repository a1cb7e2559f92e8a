"""Budgets: all at a glance, the worst first, and one of them in detail; prepaid accounts; closed months."""

from collections.abc import Callable

import streamlit as st

from app.budget_file import write_budget_file
from app.budget_notes import behind_note, data_line
from app.budgets import Budgets, Stood
from app.components.budget_bars import show_all_budgets, show_badge, show_budget_cards
from app.components.budget_bridge import show_variance
from app.components.budget_burn import show_burn
from app.components.budget_data import BUDGET, forms_of, read_page
from app.components.budget_detail import show_about, show_before, show_figures, show_history, show_thresholds
from app.components.budget_dialogs import ask, show_dialog
from app.components.formats import instant, literal
from app.components.month_close import show_month_close
from app.components.page import Run, get_run
from app.components.prepaid import show_prepaid
from app.components.sections import pick_section
from app.components.undo import show_undo

HELLO = """A budget is an amount of a month, quarter, year or project, for everything or for a team, model or seller.
This page says what is spent, where the period ends, how likely it breaks and when.
On the command line: `tollbook budget add`, or many at once from a file: `tollbook budget import FILE`."""


def show_all(run: Run, found: Budgets) -> None:
    """Every budget."""
    if not found.stood:
        st.info(HELLO, title="No budget yet", icon=":material/savings:")
        with st.container(horizontal=True):
            st.button("Add a budget", type="primary", icon=":material/add:", on_click=ask, args=("add",))
            st.button("Load a file", icon=":material/upload_file:", on_click=ask, args=("import",))
        return
    _show_behind(found)
    show_budget_cards(found.stood)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("All budgets, worst first", width="content")
        with st.container(horizontal=True, width="content"):
            text = write_budget_file(forms_of(run.desk.root))
            st.button("Load a file", icon=":material/upload_file:", on_click=ask, args=("import",))
            st.download_button("Save as a file", text, "budgets.yaml", icon=":material/download:", on_click="ignore")
            st.button("Add a budget", type="primary", icon=":material/add:", on_click=ask, args=("add",))
    show_all_budgets(found.stood)
    st.caption(f"Data through {instant(found.data_through)} · amounts of two currencies are never added")


def show_one(run: Run, found: Budgets, each: Stood) -> None:
    """One budget."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.header(literal(each.entry.name), width="content")
            show_badge(each.standing.state)
        _show_acts(each.entry.version)
    show_about(each)
    _show_behind(found)
    show_figures(each)
    with st.container(border=True):
        st.header("Spent, projected, allowed")
        show_burn(each)
    with st.container(border=True):
        show_variance(each)
    with st.container(border=True):
        show_thresholds(each)
        show_before(each)
    with st.container(border=True):
        show_history(run.desk.root, each.entry.number)
    st.caption(
        f"Data through {instant(found.data_through)} · calls as priced, in {each.standing.budget.currency} alone"
    )


def _show_behind(found: Budgets) -> None:
    note = behind_note(found)
    if note:
        st.warning(f"{data_line(found)}. {note}", icon=":material/history:")


def _show_acts(seen: int) -> None:
    with st.container(horizontal=True, width="content"):
        st.button("Change", icon=":material/edit:", on_click=ask, args=("change", seen))
        st.button("End", icon=":material/flag:", on_click=ask, args=("end",))
        st.button("Remove", icon=":material/delete:", on_click=ask, args=("remove",))


def show_budgets(run: Run) -> None:
    """One budget where the URL names one that there is, else all."""
    found = read_page(run)
    wanted = st.query_params.get(BUDGET)
    one = next((each for each in found.stood if str(each.entry.number) == wanted), None)
    show_undo("budget")
    if wanted and st.button("All budgets", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.pop(BUDGET, None)
        st.rerun()
    if wanted and one is None:
        st.info("No budget has this number.", icon=":material/search_off:")
    elif one is not None:
        show_one(run, found, one)
    else:
        show_all(run, found)
    show_dialog(run, one, found.today)


SECTIONS: dict[str, Callable[[Run], None]] = {
    "Budgets": show_budgets,
    "Prepaid": show_prepaid,
    "Month close": show_month_close,
}


def show(run: Run) -> None:
    """What the reader picks; a link to one budget shows that budget."""
    if BUDGET in st.query_params:
        show_budgets(run)
        return
    SECTIONS[pick_section(list(SECTIONS))](run)


show(get_run())
