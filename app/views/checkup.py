"""Check-up: what keeps the figures from being whole, what wastes money, and what to do about each."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from app.clock import now
from app.components.cards import Card, show_cards
from app.components.entered import Edition, edition_of_state
from app.components.entries import present
from app.components.findings import show_findings
from app.components.formats import count, plural
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.reconcile_cards import provenance_of
from app.doctor import Finding, Known, Patient, check_names, examine
from app.live import Watcher, read_watchers
from warehouse.connection import Reader, silent
from warehouse.rate_trial import own_cards
from warehouse.scope import EVERYTHING

Cards = tuple[tuple[str, int], ...]


def examined(
    reader: Reader, root: str, at: datetime, watchers: tuple[Watcher, ...], known: tuple[Edition, Cards]
) -> list[Finding]:
    """Everything found, at an instant; ``known`` is the state of what people entered, and of their cards."""
    beside = Known.read(Path(root), at, tell=silent)._replace(watchers=watchers)
    return examine(Patient(Path(root), reader, EVERYTHING, at, beside))


def findings_of(run: Run, watchers: list[Watcher]) -> list[Finding]:
    """The same for this page: asked anew every ten minutes, and when anything changed."""
    root, at = run.desk.root, present(run)
    at = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    # When they last looked changes all the time, and no finding of one that runs.
    still = tuple(
        each._replace(last_round=None, last_load=None, rows=None, files=None) if each.state == "looking" else each
        for each in watchers
    )
    return run.desk.ask(examined, str(root), at, still, (edition_of_state(root), own_cards(root)))


def show(run: Run) -> None:
    """The figures, then every finding: what needs a person first."""
    watchers = read_watchers(run.desk.root, now())
    with st.spinner("Looking through everything that was loaded", show_time=True):
        found = findings_of(run, watchers)
    urgent = [finding for finding in found if finding.needs_person]
    other = [finding for finding in found if not finding.needs_person]
    clean = [name for name in check_names() if name not in {finding.check for finding in found}]
    running = sum(watcher.state == "looking" for watcher in watchers)
    show_cards(
        [
            Card("Need a person", (count(len(urgent)),), "before the figures are whole"),
            Card("Worth a look", (count(len(other)),), "what costs more than it has to"),
            Card("In order", (count(len(clean)),), f"of {plural(len(check_names()), 'check')}"),
            Card("Watching", (count(running),), "load by themselves" if running else "nothing loads by itself"),
        ]
    )
    show_provenance(run.desk.ask(provenance_of, EVERYTHING))
    show_findings("Need a person", urgent, "Every figure is as whole as it can be.")
    show_findings("Worth a look", other, "No habit that wastes money was found.")
    with st.expander(f"In order: {plural(len(clean), 'check')}", icon=":material/check:"):
        st.caption(", ".join(clean) or "None.")
    st.caption("The same on the command line, for cron and pipelines: `tollbook doctor`.")


show(get_run())
