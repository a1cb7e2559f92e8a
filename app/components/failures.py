"""Failed attempts: how often and where, what they cost, how long they kept callers waiting."""

import pandas as pd
import streamlit as st

from analysis.failures import Failure
from app.components.formats import UNKNOWN, amounts, count, duration, plural, share
from app.components.page import Run
from app.components.sections import nothing, section
from app.components.tables import show_frame
from app.failing import Failures, failures_of

BY = {
    "Kind": ("category",),
    "Kind and place": ("category", "seller", "base_url"),
    "Seller": ("seller",),
    "Region": ("region",),
    "Base URL": ("base_url",),
    "Status": ("http_status",),
}
TITLES = {
    "category": "Kind",
    "seller": "Seller",
    "region": "Region",
    "base_url": "Base URL",
    "http_status": "Status",
}
TITLE = "Failed attempts"


def show_failures(run: Run) -> None:
    """What failed in scope."""
    found = run.desk.ask(failures_of, run.scope)
    totals = found.by(())
    if not totals:
        nothing(TITLE, " ".join([f"No attempt of {count(found.attempts)} failed.", *_unseen(found)]))
        return
    (total,) = totals
    with section(TITLE, f"{count(total.failures)} of {plural(found.attempts, 'attempt')}"):
        by = st.segmented_control(
            "Failures by",
            list(BY),
            default="Kind",
            key="failures_by",
            bind="query-params",
            label_visibility="collapsed",
        )
        _show_table(found, BY[by or "Kind"])
        st.caption("  \n".join(_notes(total, found)))


def _show_table(found: Failures, names: tuple[str, ...]) -> None:
    rows = found.by(names)
    show_frame(
        pd.DataFrame(
            {
                **{TITLES[name]: [_named(row.group[place]) for row in rows] for place, name in enumerate(names)},
                "Failures": [row.failures for row in rows],
                "Of attempts": [share(row.failures, row.attempts) for row in rows],
                "Cost": [cost_text(row) for row in rows],
                "Cost unknown": [row.unpriced for row in rows],
                "Delayed": [duration(row.delay_ms) for row in rows],
                "Longest": [duration(row.longest_ms) for row in rows],
                "Tried again": [row.tried_again for row in rows],
            }
        ),
        hide_index=True,
        alt="Failed attempts, most first",
        column_config={
            **{
                name: st.column_config.NumberColumn(format="%,d")
                for name in ("Failures", "Cost unknown", "Tried again")
            },
            **{
                name: st.column_config.TextColumn(alignment="right")
                for name in ("Of attempts", "Cost", "Delayed", "Longest")
            },
        },
    )


def _named(value: str | int | None) -> str:
    return "–" if value is None else str(value)


def cost_text(row: Failure) -> str:
    """What is known to be charged: at least so much where the cost of some is unknown."""
    if not row.costs:
        return UNKNOWN if row.unpriced else "nothing"
    return f"≥ {amounts(row.costs)}" if row.unpriced else amounts(row.costs)


def _notes(total: Failure, found: Failures) -> list[str]:
    notes = []
    if total.unpriced:
        notes.append(f"{plural(total.unpriced, 'failure')} may have been charged: what they cost is unknown.")
    if total.assumed_free:
        notes.append(f"{plural(total.assumed_free, 'failure')} taken to cost nothing: no rule of the seller says so.")
    notes.append(
        f"Delayed: until the next try of the call began ({count(total.tried_again)}), else as long as the attempt took "
        f"({count(total.timed - total.tried_again)}); of {count(total.failures - total.timed)} the log tells neither."
    )
    return [*notes, *_unseen(found)]


def _unseen(found: Failures) -> list[str]:
    """Tries of which only their number is known."""
    if not found.retries_unseen:
        return []
    return [
        f"{plural(found.calls_retried_unseen, 'call')} had {plural(found.retries_unseen, 'failed attempt')} that "
        "the log counts and does not hold: their kind, cost and delay are unknown."
    ]
