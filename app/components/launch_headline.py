"""What a launch comes to, in one row."""

import streamlit as st

from app.components.cards import Card, show_cards
from app.components.formats import UNKNOWN, count, day, money
from app.launches import Launch

SURE = 0.995


def show_headline(launch: Launch) -> None:
    """P50, P90, P99, the budget's chance, what to put aside, and the sum that everybody reckons first."""
    found, plan = launch.simulation, launch.simulation.plan
    code, total = plan.currency, found.total
    show_cards(
        [
            Card(
                "P50", (money(total.p50, code),), "half of the draws stay below", "The middle: as likely more as less."
            ),
            Card("P90", (money(total.p90, code),), "nine in ten stay below", "A budget that holds nine times in ten."),
            Card("P99", (money(total.p99, code),), "99 in 100 stay below", "A bad case, not the worst one."),
            _budget(launch),
            Card(
                "Contingency",
                (money(found.contingency, code),),
                "P90 less P50",
                "To put aside beside P50, so that nine launches in ten stay within.",
            ),
            Card(
                "All at likely",
                (money(found.at_likely, code),),
                f"no percentile: {_percent(found.at_likely_rank)} stay below",
                "Every input at its likely value. What can go wrong costs more than what can go well saves, so this "
                "is seldom the middle.",
            ),
        ]
    )
    st.caption(
        f"{plan.days} days, {day(plan.start)} to {day(plan.last)} · {count(found.calls.p50)} calls at P50 · "
        f"{found.draws:,} draws of every input: estimates, not a quote"
    )


def _budget(launch: Launch) -> Card:
    found, plan = launch.simulation, launch.simulation.plan
    if found.over_budget is None:
        return Card("Over budget", ("–",), "no budget given", "Give one under “When, and what it may cost”.")
    about = "The share of the draws that cost more than the budget."
    return Card("Over budget", (chance(found.over_budget),), f"of {money(plan.budget_pico, plan.currency)}", about)


def chance(share: float | None) -> str:
    """A chance in percent: no share of draws is certain."""
    if share is None:
        return UNKNOWN
    if share > SURE:
        return ">99%"
    return "<1%" if share < 1 - SURE else _percent(share)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
