"""Entering an account, a top-up, a balance that the seller showed; taking an entry out."""

from datetime import date, datetime
from typing import NamedTuple

import streamlit as st

from app.commands.entered import amount_of, currency_of
from app.components.entries import ask_who, attempt, present
from app.components.formats import day, literal, money
from app.components.page import Run
from app.components.undo import offer_to_put_back
from pricing.prepaid import Account, Reading, TopUp
from warehouse import prepaid
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.recurring import billing_day, day_span, end_of_day


class Place(NamedTuple):
    """The account that something is entered for, and its billing zone."""

    account: Account
    zone: str
    today: date


@st.dialog("Add a prepaid account")
def account_dialog(run: Run) -> None:
    """Ask for a new account."""
    with st.form("account_add", border=False):
        left, right = st.columns(2)
        seller = left.selectbox("Seller", run.choices.values["seller"], accept_new_options=True)
        currency = right.selectbox("Currency", run.choices.currencies or ("USD",), accept_new_options=True)
        name = st.text_input("Name", placeholder="as the seller is called")
        st.caption("Only where the account pays for one of these alone:")
        org, team, key = st.columns(3)
        boxes = ((org, "Organisation"), (team, "Team"), (key, "Key alias"))
        narrowed = [box.text_input(label).strip() or None for box, label in boxes]
        who = ask_who()
        sent = st.form_submit_button("Add", type="primary", icon=":material/add:")
    if sent:

        def add(by: Author) -> None:
            about = (seller or "", currency_of(currency or "", "Currency"))
            account = Account(0, name.strip() or about[0], *about, *narrowed)
            prepaid.add_account(run.desk.root, account, by, tell=silent)

        attempt(add, who)


@st.dialog("Enter a top-up")
def topup_dialog(run: Run, place: Place) -> None:
    """Ask what was credited, and when."""
    st.caption(f"{literal(place.account.name)}, in {place.account.currency}")
    with st.form("topup_add", border=False):
        left, right = st.columns(2)
        amount = left.text_input("Credited", placeholder="50.00")
        fee = right.text_input("Fee beside it", placeholder="none", help="What was paid beyond the credit.")
        left, right = st.columns(2)
        on = left.date_input("Day", place.today, help="It counts from the beginning of the day.")
        expires = right.date_input("Expires", None, help="The last day on which it can be used. None: it stays.")
        note = st.text_input("Note")
        who = ask_who()
        sent = st.form_submit_button("Enter", type="primary", icon=":material/add_card:")
    if sent:

        def add(by: Author) -> None:
            at = day_span(_a_day(on), place.zone)[0]
            cost = amount_of("Fee", fee.strip()) if fee.strip() else None
            number = place.account.account_id
            topup = TopUp(0, number, at, amount_of("Credited", amount.strip()), cost, expires, note.strip() or None)
            prepaid.add_topup(run.desk.root, topup, by, tell=silent)

        attempt(add, who)


@st.dialog("State what the seller shows")
def balance_dialog(run: Run, place: Place) -> None:
    """Ask what the seller's console shows as left."""
    st.caption(
        f"{literal(place.account.name)}, in {place.account.currency}. It holds from then on; the difference to ours "
        f"stays in sight."
    )
    with st.form("reading_add", border=False):
        left, right = st.columns(2)
        amount = left.text_input("Shown as left", placeholder="12.30")
        on = right.date_input("Day", place.today, max_value=place.today, help="Today: now. Another day: its end.")
        note = st.text_input("Note")
        who = ask_who()
        sent = st.form_submit_button("Enter", type="primary", icon=":material/fact_check:")
    if sent:

        def add(by: Author) -> None:
            at = _read_at(_a_day(on), place, present(run))
            pico = amount_of("Shown as left", amount.strip(), signed=True)
            reading = Reading(0, place.account.account_id, at, pico, note.strip() or None)
            prepaid.add_reading(run.desk.root, reading, by, tell=silent)

        attempt(add, who)


@st.dialog("Remove an entry")
def remove_dialog(run: Run, place: Place, topups: tuple[TopUp, ...], readings: tuple[Reading, ...]) -> None:
    """Ask which entry to take out."""
    code = place.account.currency
    entries = dict[str, tuple[str, int]]()
    for topup in topups:
        name = f"Top-up {topup.topup_id} of {_day(topup.credited_at, place)}, {money(topup.pico, code)}"
        entries[name] = ("topup", topup.topup_id)
    for reading in readings:
        name = f"Balance {reading.reading_id} of {_day(reading.read_at, place)}, {money(reading.pico, code)}"
        entries[name] = ("reading", reading.reading_id)
    entries[f"The account {place.account.name}, with all its entries"] = ("account", place.account.account_id)
    st.markdown(
        "What is left is reckoned as if it had never been entered; an account takes its balance and its entries with "
        "it. The audit keeps it, and it can be put back at once."
    )
    with st.form("prepaid_remove", border=False):
        which = st.selectbox("Entry", list(entries))
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:
        table, number = entries[which]

        def remove(by: Author) -> None:
            prepaid.remove_entry(run.desk.root, table, number, by, tell=silent)
            offer_to_put_back("prepaid", f"{which}: removed.", run.desk.root, table, [number])

        attempt(remove, who)


def _day(at: datetime, place: Place) -> str:
    return day(billing_day(at, place.zone))


def _read_at(on: date, place: Place, now: datetime) -> datetime:
    return now if on == place.today else end_of_day(on, place.zone)


def _a_day(on: object) -> date:
    assert isinstance(on, date)
    return on
