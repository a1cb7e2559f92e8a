"""Beside what calls cost: recurring charges, and every figure in one currency where the settings name one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import streamlit as st

from app.components.entered import charges_of, rates_of
from app.components.formats import amounts, literal, money, plural
from pricing.fx import Converted, Rates, Use, converted, uses_of
from warehouse.converted import whole
from warehouse.cost import CostRow
from warehouse.folder import Folder
from warehouse.recurring import RecurringRow, recurring_by
from warehouse.scope import Scope

NAMED = 3
"""Charges named in the line; the rest is counted."""


def show_beside_spend(root: Path, scope: Scope, days: Sequence[CostRow], today: date) -> None:
    """Two lines at most: the charges of the period, and what everything is in the display currency."""
    charges, target = charges_of(root), Folder(root).settings().display_currency
    codes = {row.currency for row in days if row.currency} | {charge.currency for charge in charges}
    rates = rates_of(root, tuple(sorted(codes | {target}))) if target else None
    into = (target, rates) if target and rates else None
    rows = recurring_by(charges, (), scope, today=today, into=into)
    if rows:
        _show_charges(rows, min(scope.until or today, today))
    if into:
        _show_converted(days, rows, *into)


def _show_charges(rows: Sequence[RecurringRow], through: date) -> None:
    names = [name for row in rows for name in row.charges]
    rest = len(names) - NAMED
    named = ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
    total = amounts({row.currency: row.cost for row in rows})
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"Recurring charges in this period: **{literal(total)}**")
        st.caption(literal(f"{named} · spread over their days, through {through} · not in the spend above"))


def _show_converted(days: Sequence[CostRow], rows: Sequence[RecurringRow], target: str, rates: Rates) -> None:
    """One line: sums in one currency, called converted, with the rates they rest on."""
    spend = [(row.currency, row.group[0], row.cost) for row in days if row.currency and row.cost is not None]
    calls = converted(spend, target, rates)
    charges = whole([row.converted for row in rows if row.converted])
    sums = [f"spend {_about(calls, target)}"] if spend else []
    sums += [f"recurring charges {_about(charges, target)}"] if rows else []
    told = [f"Converted to {target} for display: {', '.join(sums)}", *_told(uses_of(calls.legs | charges.legs))]
    if sums:
        st.caption(literal(" · ".join(told)))


def _about(value: Converted, target: str) -> str:
    return "unknown, as a day has no rate" if value.exact is None else f"≈ {money(value.pico, target)}"


def _told(uses: Sequence[Use]) -> list[str]:
    """Pairs of which the same is to be said, together."""
    alike: dict[Use, list[str]] = {}
    for use in uses:
        alike.setdefault(use._replace(pair=("", "")), []).append("/".join(use.pair))
    return [f"{' and '.join(pairs)} {_days(use)} ({use.source})" for use, pairs in alike.items()]


def _days(use: Use) -> str:
    days = f"of {use.first}" if use.first == use.last else f"of {use.first} to {use.last}"
    if not use.carried:
        return days
    oldest = plural(use.carried_days, "day")
    return f"{days}, {use.carried:,} of {plural(use.days, 'day')} at the last rate before, at most {oldest} old"
