"""Entering invoices on a page: a file, or a line typed in; and taking them out again."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from app.commands.entered import amount_of, currency_of
from app.components.columns import right
from app.components.entered import invoices_of
from app.components.entries import ask_who, attempt, present, show_changes
from app.components.formats import literal, money, plural
from app.components.page import Run
from app.components.reconcile_import import show_import
from app.components.tables import show_frame
from app.components.undo import offer_to_put_back, show_undo
from app.invoice_doubles import doubles
from app.invoice_file import fault_of, sums_of
from app.session import UserMistake
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.invoices import KINDS, Invoice, add_invoice, remove_invoice, remove_invoice_lines

ACT = "invoice_act"


def show_entry(run: Run) -> None:
    """The ways in and out."""
    entered = invoices_of(run.desk.root)
    show_undo("invoice")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Import an invoice", type="primary", icon=":material/upload_file:", on_click=ask, args=("import",))
        st.button("Enter a line", icon=":material/add:", on_click=ask, args=("line",))
        if entered:
            st.button("Remove an invoice", icon=":material/delete:", on_click=ask, args=("remove",))
    act = st.session_state.get(ACT)
    if act == "import":
        import_dialog(run)
    elif act == "line":
        line_dialog(run)
    elif act == "remove":
        remove_dialog(run.desk.root, entered)


def show_entered(root: Path) -> None:
    """What was entered, and who did it."""
    entered = invoices_of(root)
    if entered:
        with st.expander(f"Entered: {plural(len(entered), 'line')} of invoices", icon=":material/receipt_long:"):
            _show_lines(entered)
    show_changes(root, ("invoice",))


def ask(act: str) -> None:
    """Open a dialog; for a button's callback."""
    st.session_state[ACT] = act


def dismiss() -> None:
    """Nothing is asked any more."""
    st.session_state.pop(ACT, None)


def _show_lines(entered: tuple[Invoice, ...]) -> None:
    show_frame(
        pd.DataFrame(
            {
                "No.": [each.invoice_id for each in entered],
                "Seller": [each.seller for each in entered],
                "Kind": [each.kind for each in entered],
                "Model": [each.model or "all" for each in entered],
                "Key": [each.key or "all" for each in entered],
                "Amount": [money(each.pico, each.currency) for each in entered],
                "From": [str(each.first) for each in entered],
                "Until": [str(each.last) for each in entered],
                "Invoice": [each.number or each.source or "–" for each in entered],
                "Label": [each.label or "–" for each in entered],
            }
        ),
        hide_index=True,
        height="content" if len(entered) <= 10 else 380,
        alt="Lines of invoices that were entered",
        column_config=right(("Amount",)),
    )


class Said(NamedTuple):
    """A line as it was typed in."""

    seller: str | None
    amount: str
    currency: str
    first: object
    last: object
    kind: str
    model: str | None
    key: str
    number: str
    label: str


@st.dialog("Import an invoice", width="medium", on_dismiss=dismiss)
def import_dialog(run: Run) -> None:
    """Ask for a CSV and what its lines do not say."""
    show_import(run, _seller(run), dismiss)


@st.dialog("Enter a line of an invoice", width="medium", on_dismiss=dismiss)
def line_dialog(run: Run) -> None:
    """Ask for one line."""
    with st.form("invoice_line", border=False):
        said = _ask_line(run)
        who = ask_who()
        sent = st.form_submit_button("Enter", type="primary", icon=":material/add:")
    if sent:

        def act(author: Author) -> None:
            line = _line(said)
            beside = doubles([line], invoices_of(run.desk.root))
            add_invoice(run.desk.root, line, author, tell=silent)
            for each in beside:
                st.toast(literal(f"{each.words}: both count."), icon=":material/warning:")
            dismiss()

        attempt(act, who)


def _ask_line(run: Run) -> Said:
    """The fields, two in a row; on a phone one under the other, in the same order."""
    last_month = present(run).date().replace(day=1) - timedelta(days=1)
    seller = _seller(run)
    left, right_ = st.columns(2)
    amount = left.text_input("Amount", placeholder="812.40; below 0 for a credit")
    currency = right_.text_input("Currency", "USD")
    left, right_ = st.columns(2)
    first = left.date_input("First day", last_month.replace(day=1))
    last = right_.date_input("Last day", last_month)
    left, right_ = st.columns(2)
    kind = left.selectbox("Kind", KINDS, help="Only usage and credits stand beside what calls cost.")
    model = right_.selectbox("Model", run.choices.values["model"], None, placeholder="All", accept_new_options=True)
    left, right_ = st.columns(2)
    key = left.text_input("Key", placeholder="All", help="The one key that it is about, by its alias in the logs.")
    number = right_.text_input("The invoice's own number")
    label = st.text_input("Label", placeholder="What the line says of itself")
    return Said(seller, amount, currency, first, last, kind, model, key, number, label)


def _line(said: Said) -> Invoice:
    """The line that was meant; raises UserMistake."""
    if not said.seller or not isinstance(said.first, date) or not isinstance(said.last, date):
        raise UserMistake("say who invoiced, and which days")
    pico = amount_of("amount", said.amount.strip(), signed=True)
    about = (said.first, said.last, currency_of(said.currency.strip(), "currency"), pico)
    more = (said.kind, said.key.strip() or None, said.label.strip() or None)
    line = Invoice(0, said.seller, said.model, *about, said.number.strip() or None, None, *more)
    if wrong := fault_of(line):
        raise UserMistake(wrong)
    return line


@st.dialog("Remove an invoice", on_dismiss=dismiss)
def remove_dialog(root: Path, entered: tuple[Invoice, ...]) -> None:
    """Ask which, and say what is lost."""
    wholes = list(
        dict.fromkeys((each.seller, each.number or each.source) for each in entered if each.number or each.source)
    )
    singles = [each for each in entered if not (each.number or each.source)]
    st.markdown(
        "Its lines stand beside no call any more: what they explained is open again, and credits leave the budgets. "
        "The audit keeps them, and they can be put back at once."
    )
    with st.form("invoice_remove", border=False):
        chosen = st.selectbox(
            "Which",
            [*wholes, *singles],
            format_func=lambda each: _named(each, entered),
        )
        who = ask_who()
        sent = st.form_submit_button("Remove", type="primary", icon=":material/delete:")
    if sent and chosen is not None:

        def act(author: Author) -> None:
            if isinstance(chosen, Invoice):
                remove_invoice(root, chosen.invoice_id, author, tell=silent)
                lines = [chosen.invoice_id]
            else:
                lines = remove_invoice_lines(root, str(chosen[1]), str(chosen[0]), author, tell=silent)
            seller = chosen.seller if isinstance(chosen, Invoice) else chosen[0]
            said = f"{plural(len(lines), 'line')} of {seller}'s invoice removed."
            offer_to_put_back("invoice", said, root, "invoice", lines)
            dismiss()

        attempt(act, who)


def _named(chosen: Invoice | tuple[str, str | None], entered: Sequence[Invoice]) -> str:
    """A line, or a whole invoice, with what it asks for and the days that it is about."""
    if isinstance(chosen, Invoice):
        lines, name = [chosen], chosen.seller
    else:
        lines = [each for each in entered if (each.seller, each.number or each.source) == chosen]
        name = f"{chosen[0]}: {chosen[1]}"
    first, last = min(each.first for each in lines), max(each.last for each in lines)
    sums = " and ".join(money(pico, currency) for currency, pico in sums_of(lines).items())
    days = f"{first} to {last}" if first != last else f"{first}"
    return f"{name} · {sums} · {days}" + (f" · {plural(len(lines), 'line')}" if len(lines) > 1 else "")


def _seller(run: Run) -> str | None:
    return st.selectbox(
        "Seller", run.choices.values["seller"], None, placeholder="Who invoiced", accept_new_options=True
    )


def hello() -> None:
    """What a page says before any bill is there."""
    st.info(
        literal("Import an invoice as CSV, type in a line, or load a seller's own report of costs with the logs.")
        + " On the command line: `tollbook invoice import FILE`, `tollbook ingest PATH`.",
        title="No bill to compare with",
        icon=":material/receipt_long:",
    )
