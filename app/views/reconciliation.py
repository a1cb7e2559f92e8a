"""Reconciliation: how much is known, what bills and logs say of the same calls, and why they differ."""

import streamlit as st

from app.components.entered import invoices_of
from app.components.failures import show_failures
from app.components.filters import today_of
from app.components.formats import literal
from app.components.page import Run, get_run
from app.components.provenance import show_provenance
from app.components.reconcile_bills import show_bill, show_unbilled
from app.components.reconcile_cards import provenance_of, show_coverage
from app.components.reconcile_entry import hello, show_entered, show_entry
from app.components.reconcile_reported import show_reported
from app.reconcile_words import OPEN, left_out
from app.reconciling import Asked, Side, against_buckets, against_invoices, confirmed_by, coverage


def sides_of(run: Run) -> list[Side]:
    """Every bill of the period, sellers and models that the filters name."""
    values = dict(run.scope.values)
    asked = Asked(run.scope.since, run.scope.until, values.get("seller", ()), values.get("model", ()))
    today = today_of(run.choices)
    found = (
        run.desk.ask(against_invoices, invoices_of(run.desk.root), asked, today),
        run.desk.ask(against_buckets, asked, today),
    )
    return [side for side in found if side]


def show(run: Run) -> None:
    """The headline, the bills, the log's own costs, what failed."""
    sides = sides_of(run)
    # Bills know no teams: for one of them only the log can say what was billed.
    confirmed = 0 if "team" in run.scope.dimensions else confirmed_by(sides, run.scope)
    show_coverage(run.desk.ask(coverage, run.scope, confirmed))
    show_provenance(run.desk.ask(provenance_of, run.scope))
    if "team" in run.scope.dimensions and sides:
        st.caption("Bills know no teams: those below are of all teams.")
    if not sides:
        hello()
    show_entry(run)
    bills = [(side, found) for side in sides for found in side.found]
    for side, found in sorted(bills, key=lambda each: not any(one.state in OPEN for one in each[1].findings)):
        show_bill(run, side, found)
    for side in sides:
        if text := left_out(side):
            st.caption(literal(text))
    show_unbilled(sides)
    show_entered(run.desk.root)
    show_reported(run)
    show_failures(run)


show(get_run())
