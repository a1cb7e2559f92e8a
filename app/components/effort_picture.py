"""The picture of effort: what a run costs against what is solved, the arms that none beats joined by a line."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

import streamlit as st

from analysis.effort import Standing
from analysis.intervals import Interval
from analysis.tiers import Arm
from app import theme
from app.components.formats import money, symbol_of
from pricing.money import PICO


def show_picture(standings: Sequence[Standing], currency: str | None) -> None:
    """Draw the arms whose cost and outcome are known, in one currency; say which are not drawn."""
    drawn = [each for each in standings if each.currency == currency and each.cost and each.solved.estimate is not None]
    st.header("Cost against outcome")
    if not drawn:
        st.caption("No arm has both a known cost and a known outcome: load outcomes, or an evaluation.")
        return
    drawn.sort(key=lambda each: (each.cost or 0, each.solved.estimate or 0))
    best = [each for each in drawn if each.best]
    numbers = {each.arm: str(number) for number, each in enumerate(standings, 1)}
    beaten = [each for each in drawn if not each.best]
    traces = [_dots("Beaten by another", theme.OTHER, beaten, numbers) | {"mode": "markers+text"}]
    traces.append(_dots("Best", theme.BLUE, best, numbers) | {"mode": "lines+markers+text", "line": _LINE})
    figure = theme.figure(
        [trace for trace in traces if trace["x"]],
        height=400,
        showlegend=True,
        hovermode="closest",
        xaxis=_cost_axis(drawn, currency or ""),
        yaxis=_solved_axis(drawn),
    )
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key="effort_picture",
        alt=f"Cost of a run in {currency} against the share solved; best: {', '.join(each.arm.name for each in best)}",
    )
    left = len(standings) - len(drawn)
    told = "Numbers are those of the table below. Cost runs on a logarithmic scale. Bars are 95% intervals over tasks."
    st.caption(told + (f" {left} of {len(standings)} not drawn: cost or outcome is unknown." if left else ""))


_LINE = {"color": theme.BLUE, "width": 2, "dash": "dot"}


def _dots(name: str, colour: str, arms: Sequence[Standing], numbers: Mapping[Arm, str]) -> dict[str, Any]:
    scale = 1 if any((each.solved.estimate or 0) > 1 for each in arms) else 100
    solved, costs = [each.solved.estimate or 0 for each in arms], [float(each.cost or 0) for each in arms]
    return {
        "type": "scatter",
        "name": name,
        "text": [numbers[each.arm] for each in arms],
        "textposition": "middle center",
        "textfont": {"color": "black" if colour == theme.OTHER else "white", "size": 11},
        "x": [cost / PICO for cost in costs],
        "y": [scale * share for share in solved],
        "error_x": _bars([each.cost_interval for each in arms], costs, 1 / PICO, colour),
        "error_y": _bars([each.solved for each in arms], solved, scale, colour),
        "customdata": [
            f"<b>{escape(each.arm.name)}</b><br>{money(round(each.cost or 0), each.currency)} a run" for each in arms
        ],
        "hovertemplate": "%{customdata}<br>%{y:.1f} solved<extra></extra>",
        "marker": {"color": colour, "size": 19, "line": {"width": 1, "color": "white"}},
    }


def _bars(intervals: Sequence[Interval], middles: Sequence[float], scale: float, colour: str) -> dict[str, Any]:
    pairs = list(zip(intervals, middles, strict=True))
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if each.high is None else max(0.0, each.high - middle) * scale for each, middle in pairs],
        "arrayminus": [0 if each.low is None else max(0.0, middle - each.low) * scale for each, middle in pairs],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _cost_axis(drawn: Sequence[Standing], currency: str) -> dict[str, Any]:
    costs = [float((each.cost or 0) / PICO) for each in drawn]
    ends = [end / PICO for each in drawn for end in each.cost_interval[1:3] if end and end > 0]
    # The bars are to be seen whole, unless one is so long that the arms would huddle together.
    costs += [min(max(end, min(costs) / 3), max(costs) * 3) for end in ends]
    low, high = floor(log10(min(costs)) * 4) / 4 - 0.1, ceil(log10(max(costs)) * 4) / 4 + 0.1
    at = [digit * 10.0**power for power in range(floor(low), ceil(high) + 1) for digit in (1, 3)]
    if high - low < 0.7:
        at = [digit * 10.0**power for power in range(floor(low), ceil(high) + 1) for digit in (1, 1.5, 2, 3, 4, 5, 7)]
    kept = [value for value in at if low <= log10(value) <= high]
    title = {"text": "cost of a run", "standoff": 12, "font": {"color": theme.ink().soft, "size": 12}}
    ticks = {"tickvals": kept, "ticktext": [f"{symbol_of(currency)}{value:,.10g}" for value in kept], "tickangle": 0}
    return theme.axis(type="log", range=[low, high], title=title, **ticks)


def _solved_axis(drawn: Sequence[Standing]) -> dict[str, Any]:
    title = {"text": "solved", "standoff": 16, "font": {"color": theme.ink().soft, "size": 12}}
    if any((each.solved.estimate or 0) > 1 for each in drawn):
        return theme.value_axis(title=title | {"text": "score"})
    ends = [100 * end for each in drawn for end in each.solved[:3] if end is not None]
    low, high = max(0.0, min(ends) - 8), min(104.0, max(ends) + 8)
    return theme.value_axis(title=title, ticksuffix="%", range=[low, high])
