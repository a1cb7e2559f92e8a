"""The requests behind the figures, a page of them at a time; one of them can be opened."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app.components.breakdown import MISSING
from app.components.columns import counts, right
from app.components.explore_state import Shown, call_param, go
from app.components.formats import duration, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from warehouse.explore import Call, CallPage, calls_of
from warehouse.scope import Scope

ORDER, TURNED, TABLE = "explore_order", "explore_turned", "explore_calls"
ORDERS = {"newest": "Newest first", "dearest": "Dearest first", "slowest": "Slowest first", "oldest": "Oldest first"}
PER_PAGE = 50
READ = ("input", "input_image", "input_audio", "input_video")
TO_CACHE = ("cache_write_5m", "cache_write_1h", "cache_write")
WRITTEN = ("output", "output_audio", "output_image")
TOKENS = ("Uncached input", "From cache", "To cache", "Output")


def show_calls(run: Run, found: Shown, scope: Scope) -> None:
    """The list, its order and its pages."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        title = st.container(width="content")
        order = st.selectbox(
            "Order", list(ORDERS), format_func=ORDERS.__getitem__, key=ORDER, label_visibility="collapsed", width=170
        )
    # The list of one place has pages of its own: another place begins at its first.
    key = f"{TURNED}_{hash((scope, found.place, order))}"
    page = _asked(run, found, scope, (order, int(st.session_state.get(key, 1))))
    title.header(plural(page.total, "request"))
    if not page.total:
        st.caption("No request is here.")
        return
    _table(found, page.calls, key)
    if page.total > PER_PAGE:
        st.pagination(-(-page.total // PER_PAGE), key=key)


def _asked(run: Run, found: Shown, scope: Scope, turned: tuple[str, int]) -> CallPage:
    order, page = turned
    hour = found.place.hour
    on, hour_of_day = (hour.date(), hour.hour) if hour else (None, None)
    return run.desk.ask(
        calls_of, scope, on=on, hour=hour_of_day, order=order, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )


def _table(found: Shown, calls: Sequence[Call], key: str) -> None:
    st.caption("Select a request to see what its cost is made of. Times are UTC.")
    name = f"{TABLE}_{key}_{st.session_state.get(key, 1)}_{found.call}"
    show_frame(
        _frame(calls),
        hide_index=True,
        placeholder="–",
        height="content" if len(calls) <= 15 else 560,
        alt="Requests, each with its tokens, cost and status",
        key=name,
        on_select=lambda: _open(found, calls, name),
        selection_mode="single-row",
        column_config={
            "Start (UTC)": st.column_config.TextColumn(pinned=True),
            **counts(TOKENS),
            **right(("Cost", "Took")),
        },
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            "Open a request", range(len(calls)), index=None, key=f"{name}_pick", width=360,
            format_func=lambda place: _told(calls[place]), label_visibility="collapsed",
            placeholder="Open a request by its time",
        )  # fmt: skip
        if number is not None:
            go(found._replace(call=call_param(calls[number])))
            st.rerun()


def _open(found: Shown, calls: Sequence[Call], name: str) -> None:
    rows: list[int] = st.session_state[name].selection.rows
    if rows:
        go(found._replace(call=call_param(calls[rows[0]])))


def _told(call: Call) -> str:
    return f"{call.at:%Y-%m-%d %H:%M:%S} · {call.model or MISSING['model']} · {money(call.cost, call.currency)}"


def _frame(calls: Sequence[Call]) -> pd.DataFrame:
    """For the eye alone: amounts are texts; what no request has is left out."""
    columns: dict[str, list[Any]] = {
        "Start (UTC)": [f"{each.at:%Y-%m-%d %H:%M:%S}" for each in calls],
        "Cost": [money(each.cost, each.currency) for each in calls],
        "Model": [each.model or MISSING["model"] for each in calls],
        "Seller": [each.seller or MISSING["seller"] for each in calls],
        "Team": [each.team for each in calls],
        "Project": [each.project for each in calls],
        "Task": [each.task for each in calls],
        "Uncached input": [_sum(each, READ) for each in calls],
        "From cache": [each.tokens.get("cache_read") for each in calls],
        "To cache": [_sum(each, TO_CACHE) for each in calls],
        "Output": [_sum(each, WRITTEN) for each in calls],
        "Took": [duration(each.latency_ms) for each in calls],
        "Status": [status_of(each) for each in calls],
        "Note": [_note(each) for each in calls],
    }
    kept = {name: values for name, values in columns.items() if any(value not in (None, "") for value in values)}
    numbers = {name: pd.Series(values, dtype="Int64") for name, values in kept.items() if name in TOKENS}
    return pd.DataFrame(kept | numbers)


def status_of(call: Call) -> str:
    """How a request ended, as its log says."""
    return " ".join(str(part) for part in (call.status, call.error) if part is not None) or "–"


def _note(call: Call) -> str:
    notes = [f"no cost: {call.unpriced_reason}"] if call.unpriced_reason else []
    return "; ".join([*notes, *(["needs review"] if call.in_review else [])])


def _sum(call: Call, meters: Sequence[str]) -> int | None:
    known = [call.tokens[meter] for meter in meters if meter in call.tokens]
    return sum(known) if known else None
