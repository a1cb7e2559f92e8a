"""What the tasks of a launch are: the mix of kinds, and what one of each takes."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.components.launch_field import show_input
from app.components.launch_state import keep_document, shown_plan
from app.launch_draft import with_part, without_part
from app.launch_words import kind_words
from planning.launch_plan import KINDS, Input, LaunchPlan, write_launch_plan

PICKED = "launch_kind"
FIRST = ("steps", "input_tokens", "output_tokens", "cache_share", "retries", "charged")
MEDIA = {"image": ("images", "image_tokens"), "video": ("videos", "video_tokens")}
NEW: dict[str, dict[str, Any]] = {
    "short_text": {"input_tokens": 800, "output_tokens": 250},
    "long_context": {"input_tokens": 12000, "output_tokens": 350},
    "image": {"input_tokens": 500, "output_tokens": 200, "images": 1, "image_tokens": 400},
    "video": {"input_tokens": 500, "output_tokens": 300, "videos": 1, "video_tokens": 8000},
    "tool_call": {"steps": 5, "input_tokens": 4500, "output_tokens": 150},
    "json_schema": {"input_tokens": 1500, "output_tokens": 250},
    "failure": {"input_tokens": 1500, "output_tokens": 20, "charged": 0.1},
}
"""What a kind begins with when it is added: guesses without a spread."""


def show_kinds(plan: LaunchPlan, inputs: Mapping[str, Input]) -> None:
    """The mix, then the kind that the reader picks."""
    if len(plan.kinds) > 1:
        for name in plan.kinds:
            show_input(inputs[f"kinds.{name}.share"], label=kind_words(name))
        st.caption("Shares of all tasks: when one changes, the others make room.")
    name = _pick(plan)
    for field in (*FIRST, *(field for fields in MEDIA.values() for field in fields)):
        if _is_asked(name, field, inputs):
            show_input(inputs[f"kinds.{name}.{field}"])
    _show_acts(plan, name)


def _pick(plan: LaunchPlan) -> str:
    names = list(plan.kinds)
    if len(names) == 1:
        return names[0]
    if st.session_state.get(PICKED) not in names:
        st.session_state[PICKED] = names[0]
    st.pills("A task of the kind", names, format_func=kind_words, key=PICKED, required=True)
    return str(st.session_state[PICKED])


def _is_asked(name: str, field: str, inputs: Mapping[str, Input]) -> bool:
    """Images are asked for where there are some, and failures for what is charged."""
    guess = inputs[f"kinds.{name}.{field}"].guess
    is_said = guess.is_open or guess.has_spread or guess.span.likely != (1 if field == "charged" else 0)
    if field == "charged":
        return name == "failure" or is_said
    own = next((kind for kind, fields in MEDIA.items() if field in fields), None)
    return own is None or own == name or is_said


def _show_acts(plan: LaunchPlan, name: str) -> None:
    absent = [kind for kind in KINDS if kind not in plan.kinds]
    with st.container(horizontal=True):
        if absent:
            with st.popover("Add a kind", icon=":material/add:", type="tertiary"):
                for kind in absent:
                    st.button(kind_words(kind), key=f"launch_add_{kind}", type="tertiary", on_click=_add, args=(kind,))
        if len(plan.kinds) > 1:
            words = f"Remove {kind_words(name).lower()}"
            st.button(words, icon=":material/remove:", type="tertiary", on_click=_remove, args=(name,))


def _add(kind: str) -> None:
    keep_document(with_part(write_launch_plan(shown_plan()), "kinds", kind, NEW[kind]))
    st.session_state[PICKED] = kind


def _remove(kind: str) -> None:
    keep_document(without_part(write_launch_plan(shown_plan()), "kinds", kind))
