"""What a page shows, in its URL: by a name under which it was saved, or as a whole."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.components.formats import literal
from app.figures import sentence


def new_address(names: tuple[str, ...], key: str) -> tuple[str | None, ...] | None:
    """What the URL says under the names, where a reader came with it; None: the page wrote it, or nothing is there.

    Where a control was just used, it goes before the URL: of quick changes the browser sends the URL from before them.
    """
    if st.session_state.pop(f"{key}_used", False):
        return None
    address = tuple(st.query_params.get(name) for name in names)
    return address if any(said is not None for said in address) and address != st.session_state.get(key) else None


def note_use(key: str) -> None:
    """Say that the reader changed what is on the page; for a control's callback."""
    st.session_state[f"{key}_used"] = True


def show_dead_link(text: str, names: Iterable[str]) -> None:
    """Say why a link shows nothing, and stop the page: figures of anything else would be taken for the link's."""
    st.warning(literal(sentence(text)), icon=":material/link_off:")
    st.button("Show the page without the link", on_click=_forget, args=(tuple(names),))
    st.stop()


def _forget(names: tuple[str, ...]) -> None:
    for name in names:
        st.query_params.pop(name, None)


def write_address(wanted: Mapping[str, str | None], key: str) -> None:
    """Make the URL say so, a value each, None for none; ``key`` is where the session remembers it."""
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        elif st.query_params.get(name) != value:
            st.query_params[name] = value
    st.session_state[key] = tuple(wanted.values())


def read_said(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The values of each name that the URL has."""
    return {name: tuple(st.query_params.get_all(name)) for name in names if name in st.query_params}


def rewrite(wanted: Mapping[str, Sequence[str]], without: str) -> None:
    """Make the URL say these, none for an empty value, and nothing under ``without``: one step for Back, not many."""
    said = read_said(st.query_params)
    then = {name: values for name, values in {**said, **wanted}.items() if values and name != without}
    if then == said:
        return
    _release(wanted)
    st.query_params.from_dict({name: list(values) for name, values in then.items()})


def _release(names: Iterable[str]) -> None:
    """Let go of the controls that Streamlit holds these names for, until they are shown again in this very run.

    It writes each control's value by itself, a step for Back each; the names of controls cannot be written together.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    with context.session_state.query_params() as held:
        for name in names:
            control = held.get_binding_for_param(name)
            if control:
                held.unbind_widget(control.widget_id)


def is_back_or_forward() -> bool:
    """Whether the reader came with the browser's Back or Forward: then the URL says all there is."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def take_for_a_link() -> None:
    """Let what this run sets go before the URL, as where no history was gone through."""
    if context := get_script_run_ctx():
        context.is_history_navigation = False
