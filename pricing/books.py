"""A month's books: lines of what was used and billed, kept as whole numbers so that they add up to the last digit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from pricing.charges import Charge, charges_between, months_after
from pricing.meters import METERS

AMOUNTS = ("cost", "cost_low", "cost_high")
"""Pico-units of a line's currency, of the calls whose cost is known; low and high where calls are under review."""
MEASURES = (*AMOUNTS, "requests", "unpriced", "review", *METERS)
"""What a line counts. Tokens and units are those that were reported."""
CALLS, RECURRING = "calls", "recurring"


class LineKey(NamedTuple):
    """What a line is about. Calls of unknown cost have no currency, and a line of their own."""

    kind: str
    seller: str | None
    model: str | None
    team: str | None
    project: str | None
    charge: str | None
    """A recurring charge by number and name; None on a line of calls."""
    currency: str | None


Counts = tuple[int, ...]
"""A line's figures, in MEASURES order."""
Lines = Mapping[LineKey, Counts]


class Closing(NamedTuple):
    """What was reported for one month when it was closed, and on what it rested."""

    closing_id: int
    month: date
    """Its first day."""
    closed_at: datetime
    who: str
    zone: str
    """The billing zone, whose midnights begin and end the month."""
    data_through: datetime | None
    rates: int
    """How many rates priced it."""
    rates_digest: str
    incomplete: str | None
    """What the month still lacked when somebody insisted. None: nothing."""
    previous: str | None
    """The digest of the month closed before it. None: it is the first."""
    lines: Lines
    booked: Mapping[date, Lines]
    """Adjustments of months closed earlier that were booked with this one, by the month that they are about."""
    digest: str = ""
    reopened_at: datetime | None = None
    reopened_by: str | None = None
    reason: str | None = None


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def month_end(month: date) -> date:
    """Its last day."""
    return months_after(month, 1) - timedelta(days=1)


def charge_lines(charges: Iterable[Charge], month: date, today: date) -> dict[LineKey, Counts]:
    """What recurring charges cost in a month; days that have not come yet are not counted."""
    lines: dict[LineKey, Counts] = {}
    for share in charges_between(charges, month, min(month_end(month), today)):
        charge = share.charge
        name = f"{charge.charge_id} {charge.name}"
        key = LineKey(RECURRING, charge.seller, None, charge.team, charge.project, name, charge.currency)
        lines[key] = (share.pico,) * len(AMOUNTS) + (0,) * (len(MEASURES) - len(AMOUNTS))
    return lines
