"""Sellers' own reports: pages of buckets, each a stretch of time with results. Sums to reconcile with, in no figure.

A bucket pulled again replaces what an earlier pull said of it. What tells one result of a bucket from another is all
that it was grouped by: every text and flag in it, so that a dimension that a seller adds tells results apart at once.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from ingest.clock import EPOCH, from_epoch, parse_time
from ingest.problem import Unreadable
from ingest.pull.stamp import Stamp, stamp_of
from ingest.reading import Reading, read_leaves, text_of
from ingest.redact import is_plain
from ingest.unknown_usage import unknown_usage
from warehouse.asked import Asked
from warehouse.reading import Leaf

STARTS, ENDS = ("start_time", "starting_at"), ("end_time", "ending_at")
WIDTHS = {60: "1m", 3600: "1h", 86400: "1d"}


class Bucket(NamedTuple):
    """One result of one bucket."""

    start: datetime
    width: str
    """``1m``, ``1h``, ``1d``, else seconds."""
    result: dict[str, Any]
    grouped_by: str
    """By what the pull was grouped: names with commas between them; empty: by nothing."""
    stamp: Stamp | None = None
    """What `tollbook pull` says of the answer; None: the page was loaded by hand."""


class Shape(NamedTuple):
    """How one report's results are read."""

    report: str
    leaves: tuple[Leaf, ...]
    known: frozenset[str]
    """Fields that are read, or knowingly left aside."""
    amounts: frozenset[str]
    """Fields that hold an amount's text or currency: they tell no result from another."""


def buckets_in(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The buckets of a page, or the one that a record is."""
    data = record.get("data")
    held = data if isinstance(data, list) else [record]
    return [bucket for bucket in held if isinstance(bucket, dict) and isinstance(bucket.get("results"), list)]


def results_in(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every result of a page, whatever its bucket."""
    for bucket in buckets_in(record):
        yield from (result for result in bucket["results"] if isinstance(result, dict))


def read_results(
    value: Any, amounts: Collection[str], read: Callable[[Bucket], Reading | None]
) -> Iterator[Reading | Unreadable | Asked]:
    """The readings of a page's results; one that cannot be read keeps no other out. Raises Unreadable for the page."""
    stamp = stamp_of(value)
    yield from stamp.asked() if stamp else ()
    for bucket in _read_page(value, amounts, stamp):
        try:
            reading = read(bucket)
        except Unreadable as problem:
            yield problem
        else:
            if reading is not None:
                yield reading


def _read_page(value: Any, amounts: Collection[str], stamp: Stamp | None) -> Iterator[Bucket]:
    """The results of a page, bucket by bucket; raises Unreadable."""
    buckets = buckets_in(value)
    if not buckets and stamp is None:
        raise Unreadable("no page of buckets stands here: data, each with a start and results")
    results = list(results_in(value))
    grouped_by = ",".join(sorted({name for result in results for name in dimensions(result, amounts)}))
    if stamp:
        grouped_by = stamp.grouped_by
    for bucket in buckets:
        start, end = instant_of(bucket, STARTS), instant_of(bucket, ENDS)
        seconds = round((end - start).total_seconds())
        if seconds <= 0:
            raise Unreadable("a bucket ends before it begins")
        width = WIDTHS.get(seconds, f"{seconds}s")
        held = (result for result in bucket["results"] if isinstance(result, dict))
        yield from (Bucket(start, width, result, grouped_by, stamp) for result in held)


def dimensions(result: dict[str, Any], amounts: Collection[str]) -> dict[str, str]:
    """By what a result is told from others of its bucket: its texts and flags, but for what is an amount."""
    named = {name: value for name, value in result.items() if name not in amounts and name != "object"}
    return {name: str(text_of(value)) for name, value in named.items() if isinstance(value, str | bool) and value != ""}


def reading_of(bucket: Bucket, shape: Shape, own: dict[str, Any], *, seller: str) -> Reading:
    """The reading of one result; ``own`` is the result with its amounts in units of its currency. Raises Unreadable."""
    reading = read_leaves(shape.leaves, own, own)
    told = dimensions(bucket.result, shape.amounts)
    pulled = bucket.stamp.tags() if bucket.stamp else []
    key = [shape.report, bucket.start.isoformat(), bucket.width, *sorted(map("=".join, told.items()))]
    del reading["time_text"]
    reading.update(
        seller=seller,
        granularity="bucket",
        time_quality="bucket",
        start_at=bucket.start,
        usage_status="missing" if reading["prompt"] is None and reading["completion"] is None else "reported",
        key_text="|".join([*key, *(["by", bucket.grouped_by] if pulled else [])]),
        unknown_usage=unknown_usage(bucket.result, shape.known | told.keys()),
        tags=[("report", shape.report), ("width", bucket.width), ("grouped_by", bucket.grouped_by), *pulled],
    )
    return reading


def tagged(reading: Reading, result: dict[str, Any], names: Collection[str]) -> Reading:
    """The reading with what else a result was grouped by among its tags."""
    found = ((name, result.get(name)) for name in names)
    reading["tags"] += [(name, value) for name, value in found if isinstance(value, str) and value]
    return reading


def model_of(text: Any) -> str | None:
    """A model's string at the beginning of a line of a bill, as in ``gpt-5-mini-2025-08-07, input``."""
    head, comma, _ = text.partition(", ") if isinstance(text, str) else ("", "", "")
    return head if comma and is_plain(head) else None


def instant_of(bucket: dict[str, Any], names: tuple[str, ...]) -> datetime:
    """When a bucket begins or ends, under whichever name; raises Unreadable."""
    text = next((str(bucket[name]) for name in names if bucket.get(name) is not None), None)
    if text is None:
        raise Unreadable(f"a bucket has no {' or '.join(names)}")
    return from_epoch(text) if EPOCH.fullmatch(text) else parse_time(text)[0]
