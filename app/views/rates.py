"""Rates: what sellers ask, since when, on whose word, what each rate priced, and what has none."""

import streamlit as st

from app.clock import now
from app.components.own_cards import show_own_cards
from app.components.page import Run, get_run
from app.components.rate_attention import Attention, show_attention, show_rate_cards
from app.components.rate_moment import ask_moment, say_moment
from app.components.rate_price import show_price_dialog
from app.components.rate_sellers import show_sellers, since_when
from app.components.rate_succession import show_succession
from app.components.rate_table import choose_shown, rates_shown, show_rate_table
from app.components.rate_trial import show_trial
from warehouse.rate_book import first_known, read_rate_book, stale_days_of


def show(run: Run) -> None:
    """Show what needs attention, then the rates."""
    present = run.choices.demo.now or now()
    banner = st.container()
    overview = st.container()
    with st.container(border=True):
        st.header("Rates")
        with st.container(horizontal=True, vertical_alignment="center"):
            which = choose_shown()
            known_at = ask_moment(run.desk.ask(first_known), present)
        at = known_at or present
        book = run.desk.ask(read_rate_book, run.scope, known_at)
        shown = rates_shown(book, run.scope, at, which)
        attention = Attention(book, at, stale_days_of(run.desk.root))
        chosen = show_rate_table(shown, at, attention.stale_days)
        if chosen is not None:
            show_succession(chosen, book.entries, at, "today" if known_at is None else "known then")
    if known_at is not None:
        with banner:
            say_moment(known_at)
    with overview:
        show_rate_cards(attention, rates_shown(book, run.scope, at, "In force"))
        if known_at is None:
            with st.container(border=True):
                show_attention(attention)
    if known_at is None:
        with st.container(border=True):
            show_sellers(run.desk, run.scope, since_when(book.entries, at), at, attention.stale_days)
        show_own_cards(run.desk.root)
        show_trial(run.desk, run.scope)
        show_price_dialog(run.desk, book, present.date())


show(get_run())
