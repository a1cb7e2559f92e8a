"""A launch's course: what was planned, what was billed, and what is expected now."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from app import theme
from app.components.formats import money
from app.components.launch_chart import BAND, middle_colour
from app.components.spend_chart import amount_axis
from app.launches import Launch
from planning.launch import Band
from planning.launch_actual import Actual, Blend
from pricing.money import PICO

PALE = "rgba(138,148,160,0.20)"


def show_course(launch: Launch, found: Actual, blend: Blend) -> None:
    """The plan's band in grey, what was billed as a line, and the band that is expected now."""
    st.header("Per day")
    code = launch.simulation.plan.currency
    planned = [(each.day, each.cost) for each in launch.simulation.days]
    billed = [(each.day, each.cost) for each in found.days]
    middle = [(day, band.p50) for day, band in planned]
    traces = [
        *_band("Plan, P10 to P90", planned, PALE, code),
        _line("Plan, P50", middle, code, color=theme.OTHER, width=1.5, dash="dash"),
    ]
    if blend.days:
        ahead = [billed[-1], *((day, band.p50) for day, band in blend.days)]
        traces += _band("Expected now, P10 to P90", blend.days, BAND, code)
        traces.append(_line("Expected now, P50", ahead, code, color=middle_colour(), width=2, dash="dot"))
    traces.append(_line("Billed", billed, code, color=middle_colour(), width=2.5))
    most = max(max(band.p90 for _, band in (*planned, *blend.days)), max(pico for _, pico in billed))
    figure = theme.figure(
        traces,
        height=380,
        showlegend=True,
        hovermode="x unified",
        xaxis=theme.axis(type="date", tickformat="%-d %b", hoverformat="%A, %-d %b %Y", nticks=7),
        yaxis=amount_axis(most, code),
    )
    alt = f"Billed {money(blend.spent, code)} so far; expected now {money(blend.total.p50, code)}"
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="launch_course", alt=alt)
    st.caption("Of single days: the percentiles of the whole are not these added up, as days even out.")


def _line(name: str, points: Sequence[tuple[date, int]], code: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(points) > 1 else "markers",
        "name": name,
        "x": [str(day) for day, _ in points],
        "y": [pico / PICO for _, pico in points],
        "customdata": [money(pico, code) for _, pico in points],
        "hovertemplate": "%{customdata}",
        "line": line,
        "marker": {"color": line["color"], "size": 8},
    }


def _band(name: str, points: Sequence[tuple[date, Band]], fill: str, code: str) -> list[dict[str, Any]]:
    edge = {"type": "scatter", "mode": "lines", "x": [str(day) for day, _ in points], "line": {"width": 0}}
    return [
        edge | {"y": [band.p10 / PICO for _, band in points], "showlegend": False, "hoverinfo": "skip"},
        edge
        | {
            "y": [band.p90 / PICO for _, band in points],
            "name": name,
            "fill": "tonexty",
            "fillcolor": fill,
            "customdata": [f"{money(band.p10, code)} to {money(band.p90, code)}" for _, band in points],
            "hovertemplate": "%{customdata}",
        },
    ]
