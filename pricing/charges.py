"""Charges that are not per token: recurring amounts, spread over days to the last pico-unit.

A charge's periods begin on the day of the month on which it began; where a month is too short, on its last day.
The days of a period share its amount: each day gets the whole pico-units that have accrued by its end and not by
the day before. So the days of a period add up to its amount exactly, however they are cut.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from pricing.money import PICO, parse_signed_amount

Kind = Literal["gpu_hours", "licence", "plan", "support", "other"]
Period = Literal["once", "month", "quarter", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PERIODS: tuple[Period, ...] = get_args(Period)
MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}
SCOPES = ("org", "team", "project", "seller")
"""To whom a charge may belong."""
DAY = timedelta(days=1)


class Charge(NamedTuple):
    """One recurring amount, as a person entered it."""

    charge_id: int
    name: str
    kind: Kind
    pico: int
    """Pico-units per period."""
    currency: str
    quantity: str | None
    """How many units make the amount, as in 720 GPU-hours. None: the amount was given as such."""
    unit_price: str | None
    period: Period
    first: date
    last: date | None
    """The last day on which it is charged. None: open."""
    org: str | None
    team: str | None
    project: str | None
    seller: str | None
    note: str | None
    source: str | None


class Share(NamedTuple):
    """What one charge costs within a stretch of days."""

    charge: Charge
    first: date
    last: date
    pico: int

    @property
    def days(self) -> int:
        """How many days that is."""
        return (self.last - self.first).days + 1


def multiplied(quantity: str, unit_price: str) -> int:
    """Pico-units of a quantity at a price, exactly; raises RateError for more than 6 decimals in either."""
    return parse_signed_amount(quantity, decimals=6) * parse_signed_amount(unit_price, decimals=6) // PICO


def period_of(charge: Charge, day: date) -> tuple[date, date]:
    """First and last day of the period in which ``day`` lies; ``day`` is not before the charge's first.

    A charge of one time is spread from its first to its last day, or stands on its first alone.
    """
    months = MONTHS.get(charge.period)
    if months is None:
        return charge.first, charge.last or charge.first
    passed = (day.year - charge.first.year) * 12 + day.month - charge.first.month
    number = passed // months
    if months_after(charge.first, number * months) > day:
        number -= 1
    return months_after(charge.first, number * months), months_after(charge.first, (number + 1) * months) - DAY


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of its month where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - DAY)


def part_of(pico: int, period: tuple[date, date], stretch: tuple[date, date]) -> int:
    """What the days of a stretch, which lies within the period, have of its amount."""
    days = (period[1] - period[0]).days + 1
    before = (stretch[0] - period[0]).days
    through = (stretch[1] - period[0]).days + 1
    return pico * through // days - pico * before // days


def charges_between(charges: Iterable[Charge], first: date, last: date) -> list[Share]:
    """What each charge costs from ``first`` to ``last``, both included; those that cost nothing then are left out."""
    shares = []
    for charge in charges:
        pieces = list(pieces_between(charge, first, last))
        if pieces:
            shares.append(Share(charge, pieces[0].first, pieces[-1].last, sum(piece.pico for piece in pieces)))
    return shares


def pieces_between(charge: Charge, first: date, last: date) -> Iterator[Share]:
    """The same for one charge, period by period."""
    ends = charge.last if charge.last or charge.period != "once" else charge.first
    day, last = max(first, charge.first), min(last, ends or last)
    while day <= last:
        period = period_of(charge, day)
        until = min(period[1], last)
        yield Share(charge, day, until, part_of(charge.pico, period, (day, until)))
        day = until + DAY


def days_between(charges: Iterable[Charge], first: date, last: date) -> Iterator[Share]:
    """The same day by day."""
    for charge in charges:
        for piece in pieces_between(charge, first, last):
            for number in range(piece.days):
                day = piece.first + number * DAY
                yield Share(charge, day, day, part_of(charge.pico, period_of(charge, day), (day, day)))
