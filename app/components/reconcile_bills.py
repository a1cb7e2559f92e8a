"""Bills beside calls: what matches, every difference with its suggested reason, and the calls behind it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.bill_reasons import Finding
from app.components.call_table import show_calls
from app.components.columns import counts, right
from app.components.formats import UNKNOWN, count, literal, money, plural
from app.components.page import Run
from app.components.tables import show_frame
from app.glossary import help_if_known
from app.reconcile_words import (
    AGAINST,
    OPEN,
    STATES,
    about_of,
    bills_of,
    days_of,
    has_more_bills,
    matched_line,
    twice_lines,
    why_of,
)
from app.reconciling import Found, Side, about_calls
from warehouse.bills import read_calls

SHOWN_CALLS = 100


def show_bill(run: Run, side: Side, found: Found) -> None:
    """One bill: the bridge from ours to theirs, and its differences."""
    bill = found.bill
    odd = [each for each in found.findings if each.state in OPEN]
    differences = sum(each.beyond for each in odd)
    rest = bill.billed - bill.ours - differences
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header(literal(f"{bill.seller} · {bill.currency}"), width="content")
            if odd:
                st.badge(plural(len(odd), "difference"), icon=":material/difference:", color="orange")
            elif any(each.state == "pending" for each in found.findings):
                st.badge("Not all billed yet", icon=":material/schedule:", color="gray")
            else:
                st.badge("Reconciled", icon=":material/check:", color="green")
        st.caption(literal(f"{AGAINST[side.against]} · {bill.first} to {bill.last} · days of {side.zone}"))
        with st.grid(4, min_column_width=130, gap="small") as grid:
            for label, text in (
                ("Our figures", money(bill.ours, bill.currency)),
                ("Differences", _signed(differences, bill.currency)),
                ("Tax, credits, the rest", _signed(rest, bill.currency)),
                ("The bill", money(bill.billed, bill.currency)),
            ):
                with grid.cell():
                    st.metric(label, literal(text), help=help_if_known(label))
        for text in twice_lines(bill):
            st.warning(literal(text), icon=":material/content_copy:")
        chosen = _show_findings(found, f"bill_{side.against}_{bill.seller}_{bill.currency}")
        for note in _notes(side, found):
            st.caption(literal(note))
        if chosen and chosen.cells:
            st.markdown(f"**{literal(about_of(chosen))}, {days_of(chosen)}**: {literal(why_of(chosen))}")
            about = about_calls(side, bill, chosen)
            show_calls(run.desk.ask(read_calls, about, zone=side.zone, top=SHOWN_CALLS))


def _show_findings(found: Found, key: str) -> Finding | None:
    """The differences; returns the one that the reader picks."""
    rows, currency = found.findings, found.bill.currency
    if not rows:
        st.caption("Everything matches to the last digit.")
        return None
    picked = show_frame(
        pd.DataFrame(
            {
                "State": [STATES[each.state].capitalize() for each in rows],
                "About": [about_of(each) for each in rows],
                "Days": [days_of(each) for each in rows],
                **({"Bill": [", ".join(bills_of(each)) or "–" for each in rows]} if has_more_bills(found.bill) else {}),
                "Ours": [money(each.ours, currency) if each.cells else "–" for each in rows],
                "Theirs": [money(each.theirs, currency) for each in rows],
                "Beyond ours": [_signed(each.beyond, currency) for each in rows],
                "Calls": [each.calls for each in rows],
                "Suggested reason": [why_of(each) for each in rows],
            }
        ),
        hide_index=True,
        height="content" if len(rows) <= 12 else 460,
        alt="Differences between the bill and the calls, with suggested reasons",
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "State": st.column_config.TextColumn(pinned=True),
            **right(("Ours", "Theirs", "Beyond ours")),
            **counts(("Calls",)),
            "Suggested reason": st.column_config.TextColumn(width="large"),
        },
    )
    return rows[picked.selection.rows[0]] if picked.selection.rows else None


def _signed(pico: int, currency: str) -> str:
    return f"+{money(pico, currency)}" if pico > 0 else money(pico, currency)


def _notes(side: Side, found: Found) -> list[str]:
    notes = [matched_line(found) + (" Select a row to see its calls." if found.findings else "")]
    named = [f"{ours} as {theirs}" for seller, ours, theirs in side.names if seller == found.bill.seller]
    if named:
        notes.append(f"On the bill by another name: {', '.join(named)}.")
    own = sum(each.calls for each in side.own_keys if each.seller == found.bill.seller)
    if own:
        notes.append(f"{plural(own, 'call')} with an own upstream key: another seller bills them.")
    return notes


def show_unbilled(sides: Sequence[Side]) -> None:
    """Calls of the bills' days that no bill is about."""
    for side in sides:
        if not side.unbilled:
            continue
        what = "invoice" if side.against == "invoices" else "report of costs"
        with st.expander(
            f"On no {what}: {plural(sum(each.calls for each in side.unbilled), 'call')}", icon=":material/receipt:"
        ):
            st.caption(f"Called from {side.first} to {side.last}, and no {what} is about them.")
            show_frame(
                pd.DataFrame(
                    {
                        "Seller": [each.seller or "seller unknown" for each in side.unbilled],
                        "Model": [each.model or "no model named" for each in side.unbilled],
                        "Cost": [
                            money(each.pico, each.currency) if each.currency else UNKNOWN for each in side.unbilled
                        ],
                        "Calls": [count(each.calls) for each in side.unbilled],
                    }
                ),
                hide_index=True,
                height="content" if len(side.unbilled) <= 12 else 380,
                alt=f"Calls that no {what} is about",
                column_config=right(("Cost", "Calls")),
            )
