"""The way to what is shown: back to a wider stretch of time, or without something that was picked."""

from collections.abc import Callable

import streamlit as st

from app.components.explore_state import Shown, go
from app.components.formats import literal
from app.explore_place import Place, crumbs

ALL = "All days"
HINT = "Select a bar or a row to look into it."


def show_crumbs(found: Shown, named: Callable[[str, str], str]) -> None:
    """The crumbs, the widest first; ``named`` says a dimension's value in words."""
    place = found.place
    way = [(ALL, None), *crumbs(place.at)]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        for label, at in way[:-1]:
            st.button(
                label, key=f"explore_crumb_{at}", type="tertiary", on_click=_to, args=(found, place._replace(at=at))
            )
            st.markdown(":material/chevron_right:", width="content")
        st.markdown(f"**{way[-1][0]}**", width="content")
        for name, value in place.where:
            left = place._replace(where=tuple(each for each in place.where if each != (name, value)))
            st.button(
                literal(named(name, value)), key=f"explore_without_{name}={value}", icon=":material/close:",
                help="Show all again", on_click=_to, args=(found, left),
            )  # fmt: skip
        if place == Place():
            st.caption(HINT, width="content")


def _to(found: Shown, place: Place) -> None:
    # An hour shows its requests; a wider stretch is told by sums again.
    left_hour = found.place.hour is not None and place.hour is None
    go(found._replace(place=place, calls=found.calls and not left_hour, call=None, auto=True))
