"""The table of rates: figures as authored, dates, evidence, and what each priced."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from app.components.formats import day, money, plural, rate
from pricing.meters import BASE_METER, TOKEN_METERS
from warehouse.rate_book import BookedRate, RateBook
from warehouse.scope import Scope

MTOK = 1_000_000
SHOWN = ("In use", "In force", "All")
WHOLE_TABLE = 12
"""Rows up to which the table is shown without scrolling."""
ALWAYS = ("input", "cache_read", "output")
TITLES = {
    "input": "Input",
    "cache_read": "Cache read",
    "cache_write_5m": "Cache write 5 min",
    "cache_write_1h": "Cache write 1 h",
    "cache_write": "Cache write",
    "output": "Output",
    "input_image": "Image in",
    "input_audio": "Audio in",
    "input_video": "Video in",
    "output_audio": "Audio out",
    "output_image": "Image out",
}
UNITS = {"web_search": "Per search", "request": "Per request"}


def choose_rates(book: RateBook, scope: Scope, now: datetime) -> list[BookedRate]:
    """Ask which rates to show; those of other sellers and models than the filters' are left out."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Rates", width="content")
        which = st.segmented_control(
            "Show",
            SHOWN,
            default=SHOWN[0],
            required=True,
            key="rates",
            bind="query-params",
            label_visibility="collapsed",
        )
    return rates_shown(book, scope, now, which)


def rates_shown(book: RateBook, scope: Scope, now: datetime, which: str) -> list[BookedRate]:
    """The rates of one of the choices, those that priced most first."""
    belongs: dict[str, Callable[[BookedRate], bool]] = {
        "In use": lambda known: known.requests > 0,
        "In force": lambda known: known.state(now) == "in force",
        "All": lambda known: True,
    }
    wanted = dict(scope.values)
    found = [
        known
        for known in book.rates
        if belongs[which](known)
        and known.seller in wanted.get("seller", (known.seller,))
        and (known.requests or not set(wanted.get("model", known.strings)).isdisjoint(known.strings))
    ]
    return sorted(found, key=lambda known: -known.requests)


def show_rate_table(rates: Sequence[BookedRate], now: datetime, stale_days: int) -> BookedRate | None:
    """Show the rates and say which one was selected."""
    if not rates:
        st.caption("No rate is among these.")
        return None
    st.caption(f"{plural(len(rates), 'rate')}, per 1,000,000 tokens. Select a row to see how it came about.")
    meters = _meters(rates)
    titles = [*(TITLES[name] for name in meters), *(UNITS[name] for name in UNITS if _has(rates, name))]
    right = [*titles, "Cost", "Age"]
    chosen = st.dataframe(
        _frame(rates, meters, now, stale_days),
        hide_index=True,
        alt="Rates with their figures, dates, sources, and what they priced",
        key="rate_table",
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(rates) <= WHOLE_TABLE else 460,
        column_config={
            "Model": st.column_config.TextColumn(pinned=True),
            **{name: st.column_config.TextColumn(alignment="right") for name in right},
            **{name: st.column_config.NumberColumn(format="%,d") for name in ("Calls", "Tokens")},
            "Source": st.column_config.TextColumn(width="medium"),
            "Link": st.column_config.LinkColumn(display_text="Open"),
        },
    )
    return rates[chosen.selection.rows[0]] if chosen.selection.rows else None


def _has(rates: Sequence[BookedRate], meter: str) -> bool:
    return any(known.figure(meter) is not None for known in rates)


def _meters(rates: Sequence[BookedRate]) -> list[str]:
    """The token meters that some rate prices, those with a figure of their own alone."""
    return [meter for meter in TOKEN_METERS if meter in ALWAYS or any(_is_apart(known, meter) for known in rates)]


def _is_apart(known: BookedRate, meter: str) -> bool:
    """Whether a meter costs something else than the one it is priced like where the card does not say."""
    base = BASE_METER.get(meter)  # type: ignore[call-overload]
    return known.figure(meter) is not None and (base is None or known.figure(meter) != known.figure(base))


def _frame(rates: Sequence[BookedRate], meters: Sequence[str], now: datetime, stale_days: int) -> pd.DataFrame:
    """For the eye alone: amounts are texts with their currency."""
    columns: dict[str, list[object]] = {
        "Model": [known.model for known in rates],
        "Seller": [known.seller for known in rates],
        **{TITLES[meter]: [per_mtok(known, meter) for known in rates] for meter in meters},
        **{
            title: [rate(known.figure(meter), known.currency) for known in rates]
            for meter, title in UNITS.items()
            if _has(rates, meter)
        },
        "Cost": [money(known.cost, known.currency) if known.requests else "–" for known in rates],
        "Calls": [known.requests for known in rates],
        "Tokens": [known.tokens for known in rates],
        "State": [known.state(now).capitalize() for known in rates],
        "From": [day(known.valid_from) for known in rates],
        "Until": ["open" if known.is_open else day(known.valid_until) for known in rates],
        "Checked": [day(known.checked) for known in rates],
        "Age": [age(known, now, stale_days) for known in rates],
        "Confidence": [known.confidence for known in rates],
        "Source": [_short(known.source) for known in rates],
        "Link": [known.source if is_link(known.source) else None for known in rates],
        "Region": [known.region or "–" for known in rates],
        "Card": [f"{known.card} ({'own' if known.is_own else 'shipped'})" for known in rates],
    }
    if not any(known.region for known in rates):
        del columns["Region"]
    return pd.DataFrame(columns)


def is_link(source: str) -> bool:
    """Whether a source is an address, and not a citation."""
    return re.fullmatch(r"https?://[^\s<>]+", source) is not None


def _short(source: str) -> str:
    """An address by its host, a citation as it is."""
    return (urlsplit(source).hostname or source) if is_link(source) else source


def per_mtok(known: BookedRate, meter: str) -> str:
    """A token meter's rate as it is quoted, with its currency."""
    pico = known.figure(meter)
    return rate(None if pico is None else pico * MTOK, known.currency)


def age(known: BookedRate, now: datetime, stale_days: int) -> str:
    """How long ago someone looked at the source, and whether that is too long."""
    days = known.age_days(now)
    return f"{plural(days, 'day')}{', stale' if days > stale_days else ''}"
