"""Months that were closed: the lines of a month as they are now, and what was frozen, in the state database."""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pricing.books import MEASURES, Closing, Counts, LineKey, Lines, month_end
from warehouse.connection import Reader, open_reader
from warehouse.deleted_lines import with_deleted
from warehouse.entries import Author, open_entries, rows_of
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.sqlfiles import run, sql

KEYS = len(LineKey._fields)


class RatesUsed(NamedTuple):
    """How many rates priced a month, and the digest of them all."""

    number: int
    digest: str


def call_lines(reader: Reader) -> dict[date, dict[LineKey, Counts]]:
    """What calls used and cost, by month of the billing zone, as it is now.

    A closed month still has the calls that were deleted since: a deletion is no correction of what was reported.
    """
    months: dict[date, dict[LineKey, Counts]] = {}
    for month, *rest in reader.rows(sql("month_lines")):
        months.setdefault(month, {})[LineKey._make(rest[:KEYS])] = tuple(int(count) for count in rest[KEYS:])
    return with_deleted(months, reader.connection)


def rates_used(reader: Reader, month: date) -> RatesUsed:
    """The rates that priced a month. A rate is never edited, so that the same digest is the same prices."""
    days = {"first": month, "last": month_end(month)}
    digests = [str(digest) for (digest,) in reader.rows(sql("month_rates"), days)]
    return RatesUsed(len(digests), hashlib.sha256("\n".join(digests).encode()).hexdigest())


def source_ends(reader: Reader, month: date) -> dict[str, date]:
    """Of each source with calls in a month, the day of its last call."""
    days = {"first": month, "last": month_end(month)}
    return {str(source): last for source, last in reader.rows(sql("source_ends"), days)}


def list_closings(root: Path, *, tell: Tell) -> list[Closing]:
    """Every closing, those that were taken back too, in the order in which they were made."""
    if not Folder(root).database("state").exists():
        return []
    with open_reader(root, "state", tell=tell) as reader:
        heads, lines = rows_of(reader, "month_close"), rows_of(reader, "month_close_line")
    return _closings(heads, lines)


def put_closing(root: Path, closing: Closing, author: Author, *, tell: Tell) -> int:
    """Freeze a month; raises WarehouseError where another closing came first. Returns the closing's number."""
    with open_entries(root, author, purpose="a month close", tell=tell) as entries:
        # A closing rests on those before it: whoever closed or reopened a month meanwhile has changed what it rests on.
        before = [row for row in run(entries.connection, "list_month_close").fetchall() if row[11] is None]
        last = max(before, key=lambda row: row[1], default=None)
        if (last[10] if last else None) != closing.previous or (last and last[1] >= closing.month):
            raise WarehouseError("somebody closed or reopened a month at the same time: look again")
        number = entries.put("month_close", _head(closing))
        run(entries.connection, "insert_month_close_lines", {"closing_id": number, **_columns(closing)})
    return number


def reopen_closing(root: Path, month: date, reason: str, author: Author, *, tell: Tell) -> Closing:
    """Take the closing of the last closed month back; raises WarehouseError where that month is not the last."""
    with open_entries(root, author, purpose="a month close", tell=tell) as entries:
        closings = _closings(run(entries.connection, "list_month_close").fetchall(), [])
        closed = sorted((each for each in closings if each.reopened_at is None), key=lambda each: each.month)
        if not any(each.month == month for each in closed):
            raise WarehouseError(f"{month:%Y-%m} is not closed")
        last = closed[-1]
        if last.month != month:
            raise WarehouseError(f"months are reopened from the last one backwards: reopen {last.month:%Y-%m} first")
        values = {"number": last.closing_id, "now": author.now, "who": author.who, "reason": reason}
        run(entries.connection, "reopen_month_close", values)
        entries.audit(
            f"month {month:%Y-%m} reopened", before={"digest": last.digest}, after={"reason": reason, "who": author.who}
        )
    return last._replace(reopened_at=author.now, reopened_by=author.who, reason=reason)


def _head(closing: Closing) -> dict[str, Any]:
    names = ("month", "who", "zone", "data_through", "rates", "rates_digest", "incomplete", "previous", "digest")
    return {name: getattr(closing, name) for name in names}


def _columns(closing: Closing) -> dict[str, list[Any]]:
    rows = []
    for about, lines in ((closing.month, closing.lines), *closing.booked.items()):
        for key, counts in lines.items():
            said = [(name, str(count)) for name, count in zip(MEASURES, counts, strict=True) if count]
            rows.append((about, *key, [name for name, _ in said], [count for _, count in said]))
    names = ("about", *LineKey._fields, "names", "counts")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _closings(heads: Sequence[tuple[Any, ...]], lines: Sequence[tuple[Any, ...]]) -> list[Closing]:
    frozen: dict[tuple[int, date], dict[LineKey, Counts]] = {}
    for number, about, *rest in lines:
        found = frozen.setdefault((number, about), {})
        found[LineKey._make(rest[:KEYS])] = _counts(rest[KEYS])
    return [_closing(head, frozen) for head in heads]


def _counts(said: dict[str, Any]) -> Counts:
    if unknown := said.keys() - set(MEASURES):
        raise WarehouseError(
            f"a closed month counts {', '.join(unknown)}: it was closed by another version of Tollbook"
        )
    return tuple(int(said.get(name, 0)) for name in MEASURES)


def _closing(head: tuple[Any, ...], frozen: dict[tuple[int, date], dict[LineKey, Counts]]) -> Closing:
    number, month = head[:2]
    own: Lines = frozen.get((number, month), {})
    booked = {about: found for (of, about), found in frozen.items() if of == number and about != month}
    _, month, closed_at, who, zone, data_through, rates, rates_digest, incomplete, previous, digest, *after = head
    about = (closed_at, who, zone, data_through, rates, rates_digest, incomplete, previous)
    return Closing(number, month, *about, own, booked, digest, *after)
