"""What the page of budgets shows: read once per state of the traffic and of what people entered."""

from datetime import date
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
    today = billing_day(present(run), run.desk.ask(zone_of))
    known = known_of(run.desk.root, today)
    return run.desk.ask(read_budgets, known) if known.entries else Budgets(today, None, ())


def known_of(root: Path, today: date) -> Known:
    """What budgets stand on beside traffic, read anew whenever somebody entered something."""
    edition = edition_of_state(root)
    return Known(_entries(edition), _beside(edition), today, own_cards(root))


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
