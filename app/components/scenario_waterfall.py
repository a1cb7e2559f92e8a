"""From as priced to the scenario, step by step: a waterfall, and how much of each step its place in the order makes."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from app import theme
from app.components.columns import right
from app.components.formats import money
from app.components.rate_trial import signed
from app.components.spend_chart import amount_axis
from app.components.tables import show_frame
from planning.bridge import Bridge, Step
from pricing.money import PICO

KINDS = {
    "price": ("Price", "the rates of one day instead of each call's own, other rates, a discount, batch"),
    "volume": ("Volume", "more or fewer calls, pictures and videos"),
    "mix": ("Mix", "traffic moved to another model or seller"),
    "cache": ("Cache", "more or less of the input read from the cache"),
    "effort": ("Effort", "other tiers of effort, shorter answers"),
    "retries": ("Retries", "more or fewer attempts, failed ones left out"),
}
"""The steps' names, and what makes them."""
STEP = "One kind of change, taken after those above it."
APART = "Apart"
BAR_PX = 46
ROOM = 0.3
"""Beside the longest bar, as a share of it, for its label."""


class Bar(NamedTuple):
    """One bar of the waterfall, in pico-units."""

    name: str
    start: int
    end: int
    colour: str
    text: str
    least: int
    most: int
    """Where it ends at the least and at the most, over all orders of the steps."""


def show_waterfall(bridge: Bridge, name: str = "Scenario") -> None:
    """Draw the steps that come to something."""
    bars = bars_of(bridge, name)
    alt = f"From {bars[0].text} as priced to {bars[-1].text}: " + ", ".join(
        f"{bar.name} {bar.text}" for bar in bars[1:-1]
    )
    st.plotly_chart(_figure(bars, bridge.currency), config=theme.CHART_CONFIG, key="scenario_waterfall", alt=alt)
    shown = [step for step in bridge.steps if step.counts]
    thin = " Thin lines: how far the step could come out in another order." if _is_mixed(shown) else ""
    if shown or bridge.apart:
        st.caption(f"The steps add up to the last digit.{thin}")


def show_steps(bridge: Bridge) -> None:
    """What the steps are, and what each comes to at the least and at the most, over all orders of taking them."""
    shown, code = [step for step in bridge.steps if step.counts], bridge.currency
    meanings = [f"- **{KINDS[step.kind][0]}**: {KINDS[step.kind][1]}" for step in shown]
    if bridge.apart:
        meanings.append(f"- **{APART}**: calls whose cost is known on one side alone")
    if not meanings:
        return
    with st.expander("What the steps are", icon=":material/swap_vert:"):
        st.markdown("\n".join(meanings))
        if not _is_mixed(shown):
            return
        st.caption(
            "Where two changes touch the same calls, what they do together is counted with the later step. "
            "In any order the steps add up to the same difference."
        )
        columns = {
            "Step": [KINDS[step.kind][0] for step in shown],
            "As drawn": [signed(step.pico, code) for step in shown],
            "At the least": [signed(step.least, code) for step in shown],
            "At the most": [signed(step.most, code) for step in shown],
            "Order effect": [money(step.most - step.least, code) for step in shown],
        }
        show_frame(
            pd.DataFrame(columns),
            hide_index=True,
            height="content",
            alt="Each step in the order drawn, and at the least and most over all orders",
            column_config={"Step": st.column_config.TextColumn(help=STEP), **right(list(columns)[1:])},
        )


def bars_of(bridge: Bridge, name: str) -> list[Bar]:
    """As priced, each step from where the one before it ended, and the scenario."""
    code, at = bridge.currency, bridge.billed
    bars = [Bar("As priced", 0, at, theme.OTHER, money(at, code), at, at)]
    for step in bridge.steps:
        if step.counts:
            colour = theme.VERMILION if step.pico > 0 else theme.BLUE
            text = signed(step.pico, code)
            ends = at + step.pico, at + step.least, at + step.most
            bars.append(Bar(KINDS[step.kind][0], at, ends[0], colour, text, ends[1], ends[2]))
        at += step.pico
    if bridge.apart:
        end = at + bridge.apart
        bars.append(Bar(APART, at, end, theme.PURPLE, signed(bridge.apart, code), end, end))
        at = end
    return [*bars, Bar(name, 0, at, theme.ink().soft, money(at, code), at, at)]


def _is_mixed(steps: Sequence[Step]) -> bool:
    return any(step.least != step.most for step in steps)


def _figure(bars: Sequence[Bar], code: str) -> theme.Figure:
    reaches = [max(bar.start, bar.end, bar.most) for bar in bars]
    top, low = max(1, *reaches), min(0, *(min(bar.start, bar.end, bar.least) for bar in bars))
    room = (top - low) * ROOM
    boxes: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": [bar.name for bar in bars],
        "x": [(bar.end - bar.start) / PICO for bar in bars],
        "base": [bar.start / PICO for bar in bars],
        "marker": {"color": [bar.colour for bar in bars], "cornerradius": 3},
        "width": 0.62,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    labels: dict[str, Any] = {
        "type": "scatter",
        "mode": "text",
        "y": [bar.name for bar in bars],
        "x": [reach / PICO for reach in reaches],
        "text": [f"  {bar.text}" for bar in bars],
        "textposition": "middle right",
        "textfont": {"color": theme.ink().strong, "size": 14},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
    reach = [(low - (room if low else 0)) / PICO, (top + room) / PICO]
    return theme.figure(
        [boxes, labels],
        height=40 + BAR_PX * len(bars),
        xaxis=amount_axis(top, code) | {"range": reach, "rangemode": "normal", "nticks": 5},
        yaxis=theme.axis(autorange="reversed", tickfont={"color": theme.ink().strong, "size": 14}, ticklabelstandoff=6),
        shapes=[*_joints(bars), *_spreads(bars)],
    )


def _joints(bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """A faint line from the end of each bar down to the next."""
    line = {"color": theme.ink().soft, "width": 1, "dash": "dot"}
    return [
        {"type": "line", "x0": bar.end / PICO, "x1": bar.end / PICO, "y0": place + 0.31, "y1": place + 0.69,
         "line": line}
        for place, bar in enumerate(bars[:-1])
    ]  # fmt: skip


def _spreads(bars: Sequence[Bar]) -> list[dict[str, Any]]:
    """A thin line below a bar, from the least to the most."""
    line = {"color": theme.ink().soft, "width": 2}
    return [
        {"type": "line", "x0": bar.least / PICO, "x1": bar.most / PICO, "y0": place + 0.4, "y1": place + 0.4,
         "line": line}
        for place, bar in enumerate(bars)
        if bar.least != bar.most
    ]  # fmt: skip
