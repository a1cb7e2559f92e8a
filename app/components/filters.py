"""The filters at the top of every page: what is chosen lives in the URL and goes along from page to page."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import streamlit as st

from app.clock import now
from warehouse.overview import Choices
from warehouse.scope import Scope

ALL_TIME = "All time"
PERIODS = (ALL_TIME, "Last 7 days", "Last 30 days", "Last 90 days", "This month", "Last month")
DIMENSIONS = ("seller", "model", "team")


class Chosen(NamedTuple):
    """What the filters say."""

    scope: Scope
    currency: str | None
    """The currency to chart, where something in scope was billed in it."""


def choose(choices: Choices) -> Chosen:
    """Show the filters and say what they are set to."""
    several = len(choices.currencies) > 1
    with st.grid(5 if several else 4, min_column_width=150, gap="small"):
        period = st.selectbox("Period", PERIODS, key="period", bind="query-params")
        values = tuple((name, _wanted(name, choices.values[name])) for name in DIMENSIONS)
        currency = _currency(choices.currencies) if several else next(iter(choices.currencies), None)
    since, until = days_of(period, today_of(choices))
    return Chosen(Scope(since, until, tuple((name, wanted) for name, wanted in values if wanted)), currency)


def _wanted(name: str, options: Sequence[str]) -> tuple[str, ...]:
    """The values wanted of a dimension, in order of name; none: all of them."""
    wanted = st.multiselect(name.capitalize(), options, key=name, bind="query-params", placeholder=f"All {name}s")
    return tuple(sorted(wanted))


def _currency(currencies: tuple[str, ...]) -> str | None:
    return st.selectbox(
        "Currency of charts",
        currencies,
        key="currency",
        bind="query-params",
        help="Amounts are never converted, and never added across currencies; a chart shows one of them.",
    )


def in_scope(currency: str | None, billed: Sequence[str]) -> str | None:
    """The currency to chart: the one chosen, else the first that something in scope was billed in."""
    return currency if currency in billed else next(iter(billed), None)


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
