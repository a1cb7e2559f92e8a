"""Where figures come from, in one line of small print under them."""

import streamlit as st

from app.components.formats import day, instant, plural, share
from warehouse.overview import Provenance

WORDS = {
    "official": "sellers' own pages",
    "registry": "a price registry",
    "article": "articles",
    "contract": "your contracts",
}
"""On whose word a rate is, for a reader."""


def show_provenance(provenance: Provenance) -> None:
    """Through when the data goes, and whose rates priced it."""
    parts = [f"Data through {instant(provenance.data_through)}"]
    if provenance.rates:
        checked = "checked" if provenance.rates == 1 else "the oldest checked"
        parts.append(f"priced by {plural(provenance.rates, 'rate')}, {checked} {day(provenance.checked_from)}")
    if provenance.words:
        priced = sum(calls for _, calls in provenance.words)
        words = ", ".join(f"{WORDS.get(word, word)} {share(calls, priced)}" for word, calls in provenance.words)
        parts.append(f"on the word of {words}")
    st.caption(" · ".join(parts))
