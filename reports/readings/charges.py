"""Recurring charges within a period: each for itself, and in all; they are never added to what calls cost."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pricing.charges import Charge
from reports.readings.into import Into
from warehouse.recurring import RecurringRow, recurring_by
from warehouse.scope import Scope


class Charged(NamedTuple):
    """One charge and what the days of the period have of it."""

    charge: Charge
    row: RecurringRow


class Charges(NamedTuple):
    """The charges that a scope has."""

    each: tuple[Charged, ...]
    totals: tuple[RecurringRow, ...]
    """One per currency."""
    entered: int
    """How many charges there are, of this scope or not."""


def read_charges(charges: Sequence[Charge], scope: Scope, today: date, into: Into | None) -> Charges:
    """Days to come are not counted before they have come."""
    pair = (into.currency, into.rates) if into else None
    found = [
        Charged(charge, row) for charge in charges for row in recurring_by([charge], (), scope, today=today, into=pair)
    ]
    totals = recurring_by(charges, (), scope, today=today, into=pair)
    ranked = sorted(found, key=lambda each: (each.row.currency, -each.row.cost, each.charge.charge_id))
    return Charges(tuple(ranked), tuple(totals), len(charges))
