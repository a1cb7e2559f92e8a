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


def choose(choices: Choices, *, with_period: bool = True) -> Scope:
    """Show the filters and say what they are set to; a page may choose its period itself."""
    with st.grid(with_period + len(DIMENSIONS), min_column_width=150, gap="small"):
        period = st.selectbox("Period", PERIODS, key="period", bind="query-params") if with_period else None
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
    if len(currencies) < 2:
        return next(iter(currencies), None)
    return st.selectbox(
        "Currency", currencies, key="currency", bind="query-params", label_visibility="collapsed", width=100
    )


def offer(names: Sequence[str], choices: Choices) -> None:
    """Say, before any is shown, which filters this page run has. The others are kept: they come back as they were."""
    kept = st.session_state.setdefault(KEPT, {})
    back = [name for name in names if name in st.session_state.get(HIDDEN, ())]
    # A link with filters of its own says all of them.
    if not any(name in st.query_params for name in back):
        for name in back:
            _bring_back(name, kept.get(name), choices)
    hidden = [name for name in KEYS if name not in names]
    for name in hidden:
        if name in st.query_params:
            kept[name] = tuple(st.query_params.get_all(name))
    st.session_state[HIDDEN] = hidden


def _bring_back(name: str, kept: str | Sequence[str] | None, choices: Choices) -> None:
    """Set a filter as it was before it was hidden, as far as there still is such a value."""
    there = {"period": PERIODS, "currency": choices.currencies, **choices.values}[name]
    values = [value for value in ([kept] if isinstance(kept, str) else kept or ()) if value in there]
    if values and isinstance(kept, tuple):
        # It was never shown, only named in a page's link: a filter that is shown for the first time asks the URL.
        st.query_params[name] = values if name in DIMENSIONS else values[-1]
    elif values:
        st.session_state[name] = values if name in DIMENSIONS else values[-1]


def _keep() -> None:
    """Remember what is shown, and go on remembering what is hidden."""
    shown = {name: st.session_state[name] for name in KEYS if name in st.session_state}
    kept = st.session_state.get(KEPT, {})
    st.session_state[KEPT] = {name: kept[name] for name in st.session_state[HIDDEN] if name in kept} | shown


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
