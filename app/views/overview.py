"""Overview: what the traffic cost, day by day, and where the money goes."""

import streamlit as st

from app.components.breakdown import show_breakdown, show_unpriced
from app.components.formats import instant
from app.components.notices import show_nothing_matches
from app.components.overview_cards import provenance, show_overview_cards
from app.components.page import Run, get_run
from app.components.spend_chart import show_spend_chart
from warehouse.overview import Overview


def show(run: Run) -> None:
    """Show the figures in scope."""
    overview = run.desk.overview(run.scope)
    if not overview.totals:
        show_nothing_matches(instant(overview.coverage.data_through))
        return
    currency = run.charted([row.currency for row in overview.totals if row.currency])
    show_overview_cards(overview, currency)
    st.caption(provenance(overview))
    with st.container(border=True):
        show_spend_chart(overview.days, currency, run.choices.models)
    with st.container(border=True):
        show_breakdown(overview, currency)
    show_rest(overview)


def show_rest(overview: Overview) -> None:
    """What is not known."""
    if overview.unpriced:
        with st.container(border=True):
            show_unpriced(overview.unpriced)


show(get_run())
