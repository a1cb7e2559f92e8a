"""One budget's period as a chart: spent so far, what is projected with its band, the amount, and an even pace."""

from datetime import date
from typing import Any

import streamlit as st

from app import theme
from app.budgets import Stood
from app.components.formats import money
from app.components.spend_chart import amount_axis
from pricing.money import PICO

BAND = "rgba(86,180,233,0.28)"
"""The palette's light blue, so faint that lines can be read through it."""


def show_burn(each: Stood) -> None:
    """Draw the sums through each day."""
    place, burn = each.standing, each.burn
    code = place.budget.currency
    traces = [*_band(each), _pace(each), _amount(each), _median(each), _spent(each)]
    most = max([place.amount, place.spent, *(band.high for _, band in burn.bands)], default=0)
    figure = theme.figure(
        [trace for trace in traces if trace],
        height=380,
        showlegend=True,
        legend=theme.legend(traceorder="reversed"),
        hovermode="x unified",
        xaxis=theme.axis(type="date", tickformat="%-d %b", hoverformat="%A, %-d %b %Y", nticks=8),
        yaxis=amount_axis(most, code),
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="burn_chart", alt=_alt(each))


def _spent(each: Stood) -> dict[str, Any] | None:
    code = each.standing.budget.currency
    days = [(day, pico) for day, pico in each.burn.spent]
    return _line("Spent", days, code, color=theme.BLUE, width=3) if days else None


def _median(each: Stood) -> dict[str, Any] | None:
    days = [(day, band.median) for day, band in each.burn.bands]
    return _line("Projected", days, each.standing.budget.currency, color=theme.BLUE, width=2.5, dash="dash")


def _band(each: Stood) -> list[dict[str, Any]]:
    """Its lower edge first, without a name; the upper one fills down to it."""
    days = [day.isoformat() for day, _ in each.burn.bands]
    code = each.standing.budget.currency
    said = [f"{money(band.low, code)} to {money(band.high, code)}" for _, band in each.burn.bands]
    edge = {"type": "scatter", "mode": "lines", "x": days, "line": {"width": 0}}
    return [
        edge
        | {"y": [band.low / PICO for _, band in each.burn.bands], "showlegend": False, "hoverinfo": "skip"},
        edge
        | {
            "y": [band.high / PICO for _, band in each.burn.bands],
            "name": "80% band",
            "fill": "tonexty",
            "fillcolor": BAND,
            "customdata": said,
            "hovertemplate": "%{customdata}",
        },
    ]  # fmt: skip


def _amount(each: Stood) -> dict[str, Any]:
    place = each.standing
    days = [(day, place.amount) for day in (place.span.first, _end(each))]
    return _line("Amount", days, place.budget.currency, color=theme.VERMILION, width=2, dash="solid")


def _pace(each: Stood) -> dict[str, Any] | None:
    """From nothing on the morning of the first day to the amount on the evening of the last."""
    place = each.standing
    if place.span.last is None or not place.span.days:
        return None
    days = [(place.span.first, place.amount // place.span.days), (place.span.last, place.amount)]
    return _line("Even pace", days, place.budget.currency, color=theme.OTHER, width=1.5, dash="dot")


def _line(name: str, days: list[tuple[date, int]], code: str, **line: Any) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(days) > 1 else "markers",
        "name": name,
        "x": [day.isoformat() for day, _ in days],
        "y": [pico / PICO for _, pico in days],
        "customdata": [money(pico, code) for _, pico in days],
        "hovertemplate": "%{customdata}",
        "line": line,
        "marker": {"color": line["color"], "size": 8},
    }


def _end(each: Stood) -> date:
    days = [day for day, _ in (*each.burn.spent, *each.burn.bands)]
    return each.standing.span.last or max(days, default=each.standing.span.first)


def _alt(each: Stood) -> str:
    place = each.standing
    code = place.budget.currency
    text = f"{money(place.spent, code)} spent of {money(place.amount, code)}"
    if place.projected:
        band = place.projected
        text += (
            f", projected {money(band.median, code)}, 80% between {money(band.low, code)} and {money(band.high, code)}"
        )
    return text
