"""One task beside another: every figure of both, and what each had cost by each step."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from app import theme
from app.components.columns import right
from app.components.formats import count, literal, money
from app.components.page import Run
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from app.components.task_data import side_of
from app.side_lines import lines_of
from app.task_sides import Side
from pricing.money import PICO

BESIDE = "beside"
"""The name in the URL under which the other task stands."""


def show_beside(run: Run, task: str) -> None:
    """Ask for the other task, and show both."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Beside another task", width="content")
        other = st.text_input(
            "The other task",
            key=BESIDE,
            bind="query-params",
            placeholder="Name of another task",
            label_visibility="collapsed",
            width=280,
        ).strip()
    first = side_of(run, task)
    if not other or first is None:
        st.caption("Name another task to see both side by side, figure by figure and step by step.")
        return
    second = side_of(run, other)
    if second is None:
        near = [line.task for line in run.desk.task_lines(run.scope, None, other)[:5]]
        st.caption(literal(f"No task is called {other}." + (f" There are {', '.join(near)}." if near else "")))
        return
    _draw(first, second)
    _show_table(first, second)


def _draw(first: Side, second: Side) -> None:
    """What each had cost by each step, in every currency that either was billed in."""
    for currency in sorted({*first.costs, *second.costs}):
        sides = [side for side in (first, second) if currency in side.costs]
        traces = [
            _line(side, currency, colour) for side, colour in zip(sides, (theme.BLUE, theme.ORANGE), strict=False)
        ]
        highest = max(side.costs[currency] for side in sides)
        figure = theme.figure(
            traces,
            height=300,
            showlegend=True,
            hovermode="x unified",
            xaxis=theme.axis(nticks=10, tickformat="d", unifiedhovertitle={"text": "Step %{x}"}),
            yaxis=amount_axis(highest, currency),
        )
        alt = f"Spent in {currency} by step: {' and '.join(side.task for side in sides)}"
        st.plotly_chart(figure, config=theme.CHART_CONFIG, key=f"task_beside_{currency}", alt=alt)


def _line(side: Side, currency: str, colour: str) -> dict[str, Any]:
    spent, sums = 0, []
    for step in side.steps:
        spent += step.costs.get(currency, 0)
        sums.append(spent)
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(sums) < 3 else "lines",
        "name": side.task,
        "x": [step.step for step in side.steps],
        "y": [each / PICO for each in sums],
        "customdata": [money(each, currency) for each in sums],
        "hovertemplate": "%{customdata}",
        "line": {"color": theme.stroke(colour), "width": 2.5, "shape": "hv"},
    }


def _show_table(first: Side, second: Side) -> None:
    unknown = [side for side in (first, second) if side.unpriced]
    for side in unknown:
        st.caption(
            literal(f"{side.task}: {count(side.unpriced)} of {count(side.calls)} calls of unknown cost, in no amount.")
        )
    heads = ("Figure", first.task, second.task if second.task != first.task else f"{second.task} ", "Difference")
    show_frame(
        _frame(heads, lines_of(first, second)),
        hide_index=True,
        height="content",
        alt=f"{first.task} and {second.task}, figure by figure",
        column_config={"Figure": st.column_config.TextColumn(pinned=True), **right(heads[1:])},
    )


def _frame(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> pd.DataFrame:
    return pd.DataFrame({head: [line[place] for line in lines] for place, head in enumerate(heads)})
