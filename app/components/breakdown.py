"""Where the money goes, group by group, and what is not known of it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.formats import UNKNOWN, literal, money, plural, share, written
from app.components.tables import show_frame
from warehouse.cost import CostRow
from warehouse.overview import GROUPS, Overview

NAMES = {"model": "Model", "team": "Team", "seller": "Seller"}
MISSING = {"model": "no model named", "team": "no team named", "seller": "seller unknown"}
ADVICE = {
    "seller unknown": "Say who billed these calls: load the log with `--seller` or `--base-url`.",
    "no rate": "Say what the seller asks: *Price these calls* on the page Rates, or `tollbook rates unpriced`.",
    "usage missing": "Have the usage logged; in streams, ask for it with `stream_options.include_usage`.",
    "model unknown": "Have the model's name logged with each call.",
    "byok: the upstream provider bills it": "Load the upstream provider's own log: its bill holds the cost.",
    "its usage would cost less than nothing": "Look whether cached tokens stand beside the input in this log.",
    "self-hosted: no token price": "Its cost is machines and licences: `tollbook charge add` enters them.",
}
WHOLE_TABLE = 15
"""Rows up to which a table is shown without scrolling."""
WHERES = 4
"""Sellers and models named per reason; the rest is counted."""


def show_breakdown(overview: Overview, currency: str | None) -> None:
    """A table of groups, by the dimension that the reader picks."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Where the money goes", width="content")
        by = st.segmented_control(
            "By",
            GROUPS,
            default=GROUPS[0],
            required=True,
            format_func=NAMES.__getitem__,
            key="by",
            bind="query-params",
            label_visibility="collapsed",
        )
    rows = in_order(overview.groups[by], currency)
    show_frame(
        _frame(by, rows),
        hide_index=True,
        height="content" if len(rows) <= WHOLE_TABLE else "auto",
        alt=f"Spend, requests and cache share by {by}",
        column_config={
            NAMES[by]: st.column_config.TextColumn(pinned=True),
            "Spend": st.column_config.TextColumn(alignment="right"),
            "Share of spend": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1, help="Of the spend in the same currency."
            ),
            "Requests": st.column_config.NumberColumn(format="%,d"),
            "Failed": st.column_config.TextColumn(alignment="right"),
            "Cache share": st.column_config.TextColumn(alignment="right"),
            "Unknown cost": st.column_config.NumberColumn(
                format="%,d", help="Calls without a known cost: counted here, in no amount."
            ),
        },
    )


def in_order(rows: Sequence[CostRow], currency: str | None) -> list[CostRow]:
    """The charted currency first; a group's calls of unknown cost are counted in its first row."""
    lines: dict[tuple[object, str | None], CostRow] = {}
    for row in sorted(rows, key=lambda row: (row.currency is None, row.currency != currency)):
        first = next((key for key in lines if key[0] == row.group[0]), None)
        if row.currency is None and first:
            lines[first] = _counted_in(lines[first], row)
        else:
            lines[row.group[0], row.currency] = row
    return list(lines.values())


def _counted_in(line: CostRow, unknown: CostRow) -> CostRow:
    """A row with the calls of another one, but not its cost, which is unknown."""
    counts = ("requests", "unpriced", "errors", "review", "partial", "input", "cache_read", "cache_written", "output")
    return line._replace(**{name: getattr(line, name) + getattr(unknown, name) for name in counts})


def _frame(by: str, rows: Sequence[CostRow]) -> pd.DataFrame:
    """For the eye alone: amounts are texts, and the share is rounded for its bar."""
    totals: dict[str | None, int] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, 0) + (row.cost or 0)
    return pd.DataFrame(
        {
            NAMES[by]: [row.group[0] or MISSING[by] for row in rows],
            "Spend": [money(row.cost, row.currency) for row in rows],
            "Share of spend": [_share(row, totals[row.currency]) for row in rows],
            "Requests": [row.requests for row in rows],
            "Failed": [share(row.errors, row.requests) for row in rows],
            "Cache share": [share(row.cache_read, row.input + row.cache_read + row.cache_written) for row in rows],
            "Unknown cost": [row.unpriced for row in rows],
        }
    )


def _share(row: CostRow, total: int) -> float | None:
    return round(row.cost / total, 3) if row.currency and row.cost is not None and total else None


def show_unpriced(rows: Sequence[CostRow]) -> None:
    """Every reason for which a cost is unknown: how many calls, where, and what to do."""
    st.header("Cost not known")
    reasons: dict[str, list[CostRow]] = {}
    for row in rows:
        reasons.setdefault(row.group[0] or UNKNOWN, []).append(row)
    for reason, found in sorted(reasons.items(), key=lambda item: -_calls(item[1])):
        what, where, then = st.columns((2, 4, 4))
        what.markdown(f"**{plural(_calls(found), 'call')}**: {written(reason)}")
        where.caption(literal(_where(found)))
        then.markdown(f":small[{advice(reason)}]")


def _calls(rows: Sequence[CostRow]) -> int:
    return sum(row.unpriced for row in rows)


def advice(reason: str) -> str:
    """What a person can do about calls without a known cost."""
    if reason in ADVICE:
        return ADVICE[reason]
    if reason.startswith("no ") and reason.endswith(" rate"):
        return "Add this rate to the model's rate card: the card prices the model without it."
    return "See the seller's rate card: it says why there is no price."


def _where(rows: Sequence[CostRow]) -> str:
    named = [f"{row.group[2] or 'no model'} at {row.group[1] or 'no seller'} ({row.unpriced:,})" for row in rows]
    rest = len(named) - WHERES
    return ", ".join(named[:WHERES]) + (f" and {plural(rest, 'more group')}" if rest > 0 else "")
