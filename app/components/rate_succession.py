"""One model of one seller: its entries one after the other, with their evidence."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import streamlit as st

from app.components.formats import day, literal, money
from app.components.rate_evidence import card_word, show_evidence
from app.components.rate_grid import cell_figure, show_grid
from app.components.rate_table import widths
from app.components.rate_terms import terms_of
from app.components.rate_timeline import show_timeline
from app.components.tables import show_frame
from warehouse.booked_rates import BookedEntry


def show_succession(chosen: BookedEntry, entries: Sequence[BookedEntry], now: datetime, moment: str) -> None:
    """Everything known of the chosen entry, and what stood before and after it; ``moment`` is the word for now."""
    base = chosen.base
    chain = [entry for entry in entries if (entry.base.seller, entry.base.model) == (base.seller, base.model)]
    st.subheader(literal(f"{base.model} at {base.seller}"))
    show_evidence(chosen)
    show_grid(chosen)
    if len(chain) == 1:
        st.caption(f"One entry since {day(base.valid_from)}: none before or after it is known.")
    show_timeline(chosen, chain, now, moment)
    if len(chain) > 1:
        _show_chain(chain, now)


def _show_chain(chain: Sequence[BookedEntry], now: datetime) -> None:
    """Every entry of the succession."""
    right = ["Input", "Cache read", "Output"]
    frame = pd.DataFrame(
        {
            "From": [day(entry.base.valid_from) for entry in chain],
            "Until": ["open" if entry.is_open else day(entry.base.valid_until) for entry in chain],
            "State": [entry.state(now).capitalize() for entry in chain],
            "Input": [cell_figure(entry.base, "input") for entry in chain],
            "Cache read": [cell_figure(entry.base, "cache_read") for entry in chain],
            "Output": [cell_figure(entry.base, "output") for entry in chain],
            "Terms": ["; ".join(terms_of(entry)) or "–" for entry in chain],
            "Cost": [money(entry.cost, entry.base.currency) if entry.requests else "–" for entry in chain],
            "Calls": [entry.requests for entry in chain],
            "Checked": [day(entry.base.checked) for entry in chain],
            "Card": [f"{entry.base.card} ({card_word(entry.base)})" for entry in chain],
            "Note": [entry.base.note or "–" for entry in chain],
        }
    )
    show_frame(
        frame,
        hide_index=True,
        height="content",
        alt="The entries of this model, one after the other",
        column_config={
            **{name: st.column_config.TextColumn(alignment="right") for name in right},
            **widths(frame),
            "Calls": st.column_config.NumberColumn(format="%,d"),
            "Note": st.column_config.TextColumn(width="large"),
        },
    )
