"""One model of one seller: its rates one after the other, with their evidence."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from app import theme
from app.components.formats import day, literal, money, plural, rate, symbol_of
from app.components.rate_table import MTOK, is_link, per_mtok
from pricing.money import PICO
from warehouse.rate_book import BookedRate

LINES = (("input", "Input", theme.BLUE), ("cache_read", "Cache read", theme.SKY), ("output", "Output", theme.ORANGE))


def show_succession(chosen: BookedRate, rates: Sequence[BookedRate], now: datetime) -> None:
    """Everything known of the chosen rate, and what stood before and after it."""
    chain = [known for known in rates if (known.seller, known.model) == (chosen.seller, chosen.model)]
    st.markdown(f"#### {literal(f'{chosen.model} at {chosen.seller}')}")
    st.markdown(f":small[{evidence(chosen)}]")
    if len(chosen.strings) > 1:
        st.caption(f"Also prices calls that name {literal(', '.join(chosen.strings[1:]))}.")
    if chosen.note:
        st.caption(f"Note: {literal(chosen.note)}")
    if len(chain) == 1:
        st.caption(f"One rate since {day(chosen.valid_from)}: none before or after it is known.")
        return
    same = [known for known in chain if known.currency == chosen.currency and known.card == chosen.card]
    if len(same) > 1:
        _draw(same, now)
    _show_chain(chain, now)


def evidence(known: BookedRate) -> str:
    """On whose word a rate stands, and since when this warehouse has it so."""
    parts = re.split(r"(https?://[^\s<>]*[^\s<>.,;])", known.source)
    source = "".join(f"<{part}>" if is_link(part) else literal(part) for part in parts)
    card = f"{'own' if known.is_own else 'shipped'} card {literal(known.card)}"
    return f"Source ({known.confidence}): {source}, checked {day(known.checked)} · {card}"


def _draw(chain: Sequence[BookedRate], now: datetime) -> None:
    """The figures as steps in time."""
    currency = chain[0].currency
    traces = [_steps(chain, meter, name, colour, now) for meter, name, colour in LINES]
    figure = theme.figure(
        [trace for trace in traces if any(value is not None for value in trace["y"])],
        height=240,
        hovermode="x unified",
        showlegend=True,
        xaxis=theme.axis(type="date", tickformat="%-d %b %Y", hoverformat="%-d %b %Y", nticks=6),
        yaxis=theme.value_axis(tickprefix=symbol_of(currency), tickformat=",.6~f"),
    )
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key="succession_chart",
        alt=f"Rates of {chain[0].model} at {chain[0].seller} in {currency} per 1,000,000 tokens, "
        f"{plural(len(chain), 'step')} from {day(chain[0].valid_from)}",
    )


def _steps(chain: Sequence[BookedRate], meter: str, name: str, colour: str, now: datetime) -> dict[str, Any]:
    """One line; it ends where its rate ends, and breaks where there is a gap."""
    at: list[str] = []
    values: list[float | None] = []
    texts: list[str] = []
    horizon = max(now, chain[-1].valid_from + timedelta(days=30))
    for known in chain:
        pico = known.figure(meter)
        end = horizon if known.is_open else known.valid_until
        for instant, value in ((known.valid_from, pico), (end, pico), (end, None)):
            at.append(instant.isoformat())
            values.append(None if value is None else value * MTOK / PICO)
            texts.append(rate(None if value is None else value * MTOK, known.currency))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": at,
        "y": values,
        "customdata": texts,
        "hovertemplate": "%{customdata}",
        "line": {"color": colour, "width": 2.5},
        "connectgaps": False,
    }


def _show_chain(chain: Sequence[BookedRate], now: datetime) -> None:
    """Every rate of the succession."""
    right = ["Input", "Cache read", "Output", "Cost"]
    st.dataframe(
        pd.DataFrame(
            {
                "From": [day(known.valid_from) for known in chain],
                "Until": ["open" if known.is_open else day(known.valid_until) for known in chain],
                "State": [known.state(now).capitalize() for known in chain],
                "Input": [per_mtok(known, "input") for known in chain],
                "Cache read": [per_mtok(known, "cache_read") for known in chain],
                "Output": [per_mtok(known, "output") for known in chain],
                "Cost": [money(known.cost, known.currency) if known.requests else "–" for known in chain],
                "Calls": [known.requests for known in chain],
                "Checked": [day(known.checked) for known in chain],
                "Card": [f"{known.card} ({'own' if known.is_own else 'shipped'})" for known in chain],
                "Note": [known.note or "–" for known in chain],
            }
        ),
        hide_index=True,
        height="content",
        alt="The rates of this model, one after the other",
        column_config={
            **{name: st.column_config.TextColumn(alignment="right") for name in right},
            "Calls": st.column_config.NumberColumn(format="%,d"),
            "Note": st.column_config.TextColumn(width="large"),
        },
    )
