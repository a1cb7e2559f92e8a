"""What every page has at its top: its heading, banners and filters; and how the page learns what they say."""

from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import Page

from app.components.answers import Desk, open_desk
from app.components.filters import choose, choose_currency, hide_filters
from app.components.formats import written
from app.components.notices import show_demo, show_empty, show_older
from warehouse.overview import Choices
from warehouse.scope import Scope

TASK = "task"
"""The name in the URL under which one task is open."""


class Run(NamedTuple):
    """What a page is to show: it asks the desk, within the scope."""

    desk: Desk
    choices: Choices
    scope: Scope
    currency: str | None
    """The currency that the reader wants charted; None where nothing was ever billed."""
    task: str | None
    """The one task to show; None: all of them."""

    def charted(self, billed: list[str]) -> str | None:
        """The currency to chart: the one wanted, else the first of those that something in scope was billed in."""
        return self.currency if self.currency in billed else next(iter(billed), None)


def run_page(page: Page, root: Path) -> None:
    """Show the top of the page, then the page; raises WarehouseError.

    The filters are shown from here, not from the pages: so Streamlit keeps them in the URL from page to page.
    """
    task = st.query_params.get(TASK) if page.url_path == "tasks" else None
    heading = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    heading.title(written(task or page.title), width="content")
    notice = st.container()
    with open_desk(root) as desk:
        choices = desk.choices()
        if choices.is_empty:
            show_empty()
            return
        if task:
            hide_filters()
            run = Run(desk, choices, Scope(), None, task)
        else:
            with heading:
                currency = choose_currency(choices.currencies)
            show_demo(choices.demo)
            run = Run(desk, choices, choose(choices), currency, None)
        st.session_state["run"] = run
        page.run()
        if desk.busy:
            with notice:
                show_older(desk)


def get_run() -> Run:
    """What this page is to show."""
    run = st.session_state["run"]
    assert isinstance(run, Run)
    return run
