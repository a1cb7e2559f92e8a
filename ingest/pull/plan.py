"""Which days to ask for: those that nobody asked for yet, and those that the seller may still put right."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from ingest.pull.report import DAY, MOST_DAYS, Report, Window
from warehouse.asked import Asked

SETTLED_AFTER = timedelta(days=7)
"""So long after a day's end its sums may be put right: a day that was asked for sooner is asked for again."""


def windows_of(report: Report, asked: Collection[Asked], days: Sequence[date], now: datetime) -> list[Window]:
    """The windows to ask for, oldest first."""
    settled = settled_days(report, asked, now)
    return list(_runs([day for day in days if day not in settled]))


def settled_days(report: Report, asked: Collection[Asked], now: datetime) -> set[date]:
    """Days of a report that need not be asked for again; a time to come was taken from a clock that was wrong."""
    return {
        each.day
        for each in asked
        if (each.report, each.grouped_by) == (report.tag, report.grouped_by)
        and datetime.combine(each.day + DAY, time()) + SETTLED_AFTER <= each.asked_at <= now
    }


def _runs(days: Sequence[date]) -> Iterator[Window]:
    """Days that follow one another, put together; no more than one page holds."""
    first = last = None
    for day in days:
        if first is not None and last is not None and day == last + DAY and (day - first).days < MOST_DAYS:
            last = day
            continue
        if first is not None and last is not None:
            yield Window(first, last)
        first = last = day
    if first is not None and last is not None:
        yield Window(first, last)
