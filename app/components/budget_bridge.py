"""Why a period costs more or less than the days before it, and than an even pace would allow."""

from typing import Any

import streamlit as st

from app import theme
from app.budgets import Stood
from app.components.formats import MINUS, day, literal, money
from app.components.spend_chart import amount_axis
from planning.variance import Bridge
from pricing.money import PICO

STEPS = {"volume": "Volume", "mix": "Mix", "price": "Price"}


def show_variance(each: Stood) -> None:
    """Against the plan in one line, and from the days before in steps."""
    place = each.standing
    code = place.budget.currency
    st.header("Variance")
    if place.span.last is not None and place.through >= place.span.first:
        beyond = place.spent_whole - place.pace
        word = "above" if beyond > 0 else "below"
        st.markdown(
            literal(f"{money(place.spent_whole, code)} spent through {day(min(place.through, place.span.last))}, ")
            + f"**{literal(money(abs(beyond), code))} {word} an even pace** "
            + literal(f"of {money(place.pace, code)} by then.")
        )
    if each.bridge is None:
        st.caption("No calls on its whole days so far nor on as many days before: there is nothing to compare.")
        return
    first, last = each.compared
    until = min(place.through, place.span.last or place.through)
    st.caption(
        literal(
            f"What calls cost from {day(place.span.first)} to {day(until)}, against the equally many days before, "
            f"{day(first)} to {day(last)}. Volume: more or fewer tokens, at the mean price of before. Mix: other "
            "sellers, models and teams. Price: what a token of the same seller, model and team costs; its rates, and "
            "how much of it is cached, read or written."
        )
    )
    if each.compares_unknown:
        st.caption(f"Nothing was billed in its scope before {day(each.billed_from)}: earlier days are compared as 0.")
    st.plotly_chart(_figure(each.bridge, code), config=theme.CHART_CONFIG, key="bridge", alt=_alt(each.bridge, code))


def _figure(bridge: Bridge, code: str) -> theme.Figure:
    names = ["Before", *STEPS.values(), "Now"]
    values = [bridge.before, bridge.volume, bridge.mix, bridge.price, bridge.now]
    starts = [0, bridge.before, bridge.before + bridge.volume, bridge.before + bridge.volume + bridge.mix, 0]
    colours = [theme.OTHER, *(theme.VERMILION if step > 0 else theme.BLUE for step in values[1:4]), theme.OTHER]
    texts = [money(bridge.before, code), *(_signed(step, code) for step in values[1:4]), money(bridge.now, code)]
    ends = [start + value for start, value in zip(starts, values, strict=True)]
    most, least = max(*starts, *ends), min(0, *starts, *ends)
    room = (most - least) * 0.28
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "x": [value / PICO for value in values],
        "base": [start / PICO for start in starts],
        "marker": {"color": colours},
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
    reach = [(least - (room if least else 0)) / PICO, (most + room) / PICO]
    axis = amount_axis(most, code) | {"range": reach, "rangemode": "normal"}
    order = theme.axis(autorange="reversed", tickfont={"color": theme.ink().strong, "size": 13})
    return theme.figure([bars, labels], height=250, xaxis=axis, yaxis=order)


def _signed(pico: int, code: str) -> str:
    return f"{'+' if pico > 0 else MINUS if pico < 0 else ''}{money(abs(pico), code)}"


def _alt(bridge: Bridge, code: str) -> str:
    steps = ", ".join(f"{name} {_signed(getattr(bridge, field), code)}" for field, name in STEPS.items())
    return f"From {money(bridge.before, code)} to {money(bridge.now, code)}: {steps}"
