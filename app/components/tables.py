"""Tables of the pages: each says in words what it shows, and its columns explain the words of the glossary."""

from typing import Any

import pandas as pd
import streamlit as st

from app.glossary import help_if_known


def show_frame(frame: pd.DataFrame, *, alt: str, column_config: dict[str, Any] | None = None, **look: Any) -> Any:
    """Show a frame as Streamlit does; a column that says nothing of itself says what its word means."""
    return st.dataframe(frame, alt=alt, column_config=explained(frame.columns, column_config or {}), **look)


def explained(names: "pd.Index[Any]", config: dict[str, Any]) -> dict[str, Any]:
    """The columns' settings, with help on each column whose title the glossary knows and that has none."""
    settings = dict(config)
    for name in map(str, names):
        given = settings.get(name) or {}
        title = given if isinstance(given, str) else given.get("label") or name
        meaning = help_if_known(title)
        if meaning and isinstance(given, str):
            settings[name] = st.column_config.Column(title, help=meaning)
        elif meaning and not given.get("help"):
            settings[name] = {**st.column_config.Column(), **given, "help": meaning}
    return settings
