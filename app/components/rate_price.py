"""Pricing calls that have no rate: a form that becomes a card, what it would come to, and then the card itself."""

from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app.card_draft import CardDraft, write_draft
from app.components.answers import Desk
from app.components.entries import ask_who
from app.components.formats import count, day, literal, plural
from app.components.job_status import begin, running_job
from app.components.own_cards import ACT, ask, dismiss, offer_to_keep
from app.components.rate_trial import gained_by, show_difference, show_outcome, show_problems
from app.jobs import start_pricing
from pricing.meters import METERS, UNIT_METERS
from warehouse.connection import open_reader, silent
from warehouse.errors import WarehouseError
from warehouse.metered import metered
from warehouse.rate_book import RateBook, RateGap
from warehouse.rate_trial import try_card
from warehouse.rerate_basis import unpriced_basis
from warehouse.rerate_runs import preview
from warehouse.scope import EVERYTHING, Scope

DRAFT = "card_draft"
ALWAYS = ("input", "cache_read", "output")
CONFIDENCES = ("official", "contract", "article")
NO_SOURCE = "Say the source: a page's address, or what your contract is called."
NO_WORD = "Choose on whose word the price is."
WORDS = {"cache_write_5m": "Cache write, 5 min", "cache_write_1h": "Cache write, 1 h"}


class Wanted(NamedTuple):
    """The calls to be priced."""

    gap: RateGap
    used: frozenset[str]
    """The meters that they used."""
    currencies: tuple[str, ...]
    """Those that this seller bills in go first."""


def show_price_dialog(desk: Desk, book: RateBook, today: date) -> None:
    """The dialog that is open, if any."""
    act, *about = st.session_state.get(ACT, ("",))
    if act == "price":
        gap = next((gap for gap in book.gaps if [gap.seller, gap.model, gap.reason] == about), None)
        if gap is None:
            dismiss()
        else:
            price_dialog(desk.root, _wanted(desk, book, gap), today)
    elif act == "rerate":
        rerate_dialog(desk.root)


def offer_to_price(gap: RateGap) -> None:
    """The button that opens the form for calls without a rate."""
    key = f"price_{gap.seller}_{gap.model}"
    about = ("price", gap.seller, gap.model or "", gap.reason)
    st.button("Price these calls", key=key, icon=":material/sell:", on_click=_begin, args=about)


def offer_to_rerate() -> None:
    """The button that prices what has a rate by now."""
    st.button("Price what has a rate by now", icon=":material/update:", on_click=ask, args=("rerate",))


def _begin(*about: str) -> None:
    st.session_state.pop(DRAFT, None)
    ask(*about)


def _wanted(desk: Desk, book: RateBook, gap: RateGap) -> Wanted:
    scope = Scope(values=(("seller", (gap.seller,)), ("model", (gap.model or "",))))
    used = {each.meter for each in desk.ask(metered, (), scope) if each.costing == "unknown"}
    own = [entry.base.currency for entry in book.entries if entry.base.seller == gap.seller]
    currencies = tuple(dict.fromkeys([*own, "USD", "EUR", "CNY"]))
    return Wanted(gap, frozenset(used - {"request"}), currencies)


@st.dialog("Price these calls", width="large", on_dismiss=dismiss)
def price_dialog(root: Path, wanted: Wanted, today: date) -> None:
    """Ask what the seller asks, say what that comes to, and add the card."""
    gap = wanted.gap
    st.markdown(
        f"**{literal(gap.model or '')}** at **{literal(gap.seller_name)}**: {plural(gap.requests, 'call')}, "
        f"{count(gap.tokens)} tokens, {day(gap.first_day)} to {day(gap.last_day)}."
    )
    with st.form("card_draft_form", border=False):
        draft = _ask(wanted, today)
        sent = st.form_submit_button("Check", icon=":material/fact_check:")
    missing = [words for said, words in ((draft.source.strip(), NO_SOURCE), (draft.confidence, NO_WORD)) if not said]
    if sent and missing:
        st.session_state.pop(DRAFT, None)
        st.warning(" ".join(missing), icon=":material/edit:")
    elif sent:
        left_out = [_label(meter) for meter in METERS if meter in wanted.used and not draft.prices[meter].strip()]
        st.session_state[DRAFT] = write_draft(draft), left_out
    text, left_out = st.session_state.get(DRAFT, (None, []))
    if left_out:
        st.warning(
            f"These calls used what has no price here: {', '.join(left_out).lower()}. Those that did stay without one.",
            icon=":material/warning:",
        )
    if text is not None:
        _show_draft(root, text)


def _show_draft(root: Path, text: str) -> None:
    """The card that came of it, every mistake in it, or what it would change."""
    with st.spinner("Pricing these calls by it", show_time=True), open_reader(root) as reader:
        trial = try_card(reader, text, EVERYTHING)
    if trial.outcome is None:
        show_problems(trial.problems)
        return
    show_outcome(trial)
    with st.expander("The card", icon=":material/edit_document:"):
        st.code(text, language=None)
    offer_to_keep(root, trial.seller, text, gained=gained_by(trial.outcome))


def _ask(wanted: Wanted, today: date) -> CardDraft:
    """The fields, two or three in a row; on a phone one under the other, in the same order."""
    gap = wanted.gap
    left, right = st.columns(2)
    first = left.date_input(
        "Asked since", gap.first_day, help="The day that the source proves: calls before it stay without a price."
    )
    currency = right.selectbox(
        "Currency", wanted.currencies, help="In which the seller bills.", accept_new_options=True
    )
    prices: dict[str, str] = {}
    with st.grid(3, min_column_width=160, gap="small") as grid:
        for meter in (meter for meter in METERS if meter in {*wanted.used, *ALWAYS}):
            with grid.cell():
                prices[meter] = st.text_input(
                    _label(meter),
                    placeholder="each, as in 0.01" if meter in UNIT_METERS else "per million tokens, as in 0.20",
                    help="Left out where it has no price: never 0 for what is unknown.",
                )
    source = st.text_input("Source", placeholder="https://… or the contract's name")
    left, right = st.columns(2)
    checked = left.date_input("Looked at on", today, max_value=today)
    confidence = right.selectbox(
        "On whose word",
        CONFIDENCES,
        # Every figure shows it: nobody should sign for a seller's own page by not looking.
        index=None,
        placeholder="Choose",
        format_func=str.capitalize,
        help="Official: the seller's own page. Contract: your own terms. Article: somebody else's.",
    )
    until = _until(gap)
    if until is not None:
        st.caption(f"It ends on {day(until.date())}, where the rate that is known begins.")
    assert isinstance(first, date) and isinstance(checked, date)
    said = (currency or "", prices, source, checked, confidence or "")
    return CardDraft(gap.seller, gap.model or "", first, until, *said)


def _until(gap: RateGap) -> datetime | None:
    """Where a known rate begins after these calls: an open entry of one's own would take its place."""
    known = gap.known_from
    return known if known is not None and gap.last_day < known.date() else None


def _label(meter: str) -> str:
    return WORDS.get(meter, meter.replace("_", " ").capitalize())


@st.dialog("Price what has a rate by now", on_dismiss=dismiss)
def rerate_dialog(root: Path) -> None:
    """Say how many calls would get a rate, and for how much; then price them in the background."""
    try:
        with st.spinner("Looking for rates"):
            outcome = preview(root, unpriced_basis(root), EVERYTHING, tell=silent)
    except (WarehouseError, ValueError) as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    if not outcome.changed:
        st.info("No call without a price has a rate by now: add a card first.", icon=":material/info:")
        return
    st.success(
        literal(f"{plural(outcome.changed, 'call')} without a price, of {count(outcome.requests)}, would get one."),
        icon=":material/sell:",
    )
    show_difference(outcome, "with a rate")
    st.caption("They are priced once and for good. Calls that have a price keep it; the audit has who did it.")
    who = ask_who()
    title = f"Price {plural(outcome.changed, 'call')}"
    if st.button(title, type="primary", icon=":material/sell:", disabled=not who or running_job() is not None):
        begin(start_pricing(root, who))
        dismiss()
        st.rerun()
