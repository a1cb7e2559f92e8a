"""Where figures come from, in one line of small print under them."""

import streamlit as st

from app.components.formats import day, instant, plural
from warehouse.overview import Provenance


def show_provenance(provenance: Provenance) -> None:
    """Through when the data goes, and whose rates priced it."""
    parts = [f"Data through {instant(provenance.data_through)}"]
    if provenance.rates:
        checked = "checked" if provenance.rates == 1 else "the oldest checked"
        parts.append(f"priced by {plural(provenance.rates, 'rate')}, {checked} {day(provenance.checked_from)}")
    st.caption(" · ".join(parts))
