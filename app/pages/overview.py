"""Overview: what the traffic cost, day by day, and where the money goes."""

import streamlit as st

from app.components.answers import Desk, open_desk
from app.components.breakdown import show_breakdown, show_unpriced
from app.components.filters import choose, in_scope
from app.components.formats import instant
from app.components.notices import show_banners, show_empty, show_nothing_matches
from app.components.overview_cards import provenance, show_overview_cards
from app.components.spend_chart import show_spend_chart
from app.session import warehouse_folder


def show(desk: Desk) -> None:
    """Show the page from one desk's answers."""
    choices = desk.choices()
    show_banners(desk, choices)
    chosen = choose(choices)
    overview = desk.overview(chosen.scope)
    if overview.coverage.data_through is None:
        show_empty()
        return
    if not overview.totals:
        show_nothing_matches(instant(overview.coverage.data_through))
        return
    currency = in_scope(chosen.currency, [row.currency for row in overview.totals if row.currency])
    show_overview_cards(overview, currency)
    st.caption(provenance(overview))
    if currency:
        with st.container(border=True):
            show_spend_chart(overview.days, currency, choices.models)
    with st.container(border=True):
        show_breakdown(overview, currency)
    if overview.unpriced:
        with st.container(border=True):
            show_unpriced(overview.unpriced)


st.title("Overview")
with open_desk(warehouse_folder(None)) as at_desk:
    show(at_desk)
