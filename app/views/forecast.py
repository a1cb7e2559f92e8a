"""Forecast: where the period ends, how sure that is, how good such forecasts were, and what happened."""

import streamlit as st

from app.components.forecast_backtest import show_backtest
from app.components.forecast_basis import show_basis
from app.components.forecast_cards import show_forecast_cards
from app.components.forecast_chart import show_chart
from app.components.forecast_data import HORIZONS, KINDS, Asked, Page, asked_of, read_page, read_scores
from app.components.forecast_events import show_events, show_proposals
from app.components.forecast_parts import show_parts
from app.components.formats import literal
from app.components.page import Run, get_run
from planning.course import EVERYTHING, Group

WHOLE = "All traffic"


def choose(run: Run) -> tuple[str, Group]:
    """Ask for the days, and for the part of the traffic."""
    groups = {WHOLE: EVERYTHING}
    for kind in KINDS:
        groups |= {f"{kind.capitalize()} {name}": Group(kind, name) for name in run.choices.values[kind]}
    with st.container(horizontal=True, vertical_alignment="top"):
        horizon = st.segmented_control(
            "Period", HORIZONS, default=HORIZONS[0], required=True, key="horizon", bind="query-params"
        )
        of = st.selectbox("Of", tuple(groups), key="of", bind="query-params", width=320)
    return horizon or HORIZONS[0], groups[of or WHOLE]


def show(run: Run) -> None:
    """Show the forecast, what it rests on and how good it was."""
    horizon, group = choose(run)
    asked = asked_of(run, horizon, group)
    page = run.desk.ask(read_page, asked)
    if page.why_not:
        st.info(literal(page.why_not), title="No forecast", icon=":material/event_busy:")
        return
    currency = run.charted([one.currency for one in page.glances])
    glance = next((one for one in page.glances if one.currency == currency), None)
    if glance is None or currency is None:
        st.info(
            "No rate prices it, or it had no call in the history that a forecast looks at.",
            title="Nothing to forecast here",
            icon=":material/event_busy:",
        )
        return
    show_forecast_cards(page, glance)
    show_basis(page, page.line(currency))
    show_proposals(run, page.open, currency)
    with st.container(border=True):
        show_chart(page, page.line(currency), glance)
    if group == EVERYTHING:
        with st.container(border=True):
            show_parts(page, currency)
    _show_rest(run, asked, page, currency)


def _show_rest(run: Run, asked: Asked, page: Page, currency: str) -> None:
    with st.container(border=True):
        with st.spinner("Trying it on its own past …"):
            scores = run.desk.ask(read_scores, asked._replace(horizon=HORIZONS[0]), currency)
        show_backtest(scores)
    with st.container(border=True):
        show_events(run, asked.events, page)


show(get_run())
