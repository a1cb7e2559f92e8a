"""As known at: the rates as this warehouse knew them at the end of a day."""

from datetime import date, datetime, time

import streamlit as st

from app.components.formats import day

KEY = "known"
"""Its name in the URL."""


def ask_moment(first: datetime | None, now: datetime) -> datetime | None:
    """Ask for a day; None: as they are known now. Days before the first load are not offered."""
    if first is None or first.date() >= now.date():
        return None
    st.caption("As known at the end of", width="content")
    on = st.date_input(
        "As known at the end of",
        value=None,
        min_value=first.date(),
        max_value=now.date(),
        key=KEY,
        bind="query-params",
        format="YYYY-MM-DD",
        width=190,
        label_visibility="collapsed",
        help="Shows the cards as this warehouse knew them then: without what became known later.",
    )
    return moment_of(on, now) if isinstance(on, date) else None


def moment_of(on: date, now: datetime) -> datetime | None:
    """The end of a day that is over; None for today, which is now."""
    return datetime.combine(on, time.max) if on < now.date() else None


def say_moment(known_at: datetime) -> None:
    """Say, loudly, that this is not what is known now."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"These are the rates as this warehouse knew them at the end of {day(known_at)} (UTC), not as it "
            "knows them now. What became known later is left out; states and ages are of that day. Cost and "
            "calls are what was billed.",
            icon=":material/history:",
            width="stretch",
        )
        st.button("Back to now", on_click=_clear, icon=":material/update:")


def _clear() -> None:
    st.session_state[KEY] = None
