"""What a server runs: the app of ``app/main.py``; what fails in it anywhere is a sentence and a code on the page."""

from pathlib import Path

import streamlit as st

from app.session import warehouse_folder


def show_script_error(error: Exception) -> bool:
    """Show what failed where it failed, in a part of a page or in what a button does; True: it is shown."""
    # What the pages are made of is imported once there is a server to cache its answers.
    from app.components.notices import show_failure

    show_failure(error, warehouse_folder(None))
    return True


app = st.App(Path(__file__).with_name("main.py"), on_script_error=show_script_error)
