"""What a report of a seller's API is, and how its pages of days are asked for and read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from ingest.buckets import ENDS, STARTS, instant_of
from ingest.problem import Unreadable
from ingest.pull.problem import PullError

DAY = timedelta(days=1)
MOST_DAYS = 31
"""Days in one window: as many as sellers put on one page."""


class Window(NamedTuple):
    """Days (UTC) that are asked for together, both included."""

    first: date
    last: date

    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]


class Page(NamedTuple):
    """What a page answers for."""

    days: tuple[date, ...]
    cursor: str | None
    """What asks for the next page; None: this is the last."""


Query = list[tuple[str, str]]


class Report(NamedTuple):
    """One report of a seller's API."""

    name: str
    """As `--what` names it."""
    source: str
    """The source that reads its pages."""
    tag: str
    """As the source names it in the tags of its sums."""
    path: str
    """Behind the base URL."""
    group_by: tuple[str, ...]
    query: "Callable[[Report, Window, str | None], Query]"
    """What to ask for: a window, from a page's cursor on."""
    read: Callable[[dict[str, Any], Window, str | None], Page]
    """What the answer to that query answers for; raises PullError where it is no such answer."""

    @property
    def grouped_by(self) -> str:
        """As in the tag of the sums."""
        return ",".join(sorted(self.group_by))


class Provider(NamedTuple):
    """A seller whose API can be asked."""

    name: str
    title: str
    base_url: str
    keys: tuple[str, ...]
    """Environment variables that may hold the key of its reports, the first that does counts."""
    headers: Callable[[str], dict[str, str]]
    """What is sent along with a key."""
    reports: tuple[Report, ...]
    oldest: int | None = None
    """How many days back its reports go; None: not known."""


def read_buckets(answer: dict[str, Any], window: Window, cursor: str | None) -> Page:
    """A page of buckets, each of one day, with the cursor of the next."""
    data = answer.get("data")
    if not isinstance(data, list):
        raise PullError("the answer is no page of buckets: it has no list `data`")
    days = tuple(_day_of(bucket) for bucket in data)
    more, following = answer.get("has_more"), answer.get("next_page")
    if more is False or (more is None and not following):
        return Page(days, None)
    if not isinstance(following, str) or not following:
        raise PullError("the answer has more pages, but no `next_page` that leads to them")
    return Page(days, following)


def _day_of(bucket: Any) -> date:
    if not isinstance(bucket, dict) or not isinstance(bucket.get("results"), list):
        raise PullError("a bucket of the answer has no list `results`")
    try:
        start, end = instant_of(bucket, STARTS), instant_of(bucket, ENDS)
    except Unreadable as problem:
        raise PullError(f"the answer cannot be read: {problem}") from None
    if end - start != DAY or start.time() != datetime.min.time():
        raise PullError("a bucket of the answer is not one day (UTC), though days were asked for")
    return start.date()


def midnight(day: date) -> datetime:
    """When a day begins, with its zone."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
