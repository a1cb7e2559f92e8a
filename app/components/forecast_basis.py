"""What a forecast rests on, in small print: its data, rates that change, and what of it is no forecast."""

import streamlit as st

from app.components.forecast_data import Line, Page
from app.components.formats import day, instant, literal, money, plural
from planning.course import NANO_IN_PICO, LeftOut
from planning.prices import Change

NAMED = 3
"""Rates and parts of the traffic that are named; the rest is counted."""


def show_basis(page: Page, line: Line) -> None:
    """One line always, and one more for each thing to know."""
    first, last, days = page.history
    parts = [
        f"Data through {instant(page.data_through)}",
        f"learnt from {plural(days, 'whole day')}, {first} to {last}",
    ]
    if page.unpriced:
        parts.append(f"{_percent(page.unpriced)} of the projected calls have no rate and are in no amount")
    st.caption(literal(" · ".join(parts)))
    if (page.today - page.begun).days > 1:
        st.warning(
            f"The newest data is of {page.begun}, today is {page.today}: the days since then are projected, too.",
            icon=":material/history:",
        )
    for change in page.changes[:NAMED]:
        st.caption(f":material/sell: {literal(_change(change))}")
    if len(page.changes) > NAMED:
        st.caption(f"And {plural(len(page.changes) - NAMED, 'more rate')} that change until then.")
    if line.left_out:
        _show_left_out(line)


def _show_left_out(line: Line) -> None:
    held = sorted(line.left_out, key=lambda each: -each.nano)
    whole = sum(each.nano for each in held) * NANO_IN_PICO
    with st.expander(
        literal(f"{plural(len(held), 'part')} without a forecast: taken to go on as they were, "
        f"{money(whole, line.currency)}"),
        icon=":material/help:",
    ):  # fmt: skip
        for each in held:
            st.caption(literal(f"{_cell(each)}: {money(each.nano * NANO_IN_PICO, line.currency)}. {each.why}"))


def _change(change: Change) -> str:
    if change.rate is None:
        return f"From {day(change.at.date())} on no rate is known of {change.seller} for {change.model}."
    whose = f"{change.seller} for {change.model}"
    return (
        f"From {day(change.at.date())} on another rate of {whose}, in the forecast from then on ({change.rate.source})."
    )


def _cell(each: LeftOut) -> str:
    return " · ".join(name or "no name" for name in each.cell)


def _percent(share: float) -> str:
    return "<1%" if share < 0.01 else f"{100 * share:.0f}%"
