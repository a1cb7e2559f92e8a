"""One budget: where it stands, its thresholds, the periods before, and every change."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from app.budget_notes import at_most, carry_note, pace_note, unpriced_note
from app.budget_words import HELD, chance_text, changes_between, counted_text, scope_text, span_text
from app.budgets import Stood
from app.components.budget_data import history_of
from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.filter_state import filters_kept
from app.components.formats import amounts, day, instant, literal, money, plural
from app.components.links import link_to
from app.components.tables import show_frame
from app.named_periods import CHOSEN
from planning.budget_form import threshold_text
from planning.course import NANO_IN_PICO
from planning.standing import Mark, Standing
from warehouse.budgets import BudgetVersion

NAMED = 3
"""Parts without a forecast that are named; the rest is counted."""


def show_about(each: Stood) -> None:
    """What the budget is about, in one line."""
    budget = each.standing.budget
    parts = [span_text(budget, each.standing.span), scope_text(budget.scope), f"{counted_text(budget)} count"]
    parts += [HELD[budget.carry]] if budget.period not in ("custom", "project") else []
    parts += [f"owner {budget.owner}"] if budget.owner else []
    st.caption(literal(" · ".join(parts)))
    if budget.note:
        st.caption(literal(budget.note))


def show_figures(each: Stood) -> None:
    """Six cards, and below them what is in no figure."""
    place = each.standing
    show_cards([_spent(each), _left(each), _projected(place), _chance(place), _breaks(place), _run_rate(place)])
    for note in _notes(each):
        st.caption(literal(note))
    _show_ways(each)


def show_thresholds(each: Stood) -> None:
    """Each line, and whether it is crossed."""
    st.header("Thresholds")
    place = each.standing
    if not place.marks:
        st.caption("It has none.")
        return
    show_frame(
        pd.DataFrame(
            {
                "Threshold": [threshold_text(mark.threshold) for mark in place.marks],
                "Limit": [money(mark.limit, place.budget.currency) for mark in place.marks],
                "Chance": [_mark_chance(mark, place) for mark in place.marks],
                "Crossed": [_mark_crossed(mark) for mark in place.marks],
            }
        ),
        hide_index=True,
        height="content",
        alt="Thresholds of the budget",
        column_config=right(("Limit", "Chance")),
    )


def show_before(each: Stood) -> None:
    """The periods before, the newest first."""
    place = each.standing
    if not place.before:
        return
    st.header("Periods before")
    code = place.budget.currency
    closed = list(reversed(place.before))
    show_frame(
        pd.DataFrame(
            {
                "Period": [span_text(place.budget, each.span) for each in closed],
                "Amount": [money(each.amount, code) for each in closed],
                "Carried over": [money(each.carried, code) if each.carried else "–" for each in closed],
                "Spent": [money(each.spent, code) for each in closed],
                "Left": [money(each.left, code) for each in closed],
            }
        ),
        hide_index=True,
        height="content" if len(closed) <= 12 else 460,
        alt="Periods before this one",
        column_config=right(("Amount", "Carried over", "Spent", "Left")),
    )


def show_history(root: Path, number: int) -> None:
    """Who changed what, and when, the newest first."""
    versions = history_of(root, number)
    st.header("Changes")
    show_frame(
        pd.DataFrame(
            {
                "When": [instant(each.changed_at) for each in versions],
                "Who": [each.who for each in versions],
                "What": [each.what for each in versions],
                "Change": [_change(versions, place) for place in range(len(versions))],
            }
        ),
        hide_index=True,
        height="content" if len(versions) <= 12 else 460,
        alt="Every change of the budget",
        column_config={"Change": st.column_config.TextColumn(width="large")},
    )


def _change(versions: Sequence[BudgetVersion], place: int) -> str:
    """What a version changed of the one before, which stands after it here."""
    each = versions[place]
    if each.what == "removed":
        return "–"
    if place + 1 == len(versions):
        return "; ".join(f"{name}: {value}" for name, _, value in changes_between({}, each.form) if name != "name")
    changes = changes_between(versions[place + 1].form, each.form)
    return "; ".join(f"{name}: {before} → {after}" for name, before, after in changes)


def _spent(each: Stood) -> Card:
    place = each.standing
    code, most = place.budget.currency, at_most(each)
    carried = f", {most}{money(place.carried, code)} of it carried over" if place.carried else ""
    return Card("Spent", (money(place.spent, code),), f"of {most}{money(place.amount, code)}{carried}")


def _left(each: Stood) -> Card:
    place = each.standing
    code = place.budget.currency
    if place.amount <= 0:
        note = "nothing may be spent"
    elif place.left < 0:
        note = "spent beyond the amount"
    else:
        note = f"{at_most(each)}this, " if place.carry_open else ""
        note += f"{100 * place.left // place.amount}% of the amount"
    return Card("Left", (money(place.left, code),), note)


def _projected(place: Standing) -> Card:
    if place.projected is None:
        return Card("Projected", ("unknown",), place.why_not or "no forecast")
    low, median, high = (money(pico, place.budget.currency) for pico in place.projected)
    about = "What the period comes to: half of the sample paths end below it. The band has 80% of them."
    return Card("Projected", (median,), f"80% between {low} and {high}", about)


def _chance(place: Standing) -> Card:
    about = "The share of sample paths whose total is above the amount."
    note = place.why_not or "no forecast"
    if place.over is not None:
        within = "" if place.span.last else " within three months"
        note = f"{place.over:,} of {plural(place.paths, 'path')}{within}"
    return Card("Chance to exceed", (chance_text(place.probability),), note, about)


def _breaks(place: Standing) -> Card:
    breaks = place.breaks
    about = "The day on which spend goes above the amount: of the paths on which it does, the middle one."
    if breaks is None:
        return Card("Breaks", ("–",), "on no path" if place.paths else "unknown without a forecast", about)
    if breaks.happened:
        return Card("Breaks", (day(breaks.median),), "it has gone above the amount", about)
    span = f"{day(breaks.early)} to {day(breaks.late)}, in {breaks.paths:,} of {plural(place.paths, 'path')}"
    return Card("Breaks", (day(breaks.median),), span, about)


def _run_rate(place: Standing) -> Card:
    about = "The period's total if its days to come cost what its whole days with data cost on average: no forecast."
    if place.run_rate is None:
        return Card("Run-rate", ("–",), "no whole day yet" if place.span.last else "without a last day", about)
    return Card("Run-rate", (money(place.run_rate, place.budget.currency),), "at the mean of its days so far", about)


def _show_ways(each: Stood) -> None:
    """To Explore: the calls of its scope and period, and why those of unknown cost have none."""
    span = each.standing.span
    last = span.last or each.standing.through
    # What the reader had narrowed is no part of the budget.
    filters = dict.fromkeys(filters_kept(), "") | dict(each.standing.budget.scope)
    if last >= span.first:
        filters |= {"period": CHOSEN, "days": (span.first.isoformat(), last.isoformat())}
    with st.container(horizontal=True):
        link_to("explore", "Its calls in Explore", icon=":material/search:", filters=filters)
        if each.unpriced:
            about = "Why their cost is unknown"
            link_to(
                "explore", about, icon=":material/help:", filters=filters, measure="unpriced", rows="unpriced_reason"
            )


def _notes(each: Stood) -> list[str]:
    place = each.standing
    notes = []
    if place.not_counted:
        other = amounts(dict(place.not_counted))
        notes.append(f"Not counted: {other}, billed in its scope in another currency. Enter a budget in that currency.")
    if each.unpriced:
        calls = plural(each.unpriced, "call")
        notes.append(f"Not counted: {calls} of unknown cost in its scope: they have no usage, or no rate.")
    if place.paths and each.left_out and each.projected_through:
        whole = money(sum(part.nano for part in each.left_out) * NANO_IN_PICO, place.budget.currency)
        names = ", ".join(" · ".join(name or "no name" for name in part.cell) for part in each.left_out[:NAMED])
        names += f" and {len(each.left_out) - NAMED} more" if len(each.left_out) > NAMED else ""
        notes.append(
            f"Without a forecast: {names}. It is taken to go on as in its last days: {whole} through "
            f"{day(each.projected_through)}."
        )
    if each.carries_unknown:
        notes.append(
            f"Nothing was billed in its scope before {day(each.billed_from)}; earlier days are carried as unspent. "
            "If their calls are only missing here, let the budget begin later."
        )
    code = place.budget.currency
    more = (carry_note(each, lambda pico: money(pico, code)), unpriced_note(each.unpriced_ahead), pace_note(each))
    return [*notes, *(note for note in more if note)]


def _mark_chance(mark: Mark, place: Standing) -> str:
    return chance_text(mark.chance / place.paths) if mark.chance is not None and place.paths else "–"


def _mark_crossed(mark: Mark) -> str:
    if mark.day is not None:
        return day(mark.day)
    return "by the forecast" if mark.fired else "no"
