"""The periods that filters offer, by name, and the days of each."""

from collections.abc import Sequence
from datetime import date, timedelta

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
Days = tuple[date | None, date | None]
"""First and last day, both included; None where there is no bound."""


def days_of(period: str, today: date, chosen: Sequence[date] = ()) -> Days:
    """The days of a period; those chosen are one, or the first and the last."""
    if period == CHOSEN:
        return (min(chosen), max(chosen)) if chosen else (None, None)
    if period == "Yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    word, _, of = period.partition(" ")
    if of.endswith("days"):
        return today - timedelta(days=int(of.split()[0]) - 1), today
    if of not in BEGIN:
        return None, None
    begin = BEGIN[of](today)
    if word == "This":
        return begin, today
    last = begin - timedelta(days=1)
    return BEGIN[of](last), last


def _month(day: date) -> date:
    return day.replace(day=1)


def _quarter(day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def _year(day: date) -> date:
    return day.replace(month=1, day=1)


BEGIN = {"month": _month, "quarter": _quarter, "year": _year}
"""The first day of the month, quarter or year that a day is in."""
