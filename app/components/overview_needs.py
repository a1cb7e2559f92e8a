"""What needs a person: one line each, with the way to where it is put right."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.anomalies import Question, look_through
from app.balances import Known as Accounts
from app.balances import read_standings
from app.books import read_state
from app.budgets import Known as Budgeted
from app.budgets import read_budgets
from app.components.answers import Desk
from app.components.entered import Edition, charges_of, edition_of_state, events_of
from app.components.findings import PLACES, marked
from app.components.formats import literal, plural
from app.components.job_status import ended_job
from app.components.overview_narrow import show_here
from app.components.overview_part import answered, asked_part, show_why_not
from app.components.task_escalation import escalations_of
from app.doctor import Known, Patient
from app.live import read_watchers
from app.morning_needs import (
    Need,
    needs_of_books,
    needs_of_budgets,
    needs_of_checks,
    needs_of_days,
    needs_of_escalations,
    needs_of_prepaid,
    needs_of_reports,
)
from app.report_due import Data, find_due
from planning.events import Event
from warehouse.connection import Reader, silent
from warehouse.prepaid import Entered, list_prepaid
from warehouse.report_schedule import Done, Schedule, list_done, list_schedules
from warehouse.scope import EVERYTHING
from warehouse.traffic import traffic_span

ROOM = 360
"""Pixels that the part takes, and beyond which its list is scrolled."""
FEW = 8
"""So many lines are shown at once; the others unfold."""
WHERE: dict[str, tuple[str, str]] = {
    **{str(page): place for page, place in PLACES.items()},
    "budgets": ("Budgets", "views/budgets.py"),
    "checkup": ("Check-up", "views/checkup.py"),
    "overview": ("Show", "views/overview.py"),
    "reports": ("Reports", "views/reports.py"),
}


class Seen(NamedTuple):
    """What the looks stand on beside the calls; alike as long as nothing changed, so that answers are kept."""

    root: Path
    now: datetime
    """The present, to ten minutes: nobody sees the difference."""
    budgets: Budgeted
    cards: tuple[tuple[str, int], ...]

    @property
    def entered(self) -> Edition:
        """The state of what people entered."""
        return edition_of_state(self.root)


def _checks(desk: Desk, seen: Seen) -> list[Need]:
    return desk.ask(_examined, str(seen.root), seen.now, (seen.entered, seen.cards))


def _examined(reader: Reader, root: str, now: datetime, known: object) -> list[Need]:
    """What a check-up finds at an instant; ``known`` is the state of what people entered, and of their cards."""
    beside = Known(events=events_of(Path(root)), watchers=read_watchers(Path(root), now))
    return needs_of_checks(Patient(Path(root), reader, EVERYTHING, now, beside))


def _budgets(desk: Desk, seen: Seen) -> list[Need]:
    return needs_of_budgets(desk.ask(read_budgets, seen.budgets)) if seen.budgets.entries else []


def _accounts(desk: Desk, seen: Seen) -> list[Need]:
    entered = _entered(seen.entered).prepaid
    if not entered.accounts:
        return []
    known = Accounts(entered, seen.budgets.beside.events, seen.now, seen.cards)
    return needs_of_prepaid(desk.ask(read_standings, known))


class Entries(NamedTuple):
    """What people entered of accounts and reports."""

    prepaid: Entered
    schedules: list[Schedule]
    done: list[Done]


@st.cache_data(max_entries=10, show_spinner=False)
def _entered(edition: Edition) -> Entries:
    root = Path(edition[0])
    return Entries(list_prepaid(root, tell=silent), list_schedules(root, tell=silent), list_done(root, tell=silent))


def _days(desk: Desk, seen: Seen) -> list[Need]:
    return desk.ask(_unusual, seen.now, seen.budgets.beside.events)


def _unusual(reader: Reader, now: datetime, events: tuple[Event, ...]) -> list[Need]:
    """What was unusual of late; nothing where no day is whole yet."""
    span = traffic_span(reader, now.date())
    if span.first is None or span.begun is None or span.first >= span.begun:
        return []
    return needs_of_days(look_through(reader, Question(), now, events))


def _escalations(desk: Desk, seen: Seen) -> list[Need]:
    # Which tasks did the same work says nothing of single calls.
    return needs_of_escalations(desk.ask(escalations_of, EVERYTHING, ()))


def _reports(desk: Desk, seen: Seen) -> list[Need]:
    entries = _entered(seen.entered)
    if not entries.schedules:
        return []
    today = seen.budgets.today
    span = desk.ask(traffic_span, today)
    return needs_of_reports(
        find_due(entries.schedules, entries.done, Data(today, span.first, span.begun, span.data_through))
    )


def _books(desk: Desk, seen: Seen) -> list[Need]:
    return needs_of_books(desk.ask(read_state, seen.entered, charges_of(seen.root), seen.budgets.today))


Looks = tuple[tuple[str, Callable[[Desk, Seen], list[Need]]], ...]
LOOKS: Looks = (
    ("budgets", _budgets),
    ("prepaid accounts", _accounts),
    ("what a check-up finds", _checks),
    ("unusual days", _days),
    ("reports that are due", _reports),
    ("the month close", _books),
)
"""Every look by itself: one that fails leaves the others."""
LONG_LOOKS: Looks = (("escalation", _escalations),)
"""Those that read the calls themselves: what the others found stands there before."""


class Found(NamedTuple):
    """What waits, and what could not be looked at."""

    needs: tuple[Need, ...]
    failed: tuple[str, ...]
    """One sentence each."""

    def beside(self, other: "Found") -> "Found":
        """Both, the other after this."""
        return Found((*self.needs, *other.needs), (*self.failed, *other.failed))


def look_at(desk: Desk, seen: Seen, looks: Looks) -> Found:
    """Every one of these looks, in the order in which its lines are told."""
    needs: list[Need] = []
    failed: list[str] = []
    for name, ask in looks:
        answer = answered(partial(ask, desk, seen), name, seen.root)
        if isinstance(answer, str):
            failed.append(answer)
        else:
            needs += answer
    return Found(tuple(needs), tuple(failed))


def _waiting_files() -> Found:
    """Tables of this reader's last upload that no source knows."""
    job = ended_job()
    files = len(job.unread) if job else 0
    needs = (Need("files", plural(files, "file"), "wait for a mapping", "imports"),) if files else ()
    return Found(needs, ())


@st.fragment(parallel=True)
def show_needs(seen: Seen) -> None:
    """The list, and what could not be looked at."""
    # In a row of its own, as the title beside it is: the two stand at one height.
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Needs a person", width="content", help="Of everything that was loaded, whatever the filters say.")
    place, later = st.skeleton(height=ROOM), st.empty()
    found = asked_part(seen.root, partial(look_at, seen=seen, looks=LOOKS), "what needs a person")
    with place.container(gap="small"):
        if isinstance(found, str):
            show_why_not(found)
            return
        found = _waiting_files().beside(found)
        _show(found, "need")
    # A place of its own: what is written twice into one place in the same run keeps what stood there before.
    later.caption(":material/hourglass_empty: Still looking through the calls themselves.")
    more = asked_part(seen.root, partial(look_at, seen=seen, looks=LONG_LOOKS), "what needs a person")
    if isinstance(more, str):
        with later:
            show_why_not(more)
    elif more.needs or more.failed:
        with later.container(gap="small"):
            _show(more, "long_need")
    elif found.needs or found.failed:
        later.empty()
    else:
        later.success("Nothing needs you.", icon=":material/check:")


def _show(found: Found, name: str) -> None:
    for sentence in found.failed:
        st.caption(f":material/error: {literal(sentence)}")
    with st.container(gap="xxsmall"):
        for number, need in enumerate(found.needs[:FEW]):
            _show_need(need, f"{name}_{number}")
    if rest := found.needs[FEW:]:
        with st.expander(f"{len(rest)} more"):
            for number, need in enumerate(rest, FEW):
                _show_need(need, f"{name}_{number}")


def _show_need(need: Need, key: str) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
        st.markdown(f":small[**{literal(need.figure)}** {marked(need.says)}]", width="stretch")
        label, path = WHERE[need.page]
        if need.page == "overview":
            show_here(label, dict(need.params), key=key)
        else:
            st.page_link(path, label=f":small[{label}]", query_params=dict(need.params) or None)
