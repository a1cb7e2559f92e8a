"""One input of a launch plan on the page: its likely value to type, and behind a click how sure it is and why."""

from collections.abc import Callable
from typing import NamedTuple, get_args

import streamlit as st

from app.components.formats import literal
from app.components.launch_state import generation, keep_guess
from app.launch_draft import by_hand, moved, span_of, spread
from app.launch_words import Field, field_of, span_words
from planning.guess import MEASURED, MOST, Bounds, Guess, Source
from planning.launch_plan import Input

SOURCES: tuple[Source, ...] = get_args(Source)
ABOUT = "One launch in ten stays below low, one in ten exceeds high."
ABOUT_SOURCES = "measured: your own records; claim: somebody published it; guess: nobody knows yet."
DIGITS = 2
SMALL_DIGITS = 4
LIKELY = "likely"


class Row(NamedTuple):
    """An input as the plan has it now."""

    name: str
    guess: Guess
    bounds: Bounds
    field: Field

    def key(self, part: str) -> str:
        """A control's key. What stands behind a click is not told when the likely value moves it: it begins anew."""
        rest = "" if part == LIKELY else f"_{span_of(self.guess).likely:g}"
        return f"launch_{generation()}_{self.name}_{part}{rest}"


def show_input(each: Input, *, label: str | None = None) -> None:
    """Show an input; a change is taken over at once."""
    field = field_of(each.name)
    row = Row(each.name, each.guess, each.bounds, field._replace(label=label) if label else field)
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False, gap="xsmall"):
        _number(row, LIKELY, _take_likely)
        key = f"launch_{generation()}_{row.name}_sure"
        with st.popover(f"{span_words(field, each.guess)} · {each.guess.source}", type="tertiary", width=190, key=key):
            _show_certainty(row)


def _show_certainty(row: Row) -> None:
    st.markdown(f"**{literal(row.field.label)}**")
    st.caption(ABOUT)
    with st.container(horizontal=True):
        _number(row, "low", _take_ends)
        _number(row, "high", _take_ends)
    st.segmented_control(
        "Source", SOURCES, default=row.guess.source, required=True, key=row.key("source"), on_change=_take_source,
        args=(row,), help=ABOUT_SOURCES,
    )  # fmt: skip
    st.text_input(
        "Where it is from", row.guess.note or "", key=row.key("note"), on_change=_take_note, args=(row,),
        placeholder="Who says so, of what", width=320,
    )  # fmt: skip


def _number(row: Row, part: str, take: Callable[[Row], None]) -> None:
    is_likely = part == LIKELY
    scale, key = row.field.scale, row.key(part)
    # What is to be measured and cannot be has no figure yet.
    shown = None if row.guess.is_open else _short(getattr(row.guess.span, part) * scale)
    if is_likely and st.session_state.get(key, shown) != shown:
        # Another control moved it.
        st.session_state[key] = shown
    unit = f", {row.field.unit}" if row.field.unit else ""
    st.number_input(
        f"{row.field.label}{unit}" if is_likely else part.capitalize(),
        min_value=float(row.bounds.least * scale),
        max_value=float(min(row.bounds.most, MOST) * scale),
        value=shown,
        step=row.field.step,
        format="%g",
        placeholder=MEASURED,
        key=key,
        help=row.field.about if is_likely else None,
        on_change=take,
        args=(row,),
    )


def _short(value: float) -> float:
    """A figure without digits that nobody would type: 18.069029 as 18.07."""
    return round(value, DIGITS) if value >= 1 else float(f"{value:.{SMALL_DIGITS}g}")


def _typed(row: Row, part: str) -> float | None:
    value = st.session_state[row.key(part)]
    return None if value is None else float(value) / row.field.scale


def _take_likely(row: Row) -> None:
    likely = _typed(row, LIKELY)
    if likely is not None:
        keep_guess(row.name, by_hand(row.guess, moved(row.guess, likely, row.bounds)))


def _take_ends(row: Row) -> None:
    low, high = _typed(row, "low"), _typed(row, "high")
    if low is not None and high is not None:
        keep_guess(row.name, by_hand(row.guess, spread(row.guess, low, high)))


def _take_source(row: Row) -> None:
    source = st.session_state[row.key("source")] or row.guess.source
    keep_guess(
        row.name, Guess(source=source) if source == MEASURED else row.guess.model_copy(update={"source": source})
    )


def _take_note(row: Row) -> None:
    keep_guess(row.name, row.guess.model_copy(update={"note": st.session_state[row.key("note")].strip() or None}))
