"""What stands below a launch's charts: its parts by kind of task, and what every figure rests on."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from app.components.columns import right
from app.components.formats import count, literal, money
from app.components.provenance import WORDS
from app.components.tables import show_frame
from app.launch_words import field_of, input_words, kind_words
from app.launches import Launch
from planning.launch_plan import Input, inputs_of


def show_by_kind(launch: Launch) -> None:
    """A row for each kind of task, the dearest first."""
    st.header("By kind of task")
    found, code = launch.simulation, launch.simulation.plan.currency
    whole = sum(part.cost.p50 for part in found.kinds)
    frame = pd.DataFrame(
        {
            "Kind": [kind_words(part.name) for part in found.kinds],
            "Tasks": [count(part.tasks.p50) for part in found.kinds],
            "Calls": [count(part.calls.p50) for part in found.kinds],
            "P50": [money(part.cost.p50, code) for part in found.kinds],
            "P90": [money(part.cost.p90, code) for part in found.kinds],
            "Share": [part.cost.p50 / whole if whole else 0.0 for part in found.kinds],
        }
    )
    show_frame(
        frame,
        hide_index=True,
        height="content",
        alt="Tasks, calls and cost by kind of task",
        column_config={
            "Kind": st.column_config.TextColumn(pinned=True),
            "Share": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1, help="Of the P50s."),
            **right(("Tasks", "Calls", "P50", "P90")),
        },
    )
    st.caption("Tasks and calls at their P50. Percentiles of parts do not add up to those of the whole.")


def show_basis(launch: Launch) -> None:
    """How many inputs are measured, claimed and guessed, each with its word; and what is to be known."""
    said = [each for each in inputs_of(launch.simulation.plan) if is_said(each)]
    by_source = Counter(each.guess.source for each in said)
    summary = ", ".join(f"{by_source[source]} {_words(source, by_source[source])}" for source in by_source)
    with st.expander(f"What it rests on · {summary}", icon=":material/fact_check:"):
        _show_table(said)
        st.markdown("\n".join(f"- {literal(note)}" for note in dict.fromkeys(_notes(launch))))


def _notes(launch: Launch) -> Iterator[str]:
    for each in launch.priced_by:
        word = WORDS.get(each.rate.confidence, each.rate.confidence)
        yield f"{each.model} at {each.seller}: {each.rate.source}, on the word of {word}, checked {each.rate.checked}."
    for leg in launch.exchanged:
        yield f"{' to '.join(leg.pair)} at the rate of {leg.known}: {leg.source}."
    yield from launch.simulation.notes
    yield from launch.notes


def _words(source: str, number: int) -> str:
    one, more = {"measured": ("measured", "measured"), "claim": ("claim", "claims")}.get(source, ("guess", "guesses"))
    return one if number == 1 else more


def is_said(each: Input) -> bool:
    """Whether the plan says anything of an input; most plans have no videos."""
    guess = each.guess
    return guess.note is not None or guess.has_spread or guess.source != "guess" or guess.span.likely not in (0, 1)


def _show_table(said: Sequence[Input]) -> None:
    rows = [(each, field_of(each.name)) for each in said]
    frame = pd.DataFrame(
        {
            "Input": [input_words(each.name) for each, _ in rows],
            "Low": [field.text(each.guess.span.low) for each, field in rows],
            "Likely": [field.text(each.guess.span.likely) for each, field in rows],
            "High": [field.text(each.guess.span.high) for each, field in rows],
            "Source": [each.guess.source for each, _ in rows],
            "Where it is from": [each.guess.note or "" for each, _ in rows],
        }
    )
    show_frame(
        frame, hide_index=True, height="content", alt="Every input with its source",
        column_config=right(("Low", "Likely", "High")),
    )  # fmt: skip
