"""Data that comes in while somebody reads: said so, and shown when they ask, or at once where they want it live."""

from pathlib import Path

import streamlit as st

from warehouse.errors import WarehouseMissing
from warehouse.overview import Edition, edition_of

LIVE = "live"
"""Whether this reader wants new data as it comes."""
SWITCH = "live_switch"


def say_what_comes(root: Path, shown: Edition) -> None:
    """Look now and then for data newer than what is shown."""
    _look(str(root), shown)


def wait_for_data(root: Path) -> None:
    """Show the page anew once something comes into a warehouse that has nothing to show."""
    _wait(str(root), _edition(str(root)))


@st.fragment(run_every="5s")
def _wait(root: str, empty: Edition | None) -> None:
    if _edition(root) != empty:
        st.rerun()


@st.fragment(run_every="5s")
def _look(root: str, shown: Edition) -> None:
    came = _edition(root) != shown
    if came and st.session_state.get(LIVE):
        st.rerun()
    if not came and not st.session_state.get(LIVE):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("New data has come in since these figures." if came else "New data is shown as it comes.")
        if came and st.button("Show it", icon=":material/refresh:", type="tertiary"):
            st.rerun()
        st.toggle("Live", key=SWITCH, value=bool(st.session_state.get(LIVE)), on_change=_keep)


def _keep() -> None:
    """A switch that is not on the page loses its state; what it was set to stays."""
    st.session_state[LIVE] = st.session_state[SWITCH]


def _edition(root: str) -> Edition | None:
    try:
        return edition_of(Path(root))
    except WarehouseMissing:
        return None
