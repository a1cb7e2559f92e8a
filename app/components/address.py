"""What a page shows, in its URL: by a name under which it was saved, or as a whole."""

from collections.abc import Mapping

import streamlit as st


def new_address(names: tuple[str, ...], key: str) -> tuple[str | None, ...] | None:
    """What the URL says under the names, where a reader came with it; None: the page wrote it, or nothing is there."""
    address = tuple(st.query_params.get(name) for name in names)
    return address if any(said is not None for said in address) and address != st.session_state.get(key) else None


def write_address(wanted: Mapping[str, str | None], key: str) -> None:
    """Make the URL say so, a value each, None for none; ``key`` is where the session remembers it."""
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
    st.session_state[key] = tuple(wanted.values())
