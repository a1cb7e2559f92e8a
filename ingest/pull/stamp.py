"""What `tollbook pull` writes into each answer that it keeps: which report it is, and when it was asked for.

With it the newest answer about a day counts, in whatever order files are loaded, and a folder of kept answers makes
the same warehouse again.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from ingest.clock import parse_time
from ingest.problem import Unreadable
from ingest.source import Sample
from warehouse.asked import Asked

KEY = "tollbook_pull"


class Stamp(NamedTuple):
    """The stamp on one page of an answer."""

    source: str
    """The source that reads the page."""
    report: str
    """As the source names it in the tags of its sums; empty where it has one alone."""
    grouped_by: str
    """By what was asked to group, in the order of the alphabet, with commas between."""
    asked_at: datetime
    """When the pull began: the same on all its pages."""
    days: tuple[date, ...]
    """The days (UTC) of which the page has all."""

    def asked(self) -> Iterator[Asked]:
        """The days that the page answers for."""
        return (Asked(self.report, self.grouped_by, day, self.asked_at) for day in self.days)

    def tags(self) -> list[tuple[str, str]]:
        """What sums of a stamped page have among their tags."""
        return [("pulled", "yes")]

    def as_object(self) -> dict[str, Any]:
        """The stamp as it stands in the file."""
        days = [day.isoformat() for day in self.days]
        return {**self._asdict(), "asked_at": f"{self.asked_at.isoformat()}Z", "days": days}


def stamp_of(record: Any) -> Stamp | None:
    """The stamp on a page; None where there is none. Raises Unreadable for one that a person has changed."""
    own = record.get(KEY) if isinstance(record, dict) else None
    if own is None:
        return None
    try:
        days = tuple(date.fromisoformat(day) for day in own["days"])
        names = (str(own["source"]), str(own["report"]), str(own["grouped_by"]))
        return Stamp(*names, parse_time(str(own["asked_at"]))[0], days)
    except (KeyError, TypeError, ValueError, Unreadable):
        raise Unreadable(f"{KEY} is no stamp of a pull: source, report, grouped_by, asked_at, days") from None


def is_stamped(sample: Sample, source: str) -> bool:
    """Whether a file is of answers that were kept for this source: so is one in which nothing was used or billed."""
    stamps = (record.get(KEY) for record in sample.records[:1])
    return any(isinstance(own, dict) and own.get("source") == source for own in stamps)
