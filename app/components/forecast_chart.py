"""A forecast as a chart: what each day cost, what the days to come may cost, and what happened in between."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import streamlit as st

from app import theme
from app.components.forecast_data import BACK_DAYS, Line, Page
from app.components.formats import money
from app.components.spend_chart import amount_axis
from planning.events import MASKS
from planning.glance import Day, Glance
from pricing.money import PICO

BAND = "rgba(86,180,233,0.28)"
"""The palette's light blue, so faint that lines can be read through it."""
MASKED = "rgba(138,148,160,0.22)"
DAY = timedelta(days=1)
VIEWS = ("Per day", "Added up")
MARKS = 6
"""More labels than this would lie on one another."""
RANKS = ("Billed", "Projected", "Run-rate", "Period before")
"""The lines in the order of the legend, the band last."""
Point = tuple[date, int]


def show_chart(page: Page, line: Line, glance: Glance) -> None:
    """Draw the days, or their sum since the period began."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Billed and projected", width="content")
        view = st.segmented_control(
            "View", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
    added_up = view == VIEWS[1]
    actual = _added_up(page, line) if added_up else _per_day(page, line)
    days = line.running if added_up else line.days
    band = _band(days, line.currency) if glance.is_forecast else []
    traces = [*band, *(_beside(page, glance) if added_up else [])]
    traces += [_projected(actual, days, line.currency), _actual(actual, line.currency)]
    most = max([pico for _, pico in actual] + [day.high for day in days] + [0])
    marks = [] if not actual and not days else _marks(page, actual[0][0] if actual else page.begun)
    figure = theme.figure(
        [trace for trace in traces if trace],
        height=380,
        showlegend=True,
        hovermode="x unified",
        xaxis=theme.axis(type="date", tickformat="%-d %b", hoverformat="%A, %-d %b %Y", nticks=8),
        yaxis=amount_axis(most, line.currency),
        shapes=[shape for shape, _ in marks],
        annotations=[label for _, label in marks if label],
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="forecast_chart", alt=_alt(page, glance))
    if band and not added_up:
        st.caption("The band is of single days: a period's band is narrower than its days' added up, as days even out.")


def _per_day(page: Page, line: Line) -> list[Point]:
    """Whole days as priced, some weeks back; a day without traffic cost nothing."""
    first = max(line.billed_from, min(page.period.first, page.begun - BACK_DAYS * DAY))
    return [(first + number * DAY, _billed(line, first + number * DAY)) for number in range((page.begun - first).days)]


def _added_up(page: Page, line: Line) -> list[Point]:
    """Whole days of the period, each with those before it."""
    first = page.period.first
    days = [first + number * DAY for number in range(max(0, (min(page.begun, page.period.last + DAY) - first).days))]
    return list(zip(days, accumulate(_billed(line, day) for day in days), strict=True))


def _billed(line: Line, day: date) -> int:
    place = (day - line.billed_from).days
    return line.billed[place] if 0 <= place < len(line.billed) else 0


def _actual(points: Sequence[Point], code: str) -> dict[str, Any] | None:
    return _line("Billed", points, code, color=theme.BLUE, width=2.5) if points else None


def _projected(actual: Sequence[Point], days: Sequence[Day], code: str) -> dict[str, Any] | None:
    """The middle of each day, drawn on from the last one billed."""
    if not days:
        return None
    points = [*actual[-1:], *((each.day, each.middle) for each in days)]
    trace = _line("Projected", points, code, color=theme.BLUE, width=2.5, dash="dash")
    if actual:
        # What was billed is said once, by its own line.
        trace["customdata"] = ["", *trace["customdata"][1:]]
    return trace


def _band(days: Sequence[Day], code: str) -> list[dict[str, Any]]:
    """Its lower edge first, without a name; the upper one fills down to it."""
    edge = {"type": "scatter", "mode": "lines", "x": [str(each.day) for each in days], "line": {"width": 0}}
    return [
        edge | {"y": [each.low / PICO for each in days], "showlegend": False, "hoverinfo": "skip"},
        edge
        | {
            "y": [each.high / PICO for each in days],
            "name": "80% band",
            "legendrank": 1100,
            "fill": "tonexty",
            "fillcolor": BAND,
            "customdata": [f"{money(each.low, code)} to {money(each.high, code)}" for each in days],
            "hovertemplate": "%{customdata}",
        },
    ]


def _beside(page: Page, glance: Glance) -> list[dict[str, Any] | None]:
    """The run-rate to the period's end, and the whole period before as a level."""
    code, lines = glance.currency, []
    first, last = page.period.first, page.period.last
    if glance.run_rate is not None:
        points = [(first, glance.run_rate // page.period.days), (last, glance.run_rate)]
        lines.append(_line("Run-rate", points, code, color=theme.stroke(theme.ORANGE), width=1.5, dash="dot"))
    if glance.before is not None and glance.before_is_whole:
        points = [(first, glance.before), (last, glance.before)]
        lines.append(_line("Period before", points, code, color=theme.OTHER, width=1.5, dash="dot"))
    return [*lines]


def _line(name: str, points: Sequence[Point], code: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(points) > 1 else "markers",
        "name": name,
        "legendrank": RANKS.index(name),
        "x": [str(day) for day, _ in points],
        "y": [pico / PICO for _, pico in points],
        "customdata": [money(pico, code) for _, pico in points],
        "hovertemplate": "%{customdata}",
        "line": line,
        "marker": {"color": line["color"], "size": 8},
    }


def _marks(page: Page, first: date) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """The present, events and changes of rates as lines from top to bottom, each with its word; masked days grey."""
    found: dict[tuple[date, str], dict[str, Any]] = {}
    for event in page.events:
        last = event.last or event.first
        if event.kind in MASKS and last >= first:
            found.setdefault((max(event.first, first), event.kind), _shade(max(event.first, first), last))
        elif event.kind not in MASKS and event.first >= first:
            found.setdefault((event.first, event.kind), _vertical(event.first))
    for change in page.changes:
        found.setdefault((change.at.date(), "rate changes"), _vertical(change.at.date()))
    in_order = sorted(found.items(), key=lambda mark: mark[0])
    return [
        (shape, _label(day, word) if number < MARKS else None) for number, ((day, word), shape) in enumerate(in_order)
    ]


def _vertical(day: date) -> dict[str, Any]:
    line = {"color": theme.VERMILION, "width": 1.2, "dash": "dot"}
    return {"type": "line", "x0": str(day), "x1": str(day), "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _shade(first: date, last: date) -> dict[str, Any]:
    edges = {"x0": f"{first - DAY}T12:00", "x1": f"{last}T12:00", "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "rect", **edges, "fillcolor": MASKED, "line": {"width": 0}, "layer": "below"}


def _label(day: date, word: str) -> dict[str, Any]:
    place = {"x": str(day), "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": 4}
    return {**place, "text": word, "showarrow": False, "font": {"size": 12, "color": theme.ink().soft}}


def _alt(page: Page, glance: Glance) -> str:
    code = glance.currency
    return (
        f"{page.period.name} in {code}: {money(glance.spent, code)} billed so far, projected "
        f"{money(glance.middle, code)}, 80% between {money(glance.low, code)} and {money(glance.high, code)}"
    )
