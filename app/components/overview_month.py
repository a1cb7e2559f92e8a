"""The month at the head of the overview: spent, month-end with its band, budget, and last month on the same days."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import theme
from app.budget_words import chance_text
from app.budgets import Budgets, Known, Stood, read_budgets
from app.components.answers import Desk
from app.components.cards import Card, fill, keep_room
from app.components.formats import UNKNOWN, instant, literal, money, plural
from app.components.overview_bullet import HEIGHT, bullet_alt, bullet_figure
from app.components.overview_part import asked_part, show_why_not
from app.morning_month import Asked, Month, SoFar, budget_beside, read_month
from app.morning_words import days_text, relative

NOTE_HEIGHT = 40
"""Pixels of the small print, which mostly has two lines."""


class Places(NamedTuple):
    """Where the parts of the month stand, from the first."""

    cards: Sequence[DeltaGenerator]
    chart: DeltaGenerator
    note: DeltaGenerator


class Told(NamedTuple):
    """The month, and the budgets that may stand beside it."""

    month: Month | None
    stood: tuple[Stood, ...]
    asked: Asked
    today: date

    def budget(self, currency: str) -> Stood | None:
        """The budget of just this traffic and month."""
        return budget_beside(self.stood, currency, self.asked.values, self.month.period) if self.month else None


def read_told(desk: Desk, asked: Asked, known: Known) -> Told:
    """Everything that the part shows."""
    budgets = desk.ask(read_budgets, known) if known.entries else Budgets(known.today, None, ())
    return Told(desk.ask(read_month, asked), budgets.stood, asked, known.today)


@st.fragment(parallel=True)
def show_month(root: Path, asked: Asked, known: Known, currency: str | None) -> None:
    """Four cards, and a bar of the charted currency."""
    part = st.empty()
    # Each thing takes the place of its own, or all that stands below would come up and go down again.
    with part.container(gap="small"):
        places = Places(keep_room(4), st.skeleton(height=HEIGHT), st.skeleton(height=NOTE_HEIGHT))
    told = asked_part(root, lambda desk: read_told(desk, asked, known), "the month")
    if isinstance(told, str):
        with part:
            show_why_not(told)
    elif told.month is None:
        part.empty()
    else:
        _show(told, told.month, places, currency)


def _show(told: Told, month: Month, places: Places, currency: str | None) -> None:
    rows = sorted(month.rows, key=lambda row: row.glance.currency != currency)
    head = rows[0] if rows else None
    budget = told.budget(head.glance.currency) if head else None
    fill(places.cards, [_spent(month, head), _ends(month, head), _budget(told, budget), _against(month, head)])
    if head:
        amount = budget.standing.amount if budget else None
        places.chart.plotly_chart(
            bullet_figure(head, amount),
            config=theme.CHART_CONFIG,
            key="month_bullet",
            alt=bullet_alt(head, amount, month.period),
        )
    else:
        places.chart.empty()
    places.note.caption(literal(" · ".join([*(_other(told, row) for row in rows[1:]), *_notes(month, rows)])))


def _spent(month: Month, row: SoFar | None) -> Card:
    value = money(row.glance.spent, row.glance.currency) if row else UNKNOWN
    days = f"{plural(month.days.days, 'whole day')}, and the one in progress" if month.days else "no whole day yet"
    return Card(f"{month.period.first:%B} so far", (value,), days, "As priced since the 1st, at the dated rates.")


def _ends(month: Month, row: SoFar | None) -> Card:
    about = "The middle of what may come; it ends within the band on 8 of 10 sample paths."
    if row is None:
        return Card("Month-end", ("–",), month.why_not or "no call of the month has a price", about)
    return Card("Month-end", (money(row.glance.middle, row.glance.currency),), _band(row), about)


def _band(row: SoFar) -> str:
    found = row.glance
    if not found.is_forecast:
        return "no forecast: as in its last days"
    return f"80%: {money(found.low, found.currency)} to {money(found.high, found.currency)}"


def _budget(told: Told, budget: Stood | None) -> Card:
    about = "The budget of just this traffic and month; the others stand on the page Budgets."
    if budget is None:
        others = f"; {plural(len(told.stood), 'other')}" if told.stood else ""
        return Card("Budget", ("–",), f"none for this scope{others}", about)
    place = budget.standing
    return Card("Budget", (money(place.amount, place.budget.currency),), _stands(budget), about)


def _stands(budget: Stood) -> str:
    place = budget.standing
    if place.state == "over":
        return f"over by {money(place.spent - place.amount, place.budget.currency)}"
    return place.state + ("" if place.probability is None else f", {chance_text(place.probability)} chance to exceed")


def _against(month: Month, row: SoFar | None) -> Card:
    last = month.compared
    label = f"Against {last.first:%B}" if last else "Against last month"
    about = "Whole days of this month beside the same days of the one before."
    if last is None:
        return Card(label, ("–",), "no whole day of the month yet", about)
    if row is None or row.before is None:
        return Card(label, ("–",), f"not all of {days_text(last)} is in the data", about)
    return Card(
        label,
        (relative(row.whole, row.before),),
        f"{money(row.before, row.glance.currency)} on {days_text(last)}",
        about,
    )


def _other(told: Told, row: SoFar) -> str:
    """The month in a currency that is not charted, in one line."""
    code = row.glance.currency
    parts = [f"In {code}: {money(row.glance.spent, code)} so far", f"month-end {money(row.glance.middle, code)}"]
    parts.append(_band(row))
    if budget := told.budget(code):
        parts.append(f"budget {money(budget.standing.amount, code)}, {_stands(budget)}")
    if row.before is not None:
        parts.append(f"{relative(row.whole, row.before)} against the same days of last month")
    return ", ".join(parts)


def _notes(month: Month, rows: list[SoFar]) -> list[str]:
    notes = [f"Data through {instant(month.data_through)}"]
    if month.unpriced:
        notes.append(f"{plural(month.unpriced, 'call')} of unknown cost are in no amount")
    if month.unpriced_ahead:
        notes.append(f"{chance_text(month.unpriced_ahead)} of the calls to come have no rate")
    if any(row.glance.assumed for row in rows):
        notes.append("parts without a forecast go on as in their last days")
    return notes
