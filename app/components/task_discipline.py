"""Output discipline: answers without a limit, cut by length, paid and empty, the longest; and the money in each."""

import pandas as pd
import streamlit as st

from analysis.discipline import CUT, EMPTY, LONGEST, NO_LIMIT, Habit
from app.components.cards import Card, show_cards
from app.components.formats import UNKNOWN, amounts, count, plural, share
from app.components.page import Run
from app.components.sections import section
from app.components.tables import show_frame
from app.habits import Discipline, discipline_of

TITLES = {NO_LIMIT: "No max_tokens", CUT: "Cut by length", EMPTY: "Paid, empty", LONGEST: "At P99 or longer"}
HABIT_WIDTH = 130
HELP = {
    NO_LIMIT: "Answers to requests without a limit of their length. A limit bounds what one answer can cost.",
    CUT: "Answers that ended at their limit: paid, and perhaps of no use.",
    EMPTY: "Answers that were charged and hold nothing to read: no text, no tool call; at most thinking.",
    LONGEST: "Answers at least as long as the P99 of their model's, and what they cost.",
}


def show_discipline(run: Run) -> None:
    """The habits of the answers in scope."""
    found = run.desk.ask(discipline_of, run.scope)
    if not found.answers:
        st.caption("No answer in scope.")
        return
    with section("Output discipline", plural(found.answers, "answer")):
        show_cards([_card(habit) for habit in found.habits])
        untold = [
            f"{plural(habit.not_told, 'answer')} ({TITLES[habit.name].lower()})"
            for habit in found.habits
            if habit.not_told
        ]
        if untold:
            st.caption(f"Left out, as the log does not tell: {', '.join(untold)}. They are in no share and no amount.")
        _show_models(found)
        st.caption(
            "Amounts are what these answers cost whole, input included. An answer can be in several columns: "
            "the amounts do not add up. P50 and P99 are output tokens, thinking included."
        )


def _card(habit: Habit) -> Card:
    if not habit.of:
        return Card(TITLES[habit.name], (UNKNOWN,), "the log tells it of no answer", HELP[habit.name])
    note = f"{count(habit.calls)} of {count(habit.of)}" + (f", {money_in(habit)}" if habit.calls else "")
    return Card(TITLES[habit.name], (share(habit.calls, habit.of),), note, HELP[habit.name])


def money_in(habit: Habit) -> str:
    """What the answers cost: at least so much where the cost of some is unknown."""
    if not habit.costs:
        return f"cost {UNKNOWN}"
    return f"≥ {amounts(habit.costs)}" if habit.unpriced else amounts(habit.costs)


def _show_models(found: Discipline) -> None:
    rows = [(length, found.by_model[length.seller, length.model]) for length in found.lengths]
    show_frame(
        pd.DataFrame(
            {
                "Model": [length.model or "–" for length, _ in rows],
                "Seller": [length.seller or "–" for length, _ in rows],
                "Answers": [length.calls for length, _ in rows],
                "P50": [count(length.p50) for length, _ in rows],
                "P99": [count(length.p99) for length, _ in rows],
                "Longest": [count(length.longest) for length, _ in rows],
                "Limits set": [_limits(length.least_limit, length.greatest_limit) for length, _ in rows],
                **{TITLES[name]: [_cell(habits[place]) for _, habits in rows] for place, name in enumerate(TITLES)},
            }
        ),
        hide_index=True,
        alt="Output discipline by model, most answers first",
        column_config={
            "Model": st.column_config.TextColumn(pinned=True),
            "Answers": st.column_config.NumberColumn(format="%,d"),
            **{
                name: st.column_config.TextColumn(alignment="right") for name in ("P50", "P99", "Longest", "Limits set")
            },
            **{name: st.column_config.TextColumn(alignment="right", width=HABIT_WIDTH) for name in TITLES.values()},
        },
    )


def _limits(least: int | None, greatest: int | None) -> str:
    if least is None:
        return "–"
    return count(least) if least == greatest else f"{count(least)} to {count(greatest)}"


def _cell(habit: Habit) -> str:
    if not habit.of:
        return "not told"
    return f"{share(habit.calls, habit.of)} · {money_in(habit)}" if habit.calls else "0%"
