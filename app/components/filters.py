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


def choose(choices: Choices) -> Scope:
    """Show the filters and say what they are set to."""
    with st.grid(1 + len(DIMENSIONS), min_column_width=150, gap="small"):
        period = st.selectbox("Period", PERIODS, key="period", bind="query-params")
        values = tuple((name, _wanted(name, choices.values[name])) for name in DIMENSIONS)
    since, until = days_of(period, today_of(choices))
    return Scope(since, until, tuple((name, wanted) for name, wanted in values if wanted))


def _wanted(name: str, options: Sequence[str]) -> tuple[str, ...]:
    """The values wanted of a dimension, in order of name; none: all of them."""
    wanted = st.multiselect(name.capitalize(), options, key=name, bind="query-params", placeholder=f"All {name}s")
    return tuple(sorted(wanted))


def choose_currency(heading: str, currencies: Sequence[str], billed: Sequence[str]) -> str | None:
    """A chart's heading, beside it the currency to chart where there are several; amounts are never converted.

    It is one that something in scope was billed in, and None where nothing was.
    """
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(heading, width="content")
        if len(currencies) < 2:
            return next(iter(billed), None)
        wanted = st.segmented_control(
            "Currency",
            currencies,
            default=currencies[0],
            required=True,
            key="currency",
            bind="query-params",
            label_visibility="collapsed",
        )
    return wanted if wanted in billed else next(iter(billed), None)


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
