"""What makes a task, said where tasks are shown."""

import streamlit as st

from app.components.formats import count, literal, plural
from app.components.page import Run
from warehouse.folder import Folder
from warehouse.task_parts import built_rule, calls_without_task
from warehouse.task_rule import TaskRule, title_of


def show_task_rule(run: Run) -> None:
    """Say in a line which rule made the tasks and what it leaves out, and where the settings have another."""
    built = run.desk.ask(built_rule)
    # Read anew: an edit of the settings is no new state of the data.
    wanted = Folder(run.desk.root).settings().task_rule
    without, calls = run.desk.ask(calls_without_task)
    rest = f" {count(without)} of {plural(calls, 'call')} are of no task." if without else ""
    st.caption(f"What makes a task: {literal(in_words(built))}.{rest} `tollbook tasks --rule` shows more.")
    if built != wanted:
        st.info(
            f"`tollbook.toml` has another rule: {literal(in_words(wanted))}. "
            "The next load makes the tasks by it, or `tollbook tasks --rule`.",
            icon=":material/rule:",
        )


def in_words(rule: TaskRule) -> str:
    """``the task id of the log, else the trace``."""
    return ", else ".join(map(title_of, rule.parts))
