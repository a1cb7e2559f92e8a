"""Merges parsed files into the usage database: all of a load or none of it, with its rollups, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import duckdb

from warehouse.asked import follow_asked
from warehouse.batch import count_samples
from warehouse.deleted import leave_deleted_out
from warehouse.dropped import keep_dropped
from warehouse.rollups import follow_load
from warehouse.settle import EVER, Rule, settle_load
from warehouse.sqlfiles import run, sql
from warehouse.transaction import transaction

LONGEST_SEARCH = timedelta(days=31)


class FileEntry(NamedTuple):
    """What the manifest keeps of a file. ``complete_*`` end at the last line feed: there a grown file goes on."""

    path: str
    source: str
    options: str
    mtime_ns: int
    file_bytes: int
    size_bytes: int
    digest: str
    complete_bytes: int
    complete_lines: int
    complete_digest: str
    lines: int
    demo: bool


class Continues(NamedTuple):
    """A file of the manifest that a load goes on with."""

    file_id: int
    adds: bool
    """True: the load has the lines that were added to it. False: it has the whole file once more."""


class Part(NamedTuple):
    """One file of a load. Lines of all its files have running numbers."""

    entry: FileEntry
    continues: Continues | None = None
    """The manifest's file that this one goes on with; None: a new file."""
    first_line: int = 0
    """Number of its first line in the load."""
    shift: int = 0
    """How much greater the load's numbers are than the file's own."""
    new_from: int = 0
    """The file's own number of its first line that no load has seen."""


class Terms(NamedTuple):
    """What a merge has to know beside the batch."""

    now: datetime
    zone: str
    repeat_gap: timedelta | None
    """Largest distance in time between two sightings of one record in the source; None: unknown."""
    by_counts: bool = False
    """Calls that two sources saw with equal counts in one second are one call, says the warehouse's owner."""


class Merged(NamedTuple):
    """What came of a file: counts of records, as the load's table shows them."""

    records: int
    loaded: int
    replaced: int
    already_there: int
    rejected: int
    unpriced: int
    needs_review: int
    partial: int


class _Outcome(NamedTuple):
    """What came of a file, and from when to when its stored calls are."""

    merged: Merged
    first_at: datetime | None
    last_at: datetime | None


def merge_batch(usage: duckdb.DuckDBPyConnection, parts: Sequence[Part], terms: Terms) -> list[Merged]:
    """Merge the temporary tables ``batch`` and ``problem`` as the load of these files, in one transaction."""
    with transaction(usage):
        next_id = _count(usage, "select coalesce(max(file_id), 0) + 1 from ingest_file")
        ids = [part.continues.file_id if part.continues else next_id + number for number, part in enumerate(parts)]
        rows = [[n, ids[n], part.first_line, part.shift, part.new_from] for n, part in enumerate(parts)]
        usage.executemany("insert into part values (?, ?, ?, ?, ?)", rows)
        run(usage, "part_lists")
        outcomes = _store(usage, terms, ids[0])
        _keep_files(usage, ids, list(zip(parts, outcomes, strict=True)), terms.now)
    return [outcome.merged for outcome in outcomes]


def _store(usage: duckdb.DuckDBPyConnection, terms: Terms, file_id: int) -> list[_Outcome]:
    """Store the batch's new rows and bring the rollups along."""
    leave_deleted_out(usage)
    run(usage, "held_records")
    if _count(usage, sql("batch_repeats")):
        run(usage, "drop_batch_repeats")
    follow_asked(usage, file_id, terms.now)
    known_from, known_until = _search_range(usage, terms.repeat_gap)
    known = {"known_from": known_from, "known_until": known_until, "zone": terms.zone}
    run(usage, "touched_tables")
    _find_repeats(usage, known)
    run(usage, "insert_usage")
    if _count(usage, "select count(*) from reread where unknown_usage is not null"):
        run(usage, "keep_unknown")
    if _count(usage, "select count(*) from reread where granularity = 'dropped'"):
        keep_dropped(usage)
    # Of sources whose files are loaded one by one.
    samples, new_samples = _store_samples(usage, file_id)
    if _count(usage, "select count(*) from evaluation_found"):
        run(usage, "keep_evaluations", {"file_id": file_id})
    if _count(usage, "select count(*) from ingest_file where source <> getvariable('load_source')"):
        settle_load(usage, Rule(terms.by_counts, terms.zone, terms.now))
    outcomes = run(usage, "load_outcome", {"since": known_from, "until": known_until}).fetchall()
    follow_load(usage, terms.zone)
    found = [_Outcome(Merged(*map(int, row[:-2])), row[-2], row[-1]) for row in outcomes]
    return [_with_samples(found[0], samples, new_samples), *found[1:]] if samples else found


def _with_samples(outcome: _Outcome, samples: int, new: int) -> _Outcome:
    merged = outcome.merged
    counts = {"records": samples, "loaded": new, "already_there": samples - new}
    return outcome._replace(
        merged=merged._replace(**{name: getattr(merged, name) + more for name, more in counts.items()})
    )


def _store_samples(usage: duckdb.DuckDBPyConnection, file_id: int) -> tuple[int, int]:
    """Store the batch's readings of counters; returns how many there were, and how many of them are new."""
    samples = count_samples(usage)
    new = len(run(usage, "insert_samples", {"file_id": file_id}).fetchall()) if samples else 0
    return samples, new


def _find_repeats(usage: duckdb.DuckDBPyConnection, known: dict[str, Any]) -> None:
    """Take out of the batch what is stored already, and out of the store what the batch has fuller."""
    run(usage, "known_keys", known)
    if not _count(usage, "select count(*) from known_key"):
        run(usage, "no_repeats")
        return
    run(usage, "repeats", known)
    run(usage, "replaced_times", known)
    run(usage, "drop_replaced", known)


def _search_range(usage: duckdb.DuckDBPyConnection, repeat_gap: timedelta | None) -> tuple[datetime, datetime]:
    """Where repeats of the batch can stand: its time range, widened by the largest gap the source declares.

    The whole table when the source declares none, when a time was given by hand, or when the batch itself is long.
    """
    span = run(usage, "batch_span").fetchone()
    if span is None or span[0] is None:
        return EVER
    first, last, by_hand = span
    if repeat_gap is None or by_hand or last - first > LONGEST_SEARCH:
        return EVER
    return first - repeat_gap, last + repeat_gap


def _keep_files(
    usage: duckdb.DuckDBPyConnection, ids: Sequence[int], files: Sequence[tuple[Part, _Outcome]], now: datetime
) -> None:
    """Write the manifest, and the rejects: of new files at once."""
    new = []
    for number, (part, outcome) in enumerate(files):
        row = {**part.entry._asdict(), **outcome.merged._asdict(), "file_id": ids[number]}
        row |= {"first_at": outcome.first_at, "last_at": outcome.last_at}
        del row["partial"]
        if part.continues is None:
            new.append({**row, "loaded_at": now})
        else:
            ends = files[number + 1][0].first_line if number + 1 < len(files) else None
            _keep_known(usage, row, part, ends, now)
    if new:
        _register_new(usage, new)
        run(usage, "keep_new_files")
        usage.unregister("new_file")


def _keep_known(
    usage: duckdb.DuckDBPyConnection, row: dict[str, Any], part: Part, ends: int | None, now: datetime
) -> None:
    """Write a known file's row again, and its rejects; a grown file takes the place of what it was."""
    adds = part.continues is not None and part.continues.adds
    place = {"first_line": part.first_line, "shift": part.shift, "ends": ends}
    run(usage, "keep_rejects", {"file_id": row["file_id"], "adds": adds, **place})
    run(usage, "keep_file", {**row, "adds": adds, "now": now})


def _register_new(usage: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa

    times = {name: pa.timestamp("us") for name in ("first_at", "last_at", "loaded_at")}
    columns = {name: pa.array([row[name] for row in rows], times.get(name)) for name in rows[0]}
    usage.register("new_file", pa.table(columns))


def _count(usage: duckdb.DuckDBPyConnection, text: str) -> int:
    row = usage.execute(text).fetchone()
    assert row is not None
    return int(row[0])
