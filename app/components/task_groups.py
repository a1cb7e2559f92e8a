"""What a task costs, and a resolved one, by model, team or kind: a picture with intervals, and the figures."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.intervals import Interval
from analysis.tasks import BY, Group, Worth, ends_of
from app import theme
from app.components.columns import counts, right
from app.components.formats import UNKNOWN, count, literal, plural
from app.components.page import Run
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from app.components.task_data import groups_of
from app.components.task_worth import between, per_task, resolved_text
from app.task_evidence import Grouped
from pricing.money import PICO

MISSING = {"model": "no model named", "team": "no team named", "kind": "kind not known"}
DRAWN = 12
"""Groups drawn; the table has them all."""
SERIES: tuple[tuple[str, str, Callable[[Worth], Fraction | None], Callable[[Worth], Interval]], ...] = (
    ("Per task", theme.BLUE, lambda worth: worth.mean, lambda worth: worth.per_task),
    ("Per resolved task", theme.ORANGE, lambda worth: worth.mean_resolved, lambda worth: worth.per_resolved),
)


def show_groups(run: Run) -> None:
    """The section: the reader picks what tasks are put together by."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("What a task costs", width="content")
            by = st.segmented_control(
                "By", list(BY), default="model", required=True, format_func=str.capitalize, key="task_by",
                bind="query-params", label_visibility="collapsed",
            )  # fmt: skip
        found = groups_of(run, by)
        currency = run.charted([worth.currency for worth in found.whole.worths])
        if currency:
            _draw(found.groups, by, currency)
        _show_table(found.groups, by, currency)
        for note in _notes(found, by):
            st.caption(note)


def _draw(groups: Sequence[Group], by: str, currency: str) -> None:
    """A dot per figure, with the interval that it lies in."""
    drawn = [
        (group.name or MISSING[by], worth) for group in groups for worth in group.worths if worth.currency == currency
    ][:DRAWN]
    names = [name for name, _ in drawn]
    traces = [_dots(name, colour, value, interval, drawn) for name, colour, value, interval in SERIES]
    traces = [trace for trace in traces if any(x is not None for x in trace["x"])]
    highest = max((worth.mean_resolved or worth.mean for _, worth in drawn), default=Fraction(0))
    figure = theme.figure(
        traces,
        height=90 + 54 * len(drawn),
        annotations=[_label(name) for name in names],
        showlegend=True,
        hovermode="closest",
        scattermode="group",
        xaxis=amount_axis(int(highest), currency),
        yaxis=theme.axis(
            type="category",
            categoryorder="array",
            categoryarray=names,
            range=[len(names) - 0.5, -0.7],
            showticklabels=False,
        ),
    )
    st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key="task_groups",
        alt=f"Cost per task and per resolved task in {currency} by {by}, each with its 95% interval",
    )


def _label(name: str) -> dict[str, Any]:
    """A group's name above its dots: beside them it would take half of a phone."""
    font = {"color": theme.ink().soft, "size": 12}
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": name, "yshift": 19}
    return {**place, "text": escape(name), "showarrow": False, "font": font}


def _dots(
    name: str,
    colour: str,
    value: Callable[[Worth], Fraction | None],
    interval: Callable[[Worth], Interval],
    drawn: Sequence[tuple[str, Worth]],
) -> dict[str, Any]:
    values = [value(worth) for _, worth in drawn]
    ends = [ends_of(interval(worth)) for _, worth in drawn]
    pairs = list(zip(values, ends, strict=True))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "y": [group for group, _ in drawn],
        "x": [None if each is None else float(each / PICO) for each in values],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [float(end[1] - each) / PICO if end and each is not None else 0 for each, end in pairs],
            "arrayminus": [float(each - end[0]) / PICO if end and each is not None else 0 for each, end in pairs],
            "color": theme.stroke(colour),
            "thickness": 2,
            "width": 5,
        },
        "customdata": [between(interval(worth), worth.currency) for _, worth in drawn],
        "hovertemplate": f"%{{y}}, {name.lower()}: %{{x:,.4f}}<br>95%: %{{customdata}}<extra></extra>",
        "marker": {
            "color": colour,
            "line": theme.edge(colour),
            "size": 11,
            "symbol": "circle" if name == "Per task" else "diamond",
        },
    }


def _show_table(groups: Sequence[Group], by: str, currency: str | None) -> None:
    """Every group and currency; amounts are texts."""
    rows = [(group, worth) for group in groups for worth in _ordered(group, currency)]
    title = by.capitalize()
    show_frame(
        pd.DataFrame([{title: group.name or MISSING[by], **_figures(group, worth)} for group, worth in rows]),
        hide_index=True,
        height="content" if len(rows) <= DRAWN else "auto",
        alt=f"Cost per task and per resolved task by {by}",
        column_config={
            title: st.column_config.TextColumn(pinned=True),
            **counts(("Tasks",)),
            **right(("Of known cost", "Per task", "95%", "Resolved", "Per resolved task", "95% ")),
            **right(("Mean calls", "Mean steps")),
        },
    )


def _ordered(group: Group, currency: str | None) -> Sequence[Worth | None]:
    return sorted(group.worths, key=lambda worth: (worth.currency != currency, worth.currency)) or (None,)


def _figures(group: Group, worth: Worth | None) -> dict[str, object]:
    """The cells of a group in one currency; calls and steps are means per task."""
    return {
        "Tasks": group.tasks,
        "Of known cost": count(worth.tasks) if worth else "none",
        "Per task": per_task([worth])[0] if worth else UNKNOWN,
        "95%": between(worth.per_task, worth.currency) if worth else "–",
        "Resolved": f"{count(worth.resolved)} of {count(worth.judged)}" if worth and worth.judged else "–",
        "Per resolved task": resolved_text(worth) if worth else UNKNOWN,
        "95% ": between(worth.per_resolved, worth.currency) if worth else "–",
        "Mean calls": f"{group.calls / group.tasks:.1f}",
        "Mean steps": "–" if group.steps is None else f"{group.steps / group.tasks:.1f}",
    }


def _notes(found: Grouped, by: str) -> list[str]:
    """What an interval is, who is left out, and where an interval leans on one task."""
    whole = found.whole
    notes = ["Intervals are of 95% and draw tasks anew, not calls; calls and steps are means per task."]
    if whole.unknown:
        notes.append(f"{plural(whole.unknown, 'task')} with calls of unknown cost: in no amount, and not counted as 0.")
    if whole.several_currencies:
        notes.append(f"{plural(whole.several_currencies, 'task')} billed in several currencies: in no amount.")
    if not whole.judged and found.outcomes:
        notes.append(f"Of {plural(found.outcomes, 'known outcome')} none is of these tasks.")
    elif not whole.judged:
        notes.append("How tasks ended is not known: `tollbook outcome load FILE` says it.")
    if by == "kind":
        parts = ((found.entered, "as entered"), (found.tagged, "as tagged"), (found.held, "by what the calls hold"))
        told = [f"{count(number)} {where}" for number, where in parts if number]
        notes.append(f"Kinds of tasks: {', '.join(told)}." if told else "No log says of what kind its tasks are.")
    for group in found.groups:
        name = literal(group.name or MISSING[by])
        notes += [f"{name}, {worth.currency}: {why}." for worth in group.worths for why in worth.warnings]
    return notes
