"""The month as one bar: spent, what is projected to come, its band, and the budget."""

from typing import Any

from app import theme
from app.components.formats import money
from app.components.spend_chart import amount_axis
from app.morning_month import SoFar
from planning.glance import Period
from pricing.money import PICO

HEIGHT = 84
TO_COME = 0.35
"""How much of its colour what is projected has."""
BESIDE = 1.1
"""So much wider than what is drawn is the axis: there is room for the band's name."""
BELOW = -0.26
"""The band runs below the bar's middle, where the names stand; a bar is 1 high."""


def bullet_figure(row: SoFar, budget: int | None) -> theme.Figure:
    """Spent in full colour, what may come paler, its band as a line, the budget as a mark; each says what it is."""
    found, colours = row.glance, theme.ink()
    most = max(found.spent, found.high, budget or 0)
    traces: list[dict[str, Any]] = [
        _bar("spent", (0, found.spent), money(found.spent, found.currency)),
        _bar("to come", (found.spent, found.middle), money(found.middle - found.spent, found.currency)),
    ]
    layout: dict[str, Any] = {"shapes": [], "annotations": []}
    if found.is_forecast:
        traces.append(_band(row, colours.strong))
    if budget is not None:
        layout = _mark(budget, most, f"budget {money(budget, found.currency)}")
    return theme.figure(
        traces,
        height=HEIGHT,
        barmode="overlay",
        bargap=0.3,
        showlegend=False,
        margin={"l": 0, "r": 0, "t": 22 if budget is not None else 4, "b": 24},
        xaxis=amount_axis(most, found.currency) | {"range": [0, most * BESIDE / PICO]},
        yaxis=theme.axis(showticklabels=False, range=[-0.5, 0.5]),
        uniformtext={"minsize": 12, "mode": "hide"},
        **layout,
    )


def _bar(name: str, ends: tuple[int, int], amount: str) -> dict[str, Any]:
    """A part of the bar, with its name in it where it is wide enough; ``spent`` is in full colour."""
    start, end = ends
    opacity, ink = (1.0, theme.LIGHT.paper) if name == "spent" else (TO_COME, theme.ink().strong)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [0],
        "base": [start / PICO],
        "x": [max(0, end - start) / PICO],
        "marker": {"color": theme.BLUE, "opacity": opacity},
        "text": [name],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "insidetextfont": {"color": ink, "size": 12},
        "hovertemplate": f"{name}: {amount}<extra></extra>",
    }


def _band(row: SoFar, colour: str) -> dict[str, Any]:
    found = row.glance
    text = f"month-end, 80%: {money(found.low, found.currency)} to {money(found.high, found.currency)}"
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": "80% band",
        "text": ["", "80%"],
        "textposition": "middle right",
        "textfont": {"color": colour, "size": 12},
        "y": [BELOW, BELOW],
        "x": [found.low / PICO, found.high / PICO],
        "line": {"color": colour, "width": 2},
        "marker": {"color": colour, "size": 10, "symbol": "line-ns", "line": {"color": colour, "width": 2}},
        "hovertemplate": f"{text}<extra></extra>",
    }


def _mark(budget: int, most: int, text: str) -> dict[str, Any]:
    at, colour = budget / PICO, theme.VERMILION
    line = {
        "type": "line",
        "x0": at,
        "x1": at,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": colour, "width": 3},
    }
    anchor = "right" if budget > most / 2 else "left"
    note = {"x": at, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": anchor, "text": text, "showarrow": False}
    return {"shapes": [line], "annotations": [note | {"font": {"color": theme.ink().strong, "size": 12}}]}


def bullet_alt(row: SoFar, budget: int | None, period: Period) -> str:
    """The bar in words."""
    found = row.glance
    code = found.currency
    band = f", 80% from {money(found.low, code)} to {money(found.high, code)}" if found.is_forecast else ""
    beside = f", budget {money(budget, code)}" if budget is not None else ""
    return f"{period.name}: {money(found.spent, code)} spent, {money(found.middle, code)} projected{band}{beside}"
