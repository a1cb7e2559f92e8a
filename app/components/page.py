"""What every page has at its top: its heading, banners and filters; and how the page learns what they say."""

import logging
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import Page

from app.clock import now
from app.components.answers import Desk, desk_before_data, open_desk
from app.components.filter_state import DIMENSIONS, EVERY, KEYS, arrive
from app.components.filters import choose, choose_currency
from app.components.first_answer import show_first_answer
from app.components.formats import literal
from app.components.job_status import show_job
from app.components.live import say_what_comes, wait_for_data
from app.components.notices import show_demo, show_older
from app.components.unknown_table import show_waiting
from app.components.welcome import show_welcome
from warehouse.demo import DemoState
from warehouse.errors import WarehouseMissing, WarehouseOld
from warehouse.overview import Choices
from warehouse.scope import Scope
from warehouse.upgrade import bring_up_to_date

TASK = "task"
"""The name in the URL under which one task is open."""
WITHOUT_CURRENCY = tuple(name for name in KEYS if name != "currency")
USES: dict[str, tuple[str, ...]] = {
    "budgets": (),
    "checkup": (),
    "imports": (),
    "claims": (),
    "launch": (),
    "forecast": ("currency",),
    "rates": WITHOUT_CURRENCY,
    "reports": DIMENSIONS,
    "reconciliation": WITHOUT_CURRENCY,
    "overview": EVERY,
    "explore": EVERY,
    "tasks": EVERY,
}
"""The filters that each page uses; the others use those that there always are."""
WITHOUT_CALLS = ("launch",)
"""Pages that have something to say before anything is loaded."""
NO_CHOICES = Choices({}, [], (), DemoState(0, 0, None))


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
    """Show the top of the page, then the page, on a warehouse of today's schema; raises WarehouseError.

    The filters are shown from here, not from the pages: so Streamlit keeps them in the URL from page to page.
    """
    try:
        _run_page(page, root)
    except WarehouseOld:
        bring_up_to_date(root, now=now(None), tell=logging.getLogger("tollbook").warning)
        st.rerun()


def _run_page(page: Page, root: Path) -> None:
    task = st.query_params.get(TASK) if page.url_path == "tasks" else None
    heading = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    heading.title(literal(task or page.title), width="content")
    notice = st.container()
    on_imports = page.url_path == "imports"
    # What comes and goes has a place of its own: the filters stand where they stood.
    with st.container():
        show_job(with_result=on_imports)
        if on_imports:
            show_waiting()
    try:
        with open_desk(root) as desk:
            choices = desk.choices()
            if not choices.is_empty:
                with notice:
                    show_first_answer(desk)
                st.session_state["run"] = _run(page, desk, task, heading)
                page.run()
                with notice:
                    if desk.busy:
                        show_older(desk)
                    else:
                        say_what_comes(root, desk.edition)
                return
    except WarehouseMissing:
        pass
    if page.url_path in WITHOUT_CALLS:
        st.session_state["run"] = Run(desk_before_data(root), NO_CHOICES, Scope(), None, None)
        page.run()
        return
    wait_for_data(root)
    show_welcome(root)


def _run(page: Page, desk: Desk, task: str | None, heading: "st.delta_generator.DeltaGenerator") -> Run:
    """Show the filters, and the demo's banner."""
    choices = desk.choices()
    # The page that opens first has no name of its own in the URL.
    name = page.url_path or "overview"
    uses = () if task else USES.get(name, KEYS)
    arrive(name, choices)
    # On a task's page the banner stands below the way back.
    with heading.container(width="content"):
        if not task:
            show_demo(choices.demo, leads=name != "imports")
    with heading:
        currency = choose_currency(choices.currencies, is_used="currency" in uses)
    return Run(desk, choices, choose(choices, uses=uses), currency if "currency" in uses else None, task)


def get_run() -> Run:
    """What this page is to show."""
    run = st.session_state["run"]
    assert isinstance(run, Run)
    return run
