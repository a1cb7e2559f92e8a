"""Columns of tables: amounts stand at the right."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

from app.components.formats import UNKNOWN, money


def right(names: Iterable[str]) -> dict[str, Any]:
    """Columns of text that stands at the right, as amounts do."""
    return {name: st.column_config.TextColumn(alignment="right") for name in names}


def counts(names: Iterable[str]) -> dict[str, Any]:
    """Columns of whole numbers."""
    return {name: st.column_config.NumberColumn(format="%,d") for name in names}


def difference(more: int | None, less: int | None, currency: str | None) -> str:
    """What one amount is beyond another, both in one currency."""
    return UNKNOWN if more is None or less is None else money(more - less, currency)
