"""What the filters are set to: as the URL says where the reader comes with one, else as they were.

Streamlit keeps what a control is set to only while it is shown, and writes each control's value to the URL by itself.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from app.components.address import is_back_or_forward, read_said, rewrite, take_for_a_link
from app.named_periods import ALL_TIME, CHOSEN, PERIODS
from warehouse.explore import label_of
from warehouse.overview import Choices
from warehouse.scope import TAG

DIMENSIONS = ("seller", "model", "team")
MORE = ("project", "environment", "application", "key_alias")
"""Dimensions that are offered where calls have them, as promoted tags are."""
KEYS = ("period", "days", "currency", *DIMENSIONS)
"""The filters that there always are, by their names in the URL."""
EVERY = (*KEYS, *MORE)
"""All filters there may be, but for tags; a page that uses ``MORE`` uses them, too."""
NARROW = "narrow"
"""The name in the URL under which a link says which filters to set."""
KEPT = "filters_kept"
HERE = "filters_page"
LEFT_OUT = "filters_left_out"
CAME_FROM = "filters_came_from"
"""The page that the reader went on from, and the filters that were set there."""
RESTORED = "filters_restored"
"""What the URL said of filters when the reader last came by Back or Forward; absent once it says something else."""
SINGLE = ("period", "currency")
"""Filters of one value."""
Values = tuple[str, ...]


def more_of(choices: Choices) -> dict[str, str]:
    """The dimensions beside seller, model and team that calls have, and promoted tags, with their labels."""
    tags = sorted(name for name in choices.values if name.startswith(TAG))
    return {name: label_of(name) for name in (*MORE, *tags) if choices.values.get(name)}


def arrive(page: str, choices: Choices) -> None:
    """Set the filters as the URL has them, where the reader comes with one; before any filter is shown."""
    names = (*KEYS, *more_of(choices))
    kept = {name: values for name, values in filters_kept().items() if name in names}
    linked = parse_qs(st.query_params.get(NARROW, ""), keep_blank_values=True)
    before = st.session_state.get(HERE)
    st.session_state[HERE] = page
    if _came_by_history(before, page) or before is None or _is_undone(choices, names):
        came: Mapping[str, Sequence[str]] = {**dict.fromkeys(names, ()), **_said()}
    elif before != page:
        # What a link does not say stays as it is.
        came = {**kept, **_said()}
    elif linked or any(values and name not in st.session_state for name, values in kept.items()):
        # While nothing could be shown, the filters were not, either.
        came = kept
    else:
        return
    set_filters(choices, {**came, **{name: values for name, values in linked.items() if _is_filter(name)}})


def _came_by_history(before: str | None, page: str) -> bool:
    """Whether the reader came by Back or Forward; remembers what the URL then says of filters, and where it began."""
    if not is_back_or_forward():
        if before != page:
            st.session_state[CAME_FROM] = (before, filters_set())
        if st.session_state.get(RESTORED) != _said():
            st.session_state.pop(RESTORED, None)
        return False
    came_from, filters = st.session_state.pop(CAME_FROM, (None, {}))
    if came_from == page and filters and not _said():
        # Of a page that is left before all of it came, the browser names no filters for the one that it goes back to:
        # that is where the reader came from, as it was.
        take_for_a_link()
        rewrite(filters, without=NARROW)
    st.session_state[RESTORED] = _said()
    return True


def _is_undone(choices: Choices, names: Collection[str]) -> bool:
    """Whether the controls are set otherwise than the URL that the reader went back to.

    One that answers while the page comes sends what all were set to on the page that was left, and Streamlit takes that
    over; what the reader changes is in the URL, too.
    """
    restored = st.session_state.get(RESTORED)
    if restored is None:
        return False
    shown = {name: _as_said(choices, name, st.session_state[name]) for name in names if name in st.session_state}
    return any(values != _known(choices, name, restored.get(name, ())) for name, values in shown.items())


def _said() -> dict[str, Values]:
    """What the URL says of filters, also of such as nothing here has a value of."""
    return read_said(name for name in st.query_params if _is_filter(name))


def _is_filter(name: str) -> bool:
    return name in EVERY or name.startswith(TAG)


def set_filters(choices: Choices, came: Mapping[str, Sequence[str]]) -> None:
    """Take over what there is of it, and remember what there is not, to be said."""
    given = {name: tuple(value for value in values if value) for name, values in came.items()}
    if given.get("days") and not given.get("period"):
        given["period"] = (CHOSEN,)
    offered = (*KEYS, *more_of(choices))
    taken = {name: _known(choices, name, values) for name, values in given.items() if name in offered}
    st.session_state[LEFT_OUT] = tuple(
        (name, value) for name, values in given.items() for value in values if not _is_known(choices, name, value)
    )
    for name, values in taken.items():
        st.session_state[name] = _as_chosen(choices, name, values)
    st.session_state[KEPT] = filters_kept() | taken
    rewrite(taken, without=NARROW)


def _is_known(choices: Choices, name: str, value: str) -> bool:
    if name == "days":
        try:
            return bool(date.fromisoformat(value))
        except ValueError:
            return False
    return value in {"period": PERIODS, "currency": choices.currencies, **choices.values}.get(name, ())


def _known(choices: Choices, name: str, values: Values) -> Values:
    """Those of the values that the filter has; none where that is what it begins with."""
    known = tuple(value for value in values if _is_known(choices, name, value))
    if name == "days":
        return tuple(sorted(known)[:1] + sorted(known)[1:][-1:])
    if name in SINGLE:
        return tuple(value for value in known[-1:] if value not in (ALL_TIME, *choices.currencies[:1]))
    return tuple(sorted({*known}))


def _as_chosen(choices: Choices, name: str, values: Values) -> Any:
    """Values as the control has them."""
    if name == "days":
        return tuple(date.fromisoformat(value) for value in values)
    if name in SINGLE:
        begun = (ALL_TIME,) if name == "period" else choices.currencies
        return next(iter((*values, *begun)), None)
    return list(values)


def _as_said(choices: Choices, name: str, chosen: Any) -> Values:
    """What a control has as values; none where it is as it began."""
    values = (chosen,) if isinstance(chosen, str) else chosen or ()
    return _known(choices, name, tuple(str(value) for value in values))


def keep(choices: Choices) -> None:
    """Remember what the controls that are shown are set to."""
    shown = {name: st.session_state[name] for name in (*KEYS, *more_of(choices)) if name in st.session_state}
    said = {name: _as_said(choices, name, value) for name, value in shown.items()}
    # Days are kept for as long as they are the period.
    st.session_state[KEPT] = filters_kept() | said | ({} if shown.get("period") == CHOSEN else {"days": ()})


def filters_set() -> dict[str, Values]:
    """The filters that are set, by name, and to what."""
    return {name: values for name, values in filters_kept().items() if values}


def filters_kept() -> dict[str, Values]:
    """Every filter that was ever shown, and what it was set to last."""
    kept: dict[str, Values] = st.session_state.get(KEPT, {})
    return kept


def left_out() -> tuple[tuple[str, str], ...]:
    """What a link asked for and what there is not: the filter, and the value."""
    found: tuple[tuple[str, str], ...] = st.session_state.get(LEFT_OUT, ())
    return found


def clear() -> None:
    """Set every filter back; for a button's callback."""
    begun = {"period": ALL_TIME, "days": ()}
    cleared = {name: values for name, values in filters_set().items() if name != "currency"}
    for name in cleared:
        st.session_state[name] = begun.get(name, [])
    st.session_state[KEPT] = filters_kept() | dict.fromkeys(cleared, ())
    st.session_state[LEFT_OUT] = ()
    rewrite(dict.fromkeys(cleared, ()), without=NARROW)
