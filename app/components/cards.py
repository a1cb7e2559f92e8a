"""Cards in a row: a label, a figure (or one per currency), and a line of small print."""

from typing import NamedTuple

import streamlit as st

from app.components.formats import literal
from app.glossary import help_if_known


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
            with grid.cell():
                _show(card)


def _show(card: Card) -> None:
    with st.container(gap="xxsmall"):
        first, *others = card.values
        st.metric(card.label, literal(first), help=card.help or help_if_known(card.label))
        for other in others:
            st.metric(card.label, literal(other), label_visibility="collapsed")
        st.caption(literal(card.note))
