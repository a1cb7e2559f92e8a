"""An invoice brought as a file: its lines and sums are shown first, and nothing is stored before it is confirmed."""

import io
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from app.commands.entered import amount_of
from app.components.columns import right
from app.components.entered import invoices_of
from app.components.entries import ask_who, attempt
from app.components.formats import count, literal, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.invoice_doubles import Double, doubles
from app.invoice_file import Given, Ways, check_sum, headings_of, read_invoice, summed
from app.session import UserMistake
from pricing.errors import PricingError
from warehouse.connection import silent
from warehouse.entries import Author
from warehouse.invoices import Invoice, add_invoice_lines, count_new_lines

MOST_MB = 20
COLUMNS = "Which column is what"
FIELDS = {
    "first": "Column of the day",
    "amount": "Column of the amount",
    "last": "Column of the last day",
    "model": "Column of the model",
    "currency": "Column of the currency",
    "label": "Column of the label",
}
"""What is asked of a file whose headings have other names; the rest a heading has to name."""
WAYS = Ways(f"say which one does under {COLUMNS}", "choose who invoiced", "write it above, as in USD")


def show_import(run: Run, seller: str | None, done: Callable[[], None]) -> None:
    """Ask for what the lines do not say and show what they come to; ``done`` once they are entered."""
    left, right_ = st.columns(2)
    currency = left.text_input("Currency, where no column says it", "USD")
    number = right_.text_input("The invoice's own number")
    total = st.text_input("What all lines add up to", help="Another sum is refused.", placeholder="not checked")
    file = st.file_uploader("CSV: a day and an amount in each line", type=["csv"], max_upload_size=MOST_MB)
    if file is None:
        st.caption("Nothing is stored before you have seen its lines and sums.")
        return
    given = Given(seller, currency.strip().upper() or None, number.strip() or None, ways=WAYS)
    try:
        text = _text_of(file.getvalue(), file.name)
        given = given._replace(columns=_ask_columns(text, file.name, given))
        lines = read_lines(text, file.name, given, total.strip())
    except (UserMistake, PricingError) as error:
        problems = str(error).split("\n")
        st.error("\n".join(f"- {literal(problem)}" for problem in problems), title="Nothing can be imported")
        return
    fresh = count_new_lines(run.desk.root, lines, tell=silent)
    _show_sums(lines, fresh)
    if not _is_owed(doubles(lines, invoices_of(run.desk.root))):
        return
    with st.form("invoice_import", border=False):
        who = ask_who()
        title = f"Import {plural(fresh, 'line')}" if fresh else "Nothing to import"
        sent = st.form_submit_button(title, type="primary", icon=":material/upload_file:", disabled=not fresh)
    if sent:

        def act(author: Author) -> None:
            added = len(add_invoice_lines(run.desk.root, lines, author, tell=silent))
            st.toast(f"{plural(added, 'line')} imported.", icon=":material/check:")
            done()

        attempt(act, who)


def _is_owed(found: Sequence[Double]) -> bool:
    """Whether nothing of it would count twice, or a person says that both are owed."""
    if not found:
        return True
    st.warning(
        "\n".join(f"- {literal(each.words)}: both would count." for each in found)
        + "\n\nWhere this one takes the other's place, remove that one first.",
        title="Is it there already?",
    )
    return st.checkbox("It is another invoice, and both are owed: count both")


def read_lines(text: str, name: str, given: Given, total: str) -> list[Invoice]:
    """The lines of a file, which add up to ``total`` where that is given; raises UserMistake."""
    lines = read_invoice(io.StringIO(text, newline=""), name, given)
    if total:
        check_sum(lines, name, amount_of("the sum", total, signed=True), total)
    return lines


def _text_of(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserMistake(f"{name} is no text in UTF-8: save it as CSV UTF-8") from None


def _ask_columns(text: str, name: str, given: Given) -> tuple[tuple[str, str], ...]:
    """Which heading says what: as their names tell, unless a person says otherwise."""
    headings, found = headings_of(io.StringIO(text, newline=""), given)
    if not headings:
        return ()
    chosen = {}
    with st.expander(COLUMNS, expanded=not {"first", "amount"} <= found.keys()):
        places = st.columns(2)
        for number, (ours, label) in enumerate(FIELDS.items()):
            known = headings.index(found[ours]) if ours in found else None
            chosen[ours] = places[number % 2].selectbox(
                label, headings, known, placeholder="None", key=f"invoice_column_{ours}_{name}_{'/'.join(headings)}"
            )
    return tuple((ours, heading) for ours, heading in chosen.items() if heading)


def _show_sums(lines: Sequence[Invoice], fresh: int) -> None:
    """The command line's table."""
    sums = summed(lines)
    show_frame(
        pd.DataFrame(
            {
                "Seller": [each.seller for each in sums],
                "Kind": [each.kind for each in sums],
                "Lines": [count(each.lines) for each in sums],
                "Amount": [money(each.pico, each.currency) for each in sums],
            }
        ),
        hide_index=True,
        height="content" if len(sums) <= 12 else 460,
        alt="What the file's lines add up to, by seller and kind",
        column_config=right(("Lines", "Amount")),
    )
    days = f"{min(line.first for line in lines)} to {max(line.last for line in lines)}"
    st.caption(f"{days} · {plural(fresh, 'line')} new, {count(len(lines) - fresh)} there already")
