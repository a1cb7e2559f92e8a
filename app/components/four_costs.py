"""Four costs side by side: as priced, as reported, re-rated and as invoiced, and why they differ."""

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from app.components.columns import counts, right
from app.components.entered import invoices_of
from app.components.formats import UNKNOWN, literal, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from warehouse.four_costs import FourCosts, four_costs, notes_on_invoices, without_repeats

WHOLE_TABLE = 12
"""Rows up to which the table is shown without scrolling."""
BEYOND = ("Reported beyond", "Invoiced beyond")
"""How far a cost is beyond the one as priced."""
AMOUNTS = ("As priced", "Reported", "Re-rated", "Invoiced")


def show_four_costs(run: Run) -> None:
    """The section, closed until it is asked for: it reads every call in scope."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Four costs", width="content")
        wanted = st.toggle("Compare", key="four", bind="query-params")
    if not wanted:
        st.caption(
            "As priced, as the log reports, re-rated and as invoiced, per seller and model, and why they differ."
        )
        return
    lines = run.desk.ask(four_costs, invoices_of(run.desk.root), run.scope)
    shown = [line for line in without_repeats(lines) if (line.billed, line.reported, line.invoiced) != (None,) * 3]
    if rest := sum(line.calls for line in lines if not line.is_seller) - sum(_calls(shown)):
        st.caption(f"{plural(rest, 'call')} with none of the four are not among these.")
    show_frame(
        _frame(shown),
        hide_index=True,
        height="content" if len(shown) <= WHOLE_TABLE else "auto",
        alt="Four costs per seller and model",
        column_config={
            "Seller": st.column_config.TextColumn(pinned=True),
            **right((*AMOUNTS, *BEYOND)),
            **counts(("Calls",)),
            "Why": st.column_config.TextColumn(width="large"),
        },
    )
    for note in [*_partial_notes(lines), *notes_on_invoices(lines, invoices_of(run.desk.root), run.scope)]:
        st.caption(literal(note))


def _calls(lines: Sequence[FourCosts]) -> Iterator[int]:
    """The calls of each seller and model, once."""
    sellers = {(line.seller, line.currency) for line in lines if line.is_seller}
    return (line.calls for line in lines if line.is_seller or (line.seller, line.currency) not in sellers)


def _frame(lines: Sequence[FourCosts]) -> pd.DataFrame:
    """For the eye alone: amounts are texts."""
    return pd.DataFrame(
        {
            "Seller": [line.seller or "seller unknown" for line in lines],
            "Model": ["all models" if line.is_seller else line.model or "no model named" for line in lines],
            "As priced": [money(line.billed, line.currency) if line.calls else "–" for line in lines],
            "Reported": [_amount(line.reported, line) for line in lines],
            "Re-rated": [_amount(line.rerated, line) for line in lines],
            "Invoiced": [_amount(line.invoiced, line) for line in lines],
            "Reported beyond": [_beyond(line.reported, line) for line in lines],
            "Invoiced beyond": [_beyond(line.invoiced if line.is_covered else None, line) for line in lines],
            "Calls": [line.calls for line in lines],
            "Why": [_why(line) for line in lines],
        }
    )


def _amount(pico: int | None, line: FourCosts) -> str:
    return "–" if pico is None else money(pico, line.currency)


def _beyond(pico: int | None, line: FourCosts) -> str:
    """What a cost is beyond the one as priced."""
    return "–" if pico is None or line.billed is None else _signed(pico - line.billed, line)


def _signed(pico: int, line: FourCosts) -> str:
    text = money(pico, line.currency)
    return "none" if pico == 0 else f"+{text}" if pico > 0 and text != UNKNOWN else text


def _why(line: FourCosts) -> str:
    """A seller's line speaks of its invoices alone: those of its models say why the log differs."""
    reasons = [f"invoiced: {line.invoice_reason}"] if line.invoice_reason else []
    reasons += [
        f"reported: {reason.text} ({_signed(reason.pico, line)})" for reason in line.reasons if not line.is_seller
    ]
    return "; ".join(reasons)


def _partial_notes(lines: Sequence[FourCosts]) -> list[str]:
    parts = dict.fromkeys(part for line in lines if line.is_seller for part in line.parts if not part.is_whole)
    return [
        f"Invoice {part.invoice.number or part.invoice.invoice_id} of {part.invoice.seller} is about "
        f"{part.invoice.first} to {part.invoice.last}; of these, {part.first} to {part.last} count here, by days."
        for part in parts
    ]
