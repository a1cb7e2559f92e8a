"""Periods as people write them: ``2026-10``, ``2026-Q4``, ``2026``, ``2026-W42``, ``2026-10-15``, days with ``..``."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from app.session import UserMistake

WRITTEN = "write it as in 2026-10, 2026-Q4, 2026, 2026-W42, 2026-10-15 or 2026-10-01..2026-10-15"
MONTHS = re.compile(r"(?P<year>\d{4})(?:-(?:[Qq](?P<quarter>[1-4])|(?P<month>\d{2})))?")
WEEK = re.compile(r"(?P<year>\d{4})-[Ww](?P<week>\d{2})")


class Period(NamedTuple):
    """Whole billing days, both ends included."""

    name: str
    """As people call it: ``2026-10``, ``2026-Q4``."""
    first: date
    last: date

    @property
    def in_file_names(self) -> str:
        """The name with no character that a file system or a shell minds."""
        return self.name.replace("..", "_")


def period_of(text: str, option: str = "--period") -> Period:
    """The period that an option names; raises UserMistake."""
    try:
        return _months(text) or _week(text) or _days(text)
    except ValueError:
        raise UserMistake(f"{option}: {text!r} is no period; {WRITTEN}") from None


def month_of(day: date) -> Period:
    """The calendar month that a day is in."""
    return _from_month(day.isoformat()[:7], day.year, day.month, 1)


def last_whole_month(today: date) -> Period:
    """The month before the one that is under way."""
    return month_of(today.replace(day=1) - timedelta(days=1))


def _months(text: str) -> Period | None:
    """A year, a quarter or a month; None: it is written as none of them."""
    if not (found := MONTHS.fullmatch(text)):
        return None
    year = int(found["year"])
    if found["quarter"]:
        return _from_month(text.upper(), year, 3 * int(found["quarter"]) - 2, 3)
    return _from_month(text, year, int(found["month"]), 1) if found["month"] else _from_month(text, year, 1, 12)


def _from_month(name: str, year: int, month: int, months: int) -> Period:
    first = date(year, month, 1)
    beyond = 12 * year + month - 1 + months
    return Period(name, first, date(beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1))


def week_of(day: date) -> Period:
    """The week that a day is in, from Monday on, as ISO 8601 counts them."""
    year, week, _ = day.isocalendar()
    return _from_week(year, week)


def day_of(day: date) -> Period:
    """One day."""
    return Period(str(day), day, day)


def _week(text: str) -> Period | None:
    """A week; None: it is not written as one."""
    found = WEEK.fullmatch(text)
    return _from_week(int(found["year"]), int(found["week"])) if found else None


def _from_week(year: int, week: int) -> Period:
    days = (date.fromisocalendar(year, week, day) for day in (1, 7))
    return Period(f"{year:04d}-W{week:02d}", *days)


def _days(text: str) -> Period:
    first, dots, last = text.partition("..")
    since, until = date.fromisoformat(first), date.fromisoformat(last if dots else first)
    if since > until:
        raise UserMistake(f"{text}: the first day is after the last")
    name = str(since) if since == until else f"{since}..{until}"
    return Period(name, since, until)
