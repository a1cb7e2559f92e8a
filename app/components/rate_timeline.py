"""The time line of one model's rates: its figures as steps, peak and off-peak, and below them each entry as a bar."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import streamlit as st

from app import theme
from app.components.formats import day, plural, rate, symbol_of
from app.components.rate_bars import BARS_SHARE, bars, correction_marks, labels, lanes_of, promotion_shades, today_line
from app.components.rate_terms import MTOK, window_name
from pricing.meters import METERS
from pricing.money import PICO
from pricing.rates import Rate
from warehouse.booked_rates import BookedEntry

METER_LINES = (
    ("input", "Input", theme.BLUE),
    ("cache_read", "Cache read", theme.SKY),
    ("output", "Output", theme.ORANGE),
)
LEAST_AFTER = timedelta(days=30)
"""How far the line goes on at least, behind the last start."""


class Step(NamedTuple):
    """A stretch of time in which one entry prices."""

    begins: datetime
    ends: datetime
    entry: BookedEntry


def show_timeline(chosen: BookedEntry, chain: Sequence[BookedEntry], now: datetime, moment: str) -> None:
    """Draw the figures of the chosen entry's currency, and every entry of the model."""
    horizon = max(now, *(entry.base.valid_from for entry in chain)) + LEAST_AFTER
    steps = [step for step in steps_of(chosen, chain, horizon) if step.entry.base.currency == chosen.base.currency]
    lines = [line for meter, name, colour in METER_LINES for line in _lines(steps, meter, name, colour)]
    lanes = lanes_of(chain)
    figure = theme.figure(
        [*lines, *bars(chain, horizon, now), *correction_marks(chain)],
        height=270 + 26 * len(lanes),
        hovermode="closest",
        showlegend=True,
        barmode="overlay",
        shapes=[*today_line(now), *promotion_shades(chain, horizon)],
        annotations=labels(chain, now, moment),
        xaxis=theme.axis(type="date", tickformat="%-d %b %Y", hoverformat="%-d %b %Y", nticks=6, anchor="y2"),
        yaxis=theme.value_axis(
            tickprefix=symbol_of(chosen.base.currency), tickformat=",.6~f", domain=[BARS_SHARE, 1], anchor="x"
        ),
        yaxis2=theme.axis(domain=[0, BARS_SHARE - 0.08], categoryorder="array", categoryarray=lanes[::-1]),
    )
    st.plotly_chart(
        figure, config=theme.CHART_CONFIG, key="succession_chart", alt=_alt(chosen, chain, f"{moment} is {day(now)}")
    )
    others = sorted({entry.base.currency for entry in chain} - {chosen.base.currency})
    st.caption(
        "The lines are what prices: where entries overlap, the one that goes first, at the shortest context of the "
        "standard tier. Dashed: in the other hours. The bars are the entries, pale where another goes before."
        + (f" Entries in {', '.join(others)} are bars alone." if others else "")
    )


def steps_of(chosen: BookedEntry, chain: Sequence[BookedEntry], horizon: datetime) -> list[Step]:
    """Which entry prices the model string itself, for the calls that the chosen entry is about, in time order."""
    base = chosen.base
    found = [
        Step(stretch.valid_from, min(stretch.valid_until, horizon), entry)
        for entry in chain
        for stretch in entry.stretches
        if (stretch.model, stretch.org, stretch.team) == (base.model, base.org, base.team)
    ]
    return sorted(found, key=lambda step: step.begins)


def _lines(steps: Sequence[Step], meter: str, name: str, colour: str) -> list[dict[str, Any]]:
    """The base as a whole line, the other hours as a dashed one with the room between them filled."""
    place = METERS.index(meter)
    if not any(step.entry.base.pico[place] is not None for step in steps):
        return []
    base = _line(steps, [step.entry.base for step in steps], place)
    traces = [{**base, "name": name, "legendgroup": name, "line": {"color": theme.stroke(colour), "width": 2.5}}]
    others = [_other_hours(step.entry) for step in steps]
    if any(others):
        other = _line(steps, others, place)
        traces.append(
            {
                **other,
                "name": f"{name}, other hours",
                "legendgroup": name,
                "showlegend": False,
                "line": {"color": theme.stroke(colour), "width": 1.5, "dash": "dash"},
            }
        )
    return traces


def _other_hours(entry: BookedEntry) -> Rate | None:
    """The cell that differs from the base in its hours alone."""
    cell = entry.base.cell
    return next(
        (
            rate
            for rate in entry.cells[1:]
            if rate.cell._replace(window=cell.window, week=cell.week) == cell and rate.cell != cell
        ),
        None,
    )


def _line(steps: Sequence[Step], rates: Sequence[Rate | None], place: int) -> dict[str, Any]:
    """One line; it ends where its rate ends, and breaks where there is none."""
    at: list[str] = []
    values: list[float | None] = []
    texts: list[str] = []
    for step, known in zip(steps, rates, strict=True):
        pico = None if known is None else known.pico[place]
        for instant, value in ((step.begins, pico), (step.ends, pico), (step.ends, None)):
            at.append(instant.isoformat())
            values.append(None if value is None else value * MTOK / PICO)
            hours = f" {window_name(known)}" if known and known.cell.zone else ""
            figure = rate(None if value is None else value * MTOK, step.entry.base.currency)
            texts.append(f"{figure}{hours}, from {day(step.begins)}")
    return {
        "type": "scatter",
        "mode": "lines",
        "x": at,
        "y": values,
        "customdata": texts,
        "hovertemplate": "%{fullData.name}: %{customdata}<extra></extra>",
        "connectgaps": False,
    }


def _alt(chosen: BookedEntry, chain: Sequence[BookedEntry], moment: str) -> str:
    base = chosen.base
    return (
        f"Rates of {base.model} at {base.seller} in {base.currency} per 1,000,000 tokens, "
        f"{plural(len(chain), 'entry').replace('entrys', 'entries')} from {day(chain[0].base.valid_from)}; " + moment
    )
