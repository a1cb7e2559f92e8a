"""The periods that filters offer and saved views hold, by name, and the days of each."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from app.periods import period_of

ALL_TIME = "All time"
CHOSEN = "Chosen days"
"""The period whose days the reader picks."""
PERIODS = (
    ALL_TIME,
    "Yesterday",
    "Last 7 days",
    "Last 30 days",
    "Last 90 days",
    "This month",
    "Last month",
    "This quarter",
    "Last quarter",
    "This year",
    CHOSEN,
)
LAST_DAYS = re.compile(r"Last ([1-9]\d{0,3}) days")
WHOLE = re.compile(r"(This|Last) (month|quarter|year)")
Days = tuple[date | None, date | None]
"""First and last day, both included; None where there is no bound."""


def days_of(period: str, today: date, chosen: Sequence[date] = ()) -> Days:
    """The days of a period, by its name or as people write it: ``2026-10``; raises UserMistake for one that is none.

    Those chosen are one, or the first and the last.
    """
    if period == ALL_TIME:
        return None, None
    if period == CHOSEN:
        return (min(chosen), max(chosen)) if chosen else (None, None)
    if period == "Yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if found := LAST_DAYS.fullmatch(period):
        return today - timedelta(days=int(found[1]) - 1), today
    if found := WHOLE.fullmatch(period):
        first_of = BEGIN[found[2]]
        begin = first_of(today)
        return (
            (begin, today) if found[1] == "This" else (first_of(begin - timedelta(days=1)), begin - timedelta(days=1))
        )
    named = period_of(period, "period")
    return named.first, named.last


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)


BEGIN = {"month": _month, "quarter": _quarter, "year": _year}
"""The first day of the month, quarter or year that a day is in."""
