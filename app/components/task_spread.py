"""How the cost of tasks is spread: the figures, and a histogram whose bins are equally wide on a logarithmic scale."""

from collections.abc import Sequence
from decimal import Decimal
from math import log10
from typing import Any, NamedTuple

import streamlit as st

from analysis.tasks import Group, Worth
from app import theme
from app.components.answers import TaskPage
from app.components.cards import Card, show_cards
from app.components.formats import count, money, plural, symbol_of
from app.components.page import Run
from app.components.task_worth import per_resolved, per_task, within
from pricing.money import PICO, to_decimal
from warehouse.overview_tasks import TaskSpread

STEPS = (
    (1.3, (10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82)),
    (3.0, (10, 15, 22, 33, 47, 68)),
    (99.0, (10, 22, 47)),
)
"""Up to how many powers of ten between the cheapest and the dearest, which first digits the bins start at."""
MEAN = "The mean over tasks of known cost, of whatever kind. The interval is of that mean, not of what one task costs."
LABEL_SHARE = 0.16
"""The share of a phone's width that a mark's label takes."""


class Mark(NamedTuple):
    """A line in the chart, at an amount in pico-units, with its label's row above the chart."""

    name: str
    pico: int
    row: int


def show_task_cards(page: TaskPage, whole: Group, currency: str | None) -> None:
    """How many tasks, what one and a resolved one cost, the median, the 90th percentile and the dearest."""
    spreads = sorted(page.spreads, key=lambda spread: (spread.currency != currency, spread.currency))
    worths = sorted(whole.worths, key=lambda worth: (worth.currency != currency, worth.currency))
    known = sum(spread.tasks for spread in spreads)
    show_cards(
        [
            Card("Tasks", (count(page.counts.tasks),), f"{count(known)} of known cost"),
            Card("Cost per task", per_task(worths), within([worth.per_task for worth in worths], worths), MEAN),
            _resolved_card(worths),
            Card("Median cost", _each(spreads, "median"), "half of the tasks cost less"),
            Card("90th percentile", _each(spreads, "p90"), "one task in ten costs more"),
            Card("Dearest", _each(spreads, "dearest"), spreads[0].dearest_task if spreads else ""),
        ]
    )


def _resolved_card(worths: Sequence[Worth]) -> Card:
    about = "What every task of known outcome cost, by those that were resolved."
    judged = [worth for worth in worths if worth.judged]
    if not judged:
        return Card("Per resolved task", ("–",), "no outcome of these tasks is known", about)
    resolved, of = sum(worth.resolved for worth in judged), sum(worth.judged for worth in judged)
    note = f"{within([worth.per_resolved for worth in judged], judged)}; {count(resolved)} of {count(of)} resolved"
    return Card("Per resolved task", per_resolved(judged), note, about)


def _each(spreads: Sequence[TaskSpread], name: str) -> tuple[str, ...]:
    return tuple(money(getattr(spread, name), spread.currency) for spread in spreads) or ("–",)


def left_out(page: TaskPage, spread: TaskSpread) -> str:
    """Which tasks the chart leaves out, in words."""
    parts = [f"{plural(spread.tasks, 'task')} in {spread.currency}"]
    if page.counts.unknown:
        parts.append(f"{plural(page.counts.unknown, 'task')} with calls of unknown cost left out")
    if page.counts.several_currencies:
        parts.append(f"{plural(page.counts.several_currencies, 'task')} billed in several currencies left out")
    if spread.free:
        parts.append(f"{plural(spread.free, 'task')} that cost nothing not drawn")
    return " · ".join(parts)


def edges_of(spread: TaskSpread) -> tuple[int, ...]:
    """Where the bins start, and last where they end, in pico-units."""
    low, high = spread.cheapest or 1, spread.dearest
    digits = next(digits for powers, digits in STEPS if log10(high / low) <= powers)
    ladder = [1, *(digit * 10**power for power in range(len(str(high)) + 1) for digit in digits)]
    first = max((at for at, edge in enumerate(ladder) if edge <= low), default=0)
    last = next(at for at, edge in enumerate(ladder) if edge > high)
    return tuple(ladder[first : last + 1])


def show_spread(run: Run, page: TaskPage, spread: TaskSpread) -> None:
    """The histogram of one currency, and which tasks are not in it."""
    st.header("How much tasks cost")
    if spread.cheapest:
        edges = edges_of(spread)
        show_histogram(spread, edges, run.desk.bins(run.scope, spread.currency, edges))
    st.caption(left_out(page, spread))


def show_histogram(spread: TaskSpread, edges: Sequence[int], tasks: Sequence[int]) -> None:
    """Draw how many tasks cost how much; the amounts run on a logarithmic scale."""
    starts, ends = [log10(edge) for edge in edges[:-1]], [log10(edge) for edge in edges[1:]]
    marks = _marks(spread, starts[0], ends[-1])
    trace = {
        "type": "bar",
        "x": [(start + end) / 2 for start, end in zip(starts, ends, strict=True)],
        "width": [(end - start) * 0.94 for start, end in zip(starts, ends, strict=True)],
        "y": list(tasks[: len(starts)]),
        "customdata": [_range(low, high, spread.currency) for low, high in zip(edges, edges[1:], strict=False)],
        "hovertemplate": "%{customdata}: %{y:,} tasks<extra></extra>",
        "marker": {"color": theme.BLUE, "line": {"width": 0}},
    }
    layout = {
        "xaxis": theme.axis(**_ticks(edges, spread.currency)),
        "yaxis": theme.value_axis(
            tickformat=",d", title={"text": "tasks", "standoff": 16, "font": {"color": theme.ink().soft, "size": 12}}
        ),
        "shapes": [_line(mark) for mark in marks],
        "annotations": [_label(mark, starts[0], ends[-1]) for mark in marks],
        "margin": {"l": 0, "r": 0, "t": 12 + 20 * (1 + max(mark.row for mark in marks)), "b": 8},
        "showlegend": False,
    }
    st.plotly_chart(
        theme.figure([trace], height=320, **layout),
        config=theme.CHART_CONFIG,
        key="task_histogram",
        alt=(
            f"How many tasks cost how much in {spread.currency}: median {money(spread.median, spread.currency)}, "
            f"90th percentile {money(spread.p90, spread.currency)}, dearest {money(spread.dearest, spread.currency)}"
        ),
    )


def _range(low: int, high: int, currency: str) -> str:
    return f"{money(low, currency)}–{money(high, currency)}"


def _ticks(edges: Sequence[int], currency: str) -> dict[str, Any]:
    """Labels at 1, 2 and 5 of every power of ten, or at fewer where there are many powers."""
    low, high = edges[0], edges[-1]
    powers = log10(high / low)
    digits = (1, 2, 5) if powers <= 1.5 else (1, 3) if powers <= 3.2 else (1,)
    at = [digit * 10**power for power in range(len(str(high)) + 1) for digit in digits]
    kept = [pico for pico in at if low <= pico <= high]
    return {
        "tickvals": [log10(pico) for pico in kept],
        "ticktext": [_plain(pico, currency) for pico in kept],
        "range": [log10(low) - 0.02, log10(high) + 0.02],
        "tickangle": 0,
    }


def _plain(pico: int, currency: str) -> str:
    amount = to_decimal(pico) or Decimal(0)
    text = f"{amount / 1000:g}k" if pico >= 1000 * PICO else f"{amount.normalize():f}"
    return f"{symbol_of(currency)}{text}"


def _marks(spread: TaskSpread, low: float, high: float) -> list[Mark]:
    """The marks, each label in the first row in which it meets no other."""
    marks: list[Mark] = []
    named = (("Median", spread.median), ("P90", spread.p90), ("Dearest", spread.dearest))
    for name, pico in ((name, pico) for name, pico in named if pico > 0):
        # A label at the right edge stands before its mark, and so takes room from the one before it.
        room = LABEL_SHARE * (2 if _is_turned(pico, low, high) else 1)
        near = {mark.row for mark in marks if log10(pico / mark.pico) / (high - low) < room}
        marks.append(Mark(name, pico, min({0, 1, 2} - near)))
    return marks


def _line(mark: Mark) -> dict[str, Any]:
    at = log10(mark.pico)
    line = {"color": theme.ink().strong, "width": 1.5, "dash": "dot"}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _is_turned(pico: int, low: float, high: float) -> bool:
    """Whether a label stands before its mark, for want of room after it."""
    return (log10(pico) - low) / (high - low) > 1 - LABEL_SHARE


def _label(mark: Mark, low: float, high: float) -> dict[str, Any]:
    turned = _is_turned(mark.pico, low, high)
    return {
        "x": log10(mark.pico),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 4 + 20 * mark.row,
        "xanchor": "right" if turned else "left",
        "xshift": 4 if turned else -4,
        "text": mark.name,
        "showarrow": False,
        "font": {"color": theme.ink().strong, "size": 13},
    }
