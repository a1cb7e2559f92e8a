"""Schedules of reports, as people entered them, and which of their periods are done.

What a schedule says is kept as a mapping of plain text; what it means is no matter of this package.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse.entries import Author, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.kept_by_name import check_name, pick
from warehouse.locks import Tell
from warehouse.sqlfiles import run

WHAT = "schedule"
Delivery = Literal["not asked", "pending", "sent"]
"""What became of sending: nobody was to be told, somebody still is, everybody was."""


class Schedule(NamedTuple):
    """One schedule in the state database."""

    number: int
    name: str
    document: dict[str, Any]
    first_day: date
    """Lies in the first period that it is for."""
    changed_at: datetime
    changed_by: str


class WrittenFile(NamedTuple):
    """A file of a report as it was written."""

    path: str
    size_bytes: int
    sha256: str


class Done(NamedTuple):
    """One period of a schedule that is done."""

    number: int
    """The schedule's."""
    period: str
    first: date
    last: date
    files: tuple[WrittenFile, ...]
    note: str | None
    """What has to be known of it, in a sentence."""
    delivery: Delivery
    written_at: datetime


def list_schedules(root: Path, *, tell: Tell) -> list[Schedule]:
    """Every schedule that was not removed, in the order in which they were entered."""
    return [_schedule(row) for row in read_entries(root, "report_schedule", tell=tell)]


def list_done(root: Path, *, tell: Tell) -> list[Done]:
    """Every period that is done, by schedule, the oldest first."""
    return [_done(row) for row in read_entries(root, "report_written", tell=tell)]


def add_schedule(root: Path, document: Mapping[str, Any], first_day: date, author: Author, *, tell: Tell) -> int:
    """Enter a schedule; returns its number. Raises WarehouseError where one of its name is there."""
    name = str(document["name"])
    check_name(name)
    with open_entries(root, author, purpose="a schedule of reports", tell=tell) as entries:
        known = [_schedule(row) for row in run(entries.connection, "list_report_schedule").fetchall()]
        if twin := next((each for each in known if each.name == name), None):
            raise WarehouseError(
                f"schedule {twin.number} is called {name!r}: remove it with `tollbook report schedule remove`, or take "
                "another name"
            )
        values = {"name": name, "document": json.dumps(document, ensure_ascii=False), "first": first_day}
        by = {"now": author.now, "who": author.who}
        number = int(run(entries.connection, "insert_report_schedule", values | by).fetchall()[0][0])
        entries.audit(f"schedule {number} added", after={**document, "first_day": first_day})
        return number


def remove_schedule(root: Path, which: str, author: Author, *, tell: Tell) -> Schedule:
    """Take a schedule out, by its name or its number; what it wrote stays. Raises WarehouseError."""
    with open_entries(root, author, purpose="a schedule of reports", tell=tell) as entries:
        known = [_schedule(row) for row in run(entries.connection, "list_report_schedule").fetchall()]
        was = pick(known, which, WHAT)
        run(entries.connection, "remove_report_schedule", {"number": was.number, "now": author.now})
        entries.audit(f"schedule {was.number} removed", before={**was.document, "first_day": was.first_day})
        return was


def keep_done(root: Path, done: Done, *, tell: Tell) -> None:
    """Remember a period as done, in the place of what was remembered of it."""
    with open_entries(root, Author("reports", done.written_at), purpose="a report", tell=tell) as entries:
        files = json.dumps([each._asdict() for each in done.files], ensure_ascii=False)
        run(entries.connection, "put_report_written", done._asdict() | {"files": files})


def _schedule(row: Sequence[Any]) -> Schedule:
    number, name, document, *rest = row
    return Schedule(number, name, json.loads(document), *rest)


def _done(row: Sequence[Any]) -> Done:
    number, period, first, last, files, *rest = row
    return Done(number, period, first, last, tuple(WrittenFile(**each) for each in json.loads(files)), *rest)
