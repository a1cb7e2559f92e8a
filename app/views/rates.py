"""Rates: what sellers ask, since when, on whose word, what each rate priced, and what has none."""

import streamlit as st

from app.clock import now
from app.components.page import Run, get_run
from app.components.rate_attention import Attention, show_attention, show_rate_cards
from app.components.rate_succession import show_succession
from app.components.rate_table import choose_rates, rates_shown, show_rate_table
from warehouse.rate_book import read_rate_book, stale_days_of


def show(run: Run) -> None:
    """Show what needs attention, then the rates."""
    book = run.desk.ask(read_rate_book, run.scope)
    at = run.choices.demo.now or now()
    attention = Attention(book, at, stale_days_of(run.desk.root))
    show_rate_cards(attention, rates_shown(book, run.scope, at, "In force"))
    with st.container(border=True):
        show_attention(attention)
    with st.container(border=True):
        shown = choose_rates(book, run.scope, at)
        chosen = show_rate_table(shown, at, attention.stale_days)
        if chosen is not None:
            show_succession(chosen, book.rates, at)


show(get_run())
