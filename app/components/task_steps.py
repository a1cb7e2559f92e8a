"""One task, call by call: a chart of what each step cost or used, and every figure to the last digit."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from app import theme
from app.components.cards import Card, show_cards
from app.components.formats import count, day, duration, instant, money, plural, share
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from app.components.task_table import cost_text
from app.glossary import help_on
from pricing.money import PICO, format_pico
from warehouse.overview_tasks import TaskLine, TaskStep

SHOWS = ("Cost", "Tokens")
WHOLE_TABLE = 15
"""Rows up to which the table is shown without scrolling."""
HELP = {
    "Uncached input": help_on("uncached input"),
    "Cached": help_on("cache read"),
    "Output": "Output tokens, reasoning included.",
    "Reasoning": "The part of the output that is reasoning; a dash where the seller does not say.",
}
ORDINARY = ("usage reported", "succeeded")


class Part(NamedTuple):
    """One layer of the bars: what it is, its tokens, its cost in pico-units, its colour."""

    name: str
    tokens: Callable[[TaskStep], int | None]
    cost: Callable[[TaskStep], int | None]
    colour: str


PARTS = (
    Part("Uncached input", lambda step: step.input, lambda step: step.input_cost, theme.BLUE),
    Part("Cached input", lambda step: step.cache_read, lambda step: step.cache_read_cost, theme.SKY),
    Part("Input to cache", lambda step: step.cache_written, lambda step: step.cache_written_cost, theme.PURPLE),
    Part("Output", lambda step: step.output, lambda step: step.output_cost, theme.ORANGE),
    Part("Searches and requests", lambda step: None, lambda step: step.unit_cost, theme.GREEN),
)


def show_task_figures(line: TaskLine) -> None:
    """The task's own figures."""
    everything = line.input + line.cache_read + line.cache_written
    unknown = f"without {plural(line.unpriced, 'call')} of unknown cost" if line.unpriced else "every cost is known"
    took = int((line.last_at - line.first_at).total_seconds() * 1000)
    show_cards(
        [
            Card("Cost", (cost_text(line),), unknown),
            Card("Calls", (count(line.requests),), f"{count(line.errors)} failed"),
            Card("Input tokens", (count(everything),), f"{share(line.cache_read, everything)} from the cache"),
            Card("Output tokens", (count(line.output),), "reasoning included"),
            Card("Took", (duration(took),), "first to last start"),
            Card("Models", (count(line.models),), f"{'mostly ' if line.models > 1 else ''}{line.model or 'not named'}"),
        ]
    )
    exact = " and ".join(f"{format_pico(cost)} {currency}" for currency, cost in sorted(line.costs.items()))
    parts = [f"Exactly {exact}"] if exact else []
    parts.append(f"from {instant(line.first_at)} to {instant(line.last_at)}")
    st.caption(" · ".join([*parts, *([f"team {line.team}"] if line.team else [])]))


def show_step_chart(steps: Sequence[TaskStep]) -> None:
    """Draw the steps as bars of their parts, in money or in tokens."""
    counted = [step for step in steps if step.counted]
    currencies = list(dict.fromkeys(step.currency for step in counted if step.currency))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Step by step", width="content")
        shown = st.segmented_control(
            "Show",
            SHOWS,
            default=SHOWS[0] if currencies else SHOWS[1],
            required=True,
            key="show",
            bind="query-params",
            label_visibility="collapsed",
        )
    if shown == SHOWS[0] and not currencies:
        st.caption("No call of this task has a known cost: look at its tokens instead.")
        return
    for currency in currencies if shown == SHOWS[0] else [None]:
        _draw(counted, currency)


def _draw(steps: Sequence[TaskStep], currency: str | None) -> None:
    """One chart: of the amounts in a currency, or of the tokens."""
    names = _step_names(steps)
    traces = [_layer(part, steps, names, currency) for part in PARTS]
    traces = [trace for trace in traces if any(trace["y"])]
    unknown = [name for name, step in zip(names, steps, strict=True) if step.cost is None]
    if currency and unknown:
        traces.append(_unknown(unknown))
    highest = max(
        (sum(part.cost(step) or 0 for part in PARTS) for step in steps if step.currency == currency), default=0
    )
    figure = theme.figure(
        traces,
        height=320,
        barmode="stack",
        hovermode="x unified",
        showlegend=True,
        bargap=0.2,
        xaxis=theme.axis(
            type="category",
            categoryorder="array",
            categoryarray=names,
            nticks=12,
            tickangle=0,
            unifiedhovertitle={"text": "Step %{x}"},
        ),
        yaxis=amount_axis(highest, currency) if currency else theme.value_axis(tickformat=",.3~s"),
    )
    what = f"Cost per step in {currency}" if currency else "Tokens per step"
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key=f"step_chart_{currency}",
        alt=f"{what}, {plural(len(steps), 'call')}, stacked by kind of token",
    )


def _layer(part: Part, steps: Sequence[TaskStep], names: Sequence[str], currency: str | None) -> dict[str, Any]:
    if currency:
        costs = [(part.cost(step) or 0) if step.currency == currency else 0 for step in steps]
        values: list[float] = [cost / PICO for cost in costs]
        texts = [money(cost, currency) for cost in costs]
    else:
        values = [part.tokens(step) or 0 for step in steps]
        texts = [f"{value:,.0f}" for value in values]
    return {
        "type": "bar",
        "name": part.name,
        "x": list(names),
        "y": values,
        "customdata": texts,
        "hovertemplate": "%{customdata}",
        "marker": {"color": part.colour, "line": theme.edge(part.colour)},
    }


def _unknown(names: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Unknown cost",
        "x": list(names),
        "y": [0] * len(names),
        "hovertemplate": "unknown",
        "marker": {"symbol": "x", "size": 9, "color": theme.ink().strong},
        "cliponaxis": False,
    }


def _step_names(steps: Sequence[TaskStep]) -> list[str]:
    """A name per call: its step, and which try it was where a step has several."""
    names: list[str] = []
    for place, step in enumerate(steps, 1):
        name = str(step.step) if step.step is not None else f"#{place}"
        tries = sum(other == name or other.startswith(f"{name}, try ") for other in names)
        names.append(f"{name}, try {tries + 1}" if tries else name)
    return names


def show_step_table(steps: Sequence[TaskStep]) -> None:
    """Every call with its tokens, its exact cost, the rate that priced it, and where it was logged."""
    tokens = ("Uncached input", "Cached", "Output", "Reasoning")
    st.caption(f"{plural(len(steps), 'call')}, to the last digit")
    show_frame(
        _frame(steps),
        hide_index=True,
        placeholder="–",
        alt="The calls of the task, in order",
        height="content" if len(steps) <= WHOLE_TABLE else 580,
        column_config={
            "Step": st.column_config.TextColumn(pinned=True),
            "Cost": st.column_config.TextColumn(alignment="right", help="To the last digit."),
            **{name: st.column_config.NumberColumn(format="%,d", help=HELP[name]) for name in tokens},
            "Latency": st.column_config.TextColumn(alignment="right"),
            "Note": st.column_config.TextColumn(width="medium"),
            "Rate source": st.column_config.TextColumn(width="large"),
        },
    )


def _frame(steps: Sequence[TaskStep]) -> pd.DataFrame:
    """For the eye alone: amounts are texts; what no step has is left out."""
    notes = [_note(step) for step in steps]
    columns = {
        "Step": _step_names(steps),
        "Cost": [_exact(step) for step in steps],
        "Model": [step.model or "–" for step in steps],
        "Seller": [step.seller or "–" for step in steps],
        "Uncached input": _whole(step.input for step in steps),
        "Cached": _whole(step.cache_read for step in steps),
        "Output": _whole(step.output for step in steps),
        "Reasoning": _whole(step.reasoning for step in steps),
        "Status": [_status(step) for step in steps],
        "Latency": [duration(step.latency_ms) for step in steps],
        "Note": notes if any(notes) else None,
        "Logged in": [f"{Path(step.file).name}:{step.line}" for step in steps],
        "Rate checked": [day(step.rate_checked) for step in steps],
        "Rate source": [step.rate_source or "–" for step in steps],
    }
    return pd.DataFrame({name: values for name, values in columns.items() if values is not None})


def _whole(values: Iterable[int | None]) -> "pd.Series[int]":
    return pd.Series(list(values), dtype="Int64")


def _exact(step: TaskStep) -> str:
    if not step.counted:
        return "not counted"
    return "unknown" if step.cost is None else f"{format_pico(step.cost)} {step.currency}"


def _note(step: TaskStep) -> str:
    """Why the cost is what it is, where that is not plain."""
    notes = []
    if not step.counted:
        notes.append("a second sighting of a call that is already billed")
    if step.unpriced_reason:
        notes.append(step.unpriced_reason)
    if step.review:
        band = (
            f" ({money(step.cost_low, step.currency)}–{money(step.cost_high, step.currency)})"
            if step.cost_low is not None
            else ""
        )
        notes.append(f"needs review: {step.review}{band}")
    if step.billable_reason not in ORDINARY:
        notes.append(step.billable_reason)
    return "; ".join(notes)


def _status(step: TaskStep) -> str:
    return " ".join(str(part) for part in (step.http_status, step.error_category) if part is not None) or "–"
