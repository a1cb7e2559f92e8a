"""Links between pages that keep the reader's filters: where a figure leads, and the address of what is shown."""

from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from app.components.filter_state import NARROW, filters_set

Filters = Mapping[str, str | Sequence[str]]
"""Filters by name, as in an address: ``{"team": "search", "period": "Last 7 days"}``; an empty value clears one."""
HOME = "overview"


def link_to(
    page: str,
    label: str,
    *,
    filters: Filters | None = None,
    icon: str | None = None,
    width: Literal["content", "stretch"] = "content",
    **params: str,
) -> None:
    """Show a link to a page, by its name in the address, that keeps the reader's filters and sets these.

    ``params`` are what else the page's address says, such as ``budget="3"``.
    """
    query: dict[str, str] = dict(params)
    if filters:
        query[NARROW] = urlencode({name: _values(value) for name, value in filters.items()}, doseq=True)
        query[NARROW] += "".join(f"&{name}=" for name, value in filters.items() if not _values(value))
    st.page_link(f"views/{page}.py", label=label, icon=icon, width=width, query_params=query)


def address_of(page: str, *, filters: Filters | None = None, **params: str) -> str:
    """The address of a page, from the app's root on, with the reader's filters and these: it can be opened anywhere."""
    wanted = filters_set() | {name: _values(value) for name, value in (filters or {}).items()}
    query = urlencode([*((name, value) for name, values in wanted.items() for value in values), *params.items()])
    return f"/{'' if page == HOME else page}{'?' if query else ''}{query}"


def _values(value: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in ((value,) if isinstance(value, str) else value) if each)
