"""The chart of the page Explore: bars over time or by value, lines for ratios; a bar opens what it stands for."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import streamlit as st

from app import theme
from app.components.explore_words import long_stretch, named, worth
from app.components.page import Run
from app.components.spend_chart import amount_axis
from app.pivot import Key, Others, Pivot, Table
from pricing.money import PICO
from reports.colours import Paint

RATIOS = ("cost_per_request", "cost_per_mtok", "cache_share", "failed_share", "known_share")
"""What does not add up: it is drawn as lines over time, and never stacked."""
HOURS = {"hour": 1, "day": 24, "week": 168, "month": 720}
FEW_BARS = 9
HEIGHT = 340
ROW_HEIGHT = 30
LONG_NAME = 32


def show_chart(run: Run, shown: Pivot, table: Table, key: str) -> str | None:
    """Draw it; says the start of the bar that was selected, as the chart has it, or the place of the row."""
    if not table.row_totals or all(cell.value in (None, 0) for cell in table.row_totals.values()):
        st.caption("Nothing here has a known figure to draw.")
        return None
    is_time = shown.view.step is not None
    figure = _over_time(run, shown, table) if is_time else _by_value(run, shown, table)
    chosen = st.plotly_chart(
        figure,
        config=theme.CHART_CONFIG,
        key=key,
        on_select="rerun",
        selection_mode="points",
        alt=_alt(shown, table),
    )
    points = chosen.selection.points
    return str(points[0]["customdata"][1]) if points else None


def _over_time(run: Run, shown: Pivot, table: Table) -> theme.Figure:
    is_ratio = shown.view.measure in RATIOS
    traces = [_series(run, shown, table, row) for row in _drawn(table, is_ratio)]
    step = shown.view.step or "day"
    return theme.figure(
        [trace for trace in traces if trace["x"]],
        height=HEIGHT,
        barmode="stack",
        hovermode="x unified",
        clickmode="event+select",
        showlegend=True,
        xaxis=_time_axis([at for at in table.columns if isinstance(at, date)], step),
        yaxis=_axis(shown, table, [_drawn_value(cell.value) for cell in _heights(table, is_ratio)]),
    )


def _drawn(table: Table, is_ratio: bool) -> list[Key]:
    return [row for row in table.rows if not (is_ratio and isinstance(row, Others))]


def _heights(table: Table, is_ratio: bool) -> list[Any]:
    return list((table.cells if is_ratio else table.column_totals or table.row_totals).values())


def _series(run: Run, shown: Pivot, table: Table, row: Key) -> dict[str, Any]:
    step = shown.view.step or "day"
    known = [(at, table.cells.get((row, at))) for at in table.columns if isinstance(at, date)]
    cells = [(at, cell.value) for at, cell in known if cell is not None and cell.value]
    paint = _paint(run, shown.view.rows, row, table.rows)
    common = {
        "name": _short(named(shown.view.rows, row)),
        "x": [_x(at) for at, _ in cells],
        "y": [_scaled(value, shown) for _, value in cells],
        "customdata": [[worth(value, shown.measure, table.currency), _x(at)] for at, value in cells],
        "hovertemplate": "%{customdata[0]}",
    }
    if shown.view.measure in RATIOS:
        line = {"color": paint.colour, "width": 2, "dash": "dot" if paint.pattern else "solid"}
        return common | {"type": "scatter", "mode": "lines+markers", "line": line, "marker": {"size": 6}}
    return common | _bar(paint) | {"width": HOURS[step] * 3_600_000 * 0.72}


def _bar(paint: Paint) -> dict[str, Any]:
    # What was selected is opened: nothing needs to fade meanwhile.
    plain = {"marker": {"opacity": 1}}
    return {"type": "bar", "marker": theme.marker(paint), "selected": plain, "unselected": plain}


def _by_value(run: Run, shown: Pivot, table: Table) -> theme.Figure:
    rows = [row for row in reversed(table.rows) if table.row_totals[row].value is not None]
    labels = _unlike([_short(named(shown.view.rows, row)) for row in rows])
    is_split = bool(table.columns) and shown.view.measure not in RATIOS
    traces = (
        [_part(run, shown, table, (column, rows, labels)) for column in table.columns]
        if is_split
        else [_whole(run, shown, table, (rows, labels))]
    )
    values = [_drawn_value(cell.value) for cell in table.row_totals.values()]
    return theme.figure(
        traces,
        height=max(160, ROW_HEIGHT * len(rows) + 60),
        barmode="stack",
        hovermode="closest",
        clickmode="event+select",
        showlegend=is_split,
        xaxis=_axis(shown, table, values),
        yaxis=theme.axis(type="category", categoryorder="array", categoryarray=labels),
    )


def _whole(run: Run, shown: Pivot, table: Table, drawn: tuple[list[Key], list[str]]) -> dict[str, Any]:
    rows, labels = drawn
    values = [table.row_totals[row].value or 0 for row in rows]
    paints = [_paint(run, shown.view.rows, row, table.rows) for row in rows]
    texts = [worth(value, shown.measure, table.currency) for value in values]
    return _bar(paints[0]) | {
        "orientation": "h",
        "y": labels,
        "x": [_scaled(value, shown) for value in values],
        "text": texts,
        "textposition": "auto",
        "customdata": [[text, table.rows.index(row)] for text, row in zip(texts, rows, strict=True)],
        "hovertemplate": "%{y}: %{customdata[0]}<extra></extra>",
        "marker": {"color": [paint.colour for paint in paints], "line": {"width": 0}},
    }


def _part(run: Run, shown: Pivot, table: Table, drawn: tuple[Key, list[Key], list[str]]) -> dict[str, Any]:
    column, rows, labels = drawn
    columns = shown.view.columns or ""
    cells = [
        (label, row, cell.value)
        for label, row in zip(labels, rows, strict=True)
        if (cell := table.cells.get((row, column))) is not None and cell.value
    ]
    name = _short(named(columns, column))
    return _bar(_paint(run, columns, column, table.columns)) | {
        "orientation": "h",
        "name": name,
        "y": [label for label, _, _ in cells],
        "x": [_scaled(value, shown) for _, _, value in cells],
        "customdata": [[worth(value, shown.measure, table.currency), table.rows.index(row)] for _, row, value in cells],
        "hovertemplate": f"%{{y}}, {_safe(name)}: %{{customdata[0]}}<extra></extra>",
    }


def _axis(shown: Pivot, table: Table, values: Sequence[int | Fraction]) -> dict[str, Any]:
    if shown.measure.unit == "money":
        return amount_axis(round(max(values, default=0)), table.currency or "")
    if shown.measure.unit == "share":
        return theme.value_axis(tickformat=".0%")
    return theme.value_axis(tickformat=",.3~s" if max(values, default=0) >= 1000 else ",d")


def _time_axis(at: list[date], step: str) -> dict[str, Any]:
    form = {"hour": "%H:%M\n%-d %b", "day": "%-d %b", "week": "%-d %b %Y", "month": "%b %Y"}[step]
    hover = {"hour": "%A, %-d %b, %H:%M", "day": "%A, %-d %b %Y", "week": "Week from %-d %b %Y", "month": "%B %Y"}[step]
    axis = theme.axis(type="date", tickformat=form, hoverformat=hover, nticks=8)
    if not at or len(at) > FEW_BARS:
        return axis
    # Room on both sides, as if there were more bars; labels only where there is one.
    spare = timedelta(hours=HOURS[step]) * max(1, FEW_BARS - len(at)) * 0.5
    starts = [datetime.fromisoformat(_x(on)) for on in at]
    ends = [min(starts) - spare, max(starts) + spare]
    return axis | {"range": [end.isoformat() for end in ends], "tickvals": [start.isoformat() for start in starts]}


def _x(at: date) -> str:
    """A start as the axis has it: on the billing zone's clock."""
    return at.replace(tzinfo=None).isoformat() if isinstance(at, datetime) else at.isoformat()


def _paint(run: Run, dimension: str, value: Key, shown: Sequence[Key]) -> Paint:
    """A model's own fill; for other dimensions by place among all values where those are known, else among these."""
    if value is None or isinstance(value, Others):
        return Paint(theme.OTHER, "" if value is None else "/")
    known = run.choices.models if dimension == "model" else run.choices.values.get(dimension)
    return theme.paint_of(str(value), known or sorted(str(each) for each in shown if isinstance(each, str | int)))


def _scaled(value: int | Fraction, shown: Pivot) -> float:
    return float(Fraction(value) / PICO) if shown.measure.unit == "money" else float(value)


def _drawn_value(value: int | Fraction | None) -> int | Fraction:
    return value or 0


def _short(name: str) -> str:
    text = name if len(name) <= LONG_NAME else f"{name[: LONG_NAME - 1]}…"
    return _safe(text)


def _safe(text: str) -> str:
    """A name of a log in a chart, which reads some tags of HTML and ``%{}`` of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "% {")


def _unlike(labels: list[str]) -> list[str]:
    """Labels of which no two are the same: a chart would draw those as one."""
    seen: dict[str, int] = {}
    found = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        found.append(label + "\u200b" * (seen[label] - 1))
    return found


def _alt(shown: Pivot, table: Table) -> str:
    total = worth(table.total.value, shown.measure, table.currency) if table.total.value is not None else "unknown"
    first = next(iter(table.rows))
    over = ""
    if shown.view.step and table.column_totals:
        highest = max(table.column_totals, key=lambda at: table.column_totals[at].value or 0)
        over = f", highest {long_stretch(highest, shown.view.step)}" if isinstance(highest, date) else ""
    return f"{shown.measure.label} by {shown.view.rows}: {total} in all, most {named(shown.view.rows, first)}{over}"
