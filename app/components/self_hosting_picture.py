"""The picture of self-hosting: what a month costs at so many times the traffic, at the seller and on servers."""

from fractions import Fraction
from math import ceil
from typing import Any

import streamlit as st

from app import theme
from app.components.spend_chart import amount_axis
from app.self_hosting import Against, Answer
from app.self_hosting_words import COUNTED, ends, times
from planning.self_host import Case, Hosting, month
from pricing.money import PICO

MOST_STEPS = 150
"""Servers that a line draws one by one; beyond, its steps are thinner than the line."""
LEAST_VOLUME = 2
LOOKS = ((theme.VERMILION, "solid"), (theme.ORANGE, "dash"))
"""Of the servers under each way to count input: where both lie on one another both are seen."""


def show_picture(found: Answer, best: Against) -> None:
    """A straight line for the cheapest seller, a stair for the servers under each way to count input."""
    assert best.month is not None  # a seller that is compared prices all calls
    far = _far(found, best)
    code = found.hosting.currency
    traces = [_line(best.offer.seller, [0.0, float(far)], [0.0, float(far * best.month / PICO)], theme.BLUE)]
    for case, (colour, dash) in zip(found.cases, LOOKS, strict=False):
        name = "Own servers" if len(found.cases) == 1 else f"Own servers, {COUNTED[case.end]}"
        line = {"color": theme.stroke(colour), "dash": dash, "width": 2.5}
        traces.append(_stair(name, case, found.hosting, far) | {"line": line})
    most = max(max(trace["y"]) for trace in traces)
    figure = theme.figure(
        traces,
        height=320,
        showlegend=True,
        hovermode="x unified",
        margin={"l": 0, "r": 12, "t": 8, "b": 8},
        xaxis=theme.axis(
            range=[0, float(far)],
            ticksuffix="x",
            nticks=7,
            title={"text": "times this traffic", "font": {"color": theme.ink().soft, "size": 12}, "standoff": 8},
        ),
        yaxis=amount_axis(round(most * PICO), code),
        shapes=[_now()],
        annotations=[_now_text()],
    )
    st.header("A month, at so many times this traffic")
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key="host_chart",
        alt=f"A month's cost against volume, at {best.offer.seller} and on servers of one's own; these cost no more "
        f"from {ends(times(even.first) for even in best.evens)} this traffic on",
    )


def _far(found: Answer, best: Against) -> Fraction:
    """So that every crossing is in the picture; where there is none, the first servers are."""
    crossings = [even.lasting or even.first for even in best.evens]
    known = [volume for volume in crossings if volume]
    if known:
        return max(Fraction(LEAST_VOLUME), max(known) * Fraction(5, 4))
    full = [3 / case.sized for case in found.cases if case.sized]
    return max(Fraction(LEAST_VOLUME), min(full, default=Fraction(LEAST_VOLUME)))


def _line(name: str, x: list[float], y: list[float], colour: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": colour, "width": 2.5},
        "hovertemplate": "%{y:,.4~g}",
    }


def _stair(name: str, case: Case, hosting: Hosting, far: Fraction) -> dict[str, Any]:
    """The cost of the servers that each volume takes; a slope where there would be too many steps."""
    count = max(1, ceil(far * case.sized))
    x, y = [0.0], [_cost(hosting, 1)]
    if count <= MOST_STEPS:
        for servers in range(1, count):
            edge = float(servers / case.sized)
            x += [edge, edge]
            y += [_cost(hosting, servers), _cost(hosting, servers + 1)]
    x.append(float(far))
    y.append(_cost(hosting, count))
    return _line(name, x, y, theme.OTHER)


def _cost(hosting: Hosting, servers: int) -> float:
    return float((month(hosting, servers) or 0) / PICO)


def _now() -> dict[str, Any]:
    line = {"color": theme.ink().soft, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _now_text() -> dict[str, Any]:
    font = {"color": theme.ink().soft, "size": 12}
    place = {"x": 1, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top"}
    return {**place, "text": " your traffic", "showarrow": False, "font": font}
