"""Effort in tables: every arm, and the arms side by side."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import pandas as pd
import streamlit as st

from analysis.contrasts import Contrast
from analysis.effort import Comparison, Standing
from analysis.intervals import Interval
from analysis.passes import ENOUGH_PASSES
from analysis.tiers import short_names
from app.commands.effort_tables import share_text, times_text
from app.components.columns import right
from app.components.formats import MINUS, UNKNOWN, count, money
from app.components.tables import show_frame

VERDICTS = {
    "ignored": "writes the same: ignored?",
    "told apart": "told apart",
    "told apart, a little": "told apart, a little",
    "not enough data": "not enough data",
}
WITHHELD = {
    "whether more are solved cannot be told": "cannot be told",
    "the second solves more and costs less": "none: cheaper, too",
    "the first solves more and costs less": "none: fewer, and dearer",
}


def show_arms(standings: Sequence[Standing]) -> None:
    """Every arm; amounts are texts."""
    st.header("What each costs, takes and solves")
    names = short_names([each.arm for each in standings])
    rows = [
        {
            "No.": number,
            "Arm": names[each.arm],
            "Best": "yes" if each.best else "",
            "Solved": share_text(each.solved),
            "Cost of a run": _money(each.cost, each.cost_interval, each.currency),
            "Per solved": _money(each.solved_cost, each.solved_cost_interval, each.currency),
            "Passes": _passes(each),
            "Tasks": each.tasks,
            "Runs": each.runs,
            "Seconds": "–" if each.latency.estimate is None else f"{each.latency.estimate / 1000:,.1f}",
            "Output tokens": "–" if each.output.estimate is None else count(round(each.output.estimate)),
            "Cost unknown": each.unknown_costs,
        }
        for number, each in enumerate(standings, 1)
    ]
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt="Every arm with what it costs, takes and solves",
        column_config={
            "No.": st.column_config.NumberColumn(pinned=True, width=44),
            "Passes": st.column_config.TextColumn(width=120, alignment="right"),
            **right(("Solved", "Cost of a run", "Per solved", "Seconds", "Output tokens")),
        },
    )
    st.caption(
        "Brackets are 95% intervals over tasks; where they are missing, they are withheld. Best goes by the estimates: "
        "where brackets overlap, it may be chance."
    )


def show_pairs(comparisons: Sequence[Comparison]) -> None:
    """The arms side by side: the second against the first."""
    if not comparisons:
        st.caption("Nothing stands side by side: no two differ in this alone.")
        return
    st.header("Side by side")
    names = short_names([arm for each in comparisons for arm in (each.first, each.second)])
    rows = [
        {
            "First": names[each.first],
            "Second": names[each.second],
            "Same tasks": each.tasks,
            "Effort": VERDICTS[each.output.verdict] if each.output else "–",
            "Output tokens": times_text(each.output.ratio) if each.output else "–",
            "Solved, points": _gap(each.solved, lambda value: _signed(100 * value)),
            "Cost more": _gap(each.cost, partial(_amount, each.currency)),
            "Times": "–" if each.times is None else f"{float(each.times):.2f}",
            "One more solved": _extra(each),
            "Seconds more": _gap(each.latency, lambda value: _signed(value / 1000)),
        }
        for each in comparisons
    ]
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt="Arms side by side, the second against the first",
        column_config=right(
            ("Output tokens", "Solved, points", "Cost more", "Times", "One more solved", "Seconds more")
        ),
    )
    st.caption("The second against the first. 0 same tasks: each did others, and only the totals are compared.")


def _passes(each: Standing) -> str:
    low, high = each.passes
    often = f"{low}" if low == high else f"{low}–{high}"
    return often if low >= ENOUGH_PASSES else f"{often}: not enough"


def _money(exact: Fraction | None, interval: Interval, currency: str | None) -> str:
    if exact is None:
        return UNKNOWN
    text = money(round(exact), currency)
    if interval.low is None or interval.high is None:
        return text
    warned = " (!)" if interval.why else ""
    return f"{text} [{money(round(interval.low), currency)} to {money(round(interval.high), currency)}]{warned}"


def _gap(contrast: Contrast, write: Callable[[float], str]) -> str:
    if contrast.estimate is None:
        return "–"
    if contrast.low is None or contrast.high is None:
        return write(contrast.estimate)
    return f"{write(contrast.estimate)} [{write(contrast.low)} to {write(contrast.high)}]"


def _extra(each: Comparison) -> str:
    if each.extra.low is None and each.extra.why in WITHHELD:
        return WITHHELD[each.extra.why]
    return _gap(each.extra, partial(_amount, each.currency))


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", MINUS)


def _amount(currency: str | None, pico: float) -> str:
    return money(round(pico), currency)
