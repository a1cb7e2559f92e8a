"""What a page says when it has no figures, or when its figures need a word of warning."""

from pathlib import Path

import streamlit as st

from app.components.answers import Desk
from app.components.filters import clear
from app.components.formats import written
from warehouse.demo import DemoState
from warehouse.errors import WarehouseBusy, WarehouseError, WarehouseMissing
from warehouse.overview import busy_with

NEXT = """Load the demo to look around, or a log of your own:

```
tollbook demo
tollbook ingest PATH
```

Then load this page again."""


def show_demo(demo: DemoState) -> None:
    """Say so where figures are made up."""
    if demo.demo_files:
        st.info(_demo_text(demo), icon=":material/science:")


def show_older(desk: Desk) -> None:
    """Say that newer figures are on their way, and show them when they are there."""
    st.warning(f"A load is running: {desk.busy}. These are the figures from before it.", icon=":material/sync:")
    wait_for_load(str(desk.root))


def _demo_text(demo: DemoState) -> str:
    if demo.other_files:
        return (
            "**Demo data: made-up traffic, not yours**, is mixed with your own logs in these figures. "
            "`tollbook demo --remove` takes it out."
        )
    return "**Demo data: made-up traffic, not yours.**"


def show_empty() -> None:
    """Nothing is loaded yet: say what to do next."""
    st.info(NEXT, title="Nothing is loaded yet", icon=":material/inbox:")


def show_nothing_matches(data_through: str) -> None:
    """The filters leave nothing."""
    st.info(
        f"The newest record is from {data_through}.",
        title="No traffic matches these filters",
        icon=":material/filter_alt_off:",
    )
    st.button("Clear the filters", on_click=clear, icon=":material/restart_alt:")


def show_no_tasks() -> None:
    """The filters leave no task, or the logs name none."""
    st.info(
        "Name the task in each call's log (`task` in an envelope), or say where it stands: "
        "`tollbook ingest PATH --task-field FIELD`.",
        title="No task in scope",
        icon=":material/filter_alt_off:",
    )
    st.button("Clear the filters", on_click=clear, icon=":material/restart_alt:")


def show_failure(error: Exception, root: Path) -> None:
    """One plain sentence for what went wrong."""
    if isinstance(error, WarehouseMissing):
        show_empty()
    elif isinstance(error, WarehouseBusy):
        st.warning(
            "This page shows its figures as soon as it is done.",
            title="A load is running",
            icon=":material/sync:",
        )
        wait_for_load(str(root))
    else:
        text = str(error) if isinstance(error, WarehouseError) else "Tollbook made a mistake; its log says which."
        st.error(written(text[:1].upper() + text[1:]), title="The figures cannot be shown", icon=":material/error:")


@st.fragment(run_every="2s")
def wait_for_load(root: str) -> None:
    """Show the page anew once the load has ended."""
    if busy_with(Path(root)) is None:
        st.rerun()
