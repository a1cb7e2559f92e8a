"""Rows under a mapping file: CSV, JSON lines, JSON documents and Parquet whose columns a person has named.

Presets are mapping files that come with the program. Whatever is read here, the same content gives the same records,
in whichever of those shapes it comes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ingest.cells import EACH, Cell, Instant, count, find_cell, flag, instant, is_nothing, milliseconds, money, reach
from ingest.mapping import CACHE_COLUMNS, TARGETS, Column, Condition, Mapping
from ingest.outcome import categorise
from ingest.problem import Unreadable
from ingest.reading import MOST_INTEGER, Reading, text_of
from ingest.record import usage_status
from ingest.redact import shown
from ingest.source import Sample, Source
from warehouse.reading import COLUMNS, EXTRA_COLUMNS, MOST_TOKENS, Leaf

BESIDE, INSIDE = "anthropic", "openai_chat"
"""Flavours by where cached tokens stand. Reasoning is inside the output in both: it is added where it is not."""
UNPROVEN = "it cannot be told whether cached tokens are inside the input: read as beside it, which costs more"
COUNTS = ("prompt", "completion", "total", *CACHE_COLUMNS, "reasoning")
CURRENCY = re.compile("[A-Z]{3}")
OTHERS = "*"
EMPTY: Reading = dict.fromkeys([*COLUMNS, *EXTRA_COLUMNS])
FIELDS = ("task", "step")
"""Columns that the command line may name other fields for."""


def source_of(mapping: Mapping) -> Source:
    """The source that reads files by this mapping."""
    return Source(
        name=mapping.name,
        title=mapping.title,
        recognises=partial(_recognises, mapping),
        leaves=tuple(_leaf(name, mapping.columns.get(name)) for name in FIELDS),
        repeat_gap=timedelta(days=1),
        read=partial(read, mapping),
        mapping=mapping,
    )


def read(mapping: Mapping, value: Any, leaves: Sequence[Leaf], given: datetime | None) -> Iterator[Reading]:
    """The readings of one row: none where the mapping ignores it; raises Unreadable."""
    for record in calls_in(mapping, value):
        if not any(_holds(condition, record) for condition in mapping.ignore_rows):
            yield _reading(mapping, record, leaves, given)


def missing_columns(mapping: Mapping, sample: Sample) -> list[str]:
    """What a file lacks to be known as this preset: of the set that it comes nearest to."""
    lacking = ([name for name in names if not _has(sample, mapping, name)] for names in mapping.columns_required)
    return [name.removeprefix(EACH) for name in min(lacking, key=len, default=[])]


def _recognises(mapping: Mapping, sample: Sample) -> bool:
    return bool(mapping.columns_required) and not missing_columns(mapping, sample)


def _has(sample: Sample, mapping: Mapping, name: str) -> bool:
    return name.removeprefix(EACH) in sample.columns or any(
        reach(record, name) is not None for row in sample.records for record in calls_in(mapping, row)
    )


def _leaf(name: str, column: Column | None) -> Leaf:
    return Leaf(name, COLUMNS[name], column.column if column else ())


def calls_in(mapping: Mapping, value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The calls in a record, reached as ``each``: those inside it, else itself."""
    if mapping.each is None:
        yield value
        return
    inner = reach(value, mapping.each.under)
    if inner is None:
        yield {**value, "each": value}
        return
    items = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    for item in items:
        if isinstance(item, dict) and (mapping.each.having is None or reach(item, mapping.each.having) is not None):
            yield {**value, "each": item}


def _holds(condition: Condition, record: dict[str, Any]) -> bool:
    cell = find_cell(record, condition.column)
    if condition.empty:
        return cell is None
    word = str(text_of(cell.value)) if cell else ""
    return word in condition.equals if condition.equals else word not in condition.differs_from


def _reading(mapping: Mapping, record: dict[str, Any], leaves: Sequence[Leaf], given: datetime | None) -> Reading:
    reading: Reading = dict(EMPTY)
    currency = _currency(mapping, record)
    for name in mapping.filled:
        cell = _cell(mapping, name, record)
        if cell is not None:
            reading[name] = _value(name, mapping.columns[name], cell, currency)
    for name, cell in _named(mapping, leaves, record):
        reading[name] = count(cell, MOST_INTEGER) if name == "step" else text_of(cell.value)
    for name, text in mapping.constants.items():
        reading[name] = text if reading[name] is None else reading[name]
    _set_time(reading, mapping, record, given)
    _set_outcome(reading, mapping, record)
    _set_usage(reading, mapping)
    reading["key_text"] = _key(mapping, record)
    reading["tags"] = [*(reading["tags"] or []), *_tags(mapping, record)] or None
    reading["granularity"] = mapping.granularity
    reading["cost_currency"] = currency if reading["cost_reported"] is not None else None
    return reading


def _named(mapping: Mapping, leaves: Sequence[Leaf], record: dict[str, Any]) -> Iterator[tuple[str, Cell]]:
    """The fields that the command line names for task and step, where they hold something."""
    for leaf in leaves:
        column = mapping.columns.get(leaf.column)
        if leaf.paths != (column.column if column else ()) and (cell := find_cell(record, leaf.paths[:1])):
            yield leaf.column, cell


def _cell(mapping: Mapping, name: str, record: dict[str, Any]) -> Cell | None:
    """What one of our columns holds, its words translated."""
    column = mapping.columns.get(name)
    cell = find_cell(record, column.column) if column else None
    if column is None or cell is None or not column.values:
        return cell
    words = mapping.words[name]
    meaning = words.get(str(text_of(cell.value)).lower(), words.get(OTHERS, cell.value))
    return None if is_nothing(meaning) else Cell(cell.name, meaning)


def _currency(mapping: Mapping, record: dict[str, Any]) -> str:
    """What the record's costs are in: as it says itself, else as the mapping does."""
    column = mapping.columns.get("cost_reported")
    cell = _cell(mapping, "cost_currency", record)
    declared = (column.currency if column else None) or "USD"
    told = str(text_of(cell.value)).upper() if cell else declared
    if cell and (not CURRENCY.fullmatch(told) or (told != "USD" and column and "usd" in str(column.unit))):
        raise cell.refuse("the currency that the mapping names")
    return told


def _value(name: str, column: Column, cell: Cell, currency: str = "USD") -> Any:
    kind = TARGETS[name]
    if kind in ("count", "integer"):
        return count(cell, MOST_TOKENS if kind == "count" else MOST_INTEGER)
    if kind == "money":
        return money(cell, column.unit or "usd", currency)
    if kind == "duration":
        return milliseconds(cell, column.unit or "ms")
    if kind == "flag":
        return flag(cell)
    return _tag_pairs(cell) if kind == "tags" else text_of(cell.value)


def _tag_pairs(cell: Cell) -> list[tuple[str, str | None]]:
    value = cell.value
    if isinstance(value, str):
        # Helicone's CSV doubles the quotation marks twice.
        texts = (value, value.replace('""', '"'))
        value = next((found for text in texts if (found := _parsed(text)) is not None), None)
    if not isinstance(value, dict):
        raise cell.refuse("an object of tags")
    return [(str(name), text_of(item)) for name, item in value.items()]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _tags(mapping: Mapping, record: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name, paths in mapping.tags.items():
        if cell := find_cell(record, paths):
            yield name, text_of(cell.value)


def _key(mapping: Mapping, record: dict[str, Any]) -> str:
    cells = [find_cell(record, paths) for paths in mapping.key]
    if not any(cells):
        names = ", ".join(paths[0] for paths in mapping.key)
        raise Unreadable(f"no key: {names} {'is' if len(cells) == 1 else 'are'} empty, and tells records apart")
    return "|".join(str(text_of(cell.value)) if cell else "" for cell in cells)


def _set_time(reading: Reading, mapping: Mapping, record: dict[str, Any], given: datetime | None) -> None:
    start, end = _instant("time", mapping, record), _instant("end", mapping, record)
    if start and end and reading["latency_ms"] is None and end.at >= start.at:
        reading["latency_ms"] = ((end.at - start.at) // datetime.resolution + 500) // 1000
    if start is None and end is not None:
        start = end._replace(at=end.at - timedelta(milliseconds=reading["latency_ms"] or 0))
    if start is None and given is not None:
        start = Instant(given, "given")
    if start is None:
        names = [path for name in ("time", "end") if name in mapping.columns for path in mapping.columns[name].column]
        told = f"{', '.join(names)} holds none" if names else "the mapping names no column for it"
        raise Unreadable(f"no time: {told}; give --time")
    reading["start_at"] = start.at
    reading["time_quality"] = "bucket" if mapping.granularity == "bucket" else start.quality
    reading["review_note"] = start.doubt


def _instant(name: str, mapping: Mapping, record: dict[str, Any]) -> Instant | None:
    cell = _cell(mapping, name, record)
    if cell is None:
        return None
    column = mapping.columns[name]
    return instant(cell, column.format, column.zone, days=mapping.granularity == "bucket")


def _set_outcome(reading: Reading, mapping: Mapping, record: dict[str, Any]) -> None:
    """Status and error: a status column may hold a number, or a word that the mapping translates."""
    status, error = (_cell(mapping, name, record) for name in ("status", "error"))
    if status is not None:
        text = str(text_of(status.value))
        if text.removesuffix(".0").isdigit():
            reading["http_status"] = count(status, 599)
        elif status.value in list(mapping.columns["status"].values.values()):
            reading["error_category"] = text
        else:
            raise Unreadable(f"{status.name} is {shown(text)}, not an HTTP status; say what it means under values")
    text_or_none = text_of(error.value) if error else None
    reading["error_category"] = reading["error_category"] or categorise(reading["http_status"], text_or_none)


def _set_usage(reading: Reading, mapping: Mapping) -> None:
    if mapping.granularity == "request" and not any(reading[name] for name in COUNTS):
        # No call reads nothing and writes nothing: gateways log 0 where they have no count.
        reading.update(dict.fromkeys(COUNTS))
        reading["cost_reported"] = reading["cost_reported"] or None
    if mapping.reasoning_tokens == "beside" and reading["completion"] is not None:
        reading["completion"] += reading["reasoning"] or 0
    reading["usage_status"] = usage_status(reading)
    cached = [reading[name] for name in CACHE_COLUMNS if reading[name] is not None]
    reading["usage_flavour"] = BESIDE if mapping.cached_tokens == "beside" else INSIDE
    unseen = mapping.cached_tokens == "not_logged" or (mapping.cached_tokens == "by_total" and not cached)
    reading["cache_unseen"] = unseen and reading["prompt"] is not None and not reading["gateway_cache_hit"]
    doubt = _decide_by_total(reading, mapping, sum(cached)) if mapping.cached_tokens == "by_total" else None
    reading["cache_unproven"] = doubt is not None
    reading["review_note"] = "; ".join(filter(None, (reading["review_note"], doubt))) or None
    raw = {name: reading[name] for name in COUNTS if reading[name] is not None}
    reading["raw_usage"] = json.dumps(raw, separators=(",", ":")) if raw else None


def _decide_by_total(reading: Reading, mapping: Mapping, cached: int) -> str | None:
    """Set the flavour that the row's own total proves; returns the doubt where it proves none."""
    if not cached or None in (reading["prompt"], reading["completion"]):
        return None
    without = reading["prompt"] + reading["completion"]
    if reading["total"] == without + cached or cached > reading["prompt"]:
        reading["usage_flavour"] = BESIDE
        return None
    if reading["total"] == without and mapping.doubt is None:
        return None
    if reading["total"] in (None, without):
        reading["usage_flavour"] = BESIDE
        return mapping.doubt or UNPROVEN
    # The total fits neither: the check of the declared flavour says so.
    return None
