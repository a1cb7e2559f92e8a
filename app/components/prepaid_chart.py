"""What is left of a prepaid account, day by day: as it was, and as it may go on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from app import theme
from app.balances import Standing
from app.components.formats import money
from app.components.spend_chart import amount_axis
from planning.prepaid import Ahead, Past
from pricing.money import PICO
from warehouse.recurring import billing_day

BAND = "rgba(86,180,233,0.28)"
"""The palette's light blue, so faint that lines can be read through it."""
PAST_DAYS = 45
"""So many days behind are drawn."""
MORE_DAYS = 7
"""So many days are drawn beyond the one by which it has run out on nine paths of ten."""


def show_balance_chart(found: Standing, past: Past) -> None:
    """Draw what is left at the end of each day."""
    code = found.account.currency
    days = past.days[-PAST_DAYS:]
    held, known = dict(days), _known(found, past)
    days = tuple(each for each in days if each[0] <= known)
    traces = [
        *(_ahead(found.ahead, _begin(found, past), days, code) if found.ahead else []),
        _line("Left", [day for day, _ in days], [pico for _, pico in days], code, color=theme.BLUE, width=3),
        *_marks(found, held),
    ]
    most = max([pico for _, pico in days] + [0])
    figure = theme.figure(
        traces,
        height=300,
        showlegend=True,
        hovermode="x unified",
        xaxis=theme.axis(type="date", tickformat="%-d %b", hoverformat="%A, %-d %b %Y", nticks=8),
        yaxis=amount_axis(most, code),
    )
    key = f"prepaid_chart_{found.account.account_id}"
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key=key, alt=_alt(found, past))


def _known(found: Standing, past: Past) -> date:
    """The last day that the solid line shows: it does not go on, flat, where days have no data yet."""
    last = past.days[-1][0]
    return max(found.data_day or last, past.days[0][0]) if found.is_stale else last


def _begin(found: Standing, past: Past) -> date:
    """The first day that is drawn as projected: the paths have every entry in them from their first day on."""
    assert found.ahead is not None
    entered = [each.shown.day for each in past.adjusted]
    entered += [billing_day(each.credited_at, found.zone) for each in found.topups]
    held = (day for day in entered if day <= found.today)
    return max([found.ahead.first, *held]) if found.is_stale else found.ahead.first


def _ahead(ahead: Ahead, begin: date, past: Sequence[tuple[date, int]], code: str) -> list[dict[str, Any]]:
    """The band, its lower edge first without a name, and the path in the middle; nothing is drawn below 0."""
    count = (((ahead.late or ahead.last) - ahead.first).days + 1 + MORE_DAYS) if ahead.late else len(ahead.needs)
    days = [date.fromordinal(ahead.first.toordinal() + number) for number in range(min(count, len(ahead.needs)))]
    low, median, high = ([max(0, pico) for pico in edge[: len(days)]] for edge in (ahead.low, ahead.median, ahead.high))
    place = min((begin - ahead.first).days, len(days) - 1)
    days, (low, median, high) = days[place:], (edge[place:] for edge in (low, median, high))
    if place == 0 and past and days[0] > past[-1][0]:
        last, left = past[-1]
        days = [last, *days]
        low, median, high = ([max(0, left), *edge] for edge in (low, median, high))
    at = [day.isoformat() for day in days]
    edge = {"type": "scatter", "mode": "lines", "x": at, "line": {"width": 0}}
    said = [f"{money(less, code)} to {money(more, code)}" for less, more in zip(low, high, strict=True)]
    return [
        {**edge, "y": [pico / PICO for pico in low], "showlegend": False, "hoverinfo": "skip"},
        {
            **edge,
            "y": [pico / PICO for pico in high],
            "name": "80% band",
            "fill": "tonexty",
            "fillcolor": BAND,
            "customdata": said,
            "hovertemplate": "%{customdata}",
        },
        _line("Projected", days, median, code, color=theme.BLUE, width=2.5, dash="dash"),
    ]


def _marks(found: Standing, left: dict[date, int]) -> list[dict[str, Any]]:
    """Top-ups and balances that the seller showed, on their days."""
    code, zone = found.account.currency, found.zone
    topups = [(billing_day(each.credited_at, zone), each.pico) for each in found.topups]
    readings = [(billing_day(each.read_at, zone), each.pico) for each in found.readings]
    marks = []
    for name, entries, symbol, colour in (
        ("Top-up", [(day, left[day], pico) for day, pico in topups if day in left], "triangle-up", theme.GREEN),
        ("Balance shown", [(day, pico, pico) for day, pico in readings if day in left], "diamond", theme.VERMILION),
    ):
        if entries:
            marks.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": name,
                    "x": [day.isoformat() for day, *_ in entries],
                    "y": [place / PICO for _, place, _ in entries],
                    "customdata": [money(pico, code) for *_, pico in entries],
                    "hovertemplate": "%{customdata}",
                    "marker": {"color": colour, "size": 11, "symbol": symbol},
                }
            )
    return marks


def _line(name: str, days: Sequence[date], left: Sequence[int], code: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(days) > 1 else "markers",
        "name": name,
        "x": [day.isoformat() for day in days],
        "y": [pico / PICO for pico in left],
        "customdata": [money(pico, code) for pico in left],
        "hovertemplate": "%{customdata}",
        "line": line,
        "marker": {"color": line["color"], "size": 8},
    }


def _alt(found: Standing, past: Past) -> str:
    text = f"{money(past.left, found.account.currency)} left at {found.account.name}"
    if past.left < 0:
        return text + ", below zero"
    if found.is_over:
        return text + ", probably run out by now"
    if found.ahead and found.ahead.middle:
        text += f", running out on {found.ahead.middle}"
    return text
