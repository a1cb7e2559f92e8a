"""Adding, changing, ending and removing a budget: a dialog that asks who does it."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import streamlit as st

from app.budgets import Stood
from app.clock import now
from app.components.budget_data import BUDGET
from app.components.budget_import import show_import
from app.components.entries import ask_who, attempt
from app.components.formats import literal
from app.components.page import Run
from app.components.undo import offer_undo
from planning.budget import PERIODS, month_of, with_amount
from planning.budget_form import BudgetError, amount_from, month_from, read_form, write_form
from warehouse import budgets
from warehouse.budgets import BudgetVersion, Change, check_version
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.scope import DIMENSIONS

ACT = "budget_act"
"""What is being done, so that its dialog stays open until it is done or dismissed."""
PLACE = "budget"
"""Where an act on a budget can be taken back."""
OFFERED = ("seller", "model", "team")
CARRY_WORDS = {
    "none": "Nothing",
    "unspent": "What is unspent",
    "overspent": "What is overspent",
    "both": "What is left or overspent",
}
THRESHOLDS = "80%\n100%\n100% forecast"
HOW = "One a line: `80%`, `1200.00`, `100% forecast`, `100% forecast at 80%`."


def ask(act: str, seen: int = 0) -> None:
    """Open a dialog: add, import, change, end or remove the version that was seen; for a button's callback."""
    st.session_state[ACT] = act, seen


def dismiss() -> None:
    """Nothing is asked any more."""
    st.session_state.pop(ACT, None)


def show_dialog(run: Run, each: Stood | None, today: date) -> None:
    """The dialog that is open, if any; one about a budget needs the budget."""
    act, seen = st.session_state.get(ACT, ("", 0))
    if act == "add" and each is None:
        add_dialog(run, today)
    elif act == "import" and each is None:
        import_dialog(run, today)
    elif act == "change" and each is not None:
        change_dialog(run, each, today, seen)
    elif act == "end" and each is not None:
        end_dialog(run, each, today)
    elif act == "remove" and each is not None:
        remove_dialog(run, each)
    else:
        dismiss()


@st.dialog("Add a budget", width="medium", on_dismiss=dismiss)
def add_dialog(run: Run, today: date) -> None:
    """Ask for a new budget."""
    with st.form("budget_add", border=False):
        given = _ask_about(run, today)
        given |= _ask_more({})
        who = ask_who()
        sent = st.form_submit_button("Add", type="primary", icon=":material/add:")
    if sent:
        attempt(lambda author: _add(run.desk.root, given, today, author), who)


@st.dialog("Load budgets", width="large", on_dismiss=dismiss)
def import_dialog(run: Run, today: date) -> None:
    """Ask for a file of budgets."""
    show_import(run, today, dismiss)


@st.dialog("Change the budget", width="medium", on_dismiss=dismiss)
def change_dialog(run: Run, each: Stood, today: date, seen: int) -> None:
    """Ask for what is to be otherwise; scope, period and currency stay."""
    form = each.entry.form
    with st.form("budget_change", border=False):
        name = st.text_input("Name", form["name"])
        given = {"name": name}
        amount, month = st.columns(2)
        pico = amount.text_input(
            "Another amount",
            placeholder="as it is",
            help="From that month on; past months keep theirs.",
        )
        since = month.text_input("From month", f"{month_of(today):%Y-%m}")
        given |= _ask_more(form)
        who = ask_who()
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent:

        def make(was: BudgetVersion) -> dict[str, Any]:
            check_version(was, seen)
            return _changed(was.form, given, (pico, since))

        attempt(lambda author: _keep(run.desk.root, Change(each.entry.number, make), author), who)


@st.dialog("End the budget", on_dismiss=dismiss)
def end_dialog(run: Run, each: Stood, today: date) -> None:
    """Ask for its last day."""
    st.caption("The periods before stay as they are; the last month keeps its whole amount.")
    with st.form("budget_end", border=False):
        last = st.date_input("Its last day", today)
        who = ask_who()
        sent = st.form_submit_button("End", type="primary", icon=":material/flag:")
    if sent:

        def make(was: BudgetVersion) -> dict[str, Any]:
            return write_form(read_form(was.form | {"last": str(last)}, DIMENSIONS, today))

        attempt(lambda author: _end(run.desk.root, each.entry, make, author), who)


@st.dialog("Remove the budget", on_dismiss=dismiss)
def remove_dialog(run: Run, each: Stood) -> None:
    """Ask whether it is meant."""
    name = literal(each.entry.name)
    st.markdown(
        f"**{name}** leaves every list, and nobody is told any more when it breaks. No spend is lost, and its history "
        f"stays: `tollbook budget history {each.entry.number}`. It can be put back at once."
    )
    with st.form("budget_remove", border=False):
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent:
        attempt(lambda author: _remove(run.desk.root, each.entry, author), who)


def _ask_about(run: Run, today: date) -> dict[str, Any]:
    """What a budget is about: the part that stays."""
    name = st.text_input("Name", placeholder="as in Research, monthly")
    left, middle, right = st.columns(3)
    amount = left.text_input("Amount", placeholder="1500.00", help="Of each month, or of all days of a custom period.")
    currency = middle.selectbox("Currency", run.choices.currencies or ("USD",), accept_new_options=True)
    period = right.selectbox("Period", PERIODS, format_func=str.capitalize)
    left, right = st.columns(2)
    first = left.date_input("First day", month_of(today))
    last = right.date_input("Last day", None, help="None: open.")
    columns = st.columns(len(OFFERED))
    scope = {
        each: column.multiselect(each.capitalize(), run.choices.values[each], placeholder=f"All {each}s")
        for each, column in zip(OFFERED, columns, strict=True)
    }
    others = st.text_input("Other dimensions", placeholder="project=apollo, environment=production")
    return {
        "name": name,
        "amount": amount.strip(),
        "currency": currency,
        "period": period,
        "first": str(first),
        "last": str(last) if last else None,
        "scope": {dimension: values for dimension, values in scope.items() if values} | {"": others},
    }


def _ask_more(form: Mapping[str, Any]) -> dict[str, Any]:
    """What may change: owner, thresholds, carry-over, what counts, note."""
    left, right = st.columns(2)
    owner = left.text_input("Owner", form.get("owner", ""))
    words = list(CARRY_WORDS)
    place = words.index(form.get("carry", "none"))
    carry = right.selectbox("Carried to the next period", words, place, format_func=lambda word: CARRY_WORDS[word])
    lines = "\n".join(form["thresholds"]) if "thresholds" in form else THRESHOLDS
    thresholds = st.text_area("Thresholds", lines, height=110, help=HOW)
    left, right = st.columns(2)
    recurring = left.toggle("Recurring charges count", form.get("recurring", False))
    credits = right.toggle("Credits on invoices count", form.get("credits", False))
    note = st.text_input("Note", form.get("note", ""))
    return {
        "owner": owner,
        "thresholds": [line for line in thresholds.splitlines() if line.strip()],
        "carry": carry,
        "recurring": recurring,
        "credits": credits,
        "note": note,
    }


def _add(root: Path, given: dict[str, Any], today: date, author: Author) -> None:
    scope = dict(given["scope"])
    others = scope.pop("")
    for pair in filter(None, (part.strip() for part in others.split(","))):
        dimension, sign, value = pair.partition("=")
        if not sign:
            raise BudgetError("scope", f"{pair!r} is no dimension with its value; write it as in project=apollo")
        scope.setdefault(dimension.strip(), []).append(value.strip())
    said = {name: value for name, value in (given | {"scope": scope}).items() if value not in (None, "")}
    form = write_form(read_form(said, DIMENSIONS, today))
    st.query_params[BUDGET] = str(budgets.add_budget(root, form, author, tell=silent))
    dismiss()


def _changed(form: dict[str, Any], given: dict[str, Any], amount: tuple[str, str]) -> dict[str, Any]:
    said = {name: value for name, value in (form | given).items() if value not in (None, "")}
    budget = read_form(said, DIMENSIONS, now().date())
    pico, since = (text.strip() for text in amount)
    if pico:
        budget = with_amount(budget, amount_from(pico), month_from(since, "from month"))
    return write_form(budget)


def _keep(root: Path, change: Change, author: Author) -> None:
    budgets.change_budget(root, change, author, tell=silent)
    dismiss()


def _end(root: Path, was: BudgetVersion, make: Callable[[BudgetVersion], dict[str, Any]], author: Author) -> None:
    ended = budgets.change_budget(root, Change(was.number, make, "ended"), author, tell=silent)

    def as_before(found: BudgetVersion) -> dict[str, Any]:
        check_version(found, ended.version)
        return was.form

    def undo(again: Author) -> None:
        budgets.change_budget(root, Change(was.number, as_before), again, tell=silent)

    offer_undo(PLACE, f"{was.name} ends on {ended.form['last']}.", undo)
    dismiss()


def _remove(root: Path, was: BudgetVersion, author: Author) -> None:
    budgets.remove_budget(root, was.number, author, tell=silent)
    offer_undo(
        PLACE,
        f"The budget {was.name} was removed.",
        lambda again: budgets.put_back_budget(root, was.number, again, tell=silent),
    )
    st.query_params.pop(BUDGET, None)
    dismiss()
