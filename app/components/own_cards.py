"""The warehouse's own rate cards on a page: adding one, changing one, taking one out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from app.components.entries import ask_who, attempt
from app.components.formats import literal, plural
from app.components.job_status import begin, running_job
from app.components.undo import offer_undo, show_undo
from app.jobs import start_pricing
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.own_cards import OwnCard, list_own_cards, put_card, remove_card
from warehouse.rate_trial import own_cards

ACT = "card_act"
DONE = "card_done"
SHOWN_MODELS = 4


def ask(act: str, *about: str) -> None:
    """Open a dialog; for a button's callback."""
    st.session_state[ACT] = (act, *about)


def dismiss() -> None:
    """Nothing is asked any more."""
    st.session_state.pop(ACT, None)


def show_own_cards(root: Path) -> None:
    """Each card with what it prices, and its acts; one that cannot be read says why."""
    cards = _cards(str(root), own_cards(root))
    show_undo("card")
    _show_done()
    if not cards:
        return
    with st.container(border=True):
        st.header("Your cards")
        st.caption("Files in `rate_cards/` of the warehouse: they go before the shipped ones.")
        for card in cards:
            _show_card(card)
    act, *about = st.session_state.get(ACT, ("",))
    chosen = next((card for card in cards if [card.file] == about), None)
    if act == "change" and chosen is not None:
        change_dialog(root, chosen)
    elif act == "remove" and chosen is not None:
        remove_dialog(root, chosen)


def offer_to_keep(root: Path, seller: str, text: str, *, gained: int, done: Callable[[], None] = dismiss) -> None:
    """Add a card that was looked at, and price the calls that had no rate; nothing is stored before that."""
    places = [file_name(seller, root)]
    places += [card.file for card in _cards(str(root), own_cards(root)) if card.seller == seller]
    with st.form("card_keep", border=False):
        file = st.selectbox(
            "Add it",
            places,
            format_func=lambda name: f"as a new card, {name}" if name == places[0] else f"in the place of {name}",
            help="What it replaces is kept in `rate_cards/removed`.",
        )
        then = gained > 0 and st.checkbox(
            f"Then price {plural(gained, 'call')} that had no rate, for good",
            value=True,
            help="A rate that has priced calls stays: it can be ended and corrected, and not be taken away.",
        )
        who = ask_who()
        sent = st.form_submit_button(
            "Add the card", type="primary", icon=":material/add:", disabled=running_job() is not None
        )
    if sent:

        def act(author: Author) -> None:
            placed = put_card(root, OwnCard(file, text), author, tell=silent, replace=file != places[0])
            st.session_state[DONE] = f"The card {placed.file} counts from now on."
            if then:
                begin(start_pricing(root, author.who))
            done()

        attempt(act, who)


def file_name(seller: str, root: Path) -> str:
    """A name for a card of this seller beside those of the warehouse."""
    names = {Path(path).name for path, _ in own_cards(root)}
    free = (f"{seller}{f'-{number}' if number > 1 else ''}.yaml" for number in range(1, len(names) + 2))
    return next(name for name in free if name not in names)


def _show_done() -> None:
    """What came of the last act, once."""
    if said := st.session_state.pop(DONE, None):
        st.toast(literal(said), icon=":material/check:")


def _show_card(card: OwnCard) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if card.problems:
            problems = "\n".join(f"- {literal(problem)}" for problem in card.problems)
            st.error(problems, title=f"{literal(card.file)} cannot be used, and nothing is loaded until it can")
        else:
            about = literal(f"{card.seller}: {_models(card.models)}")
            st.markdown(f"**{literal(card.file)}** · {about}", width="content")
        with st.container(horizontal=True, width="content"):
            for act, icon in (("change", "edit"), ("remove", "delete")):
                key, words = f"card_{act}_{card.file}", act.capitalize()
                st.button(words, key=key, icon=f":material/{icon}:", on_click=ask, args=(act, card.file))


def _models(models: Sequence[str]) -> str:
    rest = len(models) - SHOWN_MODELS
    return ", ".join(models[:SHOWN_MODELS]) + (f" and {rest} more" if rest > 0 else "") or "no model"


@st.dialog("Change a card", width="large", on_dismiss=dismiss)
def change_dialog(root: Path, card: OwnCard) -> None:
    """Its text, checked beside all other cards before it takes the place of the old one."""
    st.caption(
        "What was priced stays: a new price is an entry with a later `valid_from`. How it stood before is kept in "
        "`rate_cards/removed`. How a card is written: `docs/rates.md`."
    )
    with st.form("card_change", border=False):
        text = st.text_area(literal(card.file), card.text, height=420)
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:

        def act(author: Author) -> None:
            placed = put_card(root, OwnCard(card.file, text), author, tell=silent, replace=True)
            same = placed.what == "same"
            st.session_state[DONE] = f"{card.file} {'is as it was' if same else 'counts as it is from now on'}."
            dismiss()

        attempt(act, who)


@st.dialog("Remove a card", on_dismiss=dismiss)
def remove_dialog(root: Path, card: OwnCard) -> None:
    """Say what is lost, and ask whether it is meant."""
    st.markdown(
        f"Calls loaded from now on are no longer priced by **{literal(card.file)}**. A copy stays in "
        "`rate_cards/removed`. A card whose rates have priced calls cannot go: with *Change*, give its entries a "
        "`valid_until`, or correct them."
    )
    with st.form("card_remove", border=False):
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:

        def act(author: Author) -> None:
            placed = remove_card(root, card.file, author, tell=silent)
            kept = placed.kept.name if placed.kept else ""
            offer_undo(
                "card",
                f"{card.file} was taken out; its copy is rate_cards/removed/{kept}.",
                lambda again: put_card(root, OwnCard(card.file, card.text), again, tell=silent),
            )
            dismiss()

        attempt(act, who)


@st.cache_data(max_entries=10, show_spinner=False)
def _cards(root: str, state: tuple[tuple[str, int], ...]) -> tuple[OwnCard, ...]:
    return tuple(list_own_cards(Path(root)))
