"""What a launch may cost as a chart: each day, or added up since it began."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import streamlit as st

from app import theme
from app.components.formats import money
from app.components.spend_chart import amount_axis
from planning.launch import Band
from pricing.money import PICO

BAND = "rgba(86,180,233,0.28)"
"""The palette's light blue, so faint that lines can be read through it."""
VIEWS = ("Added up", "Per day")
FEW_DAYS = 3
"""So few days are dots as well: a line of one day would not be seen."""


class Fan(NamedTuple):
    """Percentiles of each day, in pico-units."""

    days: tuple[date, ...]
    p10: tuple[int, ...]
    p50: tuple[int, ...]
    p90: tuple[int, ...]
    p99: tuple[int, ...]


def fan_of(days: Sequence[date], bands: Sequence[Band]) -> Fan:
    """The bands of some days, one of a day each."""
    p10, p50, p90, p99 = zip(*bands, strict=True)
    return Fan(tuple(days), p10, p50, p90, p99)


def show_fan(per_day: Fan, added_up: Fan, budget: int | None, code: str) -> None:
    """Draw one of the two; the budget is for the whole, so it is a line of what is added up."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Day by day", width="content")
        view = st.segmented_control(
            "View", VIEWS, default=VIEWS[0], required=True, key="launch_view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    is_added_up = view == VIEWS[0]
    fan = added_up if is_added_up else per_day
    limit = budget if is_added_up else None
    most = max(*fan.p99, limit or 0)
    figure = theme.figure(
        [
            *_band(fan, code),
            _line("P99", fan.days, fan.p99, code, {"color": theme.VERMILION, "width": 1.5, "dash": "dot"}),
            _line("P50", fan.days, fan.p50, code, {"color": middle_colour(), "width": 2.5}),
        ],
        height=340,
        showlegend=True,
        hovermode="x unified",
        xaxis=theme.axis(type="date", tickformat="%-d %b", hoverformat="%A, %-d %b %Y", nticks=7),
        yaxis=amount_axis(most, code),
        shapes=[_level(limit)] if limit else [],
        annotations=[_word(limit, code)] if limit else [],
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="launch_fan", alt=_alt(fan, view, code))
    if not is_added_up:
        st.caption("Of single days: the percentiles of the whole are not these added up, as days even out.")


def middle_colour() -> str:
    """The blue that is seen best on its own band, in light and in dark."""
    return theme.SKY if theme.ink() == theme.DARK else theme.BLUE


def _line(name: str, days: Sequence[date], values: Sequence[int], code: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(days) > FEW_DAYS else "lines+markers",
        "name": name,
        "x": [str(each) for each in days],
        "y": [pico / PICO for pico in values],
        "customdata": [money(pico, code) for pico in values],
        "hovertemplate": "%{customdata}",
        "line": line,
        "legendrank": 1 if name == "P50" else 3,
    }


def _band(fan: Fan, code: str) -> list[dict[str, Any]]:
    """Its lower edge first, without a name; the upper one fills down to it."""
    edge = {"type": "scatter", "mode": "lines", "x": [str(each) for each in fan.days], "line": {"width": 0}}
    return [
        edge | {"y": [low / PICO for low in fan.p10], "showlegend": False, "hoverinfo": "skip"},
        edge
        | {
            "y": [high / PICO for high in fan.p90],
            "name": "P10 to P90",
            "legendrank": 2,
            "fill": "tonexty",
            "fillcolor": BAND,
            "customdata": [
                f"{money(low, code)} to {money(high, code)}" for low, high in zip(fan.p10, fan.p90, strict=True)
            ],
            "hovertemplate": "%{customdata}",
        },
    ]


def _level(budget: int) -> dict[str, Any]:
    line = {"color": theme.ink().soft, "width": 1.5, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": budget / PICO, "y1": budget / PICO, "line": line}


def _word(budget: int, code: str) -> dict[str, Any]:
    place = {"xref": "paper", "x": 0, "y": budget / PICO, "xanchor": "left", "yanchor": "bottom"}
    return {
        **place,
        "text": f"Budget {money(budget, code)}",
        "showarrow": False,
        "font": {"size": 12, "color": theme.ink().soft},
    }


def _alt(fan: Fan, view: str, code: str) -> str:
    ends = f"P50 {money(fan.p50[-1], code)}, P90 {money(fan.p90[-1], code)}, P99 {money(fan.p99[-1], code)}"
    return f"{view}, from {fan.days[0]} to {fan.days[-1]}; on the last day {ends}"
