"""Events of the traffic: proposals to confirm or dismiss, what was marked, and marking one more."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import streamlit as st

from app.clock import now
from app.components.entries import WHO
from app.components.forecast_data import Page
from app.components.formats import literal, money, plural
from app.components.page import Run
from app.components.undo import offer_to_put_back, show_undo
from app.figures import sentence
from app.proposed import Open, Proposed, enter
from planning.events import KINDS, MASKS, SCOPES, WHAT_IT_DOES, Event, Kind, why_not
from planning.glance import Glance
from warehouse.audit import NOBODY, machine_user
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.events import remove_event

ALL = "All"
SHOWN = 20
"""Events listed; `tollbook event` has them all."""


def show_proposals(run: Run, found: Open, currency: str) -> None:
    """What seems to have happened, each with what confirming would change."""
    if not found.proposed:
        return
    count = len(found.proposed)
    with st.container(border=True):
        st.header("Did something happen?" if count == 1 else f"Did something happen? {count} questions")
        st.caption("Nothing here changes the forecast until you confirm it.")
        for each in found.proposed:
            _show_proposal(run, each, currency)
        together = next((one for one in found.together if one.currency == currency), None)
        if together:
            st.caption(literal(f"With all of them confirmed, it ends at {_figure(together)}."))


def _show_proposal(run: Run, each: Proposed, currency: str) -> None:
    event, name = each.proposal.event, each.proposal.name
    with st.container(border=True, gap="small"):
        st.markdown(f"**{literal(f'{event.kind.capitalize()}, {event.days}')}** · {literal(event.about)}")
        why = each.proposal.why
        st.caption(literal(f"{why[:1].upper()}{why[1:]}{'' if why.endswith('?') else '.'} {_effect(each, currency)}"))
        with st.container(horizontal=True):
            for number, kind in enumerate(each.proposal.choices):
                if st.button(
                    f"It was {_a(kind)}" if kind != "ended" else "It has ended",
                    key=f"confirm_{name}_{kind}",
                    type="secondary" if number else "primary",
                    icon=":material/check:",
                ):
                    last = event.last if kind in MASKS else None
                    answer_dialog(run, event._replace(kind=kind, last=last, state="confirmed"))
            if st.button("No", key=f"dismiss_{name}", icon=":material/close:"):
                answer_dialog(run, event._replace(state="dismissed"))


def _effect(each: Proposed, currency: str) -> str:
    """What confirming would change, in one currency."""
    pairs = zip(each.now, each.confirmed, strict=False)
    as_it_is, then = next((pair for pair in pairs if pair[0].currency == currency), (None, None))
    if as_it_is is None or then is None:
        return ""
    if then == as_it_is:
        return f"Confirmed, it changes nothing in {currency}."
    return f"Confirmed, it would end at {_figure(then)} in place of {_figure(as_it_is)}."


def _figure(one: Glance) -> str:
    code = one.currency
    return f"{money(one.middle, code)} ({money(one.low, code)} to {money(one.high, code)})"


def show_events(run: Run, events: tuple[Event, ...], page: Page) -> None:
    """What was marked, and a way to mark more."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Events", width="content")
        if st.button("Mark an event", icon=":material/add:"):
            add_dialog(run, page)
    show_undo("event")
    if not events:
        st.caption("None is marked. A launch, an outage or a migration is worth marking: the forecast then knows it.")
        return
    for event in reversed(events[-SHOWN:]):
        _show_event(run, event)
    if len(events) > SHOWN:
        st.caption(f"The newest {SHOWN} of {plural(len(events), 'event')}: `tollbook event` lists them all.")


def _show_event(run: Run, event: Event) -> None:
    dismissed = event.state == "dismissed"
    said = f"{event.kind.capitalize()}, {event.days}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        note = f" · {literal(event.note)}" if event.note else ""
        what = "it was none, and changes nothing" if dismissed else WHAT_IT_DOES[event.kind]
        with st.container(gap="xxsmall", width="stretch"):
            st.markdown(f"{literal(said) if dismissed else f'**{literal(said)}**'} · {literal(event.about)}{note}")
            st.caption(f"{what[:1].upper()}{what[1:]}.")
        if st.button("Remove", key=f"remove_{event.event_id}", type="tertiary", icon=":material/delete:"):
            remove_dialog(run, event)


@st.dialog("Answer")
def answer_dialog(run: Run, event: Event) -> None:
    """Ask who says so."""
    says = "confirmed" if event.state == "confirmed" else "dismissed, and not asked again"
    st.markdown(f"**{literal(f'{event.kind.capitalize()}, {event.days}')}** · {literal(event.about)}: {says}.")
    with st.form("event_answer", border=False):
        note = st.text_input("Note", placeholder="what it was, where it says so")
        who = _ask_who()
        sent = st.form_submit_button("Confirm" if event.state == "confirmed" else "Dismiss", type="primary")
    if sent:
        _try(lambda author: _enter(run.desk.root, event._replace(note=note.strip() or None), author), who)


@st.dialog("Mark an event", width="medium")
def add_dialog(run: Run, page: Page) -> None:
    """Ask what happened, when, and to which traffic."""
    with st.form("event_add", border=False):
        kind = st.selectbox("What happened", KINDS, format_func=str.capitalize)
        left, right = st.columns(2)
        first = left.date_input("First day", page.begun, max_value=page.begun)
        last = right.date_input("Last day", None, help="Of an outage or a backfill; without one, it is the first.")
        columns = st.columns(len(SCOPES))
        scope = {
            name: column.selectbox(name.capitalize(), (ALL, *run.choices.values[name]))
            for column, name in zip(columns, SCOPES, strict=True)
        }
        note = st.text_input("Note", placeholder="what it was, where it says so")
        who = _ask_who()
        sent = st.form_submit_button("Mark it", type="primary", icon=":material/add:")
    if sent and isinstance(first, date):
        named = {name: value for name, value in scope.items() if value != ALL}
        ends = (last or first) if kind in MASKS else last
        until = ends if isinstance(ends, date) else None
        event = Event(
            0, kind, first, until, named.get("seller"), named.get("model"), named.get("team"), note.strip() or None
        )
        if why := why_not(event, page.begun):
            st.error(literal(sentence(why)))
        else:
            _try(lambda author: _enter(run.desk.root, event, author), who)


@st.dialog("Remove the event")
def remove_dialog(run: Run, event: Event) -> None:
    """Ask whether it is meant."""
    st.markdown(
        f"**{literal(f'{event.kind.capitalize()}, {event.days}')}** · {literal(event.about)}: every forecast from now "
        "on is made as if it had not happened. The audit keeps it, and it can be put back at once."
    )
    with st.form("event_remove", border=False):
        who = _ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:
        _try(lambda author: _remove(run.desk.root, event, author), who)


def _ask_who() -> str:
    user = machine_user()
    known = st.session_state.get(WHO) or ("" if user == NOBODY else user)
    return st.text_input("Who does this", known, help="Kept with the change, with before and after.")


def _try(act: Callable[[Author], None], who: str) -> None:
    """Do it and show the page anew, or say what is wrong and leave the dialog open."""
    if not who.strip():
        st.error("Say who does this.")
        return
    try:
        act(Author(who.strip(), now()))
    except WarehouseError as error:
        st.error(literal(str(error)))
        return
    st.session_state[WHO] = who.strip()
    st.rerun()


def _enter(root: Path, event: Event, author: Author) -> None:
    enter(root, event, author, tell=silent)


def _remove(root: Path, event: Event, author: Author) -> None:
    remove_event(root, event.event_id, author, tell=silent)
    offer_to_put_back("event", f"{event.kind.capitalize()}, {event.days}: removed.", root, "event", [event.event_id])


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
