"""Cards in a row: a label, a figure (or one per currency), and a line of small print."""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.components.formats import literal
from app.glossary import help_if_known

CARD_HEIGHT = 66
"""Pixels that a card of one figure takes."""


class Card(NamedTuple):
    """One card; several values are several figures, as of several currencies."""

    label: str
    values: tuple[str, ...]
    note: str
    help: str | None = None
    """None: what the glossary says of the label."""


def show_cards(cards: list[Card]) -> None:
    """Show the cards side by side, two in a row on a phone: give four or six."""
    with st.grid(len(cards), min_column_width=150, gap="small", border=True) as grid:
        for card in cards:
            with grid.cell(), st.container(gap="xxsmall"):
                _show(card)


def keep_room(number: int) -> Sequence[DeltaGenerator]:
    """The places of so many cards that are to come, as high as they will be."""
    with st.grid(number, min_column_width=150, gap="small", border=True) as grid:
        places = []
        for _ in range(number):
            with grid.cell():
                places.append(st.skeleton(height=CARD_HEIGHT))
    return places


def fill(places: Sequence[DeltaGenerator], cards: list[Card]) -> None:
    """Show the cards in their places, one after another: the row keeps its height."""
    for place, card in zip(places, cards, strict=True):
        with place.container(gap="xxsmall"):
            _show(card)


def _show(card: Card) -> None:
    first, *others = card.values
    st.metric(card.label, literal(first), help=card.help or help_if_known(card.label))
    for other in others:
        st.metric(card.label, literal(other), label_visibility="collapsed")
    st.caption(literal(card.note))
