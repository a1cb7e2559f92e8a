"""Our cost beside the cost that logs report, call by call."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.breakdown import MISSING
from app.components.call_table import show_calls
from app.components.columns import counts, right
from app.components.formats import UNKNOWN, literal, money, plural
from app.components.page import Run
from app.components.sections import nothing, section
from app.components.tables import show_frame
from app.reconcile_words import REPORTED
from warehouse.reported import ReportedRow, read_reported, read_reported_calls

SHOWN_CALLS = 100
STEADY = ("matched", "free")


def show_reported(run: Run) -> None:
    """States of calls by seller and model; a row opens its calls, the furthest off first."""
    rows = run.desk.ask(read_reported, run.scope)
    compared = sum(row.calls for row in rows if row.state in ("matched", "different"))
    if not any(row.reported is not None for row in rows):
        nothing("Reported by the logs", "No log in scope says what a call cost.")
        return
    different = sum(row.calls for row in rows if row.state == "different")
    summary = f"{plural(different, 'call')} of {compared:,} with both costs differ"
    with section("Reported by the logs, call by call", summary):
        shown = [row for row in rows if row.state != "free"]
        chosen = _table(sorted(shown, key=lambda row: (row.state in STEADY, -abs(row.beyond or 0), -row.calls)))
        free = sum(row.calls for row in rows if row.state == "free")
        if free:
            st.caption(f"{plural(free, 'call')} beside these cost nothing, and none is reported.")
        if chosen:
            st.markdown(f"**{literal(chosen.model or MISSING['model'])}**: {REPORTED[chosen.state]}")
            about = {"seller": chosen.seller, "model": (chosen.model,), "top": SHOWN_CALLS}
            show_calls(run.desk.ask(read_reported_calls, chosen.state, run.scope, **about))  # type: ignore[arg-type]


def _table(rows: Sequence[ReportedRow]) -> ReportedRow | None:
    picked = show_frame(
        pd.DataFrame(
            {
                "Seller": [row.seller or MISSING["seller"] for row in rows],
                "Model": [row.model or MISSING["model"] for row in rows],
                "State": [REPORTED[row.state].partition(":")[0].capitalize() for row in rows],
                "Calls": [row.calls for row in rows],
                "Ours": [money(row.cost, row.currency) if row.cost is not None else UNKNOWN for row in rows],
                "Reported": [
                    money(row.reported, row.reported_currency) if row.reported is not None else "–" for row in rows
                ],
                "Beyond ours": [money(row.beyond, row.currency) if row.beyond is not None else "–" for row in rows],
                "Says the log": [row.kind or "–" for row in rows],
            }
        ),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt="Our cost and the reported one by seller, model and state",
        key="reported_rows",
        on_select="rerun",
        selection_mode="single-row",
        column_config={**right(("Ours", "Reported", "Beyond ours")), **counts(("Calls",))},
    )
    return rows[picked.selection.rows[0]] if picked.selection.rows else None
