"""Parts of the morning page that take their time: each waits in its place, and fails by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import streamlit as st

from app.clock import now
from app.components.answers import Desk, open_desk
from app.components.formats import written
from app.fault import fault_of, keep_trace
from warehouse.errors import WarehouseBusy

Answer = TypeVar("Answer")


def asked_part(root: Path, ask: Callable[[Desk], Answer], what: str) -> Answer | str:
    """The answer of a desk of its own, or one sentence why there is none, which begins with ``what`` it is about.

    Parts are answered side by side, and one reader serves one of them.
    """

    def asked() -> Answer:
        with open_desk(root) as desk:
            return ask(desk)

    return answered(asked, what, root)


def show_why_not(sentence: str) -> None:
    """In the place of what cannot be shown."""
    st.warning(written(sentence), icon=":material/error:")


def answered(ask: Callable[[], Answer], what: str, root: Path) -> Answer | str:
    """The answer, or one sentence why there is none, with the code under which the log has the trace."""
    name = what[:1].upper() + what[1:]
    try:
        return ask()
    except WarehouseBusy:
        return f"{name} cannot be shown while a load is running: the page shows it once that is done."
    except Exception as error:
        fault = fault_of(error)
        keep_trace(error, fault.code, root, now())
        return f"{name} cannot be shown. {fault.says} Code {fault.code}."
