"""Periods beside the one that a report is about: the one before it, and the months up to its end."""

from datetime import date, timedelta
from typing import NamedTuple

from pricing.books import month_end, month_of
from pricing.charges import months_after

DAY = timedelta(days=1)
CONTEXT_MONTHS = 12


class Days(NamedTuple):
    """A stretch of billing days, both ends included."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """How many days that is."""
        return (self.last - self.first).days + 1


def period_before(period: Days) -> Days:
    """As many whole months before whole months; before other days as many days."""
    first, last = period
    if first != month_of(first) or last != month_end(month_of(last)):
        return Days(first - period.number * DAY, first - DAY)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Days(months_after(first, -months), first - DAY)


def compared(period: Days, through: date | None) -> tuple[Days, Days]:
    """The days of the period that have data, and as many of those before; whole periods where it is over."""
    before = period_before(period)
    if through is None or not period.first <= through < period.last:
        return period, before
    seen = Days(period.first, through)
    return seen, Days(before.first, min(before.last, before.first + (seen.number - 1) * DAY))


def context_of(period: Days) -> Days:
    """From the first day of the twelfth month up to the period's last, or of the period's own first month."""
    twelfth = months_after(month_of(period.last), 1 - CONTEXT_MONTHS)
    return Days(min(twelfth, month_of(period.first)), period.last)


def months_of(days: Days) -> list[date]:
    """The first day of every month that the days touch."""
    found = [month_of(days.first)]
    while (following := months_after(found[-1], 1)) <= days.last:
        found.append(following)
    return found
