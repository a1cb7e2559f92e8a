"""The filters at the top of every page: what is chosen lives in the URL and goes along from page to page."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from app.clock import now
from warehouse.overview import Choices
from warehouse.scope import Scope

ALL_TIME = "All time"
PERIODS = (ALL_TIME, "Last 7 days", "Last 30 days", "Last 90 days", "This month", "Last month")
DIMENSIONS = ("seller", "model", "team")
KEYS = ("period", "currency", *DIMENSIONS)
"""The filters' names in the URL."""
KEPT = "filters_kept"
HIDDEN = "filters_hidden"


def choose(choices: Choices) -> Scope:
    """Show the filters and say what they are set to."""
    with st.grid(1 + len(DIMENSIONS), min_column_width=150, gap="small"):
        period = st.selectbox("Period", PERIODS, key="period", bind="query-params")
        values = tuple((name, _wanted(name, choices.values[name])) for name in DIMENSIONS)
    since, until = days_of(period, today_of(choices))
    _keep()
    return Scope(since, until, tuple((name, wanted) for name, wanted in values if wanted))


def _wanted(name: str, options: Sequence[str]) -> tuple[str, ...]:
    """The values wanted of a dimension, in order of name; none: all of them."""
    wanted = st.multiselect(name.capitalize(), options, key=name, bind="query-params", placeholder=f"All {name}s")
    return tuple(sorted(wanted))


def choose_currency(currencies: Sequence[str]) -> str | None:
    """Ask which currency to chart, where there are several: amounts are never converted, and never added across."""
    _bring_back()
    if len(currencies) < 2:
        return next(iter(currencies), None)
    return st.selectbox(
        "Currency", currencies, key="currency", bind="query-params", label_visibility="collapsed", width=100
    )


def hide_filters() -> None:
    """Leave the filters out of this page run; they come back as they were."""
    st.session_state[HIDDEN] = True


def _keep() -> None:
    st.session_state[KEPT] = {name: st.session_state[name] for name in KEYS if name in st.session_state}


def _bring_back() -> None:
    """Set the filters as they were before they were hidden, unless the URL says otherwise."""
    if st.session_state.pop(HIDDEN, False) and not any(name in st.query_params for name in KEYS):
        for name, value in st.session_state.get(KEPT, {}).items():
            st.session_state[name] = value


def clear() -> None:
    """Set every filter back; for a button's callback."""
    st.session_state["period"] = ALL_TIME
    for name in DIMENSIONS:
        st.session_state[name] = []


def today_of(choices: Choices) -> date:
    """The present day: a demo brings its own."""
    return (choices.demo.now or now()).date()


def days_of(period: str | None, today: date) -> tuple[date | None, date | None]:
    """First and last day of a period, both included; None where it has no bound."""
    month = today.replace(day=1)
    if period == "This month":
        return month, today
    if period == "Last month":
        last = month - timedelta(days=1)
        return last.replace(day=1), last
    if period and period != ALL_TIME:
        return today - timedelta(days=int(period.split()[1]) - 1), today
    return None, None
