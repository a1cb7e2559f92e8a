"""Merges one parsed file into the usage database: all of it or none, with its rollups, in one transaction."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import duckdb

from warehouse.batch import count_samples
from warehouse.rollups import follow_load
from warehouse.settle import EVER, Rule, settle_load
from warehouse.sqlfiles import run, sql
from warehouse.transaction import transaction

BATCH = "select count(*) from batch_key"
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


class Terms(NamedTuple):
    """What a merge has to know beside the batch."""

    now: datetime
    zone: str
    repeat_gap: timedelta | None
    """Largest distance in time between two sightings of one record in the source; None: unknown."""
    continues: Continues | None
    """The manifest's file that this load goes on with; None: a new file."""
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


def merge_batch(usage: duckdb.DuckDBPyConnection, entry: FileEntry, terms: Terms) -> Merged:
    """Merge the temporary tables ``batch`` and ``problem`` as one file's load, in one transaction."""
    with transaction(usage):
        file_id = terms.continues.file_id if terms.continues else _next_file_id(usage)
        merged = _store(usage, file_id, terms)
        _keep_file(usage, file_id, entry, terms, merged)
    return merged


def _store(usage: duckdb.DuckDBPyConnection, file_id: int, terms: Terms) -> Merged:
    """Store the batch's new rows and bring the rollups along."""
    records = _count(usage, BATCH)
    if _count(usage, sql("batch_repeats")):
        run(usage, "drop_batch_repeats")
    known_from, known_until = _search_range(usage, terms.repeat_gap)
    known = {"known_from": known_from, "known_until": known_until, "zone": terms.zone}
    run(usage, "touched_tables")
    _find_repeats(usage, known)
    replaced = _count(usage, "select count(*) from repeat where is_fuller")
    new = _count(usage, BATCH) - replaced
    run(usage, "insert_usage", {"file_id": file_id})
    samples, new_samples = _store_samples(usage, file_id)
    if _count(usage, "select count(*) from reread where unknown_usage is not null"):
        run(usage, "keep_unknown", {"file_id": file_id})
    if _count(usage, "select count(*) from evaluation_found"):
        run(usage, "keep_evaluations", {"file_id": file_id})
    if _count(usage, "select count(*) from ingest_file where source <> getvariable('load_source')"):
        settle_load(usage, file_id, Rule(terms.by_counts, terms.zone, terms.now))
    unpriced, needs_review, partial = _outcome(usage, file_id, known_from, known_until)
    follow_load(usage, terms.zone)
    rejected = _count(usage, "select count(*) from problem")
    stayed = records - new - replaced + samples - new_samples
    return Merged(records + samples, new + new_samples, replaced, stayed, rejected, unpriced, needs_review, partial)


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


def _outcome(usage: duckdb.DuckDBPyConnection, file_id: int, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Unpriced, under review and partial rows among those the batch brought."""
    values = {"file_id": file_id, "since": since, "until": until}
    row = run(usage, "load_outcome", values).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])


def _next_file_id(usage: duckdb.DuckDBPyConnection) -> int:
    return _count(usage, "select coalesce(max(file_id), 0) + 1 from ingest_file")


def _keep_file(usage: duckdb.DuckDBPyConnection, file_id: int, entry: FileEntry, terms: Terms, merged: Merged) -> None:
    """Write the manifest's row, and the rejects; a grown file takes the place of what it was."""
    adds = terms.continues is not None and terms.continues.adds
    run(usage, "keep_rejects", {"file_id": file_id, "adds": adds})
    values = {**entry._asdict(), **merged._asdict(), "file_id": file_id, "now": terms.now, "adds": adds}
    del values["partial"]
    run(usage, "keep_file", values)


def _count(usage: duckdb.DuckDBPyConnection, text: str) -> int:
    row = usage.execute(text).fetchone()
    assert row is not None
    return int(row[0])
