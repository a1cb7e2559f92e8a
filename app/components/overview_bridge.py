"""The bridge from what days cost before to what they cost now, cause by cause."""

from typing import Any

from app import theme
from app.components.formats import money
from app.components.spend_chart import amount_axis
from app.morning_change import Change
from app.morning_words import LABELS, signed
from pricing.money import PICO

HEIGHT = 210
ROOM = 0.3
"""Of the widest bar, kept beside it for its label."""


def bridge_figure(change: Change) -> theme.Figure:
    """Bars from before to now; what adds stands apart from what takes away by colour, sign and place."""
    names = ["Before", *(LABELS[each.cause] for each in change.causes), "Now"]
    values = [change.before, *(each.pico for each in change.causes), change.now]
    starts = [0, *_running(change), 0]
    ends = [start + value for start, value in zip(starts, values, strict=True)]
    steps = [theme.VERMILION if each.pico > 0 else theme.BLUE for each in change.causes]
    texts = [
        money(change.before, change.currency),
        *(signed(each.pico, change.currency) for each in change.causes),
        money(change.now, change.currency),
    ]
    most, least = max(*starts, *ends), min(0, *starts, *ends)
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [value / PICO for value in values],
        "base": [start / PICO for start in starts],
        "marker": {"color": [theme.OTHER, *steps, theme.OTHER]},
        "customdata": texts,
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "showlegend": False,
    }
    labels: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "y": names,
        "x": [max(start, end) / PICO for start, end in zip(starts, ends, strict=True)],
        "text": [f" {text}" for text in texts],
        "textposition": "middle right",
        "textfont": {"color": theme.ink().strong, "size": 13},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
    room = (most - least) * ROOM
    reach = [(least - (room if least else 0)) / PICO, (most + room) / PICO]
    axis = amount_axis(most, change.currency) | {"range": reach, "rangemode": "normal"}
    order = theme.axis(autorange="reversed", tickfont={"color": theme.ink().strong, "size": 13})
    return theme.figure([bars, labels], height=HEIGHT, xaxis=axis, yaxis=order)


def _running(change: Change) -> list[int]:
    """Where each cause's bar begins: where the one before it ends."""
    at, found = change.before, []
    for each in change.causes:
        found.append(at)
        at += each.pico
    return found


def bridge_alt(change: Change) -> str:
    """The bridge in words."""
    steps = ", ".join(f"{LABELS[each.cause]} {signed(each.pico, change.currency)}" for each in change.causes)
    return f"From {money(change.before, change.currency)} to {money(change.now, change.currency)}: {steps}"
