"""Deletes calls for good: a user's, or what is older than a day; rollups follow, and closed books stay as they are."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from warehouse.audit import keep_audit
from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.deleted_lines import Months, keep_deleted_lines, lines_of
from warehouse.entries import Author
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder, Settings
from warehouse.locks import Tell
from warehouse.rollups import follow_settings, follow_touched
from warehouse.settle import Rule, follow_rule, settle
from warehouse.sqlfiles import run, sql
from warehouse.task_gaps import make_touched, rule_of
from warehouse.transaction import transaction

EVER_AFTER = datetime(9999, 12, 31)


class Which(NamedTuple):
    """Which calls: of these users (None: of everybody), begun before an instant (UTC; None: whenever)."""

    user_hashes: tuple[str, ...] | None
    until: datetime | None


class MonthFound(NamedTuple):
    """Calls of one month and currency; ``pico`` is what those of known cost came to."""

    month: date
    currency: str | None
    calls: int
    unpriced: int
    pico: int | None


class Found(NamedTuple):
    """What a deletion would take."""

    months: tuple[MonthFound, ...]
    records: int
    """All that goes: calls, second sightings of them, sums of days."""
    uncounted: int
    sums: int
    samples: int
    first_at: datetime | None
    last_at: datetime | None
    until: datetime
    """Loads leave out what began before this: never what is still to come."""

    @property
    def calls(self) -> int:
        """The calls that count."""
        return sum(each.calls for each in self.months)


class KeptTotal(NamedTuple):
    """What the warehouse holds in one currency."""

    currency: str | None
    calls: int
    unpriced: int
    pico: int | None


class Deletion(NamedTuple):
    """A deletion as it was kept; its totals are JSON."""

    deletion_id: int
    deleted_at: datetime
    who: str
    user_hashes: list[str] | None
    until: datetime
    calls: int
    records: int
    total_before: str
    total_after: str
    lifted_at: datetime | None
    lifted_by: str | None


def hashes_of(settings: Settings, user: str) -> tuple[str, ...]:
    """What stands for a user in the warehouse: the name hashed, and hashed as the recorder passes it on."""
    return tuple(hashlib.sha256((settings.salt + name).encode()).hexdigest()[:16] for name in _names(user))


def _names(user: str) -> tuple[str, ...]:
    return (user, hashlib.sha256(user.encode()).hexdigest())


def instant_of(day: date, settings: Settings) -> datetime:
    """When a day begins in the billing zone (UTC)."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.billing_zone))
    return begins.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def look(root: Path, which: Which, *, now: datetime, tell: Tell) -> Found:
    """What a deletion would take; nothing changes."""
    with open_reader(root, tell=tell) as reader:
        return _find(reader.connection, which, now)


def delete(root: Path, which: Which, author: Author, *, closed: Collection[date], tell: Tell) -> Deletion | None:
    """Take calls out for good, with all that hangs on them; None where there are none.

    What the ``closed`` months lose is kept as sums, so that their books stay as they were reported.
    """
    folder = Folder(root)
    if not folder.database("usage").exists():
        raise WarehouseMissing(root)
    settings = folder.settings()
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="a deletion", now=author.now, tell=tell),
    ):
        follow_settings(staging, settings)
        with transaction(staging):
            found = _find(staging, which, author.now)
            if not found.records and not found.samples:
                return None
            number = _take(staging, which, found, _Act(author, settings, frozenset(closed)))
        return next(each for each in _deletions(staging) if each.deletion_id == number)


def lift(root: Path, number: int, author: Author, *, tell: Tell) -> Deletion:
    """Let the calls of a deletion in again with the next load; raises WarehouseError where it is not in force."""
    folder = Folder(root)
    if not folder.database("usage").exists():
        raise WarehouseMissing(root)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="a deletion", now=author.now, tell=tell),
    ):
        with transaction(staging):
            lifted = run(staging, "lift_deletion", {"number": number, "now": author.now, "who": author.who}).fetchone()
            if lifted is None:
                in_force = [str(each.deletion_id) for each in _deletions(staging) if each.lifted_at is None]
                named = f"in force are {', '.join(in_force)}" if in_force else "none is in force"
                raise WarehouseError(f"there is no deletion {number} in force; {named}")
            keep_audit(staging, f"deletion {number} lifted", who=author.who, now=author.now)
        return next(each for each in _deletions(staging) if each.deletion_id == number)


def list_deletions(root: Path, *, tell: Tell) -> list[Deletion]:
    """Every deletion, those that were lifted too, in order."""
    with open_reader(root, tell=tell) as reader:
        return _deletions(reader.connection)


class _Act(NamedTuple):
    author: Author
    settings: Settings
    closed: frozenset[date]


def _find(connection: duckdb.DuckDBPyConnection, which: Which, now: datetime) -> Found:
    """Fill ``doomed``, and say what is in it."""
    values = _values(which)
    run(connection, "doomed", values)
    while run(connection, "follow_doomed", values).fetchall():
        pass
    months = tuple(
        MonthFound(month, currency, calls, unpriced, None if pico is None else int(pico))
        for month, currency, calls, unpriced, pico in run(connection, "doomed_months").fetchall()
    )
    ((records, uncounted, sums, first_at, last_at),) = run(connection, "doomed_records").fetchall()
    ((samples,),) = run(connection, "doomed_samples", values).fetchall()
    return Found(months, records, uncounted, sums, samples, first_at, last_at, min(now, values["until"]))


def _values(which: Which) -> dict[str, Any]:
    """What is asked for, as the statements have it."""
    return {
        "hashes": None if which.user_hashes is None else list(which.user_hashes),
        "until": which.until or EVER_AFTER,
    }


def _take(staging: duckdb.DuckDBPyConnection, which: Which, found: Found, act: _Act) -> int:
    """Delete what ``doomed`` names, let everything follow, and keep what was done; returns its number."""
    zone, author = act.settings.billing_zone, act.author
    asked = _values(which)
    hashes = asked["hashes"]
    rule = {"hashes": hashes, "until": found.until}
    before, lines = _totals(staging), lines_of(staging, act.closed)
    run(staging, "touched_tables")
    run(staging, "touch_doomed", {"zone": zone})
    # Its number is known before what it takes is gone, the totals only afterwards.
    kept = {"now": author.now, "who": author.who, "calls": found.calls, "records": found.records, "after": ""}
    row = run(staging, "keep_deletion", {**rule, **kept, "before": _text(before)}).fetchone()
    assert row is not None
    number = int(row[0])
    run(staging, "keep_deleted_keys", {**rule, "number": number})
    run(staging, "delete_doomed", asked)
    _follow(staging, found, act)
    after = _totals(staging)
    staging.execute(
        "update deletion set total_after = $after where deletion_id = $number",
        {"after": _text(after), "number": number},
    )
    keep_deleted_lines(staging, number, _lost(lines, lines_of(staging, act.closed)))
    said = {"users": hashes, "before": found.until.isoformat(), "calls": found.calls, "records": found.records}
    keep_audit(
        staging,
        f"deletion {number}",
        who=author.who,
        now=author.now,
        before={"total": json.loads(_text(before))},
        after={**said, "total": json.loads(_text(after))},
    )
    return number


def _follow(staging: duckdb.DuckDBPyConnection, found: Found, act: _Act) -> None:
    """Decide anew about calls that shared an answer's id with what went, and bring tasks and rollups along."""
    zone = act.settings.billing_zone
    if found.first_at is not None and found.last_at is not None:
        span = (found.first_at, found.last_at)
        settle(staging, span, zone)
        if act.settings.match_by_counts:
            follow_rule(staging, span, Rule(True, zone, act.author.now))
    make_touched(staging, rule_of(staging))
    follow_touched(staging, zone)


def _lost(before: Months, after: Months) -> Months:
    """By month and line, what there was before and is not there any more."""
    lost: Months = {}
    for month, lines in before.items():
        for key, counts in lines.items():
            now = after.get(month, {}).get(key)
            rest = counts if now is None else tuple(was - is_now for was, is_now in zip(counts, now, strict=True))
            if any(rest):
                lost.setdefault(month, {})[key] = rest
    return lost


def _totals(connection: duckdb.DuckDBPyConnection) -> list[KeptTotal]:
    rows = run(connection, "kept_totals").fetchall()
    return [
        KeptTotal(currency, calls, unpriced, None if pico is None else int(pico))
        for currency, calls, unpriced, pico in rows
    ]


def _text(totals: Sequence[KeptTotal]) -> str:
    return json.dumps([each._asdict() for each in totals])


def _deletions(connection: duckdb.DuckDBPyConnection) -> list[Deletion]:
    return [Deletion._make(row) for row in connection.execute(sql("deletions")).fetchall()]
