"""Calls behind a figure: when, which, where they stand in a log, both costs, and what is known of them."""

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from app.components.breakdown import MISSING
from app.components.columns import counts, right
from app.components.formats import money, plural
from app.components.tables import show_frame
from app.reconcile_words import known_of
from warehouse.bills import Call

WHOLE_TABLE = 10


def show_calls(calls: Sequence[Call]) -> None:
    """A table of calls; amounts are texts."""
    if not calls:
        st.caption("No call is behind it: nothing that was loaded has one.")
        return
    show_frame(
        pd.DataFrame(
            {
                "Start (UTC)": [f"{each.start_at:%Y-%m-%d %H:%M:%S}" for each in calls],
                "Model": [each.model or MISSING["model"] for each in calls],
                "Ours": [money(each.cost, each.currency) for each in calls],
                "Reported": [
                    "–" if each.reported is None else money(each.reported, each.reported_currency) for each in calls
                ],
                "Input": pd.Series([each.tokens_in for each in calls], dtype="Int64"),
                "Output": pd.Series([each.output for each in calls], dtype="Int64"),
                "Task": [each.task or "–" for each in calls],
                "What is known": [known_of(each) for each in calls],
                "Logged in": [f"{PurePath(each.path).name}:{each.line}" if each.path else "–" for each in calls],
            }
        ),
        hide_index=True,
        height="content" if len(calls) <= WHOLE_TABLE else 380,
        placeholder="–",
        alt="Calls behind the difference",
        column_config={**right(("Ours", "Reported")), **counts(("Input", "Output"))},
    )
    if calls[0].calls > len(calls):
        st.caption(f"{len(calls)} of {plural(calls[0].calls, 'call')}: those furthest off, or dearest, first.")
