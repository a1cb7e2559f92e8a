"""A forecast by model, team and seller."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.columns import right
from app.components.forecast_data import KINDS, Page
from app.components.formats import money
from app.components.tables import show_frame
from planning.glance import Glance

WHOLE_TABLE = 12
"""Rows up to which the table is shown without scrolling."""
AMOUNTS = ("Spent so far", "Projected", "80% band", "Run-rate", "Period before")


def show_parts(page: Page, currency: str) -> None:
    """A table of the parts in one currency, the dearest first."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Where it comes from", width="content")
        by = st.segmented_control(
            "By", KINDS, default=KINDS[0], required=True, format_func=str.capitalize, key="part", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    rows = [part for part in page.parts if part.group.kind == by and part.currency == currency]
    if not rows:
        st.caption(f"No call in {currency} names its {by}.")
        return
    show_frame(
        _frame(str(by), rows),
        hide_index=True,
        height="content" if len(rows) <= WHOLE_TABLE else "auto",
        alt=f"Spent, projected and its 80% band by {by}",
        column_config={
            str(by).capitalize(): st.column_config.TextColumn(pinned=True),
            "Share": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1, help="Of what is projected in this currency."
            ),
            **right(AMOUNTS),
        },
    )
    partial = any(row.before is not None and not row.before_is_whole for row in rows)
    st.caption(
        "The parts add up to the whole on every sample path; middles and bounds of bands do not add up."
        + (r" \* Not all of the period before is in the data." if partial else "")
    )


def _frame(by: str, rows: Sequence[Glance]) -> pd.DataFrame:
    """For the eye alone: amounts are texts, and the share is rounded for its bar."""
    whole = sum(row.middle for row in rows)
    return pd.DataFrame(
        {
            by.capitalize(): [row.group.name for row in rows],
            "Spent so far": [money(row.spent, row.currency) for row in rows],
            "Projected": [money(row.middle, row.currency) for row in rows],
            "80% band": [_band(row) for row in rows],
            "Share": [row.middle / whole if whole else 0.0 for row in rows],
            "Run-rate": ["–" if row.run_rate is None else money(row.run_rate, row.currency) for row in rows],
            "Period before": [_before(row) for row in rows],
        }
    )


def _band(row: Glance) -> str:
    return f"{money(row.low, row.currency)} to {money(row.high, row.currency)}" if row.is_forecast else "no forecast"


def _before(row: Glance) -> str:
    if row.before is None:
        return "–"
    return f"{money(row.before, row.currency)}{'' if row.before_is_whole else ' *'}"
