"""The table of rates: one row per entry with its base figures and terms, its evidence, and what it priced."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from app.components.formats import day, money, plural
from app.components.rate_evidence import card_word, is_link
from app.components.rate_grid import TITLES, cell_figure, is_apart
from app.components.rate_terms import terms_of
from app.components.tables import show_frame
from pricing.meters import TOKEN_METERS, UNIT_METERS
from warehouse.booked_rates import BookedEntry
from warehouse.rate_book import RateBook
from warehouse.scope import Scope

SHOWN = ("In use", "In force", "All")
WHOLE_TABLE = 12
"""Rows up to which the table is shown without scrolling."""
ALWAYS = ("input", "cache_read", "output")


def choose_shown() -> str:
    """Ask which entries to show."""
    which = st.segmented_control(
        "Show",
        SHOWN,
        default=SHOWN[0],
        required=True,
        key="rates",
        bind="query-params",
        label_visibility="collapsed",
    )
    return which or SHOWN[0]


def rates_shown(book: RateBook, scope: Scope, now: datetime, which: str) -> list[BookedEntry]:
    """The entries of one of the choices, those that priced most first."""
    belongs: dict[str, Callable[[BookedEntry], bool]] = {
        "In use": lambda entry: entry.requests > 0,
        "In force": lambda entry: entry.state(now) == "in force",
        "All": lambda entry: True,
    }
    wanted = dict(scope.values)
    found = [
        entry
        for entry in book.entries
        if belongs[which](entry)
        and entry.base.seller in wanted.get("seller", (entry.base.seller,))
        and (entry.requests or not set(wanted.get("model", entry.base.strings)).isdisjoint(entry.base.strings))
    ]
    return sorted(found, key=lambda entry: -entry.requests)


def show_rate_table(entries: Sequence[BookedEntry], now: datetime, stale_days: int) -> BookedEntry | None:
    """Show the entries and say which one was selected."""
    if not entries:
        st.caption("No rate is among these.")
        return None
    st.caption(
        f"{plural(len(entries), 'rate')}, per 1,000,000 tokens. The figures are the base; *Terms* says what changes "
        "them. Select a row to see all its figures and how it came about."
    )
    frame = _frame(entries, now, stale_days)
    right = [*TITLES.values(), "Age"]
    chosen = show_frame(
        frame,
        hide_index=True,
        alt="Rates with their figures, terms, dates, sources, and what they priced",
        key="rate_table",
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(entries) <= WHOLE_TABLE else 460,
        column_config={
            "Model": st.column_config.TextColumn(pinned=True),
            **{name: st.column_config.TextColumn(alignment="right") for name in right if name in frame},
            **{name: st.column_config.NumberColumn(format="%,d") for name in ("Calls", "Tokens")},
            **widths(frame),
            "Source": st.column_config.TextColumn(width="medium"),
            "Link": st.column_config.LinkColumn(display_text="Open"),
        },
    )
    return entries[chosen.selection.rows[0]] if chosen.selection.rows else None


def widths(frame: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Columns whose longest text the table would not find by itself: it looks at the first rows alone."""
    longest = max(len(text) for text in frame["Terms"])
    return {
        "Terms": st.column_config.TextColumn(width=min(420, max(75, 7 * longest + 16))),
        "Cost": st.column_config.TextColumn(width=90, alignment="right"),
    }


def _meters(entries: Sequence[BookedEntry]) -> list[str]:
    """The meters that some entry prices; of tokens those with a figure of their own alone."""
    tokens = [
        meter for meter in TOKEN_METERS if meter in ALWAYS or any(is_apart(entry.base, meter) for entry in entries)
    ]
    return [*tokens, *(meter for meter in UNIT_METERS if any(entry.figure(meter) is not None for entry in entries))]


def _frame(entries: Sequence[BookedEntry], now: datetime, stale_days: int) -> pd.DataFrame:
    """For the eye alone: amounts are texts with their currency."""
    bases = [entry.base for entry in entries]
    return pd.DataFrame(
        {
            "Model": [base.model for base in bases],
            "Seller": [base.seller for base in bases],
            **{TITLES[meter]: [cell_figure(base, meter) for base in bases] for meter in _meters(entries)},
            "Terms": ["; ".join(terms_of(entry)) or "–" for entry in entries],
            "Cost": [money(entry.cost, entry.base.currency) if entry.requests else "–" for entry in entries],
            "Calls": [entry.requests for entry in entries],
            "Tokens": [entry.tokens for entry in entries],
            "Used by": [teams_text(entry) for entry in entries],
            "Last use": [day(entry.last_day) for entry in entries],
            "State": [entry.state(now).capitalize() for entry in entries],
            "From": [day(base.valid_from) for base in bases],
            "Until": ["open" if entry.is_open else day(entry.base.valid_until) for entry in entries],
            "Checked": [day(base.checked) for base in bases],
            "Age": [age(entry, now, stale_days) for entry in entries],
            "Confidence": [base.confidence for base in bases],
            "Source": [_short(base.source) for base in bases],
            "Link": [base.source if is_link(base.source) else None for base in bases],
            "Card": [f"{base.card} ({card_word(base)})" for base in bases],
        }
    )


def teams_text(entry: BookedEntry) -> str:
    """The team that it priced most calls for, and how many others."""
    if not entry.uses:
        return "–"
    others = len(entry.uses) - 1
    return (entry.uses[0].team or "no team") + (f" + {others}" if others else "")


def _short(source: str) -> str:
    """An address by its host, a citation as it is."""
    return (urlsplit(source).hostname or source) if is_link(source) else source


def age(entry: BookedEntry, now: datetime, stale_days: int) -> str:
    """How long ago someone looked at the source, and whether that is too long."""
    return f"{plural(entry.age_days(now), 'day')}{', stale' if entry.is_stale(now, stale_days) else ''}"
