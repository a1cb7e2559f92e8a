"""Claims of vendors and others, each beside our own measurement; nothing is priced, forecast or budgeted from one."""

from pathlib import Path

import streamlit as st

from app.claimed import LABEL, Bench, Beside, all_claims, beside
from app.clock import now
from app.components.cards import Card, show_cards
from app.components.claim_cards import show_claim, show_unmeasured
from app.components.formats import count, plural
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.reconcile_cards import provenance_of
from app.components.sections import section
from warehouse.connection import Reader, silent
from warehouse.demo import demo_state
from warehouse.eval_runs import list_eval_runs
from warehouse.folder import Folder
from warehouse.outcomes import list_outcomes, outcomes_beside

ORDER = ("contradicted", "consistent", "unverified")


def compared(reader: Reader, root: Path, same_setup: str | None, entered: tuple[int, ...]) -> list[Beside]:
    """Every claim with its measurement, those of which most can be said first.

    ``entered`` is the state of what people entered and of their cards: another state is another question.
    """
    outcomes, runs = outcomes_beside(reader, list_outcomes(root, tell=silent)), list_eval_runs(root, tell=silent)
    bench = Bench(reader, outcomes, bool(demo_state(reader).demo_files), same_setup, runs)
    found = beside(bench, all_claims(root))
    return sorted(found, key=lambda each: (ORDER.index(each.verdict.status), not (each.own and each.own.of == "task")))


def entered_of(root: Path) -> tuple[int, ...]:
    """When the entered data and each card of one's own were last changed."""
    folder = Folder(root)
    files = [folder.database("state"), *sorted(folder.own_cards.glob("*.yaml"))]
    return tuple(file.stat().st_mtime_ns for file in files if file.exists())


def show(run: Run) -> None:
    """All claims."""
    st.caption(LABEL)
    same_setup = st.text_input(
        "Take our set-up for the claims', because",
        key="same_setup",
        bind="query-params",
        placeholder="Only if it is: then differences in set-up stop deciding",
    )
    root = run.desk.root
    found = run.desk.ask(compared, root, same_setup.strip() or None, entered_of(root))
    counts = {status: sum(each.verdict.status == status for each in found) for status in ORDER}
    show_cards(
        [
            Card("Claims", (count(len(found)),), "on the rate cards"),
            Card("Consistent", (count(counts["consistent"]),), "the claimed figure lies within our interval"),
            Card("Contradicted", (count(counts["contradicted"]),), "our whole interval lies outside, in one set-up"),
            Card("Unverified", (count(counts["unverified"]),), "nothing here can tell"),
        ]
    )
    if run.choices.demo.demo_files:
        st.caption("Demo calls are made up: they verify nothing.")
    show_provenance(run.desk.ask(provenance_of, run.scope))
    for each in found:
        if each.own:
            show_claim(each, each.own)
    unmeasured = [each for each in found if each.own is None]
    if unmeasured:
        with section("Nothing here measures these", plural(len(unmeasured), "claim")):
            show_unmeasured(unmeasured, run.choices.demo.now or now())


show(get_run())
