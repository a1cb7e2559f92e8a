"""Budgets brought as a file: what each would become is shown first, and nothing is stored before it is confirmed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app.budget_file import read_budgets
from app.budget_words import changes_between
from app.components.budget_data import forms_of
from app.components.entries import ask_who, attempt
from app.components.formats import count, literal, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.session import UserMistake
from warehouse.budgets import become, put_budgets
from warehouse.connection import silent
from warehouse.entries import Author

MOST_MB = 1
WHAT = {"added": "New", "changed": "Changed", "same": "As it is"}
Form = Mapping[str, Any]


def show_import(run: Run, today: date, done: Callable[[], None]) -> None:
    """Ask for a file and show what it would do; ``done`` once it is entered."""
    st.caption(
        "YAML, as *Save as a file* writes it and `tollbook budget import` reads it: what is new is added, what differs "
        "is changed, every other budget stays. Nothing is stored before you say so."
    )
    file = st.file_uploader("Budgets (YAML)", type=["yaml", "yml"], max_upload_size=MOST_MB, key="budget_file")
    if file is None:
        return
    known = {str(form["name"]): form for form in forms_of(run.desk.root)}
    try:
        forms = read_budgets(file.getvalue(), file.name, today, known)
    except UserMistake as error:
        problems = str(error).split("\n")
        said = "\n".join(f"- {literal(problem)}" for problem in problems)
        st.error(said, title=f"Nothing can be entered: {plural(len(problems), 'mistake')}")
        return
    _show_changes(forms, known)
    to_do = sum(become(known.get(form["name"]), form) != "same" for form in forms)
    with st.form("budget_import", border=False):
        who = ask_who()
        title = f"Enter {plural(to_do, 'budget')}" if to_do else "Nothing to enter"
        sent = st.form_submit_button(title, type="primary", icon=":material/save:", disabled=not to_do)
    if sent:

        def act(author: Author) -> None:
            what = [put.what for put in put_budgets(run.desk.root, forms, author, tell=silent)]
            counts = [f"{count(what.count(each))} {word.lower()}" for each, word in WHAT.items() if each in what]
            st.toast(f"Budgets: {', '.join(counts)}.", icon=":material/check:")
            done()

        attempt(act, who)


def _show_changes(forms: Sequence[Form], known: Mapping[str, Form]) -> None:
    """A row for each budget of the file."""
    rows = []
    for form in forms:
        was = known.get(form["name"])
        changes = changes_between(dict(was or {}), dict(form))
        said = [
            f"{field}: {after}" if was is None else f"{field}: {before} → {after}"
            for field, before, after in changes
            if field != "name"
        ]
        what = WHAT[become(was, form)]
        rows.append({"Budget": form["name"], "What": what, "Change": "; ".join(said) or "–"})
    show_frame(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt="What the file would do to each budget",
        column_config={
            "Budget": st.column_config.TextColumn(pinned=True),
            "What": st.column_config.TextColumn(width="small"),
            "Change": st.column_config.TextColumn(width="large"),
        },
    )
