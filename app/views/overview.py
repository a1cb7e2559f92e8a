"""Overview: what the traffic cost, day by day, and where the money goes."""

import streamlit as st

from app.components.breakdown import show_breakdown, show_unpriced
from app.components.filters import today_of
from app.components.formats import instant
from app.components.four_costs import show_four_costs
from app.components.notices import show_nothing_matches
from app.components.overview_cards import show_overview_cards
from app.components.overview_closed import show_closed_months
from app.components.overview_morning import show_morning
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.recurring import show_beside_spend
from app.components.spend_chart import show_spend_chart


def show(run: Run) -> None:
    """Show the figures in scope."""
    overview = run.desk.overview(run.scope)
    if not overview.totals:
        show_nothing_matches(instant(overview.coverage.data_through))
        return
    show_morning(run)
    currency = run.charted([row.currency for row in overview.totals if row.currency])
    st.header("In the period", help="Of the days and the traffic that the filters above leave.")
    show_overview_cards(overview, currency)
    show_provenance(overview.provenance)
    show_closed_months(run)
    show_beside_spend(run.desk.root, run.scope, overview.days, today_of(run.choices))
    with st.container(border=True):
        show_spend_chart(overview.days, currency, run.choices.models)
    with st.container(border=True):
        show_breakdown(overview, currency)
    if overview.unpriced:
        with st.container(border=True):
            show_unpriced(overview.unpriced)
    with st.container(border=True):
        show_four_costs(run)


show(get_run())
