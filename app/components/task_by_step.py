"""Where the money of tasks goes by step, and what the cache gives, by step and by upstream provider."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.steps import StepSum, cache_share, half_spent, total_costs
from app import theme
from app.components.columns import counts, right
from app.components.formats import UNKNOWN, money, plural, share
from app.components.page import Run
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from app.components.task_data import steps_of
from pricing.money import PICO

DRAWN = 120
"""Steps drawn one by one; the tables put all of them into bands."""


def show_by_step(run: Run) -> None:
    """The section: two pictures over the steps, then the bands of steps and the upstream providers."""
    found = steps_of(run)
    totals = total_costs(found.each)
    currency = run.charted([name for name, total in totals.items() if total])
    with st.container(border=True):
        st.header("Where the money goes by step")
        if currency:
            _draw_costs(found.each[:DRAWN], currency)
            half = half_spent(found.each, currency)
            st.caption(f"Half of the {currency} is spent by step {half}. {_left_out(found.each)}")
        else:
            st.caption("Nothing here has a known cost.")
        _show_table("Steps", found.bands, currency)
    with st.container(border=True):
        st.header("What the cache gives")
        _draw_cache(found.each[:DRAWN])
        st.caption("The part of the input that was read from the cache. The first step of a task has little to read.")
        if any(part.name for part in found.upstream):
            _show_table("Upstream provider", found.upstream, currency)
        else:
            st.caption("No log names an upstream provider.")


def _left_out(each: Sequence[StepSum]) -> str:
    unpriced = sum(step.unpriced for step in each)
    drawn = f"Drawn are the first {DRAWN} of {plural(len(each), 'step')}. " if len(each) > DRAWN else ""
    return drawn + (f"{plural(unpriced, 'call')} of unknown cost: in no amount." if unpriced else "")


def _draw_costs(each: Sequence[StepSum], currency: str) -> None:
    costs = [step.costs.get(currency, 0) for step in each]
    trace = {
        "type": "bar",
        "x": [step.first for step in each],
        "y": [cost / PICO for cost in costs],
        "customdata": [
            f"{money(cost, currency)}, {plural(step.tasks, 'task')}" for step, cost in zip(each, costs, strict=True)
        ],
        "hovertemplate": "Step %{x}: %{customdata}<extra></extra>",
        "marker": {"color": theme.BLUE, "line": {"width": 0}},
    }
    figure = theme.figure(
        [trace], height=280, showlegend=False, xaxis=_step_axis(), yaxis=amount_axis(max(costs, default=0), currency)
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="task_step_costs", alt=f"Cost by step in {currency}")


def _draw_cache(each: Sequence[StepSum]) -> None:
    trace = {
        "type": "scatter",
        "mode": "lines+markers" if len(each) < 3 else "lines",
        "x": [step.first for step in each],
        "y": [cache_share(step) for step in each],
        "hovertemplate": "Step %{x}: %{y:.1%} from the cache<extra></extra>",
        "line": {"color": theme.GREEN, "width": 2.5},
    }
    axis = theme.value_axis(tickformat=".0%", range=[0, 1])
    figure = theme.figure([trace], height=220, showlegend=False, xaxis=_step_axis(), yaxis=axis)
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="task_step_cache", alt="Cache share of the input by step")


def _step_axis() -> dict[str, object]:
    title = {"text": "step", "standoff": 8, "font": {"color": theme.ink().soft, "size": 12}}
    return theme.axis(nticks=10, tickformat="d", title=title)


def step_name(part: StepSum) -> str:
    """``7``, or ``21–50``."""
    return str(part.first) if part.first == part.last else f"{part.first}–{part.last}"


def _show_table(head: str, parts: Sequence[StepSum], currency: str | None) -> None:
    """For the eye alone: amounts are texts."""
    totals = total_costs(parts)
    others = [name for name in totals if name != currency]
    names = ["Cost", *(f"Cost in {name}" for name in others)] if currency else []
    wanted = [currency, *others] if currency else []
    rows = [
        {
            head: step_name(part) if head == "Steps" else part.name or "not named",
            "Tasks": part.tasks,
            "Calls": part.calls,
            "Unknown cost": part.unpriced,
            **{name: _cost(part, of) for name, of in zip(names, wanted, strict=True)},
            **({"Share of cost": _share(part, currency, totals)} if currency else {}),
            "Input": part.prompt,
            "From the cache": share(part.cache_read, part.prompt),
            "Output": part.output,
        }
        for part in parts
    ]
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        alt=f"{head}: tasks, calls, cost and cache share",
        column_config={
            head: st.column_config.TextColumn(pinned=True),
            **counts(("Tasks", "Calls", "Unknown cost", "Input", "Output")),
            **right((*names, "Share of cost", "From the cache")),
        },
    )


def _share(part: StepSum, currency: str, totals: dict[str, int]) -> str:
    return share(part.costs[currency], totals[currency]) if currency in part.costs else "–"


def _cost(part: StepSum, currency: str | None) -> str:
    if currency in part.costs:
        return money(part.costs[currency], currency)
    return UNKNOWN if part.unpriced == part.calls else "–"
