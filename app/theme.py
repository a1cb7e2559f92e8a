"""Colours and the look of charts: one colour per model everywhere, readable in light and in dark."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

# Okabe and Ito's palette, told apart with every kind of colour vision; its yellow goes last, being faint on white.
BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
)
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION, YELLOW)
PATTERNS = ("", "/", ".", "x")
"""Hatchings that tell apart models that share a colour, once there are more models than colours."""
OTHER = "#8A94A0"
"""The colour of what is put together."""
CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False}

Figure = dict[str, Any]


class Ink(NamedTuple):
    """Colours of text and lines on the page; the text ones have a contrast of at least 4.5 with it."""

    strong: str
    soft: str
    line: str
    paper: str


LIGHT = Ink(strong="#0C1319", soft="#55606E", line="#E4E8ED", paper="#FFFFFF")
DARK = Ink(strong="#EDF1F6", soft="#A8B3C1", line="#2C3743", paper="#0B0F14")


class Paint(NamedTuple):
    """How the bars of one model are filled."""

    colour: str
    pattern: str


def ink() -> Ink:
    """The colours of the theme in use."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def paint_of(model: str | None, models: Sequence[str]) -> Paint:
    """A model's own fill, by its place among the models of the warehouse; what is none of them is grey."""
    if model not in models:
        return Paint(OTHER, "")
    rounds, place = divmod(models.index(model), len(PALETTE))
    return Paint(PALETTE[place], PATTERNS[rounds % len(PATTERNS)])


def marker(paint: Paint) -> dict[str, Any]:
    """A fill in the chart's words."""
    pattern = {"shape": paint.pattern, "fgcolor": ink().paper, "size": 5, "solidity": 0.25}
    return {"color": paint.colour, "pattern": pattern, "line": {"width": 0}}


def axis(**more: Any) -> dict[str, Any]:
    """An axis without a grid, its labels in a readable colour."""
    colours = ink()
    return {
        "tickfont": {"color": colours.soft, "size": 12},
        # Without this an axis without a title still keeps the room for one.
        "title": {"text": "", "standoff": 0},
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        **more,
    }


def value_axis(**more: Any) -> dict[str, Any]:
    """An axis of amounts: from zero, few faint lines, at most six labels."""
    return axis(showgrid=True, gridcolor=ink().line, griddash="solid", rangemode="tozero", nticks=6, **more)


def figure(traces: list[dict[str, Any]], *, height: int, **layout: Any) -> Figure:
    """A chart in the house's look; its height in pixels."""
    colours = ink()
    return {
        "data": traces,
        "layout": {
            "height": height,
            "margin": {"l": 0, "r": 0, "t": 8, "b": 8},
            "font": {"color": colours.strong},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "bargap": 0.25,
            "dragmode": False,
            "hoverlabel": {"align": "left", "namelength": -1},
            "legend": legend(),
            **layout,
        },
    }


def legend(**more: Any) -> dict[str, Any]:
    """A legend above the chart, from the left, that hides nothing when it is touched."""
    colours = ink()
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "font": {"color": colours.strong, "size": 13},
        "title": {"text": ""},
        "itemclick": False,
        "itemdoubleclick": False,
        "traceorder": "normal",
        **more,
    }
