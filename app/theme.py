"""Colours and the look of charts: one colour per model everywhere, readable in light and in dark."""

from typing import Any

import streamlit as st

from reports.colours import (
    BLUE,
    DARK,
    GREEN,
    LIGHT,
    ORANGE,
    OTHER,
    PALETTE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    Ink,
    Paint,
    edge_of,
    paint_of,
)

__all__ = [
    "BLUE", "CHART_CONFIG", "DARK", "GREEN", "LIGHT", "ORANGE", "OTHER", "PALETTE", "PURPLE", "SKY", "VERMILION",
    "YELLOW", "Figure", "Ink", "Paint", "axis", "edge", "figure", "ink", "legend", "marker", "paint_of",
    "stroke", "value_axis",
]  # fmt: skip

CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "showTips": False}

Figure = dict[str, Any]


def ink() -> Ink:
    """The colours of the theme in use."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def marker(paint: Paint) -> dict[str, Any]:
    """A fill in the chart's words, with an edge where the fill is too pale for the page."""
    # Without a ground of its own a hatched bar is drawn as white lines on the page.
    ground = {"bgcolor": paint.colour, "fgcolor": ink().paper}
    pattern = {"shape": paint.pattern, **ground, "size": 5, "solidity": 0.25}
    return {"color": paint.colour, "pattern": pattern, "line": edge(paint.colour)}


def edge(colour: str) -> dict[str, Any]:
    """What surrounds a bar or a dot: nothing, unless its colour is too pale for the page."""
    drawn = stroke(colour)
    return {"width": 0 if drawn == colour else 1, "color": drawn}


def stroke(colour: str) -> str:
    """The colour of a thin line, which must be seen without a surface: darker than a fill where it is pale."""
    return edge_of(colour, ink().paper)


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
