"""Prepaid accounts on a page: what is left of each, the day it runs out, what makes it last."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from app.balances import Known, Standing, read_standings
from app.components.cards import Card, show_cards
from app.components.columns import right
from app.components.entered import Edition, edition_of_state
from app.components.entries import present, show_changes
from app.components.formats import day, instant, literal, money, plural
from app.components.page import Run
from app.components.prepaid_chart import show_balance_chart
from app.components.prepaid_dialogs import Place, account_dialog, balance_dialog, remove_dialog, topup_dialog
from app.components.tables import show_frame
from app.components.undo import show_undo
from app.outlook import read_events
from planning.events import Event
from planning.prepaid import SURE, Past
from pricing.prepaid import NARROWED_BY, Account
from warehouse.connection import silent
from warehouse.prepaid import Entered, list_prepaid
from warehouse.rate_trial import own_cards
from warehouse.recurring import billing_day

HELLO = """Some sellers are paid before they are used. Enter what was paid: this page says what is left of it, and until
when it lasts. On the command line: `tollbook prepaid`."""
LITTLE_UNPRICED = 0.005
"""So small a share of calls without a price is not worth a line."""


def show_prepaid(run: Run) -> None:
    """Every account, the one that runs out first before the others."""
    edition = edition_of_state(run.desk.root)
    entered = _entered(edition)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Prepaid", width="content")
        if st.button("Add an account", icon=":material/add:", key="account_add_open"):
            account_dialog(run)
    show_undo("prepaid")
    if not entered.accounts:
        st.info(HELLO, title="No prepaid account", icon=":material/account_balance_wallet:")
        return
    # Answers are kept for an hour's worth of presents: nobody sees the difference of a minute.
    now = present(run).replace(minute=0, second=0, microsecond=0) if not run.choices.demo.now else present(run)
    known = Known(entered, _events(edition), now, own_cards(run.desk.root))
    for each in run.desk.ask(read_standings, known):
        _show_account(run, each)
    show_changes(run.desk.root, ("account", "topup", "reading"))


def _show_account(run: Run, found: Standing) -> None:
    place = Place(found.account, found.zone, billing_day(present(run), found.zone))
    number = found.account.account_id
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            with st.container(gap="xxsmall", width="content"):
                st.markdown(f"**{literal(found.account.name)}**")
                st.caption(literal(f"pays for {_pays_for(found.account)}"))
            with st.container(horizontal=True, width="content"):
                if st.button("Top-up", icon=":material/add_card:", key=f"topup_{number}"):
                    topup_dialog(run, place)
                if st.button("Balance", icon=":material/fact_check:", key=f"balance_{number}"):
                    balance_dialog(run, place)
                if st.button("Remove", icon=":material/delete:", key=f"remove_{number}"):
                    remove_dialog(run, place, found.topups, found.readings)
        if found.past is None:
            st.caption(f"Nothing was entered up to {found.today}: enter a top-up, or what the seller shows.")
            return
        show_cards(_cards(found, found.past))
        for warning in _warnings(found, found.past):
            st.caption(f":material/info: {literal(warning)}")
        show_balance_chart(found, found.past)
        _show_entries(found)


def _cards(found: Standing, past: Past) -> list[Card]:
    code = found.account.currency
    least = "at most, " if past.unpriced else ""
    adjusted = sum(each.difference for each in past.adjusted if each.ours is not None)
    read = sum(each.ours is not None for each in past.adjusted)
    fees = f", fees {money(found.fees, code)}" if found.fees else ""
    return [
        Card(
            "Left",
            (money(past.left, code),),
            f"{least}as priced through {instant(found.data_through)}"
            if found.data_through
            else "no call up to today is loaded yet",
        ),
        _runs_out(found),
        _needed(found),
        Card(
            "Adjusted",
            (money(adjusted, code) if read else "–",),
            f"{_some(read, 'balance')} compared · topped up {money(past.topped_up, code)}{fees}",
            "What balances that the seller showed were beyond ours, added up.",
        ),
    ]


def _runs_out(found: Standing) -> Card:
    ahead, past = found.ahead, found.past
    if past and past.left < 0:
        return Card("Runs out", ("below zero",), f"since {past.below_since}" if past.below_since else "")
    if ahead is None:
        return Card("Runs out", ("unknown",), found.why_not or "")
    beyond = f"after {_short(ahead.last)}"
    if ahead.early is None:
        note = f"not before {_short(ahead.last)} on 9 of 10 paths"
    else:
        band = f"{_short(ahead.early)} to {_short(ahead.late) if ahead.late else beyond}"
        note = f"80% band: {band if ahead.early != ahead.late else 'that day alone'}"
    year = f" {ahead.middle:%Y}" if ahead.middle and ahead.middle.year != found.today.year else ""
    if found.is_over:
        return Card("Runs out", ("by now",), f"it has probably run out by now (about {ahead.middle}) · {note}")
    return Card("Runs out", (_short(ahead.middle) if ahead.middle else beyond,), note + year)


def _needed(found: Standing) -> Card:
    ahead = found.ahead
    if ahead is None:
        return Card("Top up", ("unknown",), found.why_not or "")
    until = found.lasts
    pico = found.to_last(until)
    amount = money(pico, found.account.currency) if pico else "nothing"
    return Card("Top up", (amount,), f"to last through {_short(until)} on {SURE * 10:.0f} of 10 paths")


def _short(on: date) -> str:
    return f"{on:%-d %b}"


def _some(number: int, noun: str) -> str:
    return plural(number, noun) if number else f"no {noun}"


def _warnings(found: Standing, past: Past) -> list[str]:
    """What a reader has to know of the figures."""
    notes = []
    if past.left < 0:
        notes.append("Below 0: a top-up is missing here, or a balance.")
    if past.unpriced:
        notes.append(f"{plural(past.unpriced, 'call')} of unknown cost since it was last known: less may be left.")
    if found.is_stale:
        notes.append(
            f"Data through {instant(found.data_through)}, and today is {found.today}: the days since then are "
            f"projected, too, until their logs are loaded."
        )
    if found.other_currencies:
        notes.append(f"Its calls were billed in {', '.join(found.other_currencies)} too: not in these figures.")
    if ends := sorted({lot.expires for lot in past.lots if lot.expires}):
        notes.append(f"Credit expires on {', '.join(map(str, ends))}: what is not used by then is lost.")
    if found.unpriced_ahead > LITTLE_UNPRICED:
        notes.append(f"{found.unpriced_ahead:.0%} of the calls to come have no price: it runs out sooner.")
    return notes


HEADS = ("Day", "Entry", "Amount", "Ours", "Difference", "Fee", "Expires", "Note")


def _show_entries(found: Standing) -> None:
    """Top-ups, and what the seller showed beside ours."""
    rows = sorted([*_topup_rows(found), *_reading_rows(found)], key=lambda row: row[0])[::-1]
    title = f"{_some(len(found.topups), 'top-up')} and {_some(len(found.readings), 'balance')} entered"
    with st.expander(title[0].upper() + title[1:]):
        show_frame(
            pd.DataFrame([cells for _, cells in rows], columns=HEADS),
            hide_index=True,
            height="content",
            alt=f"Entries of {found.account.name}, the newest first",
            column_config=right(("Amount", "Ours", "Difference", "Fee")),
        )


def _topup_rows(found: Standing) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    code = found.account.currency
    for each in found.topups:
        amounts = (money(each.pico, code), "–", "–", _money(each.fee, code))
        on = day(billing_day(each.credited_at, found.zone))
        yield each.credited_at, (on, "Top-up", *amounts, day(each.expires), each.note or "–")


def _reading_rows(found: Standing) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    code = found.account.currency
    for each in found.readings:
        beside = found.compared(each)
        known = beside is not None and beside.ours is not None
        difference = beside.difference if beside and known else None
        amounts = (money(each.pico, code), _money(beside.ours if beside else None, code), _money(difference, code))
        on = day(billing_day(each.read_at, found.zone))
        yield each.read_at, (on, "Balance shown", *amounts, "–", "–", each.note or "–")


def _money(pico: int | None, code: str) -> str:
    return "–" if pico is None else money(pico, code)


def _pays_for(account: Account) -> str:
    own: Sequence[str] = [
        f"{name.replace('_alias', '')} {value}" for name in NARROWED_BY if (value := getattr(account, name))
    ]
    return ", ".join([account.seller, *own]) + f", in {account.currency}"


@st.cache_data(max_entries=10, show_spinner=False)
def _entered(edition: Edition) -> Entered:
    return list_prepaid(Path(edition[0]), tell=silent)


@st.cache_data(max_entries=10, show_spinner=False)
def _events(edition: Edition) -> tuple[Event, ...]:
    return read_events(Path(edition[0]), tell=silent)
