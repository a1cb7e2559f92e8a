"""The head of the overview, for nine in the morning: the month, what changed and why, what needs a person."""

import streamlit as st

from app.budgets import Known
from app.components.budget_data import known_of
from app.components.entries import present
from app.components.overview_change import choose_step, show_change
from app.components.overview_month import show_month
from app.components.overview_needs import Seen, show_needs
from app.components.page import Run
from app.morning_month import Asked
from warehouse.rate_trial import own_cards
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of


def show_morning(run: Run) -> None:
    """Show it: each part is asked by itself, beside the rest of the page, and waits in a place of its own."""
    root = run.desk.root
    now = present(run)
    today = billing_day(now, run.desk.ask(zone_of))
    known: Known = known_of(root, today)
    cards = own_cards(root)
    hour = now.replace(minute=0, second=0, microsecond=0)
    show_month(root, Asked(hour, run.scope.values, known.beside.events, cards), known, run.currency)
    left, right = st.columns((8, 5), gap="small")
    with left, st.container(border=True):
        step = choose_step()
        show_change(root, (step, run.scope.values, today), run.currency)
    with right, st.container(border=True, height="stretch"):
        show_needs(Seen(root, now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0), known, cards))
