"""Hours and weekdays as minutes of a week: Monday 00:00 is 0, Sunday 24:00 is 10,080.

A window of hours is a set of such minutes on the wall clock of one zone. Every instant has exactly one wall
clock time there, so windows that cover the week once cover every instant once, on days of 23 and of 25 hours
too.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

WEEK = 7 * 24 * 60
DAY = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Ranges = tuple[tuple[int, int], ...]
"""Disjoint ranges of minutes in order: first minute, and the minute after the last one."""
WHOLE_WEEK: Ranges = ((0, WEEK),)

_DAYS = re.compile(rf"({'|'.join(DAYS)})(?:-({'|'.join(DAYS)}))?")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def parse_hours(hours: Mapping[str, str]) -> Ranges:
    """``{"mon-fri": "22:00-02:00"}`` as ranges; hours that end before they begin end on the next day.

    Raises ValueError for anything else, and for minutes that are named twice.
    """
    found: list[tuple[int, int]] = []
    for days, texts in hours.items():
        for day in _parse_days(days):
            for text in texts.split(","):
                begins, ends = _parse_range(text.strip())
                found += _in_week(day * DAY + begins, day * DAY + (ends if ends > begins else ends + DAY))
    if not found:
        raise ValueError("it names no hours")
    return _joined(found)


def others(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The minutes of the week in none of the ranges."""
    rest, at = [], 0
    for begins, ends in sorted(ranges):
        if begins > at:
            rest.append((at, begins))
        at = ends
    return (*rest, (at, WEEK)) if at < WEEK else tuple(rest)


def minute_of_week(at: datetime, zone: str) -> int:
    """The minute on the zone's wall clock at an instant (naive UTC)."""
    local = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return local.weekday() * DAY + local.hour * 60 + local.minute


def _parse_days(text: str) -> list[int]:
    match = _DAYS.fullmatch(text)
    if not match:
        raise ValueError(f"{text} names no days; write them like mon, mon-fri or sat-sun")
    first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def _parse_range(text: str) -> tuple[int, int]:
    match = _HOURS.fullmatch(text)
    if not match or (match[3] == "24" and match[4] != "00"):
        raise ValueError(f"{text} are no hours; write them like 00:00-01:00, 10:00-24:00")
    begins, ends = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if begins == ends:
        raise ValueError(f"{text} are no hours; a whole day is 00:00-24:00")
    return begins, ends


def _in_week(begins: int, ends: int) -> list[tuple[int, int]]:
    """The same minutes where a range runs over Sunday's end."""
    return [(begins, ends)] if ends <= WEEK else [(begins, WEEK), (0, ends - WEEK)]


def _joined(ranges: list[tuple[int, int]]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for begins, ends in sorted(ranges):
        if joined and begins < joined[-1][1]:
            raise ValueError("the same hours are named twice")
        if joined and begins == joined[-1][1]:
            begins = joined.pop()[0]
        joined.append((begins, ends))
    return tuple(joined)
