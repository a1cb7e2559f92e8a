"""Closed and open months on a page: as closed, as it is now, and what lies between."""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from app.books import State, freeze, read_state
from app.close_open import points_before
from app.components.columns import counts, right
from app.components.entered import charges_of, edition_of_state, invoices_of
from app.components.entries import ask_who, attempt, present, show_changes
from app.components.formats import amounts, instant, literal, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.figures import sentence
from planning.book_sums import calls_of, cost_of
from planning.close import Books, added, in_force, name_of, next_month, what_is_missing
from pricing.books import Closing, Lines
from warehouse.changes import Change
from warehouse.connection import open_reader, silent
from warehouse.entries import Author
from warehouse.month_close import reopen_closing
from warehouse.recurring import billing_day
from warehouse.traffic import zone_of

ABOUT = """A closed month says what it said: late rows, calls that are given a price and other corrections are booked as
adjustments in the month that is open when they are seen. *As it is now* has every call in its own month. Both come to
the same in total."""
SHOWN_LINES = 200
DIGITS = 12
"""So much of a digest is told in a sentence."""


def show_month_close(run: Run) -> None:
    """Every month under both views, and the acts of closing and reopening."""
    root = run.desk.root
    today = billing_day(present(run), run.desk.ask(zone_of))
    state = run.desk.ask(read_state, edition_of_state(root), charges_of(root), today)
    closed = in_force(state.closings)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Month close", width="content")
        with st.container(horizontal=True, width="content"):
            month = _to_close(state, closed[0].month if closed else None)
            if month and st.button(f"Close {name_of(month)}", icon=":material/lock:", key="close_open"):
                close_dialog(run, state, month)
            if closed and st.button(
                f"Reopen {name_of(closed[-1].month)}", icon=":material/lock_open:", key="reopen_open"
            ):
                reopen_dialog(run, closed[-1].month)
    if not state.books:
        st.caption("No month has a call.")
        return
    with st.container(border=True):
        st.caption(ABOUT)
        for number in sorted(state.changed):
            _show_changed(state, number)
        _show_months(state)
        _show_totals(state)
    with st.container(border=True):
        _show_month(state)
    show_changes(root, ("month_close", "month"), partial(_told, {each.digest: each for each in state.closings}))


def _to_close(state: State, first: date | None) -> date | None:
    """The month that can be closed next; before the first closing, the oldest one with calls."""
    if first is not None:
        month = next_month(in_force(state.closings))
        return month if month and month <= state.today else None
    return state.books[0].month if state.books else None


@st.dialog("Close a month", width="medium")
def close_dialog(run: Run, state: State, month: date) -> None:
    """Ask whether it is meant, and say what is missing."""
    found = state.of(month)
    st.markdown(f"**{name_of(month)}** will be frozen: {literal(_said(found.as_closed if found else {}))}.")
    if found and found.adjustments:
        names = ", ".join(name_of(about) for about in found.adjustments)
        st.caption(f"The adjustments of {names} are booked with it.")
    _show_open(run, state, month)
    missing = what_is_missing(month, state.today, state.through)
    if missing:
        st.warning(literal(f"It is not complete: {missing}."), icon=":material/warning:")
    with st.form("month_close", border=False):
        insist = st.checkbox("Close it all the same; what is missing is kept with it") if missing else False
        who = ask_who()
        sent = st.form_submit_button(f"Close {name_of(month)}", type="primary", icon=":material/lock:")
    if sent and missing and not insist:
        st.error("Tick the box to close it all the same.")
    elif sent:

        def close(by: Author) -> None:
            with open_reader(run.desk.root) as reader:
                freeze(reader, month, by, today=state.today, insist=insist, tell=silent)

        attempt(close, who)


def _show_open(run: Run, state: State, month: date) -> None:
    """What stands open, before it is closed."""
    invoices = invoices_of(run.desk.root)
    points = run.desk.ask(points_before, charges_of(run.desk.root), invoices, state.today, month)
    if points:
        st.markdown("**What stands open**, and keeps nobody from closing it")
        st.markdown("\n".join(f"- {literal(sentence(point))}." for point in points))


@st.dialog("Reopen a month")
def reopen_dialog(run: Run, month: date) -> None:
    """Ask why."""
    st.markdown(f"What **{name_of(month)}** said is kept. Its adjustments are open again.")
    with st.form("month_reopen", border=False):
        reason = st.text_input("Why", placeholder="logs of the last days came late")
        who = ask_who()
        sent = st.form_submit_button(f"Reopen {name_of(month)}", type="primary", icon=":material/lock_open:")
    if sent and not reason.strip():
        st.error("Say why.")
    elif sent:
        attempt(lambda by: reopen_closing(run.desk.root, month, reason.strip(), by, tell=silent), who)


def _show_changed(state: State, number: int) -> None:
    (closing,) = (each for each in state.closings if each.closing_id == number)
    st.error(
        f"The stored lines of {name_of(closing.month)} are not those that were closed: somebody changed the state "
        f"database. Restore it from a backup, or reopen the month.",
        icon=":material/gpp_bad:",
    )


def _show_months(state: State) -> None:
    books = list(reversed(state.books))
    table = {
        "Month": [name_of(each.month) for each in books],
        "State": [_state(each, state) for each in books],
        "As closed": [_said(each.as_closed) for each in books],
        "Adjustments in it": [_said(added(*each.adjustments.values()), "–") for each in books],
        "As it is now": [_said(each.now) for each in books],
        "Became known later": [_said(each.later, "–") for each in books],
        "Calls": [calls_of(each.as_closed)[0] for each in books],
        "Unpriced": [calls_of(each.as_closed)[1] for each in books],
    }
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        height="content",
        alt="Months under both views, the newest first",
        column_config={
            "State": st.column_config.TextColumn(width=140),
            **right(("As closed", "Adjustments in it", "As it is now", "Became known later")),
            **counts(("Calls", "Unpriced")),
        },
    )


def _show_totals(state: State) -> None:
    closed = _said(added(*(each.as_closed for each in state.books)))
    now = _said(added(*(each.now for each in state.books)))
    unknown, unknown_now = (
        sum(calls_of(lines)[1] for lines in each)
        for each in ([each.as_closed for each in state.books], [each.now for each in state.books])
    )
    besides = f" · unpriced, in no total: {plural(unknown, 'call')} as closed, {unknown_now:,} as it is now"
    st.caption(
        literal(
            f"All months: {closed} as closed, {now} as it is now{besides if unknown or unknown_now else ''} · "
            f"days in {state.zone} · "
            f"calls and recurring charges of each currency, to the last digit in tollbook close --json"
        )
    )


def _show_month(state: State) -> None:
    """One month, line by line."""
    names = {name_of(each.month): each for each in reversed(state.books)}
    wanted = st.selectbox("Line by line", list(names), key="close_month", width=200)
    found = names[wanted]
    if found.closing:
        closing = found.closing
        verified = "changed" if closing.closing_id in state.changed else "verified"
        st.caption(
            f"Closed {instant(closing.closed_at)} by {literal(closing.who)} on data through "
            f"{instant(closing.data_through)}, priced by {plural(closing.rates, 'rate')}"
            + (f" · incomplete: {literal(closing.incomplete)}" if closing.incomplete else "")
            + f" · digest `{closing.digest}`, {verified}"
        )
    _show_lines(found.own, f"Lines of {wanted}")
    for about, lines in found.adjustments.items():
        st.markdown(f"**Adjustments of {name_of(about)} in it**")
        _show_lines(lines, f"Adjustments of {name_of(about)} in {wanted}")
    if found.later:
        st.markdown("**What became known of it later**")
        _show_lines(found.later, f"What became known of {wanted} later")
    _show_earlier(state, found.month)


def _show_earlier(state: State, month: date) -> None:
    """What the month said before it was reopened."""
    found = state.earlier(month)
    if not found:
        return
    st.markdown("**Earlier closings, taken back**")
    table = {
        "Closed": [instant(each.closed_at) for each in found],
        "Closed by": [each.who for each in found],
        "It said": [_said(added(each.lines, *each.booked.values())) for each in found],
        "Reopened": [instant(each.reopened_at) for each in found],
        "Reopened by": [each.reopened_by for each in found],
        "Why": [each.reason for each in found],
        "Lines": ["changed since" if each.closing_id in state.changed else "verified" for each in found],
        "Digest": [each.digest for each in found],
    }
    alt = f"Earlier closings of {name_of(month)}, the newest first"
    show_frame(pd.DataFrame(table), hide_index=True, height="content", alt=alt, column_config=right(("It said",)))
    st.caption(f"Line by line: `tollbook close show {name_of(month)} --digest DIGEST`")


def _told(closings: Mapping[str, Closing], change: Change) -> str:
    """A change of the audit with the month, what it said, and why it was taken back."""
    before, after = json.loads(change.before or "{}"), json.loads(change.after or "{}")
    closing = closings.get(str(after.get("digest") or before.get("digest")))
    if closing is None:
        return change.what.replace("_", " ")
    said = f"{_said(added(closing.lines, *closing.booked.values()))}, digest {closing.digest[:DIGITS]}"
    name = name_of(closing.month)
    return f"{name} reopened: {after.get('reason')}. It said {said}" if before else f"{name} closed at {said}"


def _show_lines(lines: Lines, alt: str) -> None:
    ordered = sorted(lines.items(), key=lambda pair: (pair[0].currency is None, -abs(pair[1][0]), str(pair[0])))
    shown = ordered[:SHOWN_LINES]
    table = {
        "Seller": [key.seller or "–" for key, _ in shown],
        "Model": [key.model or (f"charge {key.charge}" if key.charge else "–") for key, _ in shown],
        "Team": [key.team or "–" for key, _ in shown],
        "Project": [key.project or "–" for key, _ in shown],
        "Cost": [_said({key: line}) for key, line in shown],
        "Calls": [line[3] for _, line in shown],
        "Unpriced": [line[4] for _, line in shown],
    }
    show_frame(
        pd.DataFrame(table),
        hide_index=True,
        alt=alt,
        height="content" if len(shown) <= 12 else 420,
        column_config={**right(("Cost",)), **counts(("Calls", "Unpriced"))},
    )
    if len(ordered) > SHOWN_LINES:
        st.caption(f"The dearest {SHOWN_LINES} of {len(ordered)} lines; tollbook close show --json has them all.")


def _state(books: Books, state: State) -> str:
    if books.closing is None:
        # Under *As closed* stands what it would say.
        return "open, if closed now"
    if books.closing.closing_id in state.changed:
        return "changed since it was closed"
    return "closed, incomplete" if books.closing.incomplete else "closed"


def _said(lines: Lines, nothing: str = "unknown") -> str:
    """What lines come to, calls and charges of a currency together; unknown where no line has a price."""
    sums: dict[str, int] = {}
    for (_, currency), pico in cost_of(lines).items():
        sums[currency] = sums.get(currency, 0) + pico
    unpriced = calls_of(lines)[1] if nothing == "–" else 0
    parts = [amounts(sums)] if sums else []
    parts += [f"{plural(unpriced, 'call')} unpriced"] if unpriced else []
    return " and ".join(parts) or (nothing if lines or nothing == "–" else "nothing")
