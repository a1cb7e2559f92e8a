"""A way on from the overview to the overview: its own filters, set to what a line is about."""

from collections.abc import Mapping

import streamlit as st

from app.components.filter_state import DIMENSIONS


def show_here(label: str, filters: Mapping[str, str], *, key: str) -> None:
    """A button that reads like a link: the whole page is shown anew under these filters."""
    if st.button(label, key=key, type="tertiary", on_click=_narrow, args=(dict(filters),)):
        st.rerun()


def _narrow(filters: dict[str, str]) -> None:
    for name, value in filters.items():
        st.session_state[name] = [value] if name in DIMENSIONS else value
