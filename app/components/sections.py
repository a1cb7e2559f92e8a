"""Sections of a page: one that the reader picks; open where there is something in it, else one line."""

from collections.abc import Iterator, Sequence
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


def pick_section(names: Sequence[str], key: str = "section") -> str:
    """The section that the reader picks, the first unless the address says otherwise under ``key``."""
    picked: str = st.segmented_control(
        "Section", names, default=names[0], required=True, key=key, bind="query-params", label_visibility="collapsed"
    )
    return picked
