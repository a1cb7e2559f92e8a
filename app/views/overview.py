"""Overview: what the traffic cost, day by day, and where the money goes."""

import streamlit as st

from app.components.answers import Desk, open_desk
from app.components.breakdown import show_breakdown, show_unpriced
from app.components.filters import choose, choose_currency
from app.components.formats import instant
from app.components.notices import show_banners, show_empty, show_nothing_matches
from app.components.overview_cards import provenance, show_overview_cards
from app.components.spend_chart import show_spend_chart, spend_heading
from app.session import warehouse_folder
from warehouse.overview import Choices, Overview


def show(desk: Desk) -> None:
    """Show the page from one desk's answers."""
    choices = desk.choices()
    show_banners(desk, choices)
    overview = desk.overview(choose(choices))
    if overview.coverage.data_through is None:
        show_empty()
    elif not overview.totals:
        show_nothing_matches(instant(overview.coverage.data_through))
    else:
        show_figures(overview, choices)


def show_figures(overview: Overview, choices: Choices) -> None:
    """Show what there is."""
    figures = st.container()
    with st.container(border=True):
        billed = [row.currency for row in overview.totals if row.currency]
        currency = choose_currency(spend_heading(overview.days), choices.currencies, billed)
        if currency:
            show_spend_chart(overview.days, currency, choices.models)
        else:
            st.caption("Nothing here has a known cost.")
    with figures:
        show_overview_cards(overview, currency)
        st.caption(provenance(overview))
    with st.container(border=True):
        show_breakdown(overview, currency)
    if overview.unpriced:
        with st.container(border=True):
            show_unpriced(overview.unpriced)


st.title("Overview")
with open_desk(warehouse_folder(None)) as at_desk:
    show(at_desk)
