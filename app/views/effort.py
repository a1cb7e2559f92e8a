"""Effort: what tiers, models and sellers cost, take and solve, and whether a tier was ignored."""

import streamlit as st

from analysis.tiers import By
from app.commands.effort_tables import ignored_notes, notes_of
from app.components.cards import Card, show_cards
from app.components.effort_data import effort_for, kinds_in_logs, sets_of
from app.components.effort_entry import show_entry, show_plan
from app.components.effort_picture import show_picture
from app.components.effort_tables import show_arms, show_pairs
from app.components.formats import count, literal, plural
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.reconcile_cards import provenance_of
from app.efforts import LOGS, Effort, Wanted

NOTHING = "nothing to judge it by"
ALIKE = "Tasks of one kind are compared with each other: an incident says nothing of a review."
COMPARED: dict[str, By] = {"Tiers": "effort", "Models": "model", "Sellers": "seller"}


def choose(run: Run, sets: list[str]) -> Wanted:
    """Ask which evaluation, and what to put side by side."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Evaluation", sets, key="evaluation", bind="query-params", width=320)
        chosen = name or sets[0]
        kinds = kinds_in_logs(run) if chosen == LOGS else []
        kind = None
        if len(kinds) > 1:
            kind = st.selectbox("Kind of work", kinds, key="work_kind", bind="query-params", width=240, help=ALIKE)
        by = st.segmented_control(
            "Side by side", list(COMPARED), default="Tiers", required=True, key="compare", bind="query-params"
        )
    return Wanted(COMPARED[by], sets=(chosen,), kind=kind)


def show(run: Run) -> None:
    """The headline, the picture, every arm, and the arms side by side."""
    sets = sets_of(run)
    if not sets:
        st.info(
            "No task in scope and no evaluation yet. Name the tasks in your logs, or load an evaluation: a row for "
            "each run with task, effort, pass, solved and output_tokens.",
            title="Nothing to compare",
            icon=":material/science:",
        )
        show_entry(run)
        show_plan(run)
        return
    wanted = choose(run, sets)
    found = effort_for(run, wanted)
    show_headline(found)
    if LOGS in wanted.sets:
        show_provenance(run.desk.ask(provenance_of, run.scope))
    currency = run.charted([each.currency for each in found.standings if each.currency])
    with st.container(border=True):
        show_picture(found.standings, currency)
    with st.container(border=True):
        show_arms(found.standings)
    with st.container(border=True):
        show_pairs(found.comparisons)
    show_notes(found)
    show_entry(run)
    show_plan(run)


def show_headline(found: Effort) -> None:
    """How much there is, and what is to be looked at first."""
    runs = sum(each.runs for each in found.standings)
    unknown = sum(each.unknown_costs for each in found.standings)
    judged = [each for each in found.comparisons if each.output]
    enough = sum(each.output is not None and each.output.verdict != "not enough data" for each in judged)
    show_cards(
        [
            Card("Runs", (count(runs),), f"of {plural(len(found.standings), 'arm')}"),
            Card("Cost unknown", (count(unknown),), "runs, left out of what is said of cost"),
            Card("Tiers compared", (count(enough),), f"of {count(len(judged))}: enough data to tell"),
            Card("Effort ignored", (count(len(found.ignored)),), "pairs that write the same" if judged else NOTHING),
        ]
    )
    for note in ignored_notes(found):
        if note.startswith("Effort ignored"):
            st.warning(literal(note), icon=":material/report:")


def show_notes(found: Effort) -> None:
    """What is to be known of the figures."""
    notes = [note for note in notes_of(found) if not note.startswith("Effort ignored")]
    with st.expander("What is to be known of these figures", icon=":material/info:"):
        st.markdown("\n".join(f"- {literal(note)}" for note in notes))


show(get_run())
