"""The filters at the top of every page: what is chosen lives in the URL and goes along from page to page.

They stand at one and the same place of every page, also of one that does not use them: what is shown goes along in the
browser's own history, so that Back and Forward find every page as it was.
"""

from collections.abc import Collection, Sequence
from datetime import date

import streamlit as st

from app.clock import now
from app.components.filter_state import DIMENSIONS, EVERY, MORE, clear, filters_set, keep, left_out, more_of
from app.components.formats import literal, plural
from app.named_periods import CHOSEN, PERIODS, days_of
from warehouse.overview import Choices
from warehouse.scope import TAG, Scope

OWN_PERIOD = "This page has a period of its own."
APART = "This page shows each currency apart."
ACROSS = 4
"""Filters side by side."""


def choose(choices: Choices, *, uses: Collection[str] = EVERY) -> Scope:
    """Show the filters, and say what they are set to as far as the page uses them."""
    # First: what the labels below say is of this run.
    keep(choices)
    count, narrows = narrowed(), {*DIMENSIONS} <= {*uses}
    with st.container(key="filters", gap="xsmall"):
        if narrows:
            box = st.container()
        elif count:
            label = f"This page shows everything; other pages have {plural(count, 'filter')}"
            box = st.expander(label, type="compact", icon=":material/filter_alt:")
        else:
            return Scope()
        with box:
            _show_row(choices, is_used=not narrows or "period" in uses)
        _show_rest(choices, count, is_used={*MORE} <= {*uses})
        _show_left_out()
    return _scope_of(choices, uses) if narrows else Scope()


def choose_currency(currencies: Sequence[str], *, is_used: bool = True) -> str | None:
    """Ask which currency to chart, where there are several: amounts are never converted, and never added across."""
    if len(currencies) < 2:
        return next(iter(currencies), None)
    if not is_used and "currency" not in filters_set():
        return None
    return st.selectbox(
        "Currency",
        currencies,
        key="currency",
        bind="query-params",
        label_visibility="collapsed",
        width=100,
        disabled=not is_used,
        help=None if is_used else APART,
    )


def narrowed() -> int:
    """How many filters are set; which currency is charted narrows nothing, and days are those of the period."""
    return len([name for name in filters_set() if name not in ("currency", "days")])


def _scope_of(choices: Choices, uses: Collection[str]) -> Scope:
    wanted = filters_set()
    used = (*uses, *(tuple(more_of(choices)) if {*MORE} <= {*uses} else ()))
    names = [name for name in (*DIMENSIONS, *more_of(choices)) if name in wanted and name in used]
    values = tuple((name, wanted[name]) for name in names)
    if "period" not in uses:
        return Scope(values=values)
    chosen = [date.fromisoformat(day) for day in wanted.get("days", ())]
    since, until = days_of(st.session_state["period"], today_of(choices), chosen)
    return Scope(since, until, values)


def _show_row(choices: Choices, *, is_used: bool) -> None:
    """The filters that every page begins with."""
    has_days = st.session_state.get("period") == CHOSEN
    note = None if is_used else OWN_PERIOD
    with st.grid(1 + len(DIMENSIONS) + has_days, min_column_width=150, gap="small"):
        st.selectbox("Period", PERIODS, key="period", bind="query-params", disabled=not is_used, help=note)
        for name in DIMENSIONS:
            _show_values(name, name.capitalize(), choices.values[name])
        if has_days:
            st.date_input(
                "First and last day", [], key="days", bind="query-params", format="YYYY-MM-DD", disabled=not is_used
            )


def _show_rest(choices: Choices, count: int, *, is_used: bool) -> None:
    """The filters that only some traffic has; how many are set in all, and the way to none."""
    more, wanted = more_of(choices), filters_set()
    chosen = [f"{_in_words(name, label)} {', '.join(wanted[name])}" for name, label in more.items() if name in wanted]
    with st.container(horizontal=True, gap="small"):
        if chosen or (more and is_used):
            _show_more(choices, chosen, is_used=is_used)
        if count:
            label = f"Reset {plural(count, 'filter')}"
            st.button(label, icon=":material/restart_alt:", type="tertiary", on_click=clear)


def _show_more(choices: Choices, chosen: Sequence[str], *, is_used: bool) -> None:
    """Folded, not in a window of its own: what is not on the page does not go along."""
    begins = "More filters" if is_used else "Not used by this page"
    label = literal(f"{begins}: {'; '.join(chosen)}" if chosen else begins)
    with (
        st.expander(label, type="compact", icon=":material/tune:", key="filters_more", width="stretch"),
        st.grid(ACROSS, min_column_width=150, gap="small"),
    ):
        for name, title in more_of(choices).items():
            _show_values(name, title, choices.values[name])


def _show_values(name: str, label: str, options: Sequence[str]) -> None:
    """One dimension's values; none chosen: all of them."""
    word = _in_words(name, label)
    every = f"Any {word}" if name.startswith(TAG) else f"All {word}{'es' if word.endswith('s') else 's'}"
    st.multiselect(literal(label), options, key=name, bind="query-params", placeholder=every)


def _in_words(name: str, label: str) -> str:
    """A filter's label within a sentence; a tag is called as its log calls it."""
    return label if name.startswith(TAG) else label.lower()


def _show_left_out() -> None:
    """What a link asked for and what nothing here has."""
    missing = left_out()
    if missing:
        named = ", ".join(f"{name.removeprefix(TAG).replace('_', ' ')} {value}" for name, value in missing)
        st.warning(
            f"The link asks for what nothing here has: {literal(named)}. The figures are without it.",
            icon=":material/link_off:",
        )


def today_of(choices: Choices) -> date:
    """The present day: a demo brings its own."""
    return (choices.demo.now or now()).date()
