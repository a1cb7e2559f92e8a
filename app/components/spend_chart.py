"""Spend per day, stacked by model."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import streamlit as st

from app import theme
from app.components.formats import money, symbol_of
from pricing.money import PICO
from warehouse.cost import CostRow

SERIES = 7
"""Models shown by themselves; the others are put together."""
OTHERS = "other models"
NO_MODEL = "no model named"
DAYS_APART = 120
"""The longest span drawn day by day; a longer one is drawn week by week, and from two years on by month."""
WIDTHS = {"day": 1, "week": 7, "month": 30}
"""Days per bar."""
FEW_BARS = 9
"""So few bars would be as wide as boards: they get room around them, and a label each."""
MILLISECONDS_PER_DAY = 86_400_000

Bucket = Callable[[date], date]


def show_spend_chart(days: Sequence[CostRow], currency: str | None, models: Sequence[str]) -> None:
    """Draw the rows of one currency, by day and model."""
    step, bucket = _step([row.group[0] for row in days])
    st.header(f"Spend per {step} by model")
    rows = [row for row in days if row.currency == currency and row.cost is not None]
    if currency is None or not rows:
        st.caption("Nothing here has a known cost.")
        return
    stacks = _stacks(rows, bucket)
    total = {at: sum(stack.get(at, 0) for stack in stacks.values()) for at in _dates(stacks)}
    width = WIDTHS[step] * MILLISECONDS_PER_DAY * 0.72
    figure = theme.figure(
        [_trace(model, stack, currency, models) | {"width": width} for model, stack in stacks.items()],
        height=380,
        barmode="stack",
        hovermode="x unified",
        showlegend=True,
        xaxis=_time_axis(sorted(total), step),
        yaxis=amount_axis(max(total.values(), default=0), currency),
    )
    st.plotly_chart(figure, config=theme.CHART_CONFIG, key="spend_chart", alt=_alt(stacks, total, currency, step))


def amount_axis(most: int, currency: str) -> dict[str, Any]:
    """An axis of amounts up to ``most`` pico-units."""
    top = most / PICO
    form = ",.3~s" if top >= 10_000 else ",.2~f" if top >= 0.1 else ",.6~f"
    return theme.value_axis(tickprefix=symbol_of(currency), tickformat=form)


def _step(on: list[date]) -> tuple[str, Bucket]:
    """How wide a bar is, by the span of the data."""
    span = (max(on) - min(on)).days if on else 0
    if span <= DAYS_APART:
        return "day", lambda day: day
    if span <= 2 * 366:
        return "week", lambda day: day - timedelta(days=day.weekday())
    return "month", lambda day: day.replace(day=1)


def _stacks(rows: Sequence[CostRow], bucket: Bucket) -> dict[str, dict[date, int]]:
    """Pico-units per model and date, the dearest model first and what is put together last."""
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.group[1] or NO_MODEL] += row.cost or 0
    kept = [model for model in sorted(totals, key=lambda model: (-totals[model], model)) if totals[model]]
    shown = kept if len(kept) <= SERIES + 1 else kept[:SERIES]
    stacks: dict[str, dict[date, int]] = {model: defaultdict(int) for model in shown}
    for row in rows:
        model = row.group[1] or NO_MODEL
        if row.cost:
            stack = stacks.setdefault(model if model in shown else OTHERS, defaultdict(int))
            stack[bucket(row.group[0])] += row.cost
    return stacks


def _dates(stacks: dict[str, dict[date, int]]) -> set[date]:
    return {at for stack in stacks.values() for at in stack}


def _trace(model: str, stack: dict[date, int], currency: str, models: Sequence[str]) -> dict[str, Any]:
    at = sorted(stack)
    return {
        "type": "bar",
        "name": model,
        "x": [on.isoformat() for on in at],
        "y": [stack[on] / PICO for on in at],
        "customdata": [money(stack[on], currency) for on in at],
        "hovertemplate": "%{customdata}",
        "marker": theme.marker(theme.paint_of(model, models)),
    }


def _time_axis(at: list[date], step: str) -> dict[str, Any]:
    form = {"day": "%-d %b", "week": "%-d %b %Y", "month": "%b %Y"}[step]
    hover = {"day": "%A, %-d %b %Y", "week": "Week from %-d %b %Y", "month": "%B %Y"}[step]
    axis = theme.axis(type="date", tickformat=form, hoverformat=hover, nticks=8)
    if len(at) > FEW_BARS:
        return axis
    # Room on both sides, as if there were more bars; labels only where there is one.
    spare = timedelta(days=WIDTHS[step]) * max(1, FEW_BARS - len(at)) * 0.5
    ends = [datetime.combine(at[0], time()) - spare, datetime.combine(at[-1], time()) + spare]
    return axis | {"range": [end.isoformat() for end in ends], "tickvals": [on.isoformat() for on in at]}


def _alt(stacks: dict[str, dict[date, int]], total: dict[date, int], currency: str, name: str) -> str:
    if not total:
        return f"No spend in {currency} to draw"
    highest = max(total, key=lambda at: total[at])
    dearest = next(iter(stacks))
    return (
        f"Spend per {name} in {currency}, highest on {highest} with {money(total[highest], currency)}; "
        f"most of it on {dearest}"
    )
