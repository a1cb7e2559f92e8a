"""Calls that need a person: of unknown cost, or with usage that contradicts itself."""

from collections.abc import Sequence
from pathlib import PurePath

import pandas as pd
import streamlit as st

from app.components.answers import Desk
from app.components.breakdown import MISSING, advice
from app.components.columns import difference, right
from app.components.formats import UNKNOWN, literal, money, plural
from app.components.sections import nothing, section
from app.components.tables import show_frame
from warehouse.cost import CostRow
from warehouse.imports import ReviewCall, ReviewReason, review_calls

SHOWN_CALLS = 100


def show_unknown_cost(rows: Sequence[CostRow]) -> None:
    """Calls of unknown cost by reason, with what to do, then by seller and model."""
    if not rows:
        nothing("Unknown cost")
        return
    reasons: dict[str, int] = {}
    for row in rows:
        reason = row.group[0] or UNKNOWN
        reasons[reason] = reasons.get(reason, 0) + row.unpriced
    with section("Unknown cost", f"{plural(sum(reasons.values()), 'call')}, in no amount"):
        for reason, calls in sorted(reasons.items(), key=lambda item: -item[1]):
            what, then = st.columns((4, 7), gap="xsmall")
            what.markdown(f"**{plural(calls, 'call')}**: {literal(reason)}")
            then.markdown(f":small[{advice(reason)}]")
        show_frame(
            pd.DataFrame(
                {
                    "Seller": [row.group[1] or MISSING["seller"] for row in rows],
                    "Model": [row.group[2] or MISSING["model"] for row in rows],
                    "Reason": [row.group[0] or UNKNOWN for row in rows],
                    "Calls": [row.unpriced for row in rows],
                    "Tokens": pd.Series([_tokens(row) for row in rows], dtype="Int64"),
                }
            ),
            hide_index=True,
            height="content" if len(rows) <= 10 else 380,
            placeholder="–",
            alt="Calls of unknown cost by seller, model and reason",
            column_config={name: st.column_config.NumberColumn(format="%,d") for name in ("Calls", "Tokens")},
        )


def _tokens(row: CostRow) -> int | None:
    """What was reported; None where nothing was, which is not 0."""
    return row.input + row.cache_read + row.cache_written + row.output or None


def show_doubtful(desk: Desk, reasons: Sequence[ReviewReason]) -> None:
    """Calls whose usage contradicts itself: what they cost as stored, and the least and most they can mean."""
    if not reasons:
        nothing("Needs review")
        return
    calls = sum(reason.calls for reason in reasons)
    with section("Needs review", f"{plural(calls, 'call')}, counted as stored"):
        st.caption(
            "Their usage contradicts itself or leaves something out: they cost something from the lowest to the "
            "highest reading. The seller's invoice says what."
        )
        show_frame(
            _reason_frame(reasons),
            hide_index=True,
            height="content",
            alt="Reviews by reason",
            column_config={"Calls": st.column_config.NumberColumn(format="%,d"), **right(READINGS)},
        )
        with st.expander("The call" if calls == 1 else "The calls", icon=":material/segment:"):
            found = desk.ask(review_calls, SHOWN_CALLS)
            show_frame(
                _call_frame(found),
                hide_index=True,
                height="content" if len(found) <= 10 else 380,
                alt="Calls under review with both readings and their usage as logged",
                column_config={**right(READINGS), "Usage as logged": st.column_config.TextColumn(width="large")},
            )
            if calls > len(found):
                st.caption(f"The {len(found)} whose readings are widest apart, of {plural(calls, 'call')}.")


READINGS = ("As stored", "Lowest", "Highest", "Difference")


def _readings(rows: Sequence[ReviewReason] | Sequence[ReviewCall]) -> dict[str, list[str]]:
    """The columns of amounts."""
    return {
        "As stored": [money(row.cost, row.currency) for row in rows],
        "Lowest": [money(row.cost_low, row.currency) for row in rows],
        "Highest": [money(row.cost_high, row.currency) for row in rows],
        "Difference": [difference(row.cost_high, row.cost_low, row.currency) for row in rows],
    }


def _reason_frame(rows: Sequence[ReviewReason]) -> pd.DataFrame:
    return pd.DataFrame(
        {"Reason": [row.reason for row in rows], "Calls": [row.calls for row in rows], **_readings(rows)}
    )


def _call_frame(rows: Sequence[ReviewCall]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Start (UTC)": [f"{row.start_at:%Y-%m-%d %H:%M:%S}" for row in rows],
            "Model": [row.model or MISSING["model"] for row in rows],
            "Seller": [row.seller or MISSING["seller"] for row in rows],
            "Reason": [row.reason for row in rows],
            **_readings(rows),
            "Usage as logged": [row.raw_usage or "–" for row in rows],
            "Logged in": [f"{PurePath(row.path).name}:{row.line}" for row in rows],
        }
    )
