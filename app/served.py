"""The server: the app of ``app/main.py``, with what each answer says to a browser, and what fails as a sentence.

`python -m app.served PORT` runs it; nothing else has a part in the process, so that ending it ends all.
"""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from app.served_files import SmallFiles
from app.served_headers import ClosedDoors
from app.session import warehouse_folder

HOST = "127.0.0.1"


def show_script_error(error: Exception) -> bool:
    """Show what failed where it failed, in a part of a page or in what a button does; True: it is shown."""
    # What the pages are made of is imported once there is a server to cache its answers.
    from app.components.notices import show_failure

    show_failure(error, warehouse_folder(None))
    return True


app = st.App(
    Path(__file__).with_name("main.py"),
    middleware=[Middleware(ClosedDoors), Middleware(SmallFiles)],
    on_script_error=show_script_error,
)


def main() -> None:
    """Serve until it is told to end; Ctrl-C is a good end."""
    # Nobody edits the program while it serves: watching its files would cost each session its time.
    settings = {"server.address": HOST, "server.port": int(sys.argv[1]), "server.fileWatcherType": "none"}
    try:
        app.run(config={**settings, "server.headless": True})
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
