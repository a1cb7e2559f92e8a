"""What the page of budgets shows: read once per state of the traffic and of what people entered."""

from pathlib import Path

import streamlit as st

from app.budgets import Beside, Budgets, Known, read_beside, read_budgets
from app.components.entered import Edition, edition_of_state
from app.components.entries import present
from app.components.page import Run
from warehouse.budgets import BudgetVersion, budget_history, list_budgets
from warehouse.connection import silent
from warehouse.rate_trial import own_cards
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

BUDGET = "budget"
"""The name in the URL under which one budget is open."""


def read_page(run: Run) -> Budgets:
    """Every budget with where it stands, the worst first."""
    root = run.desk.root
    edition = edition_of_state(root)
    today = billing_day(present(run), run.desk.ask(zone_of))
    entries = _entries(edition)
    if not entries:
        return Budgets(today, None, ())
    return run.desk.ask(read_budgets, Known(entries, _beside(edition), today, own_cards(root)))


def history_of(root: Path, number: int) -> tuple[BudgetVersion, ...]:
    """Every version of a budget, the newest first."""
    return tuple(reversed(_history(edition_of_state(root), number)))


def forms_of(root: Path) -> list[dict[str, object]]:
    """What every budget says."""
    return [each.form for each in _entries(edition_of_state(root))]


@st.cache_data(max_entries=10, show_spinner=False)
def _entries(edition: Edition) -> tuple[BudgetVersion, ...]:
    return tuple(list_budgets(Path(edition[0]), tell=silent))


@st.cache_data(max_entries=10, show_spinner=False)
def _beside(edition: Edition) -> Beside:
    return read_beside(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=50, show_spinner=False)
def _history(edition: Edition, number: int) -> tuple[BudgetVersion, ...]:
    return tuple(budget_history(Path(edition[0]), number, tell=silent))
