"""Sections of a page: what has something in it is open, what is empty is one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def section(title: str, summary: str) -> Iterator[None]:
    """A section with something in it: its title and, in small print, how much."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(title, width="content")
            st.caption(summary, width="content")
        yield


def nothing(title: str, why: str = "Nothing to do here.") -> None:
    """A section with nothing in it, closed."""
    with st.expander(f"{title}: none", icon=":material/check:"):
        st.caption(why)
