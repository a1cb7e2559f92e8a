"""Gets one window of a report, page after page, going on where an earlier run was stopped."""

from datetime import date, datetime
from typing import Any, NamedTuple

from ingest.pull.http import Api
from ingest.pull.kept import Kept
from ingest.pull.problem import PullError
from ingest.pull.report import Page, Report, Window
from ingest.pull.stamp import KEY, Stamp


class Fetched(NamedTuple):
    """One window of a report, whole."""

    name: str
    """Under which its pages are kept."""
    lacking: tuple[date, ...]
    """Days that were asked for, and that the answer does not have."""


def fetch_window(api: Api, kept: Kept, report: Report, window: Window, now: datetime) -> Fetched:
    """Ask for every page of a window that is not there yet, and keep each; raises PullError."""
    name = f"{report.name}-{window.first}-{window.last}"
    begun = kept.begun(name, now)
    asked_at = begun.asked_at if begun else now
    pages: list[dict[str, Any]] = list(begun.pages) if begun else []
    cursor = begun.cursor if begun else None
    if begun:
        api.tell(f"{report.name}: going on after page {len(pages)} of {window.first} to {window.last}")
    seen = {cursor}
    while not pages or cursor is not None:
        if len(pages) >= _most_pages(window):
            raise PullError(f"{report.name}: {len(pages)} pages and no end: nothing of them is loaded")
        page, line = _page(api, report, window, cursor, asked_at)
        if page.cursor is not None and page.cursor in seen:
            raise PullError(f"{report.name}: the pages go round in a circle: nothing of them is loaded")
        pages.append(line)
        cursor = page.cursor
        seen.add(cursor)
        kept.add_page(name, len(pages), line, asked_at, cursor)
    answered = {day for line in pages for day in line[KEY]["days"]}
    return Fetched(name, tuple(day for day in window.days() if day.isoformat() not in answered))


def _most_pages(window: Window) -> int:
    """A page has a day at least; some sellers give an empty one now and then."""
    return 2 * len(window.days()) + 10


def _page(
    api: Api, report: Report, window: Window, cursor: str | None, asked_at: datetime
) -> tuple[Page, dict[str, Any]]:
    answer = api.ask(report.path, report.query(report, window, cursor))
    page = report.read(answer, window, cursor)
    days = tuple(day for day in page.days if window.first <= day <= window.last)
    stamp = Stamp(report.source, report.tag, report.grouped_by, asked_at, days)
    return page, {KEY: stamp.as_object(), **{name: value for name, value in answer.items() if name != KEY}}
