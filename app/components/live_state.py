"""What loads by itself: what it follows, when it last looked, and what it brought."""

from pathlib import Path
from typing import Literal

import streamlit as st

from app.clock import now
from app.components.formats import count, instant, literal, plural
from app.components.sections import nothing, section
from app.live import State, Watcher, read_watchers

HOW = "Nothing loads by itself: `tollbook watch PATH` follows logs, `tollbook collect` receives calls."
BADGES: dict[State, tuple[str, str, Literal["green", "gray", "orange"]]] = {
    "looking": ("running", ":material/sync:", "green"),
    "ended": ("ended", ":material/stop_circle:", "gray"),
    "lost": ("no sign of life", ":material/error:", "orange"),
}
VERBS = {"collect": "Receives at", "watch": "Follows"}


def show_live(root: Path) -> None:
    """Show what loads by itself, and keep it up to date while the page is open."""
    watchers = read_watchers(root, now())
    if not watchers:
        nothing("Loads by itself", HOW)
        return
    running = sum(watcher.state == "looking" for watcher in watchers)
    with section("Loads by itself", f"{count(running)} of {count(len(watchers))} running"):
        _keep_up_to_date(str(root))


@st.fragment(run_every="5s")
def _keep_up_to_date(root: str) -> None:
    for watcher in read_watchers(Path(root), now()):
        _show(watcher)


def _show(watcher: Watcher) -> None:
    label, icon, color = BADGES[watcher.state]
    what, when, brought = st.columns((5, 4, 4), gap="xsmall", vertical_alignment="center")
    with what.container(horizontal=True, vertical_alignment="center"):
        st.badge(label, icon=icon, color=color)
        # As code: an address that loads are sent to leads a browser nowhere.
        paths_text = ", ".join(_as_code(path) for path in watcher.paths or (watcher.name,))
        st.markdown(f":small[{VERBS.get(watcher.kind, 'Follows')} {paths_text}]", width="stretch")
    looked = f"last looked {instant(watcher.last_round)}" if watcher.last_round else "has not looked yet"
    when.caption(looked)
    brought.caption(_brought(watcher))
    if watcher.error:
        st.warning(literal(watcher.error), icon=":material/warning:")


def _as_code(text: str) -> str:
    return literal(text) if "`" in text else f"`{text}`"


def _brought(watcher: Watcher) -> str:
    if watcher.last_load is None:
        return "loaded nothing since it started"
    calls = f": {plural(watcher.rows, 'call')} since it started" if watcher.rows is not None else ""
    return f"last loaded {instant(watcher.last_load)}{calls}"
