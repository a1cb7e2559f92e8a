"""Which inputs move the total most: each at its low and at its high, all else as it is."""

from collections.abc import Sequence
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

import streamlit as st

from app import theme
from app.components.formats import money
from app.components.spend_chart import amount_axis
from pricing.money import PICO

SHOWN = 8
"""More bars than this are too small to say anything."""
BAR_PX, AROUND_PX = 38, 50
LINE = 17
"""Letters in a line of a bar's name."""
ROOM = 0.5
"""Of the widest bar's length, left free on both sides for the figures."""


class Reach(NamedTuple):
    """One input: where the total goes with it, in pico-units."""

    name: str
    at_low: int
    at_high: int
    low: str
    high: str
    """The input's own ends, in words."""


def show_tornado(reaches: Sequence[Reach], middle: int, code: str) -> None:
    """Draw the inputs that move the total most, the widest first."""
    st.header("What it hangs on")
    moving = sorted((each for each in reaches if each.at_low != each.at_high), key=_width, reverse=True)
    if not moving:
        st.caption("No input has a spread: give a low and a high where you are not sure.")
        return
    shown = moving[:SHOWN]
    figure = theme.figure(
        [_bars(shown, middle, code, is_low=True), _bars(shown, middle, code, is_low=False)],
        height=AROUND_PX + BAR_PX * len(shown),
        barmode="overlay",
        showlegend=True,
        hovermode="closest",
        xaxis=_amounts(shown, code),
        yaxis=theme.axis(
            autorange="reversed",
            tickvals=list(range(len(shown))),
            ticktext=[_in_lines(each.name) for each in shown],
            tickfont={"color": theme.ink().strong, "size": 13},
        ),
        shapes=[_middle(middle)],
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="launch_tornado", alt=_alt(shown, code))
    rest = len(moving) - len(shown)
    more = f" {rest} more inputs move it less." if rest > 1 else " One more input moves it less." if rest else ""
    st.caption(f"The line is the P50. Each bar: that input alone at its low or its high, in the same draws.{more}")


def _in_lines(name: str) -> str:
    """A name in lines so short that a phone has room for the bars beside them."""
    return "<br>".join(escape(line) for line in wrap(name, LINE))


def _width(each: Reach) -> int:
    return abs(each.at_high - each.at_low)


def _bars(shown: Sequence[Reach], middle: int, code: str, *, is_low: bool) -> dict[str, Any]:
    ends = [each.at_low if is_low else each.at_high for each in shown]
    colour = theme.BLUE if is_low else theme.ORANGE
    words = [each.low if is_low else each.high for each in shown]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "At its low" if is_low else "At its high",
        "y": list(range(len(shown))),
        "x": [(end - middle) / PICO for end in ends],
        "base": [middle / PICO] * len(ends),
        "width": 0.6,
        "marker": {"color": colour, "line": theme.edge(colour)},
        "text": [money(end, code) for end in ends],
        "textposition": "outside",
        "textangle": 0,
        "textfont": {"color": theme.ink().soft, "size": 12},
        "cliponaxis": False,
        "customdata": [
            f"{escape(each.name)} at {escape(word)}: {money(end, code)}"
            for each, word, end in zip(shown, words, ends, strict=True)
        ],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _amounts(shown: Sequence[Reach], code: str) -> dict[str, Any]:
    """The axis, with room for a figure on both sides; the figures stand at the bars."""
    ends = [end for each in shown for end in (each.at_low, each.at_high)]
    room = (max(ends) - min(ends)) * ROOM
    reach = [(min(ends) - room) / PICO, (max(ends) + room) / PICO]
    return amount_axis(max(ends), code) | {
        "range": reach,
        "rangemode": "normal",
        "showticklabels": False,
        "showgrid": False,
    }


def _middle(pico: int) -> dict[str, Any]:
    line = {"color": theme.ink().strong, "width": 1.2}
    return {"type": "line", "x0": pico / PICO, "x1": pico / PICO, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _alt(shown: Sequence[Reach], code: str) -> str:
    parts = "; ".join(f"{each.name}: {money(each.at_low, code)} to {money(each.at_high, code)}" for each in shown)
    return f"The total with each input at its low and at its high. {parts}"
