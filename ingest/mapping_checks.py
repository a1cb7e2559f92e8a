"""What makes a mapping file contradict itself, or leave open what nobody can guess."""

from collections.abc import Iterator
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.cells import DURATION_UNITS, EPOCHS, MONEY_UNITS
from ingest.mapping import CACHE_COLUMNS, CONSTANTS, COST_KINDS, TARGETS, Column, Kind, Mapping
from ingest.outcome import ERROR_CATEGORIES

BELONGS: dict[str, Kind] = {"unit": "money", "currency": "money", "zone": "time", "format": "time"}
"""Keys of a column that only one kind has (a duration has a unit, too)."""
OTHER_NAMES = {
    "model": "model_served",
    "input": "prompt",
    "input_tokens": "prompt",
    "prompt_tokens": "prompt",
    "output": "completion",
    "output_tokens": "completion",
    "completion_tokens": "completion",
    "cost": "cost_reported",
    "latency": "latency_ms",
    "http_status": "status",
    "timestamp": "time",
}


def find_problems(mapping: Mapping) -> Iterator[str]:
    """One sentence for each mistake, with its place."""
    for name, column in mapping.columns.items():
        if name in TARGETS:
            yield from (f"columns: {name}: {problem}" for problem in _column_problems(name, column))
        else:
            yield f"columns: {name}: there is no such column of ours{_hint(name)}"
    for name, text in mapping.constants.items():
        if name not in CONSTANTS:
            yield f"constants: {name}: it cannot be a constant; these can: {', '.join(sorted(CONSTANTS))}"
        elif name == "cost_kind" and text not in COST_KINDS:
            yield f"constants: cost_kind: it is one of {', '.join(COST_KINDS)}"
    for number, condition in enumerate(mapping.ignore_rows, 1):
        if sum((bool(condition.equals), bool(condition.differs_from), condition.empty)) != 1:
            yield f"ignore_rows: item {number}: it needs one of equals, differs_from and empty"
    yield from _semantic_problems(mapping)


def _semantic_problems(mapping: Mapping) -> Iterator[str]:
    cached = [name for name in CACHE_COLUMNS if name in mapping.columns]
    if mapping.cached_tokens == "not_logged" and cached:
        yield f"cached_tokens: not_logged, but columns name {', '.join(cached)}"
    if mapping.cached_tokens != "not_logged" and not cached:
        yield f"cached_tokens: {mapping.cached_tokens}, but no column for cache_read or a cache_write; see not_logged"
    if mapping.cached_tokens == "by_total" and "total" not in mapping.columns:
        yield "cached_tokens: by_total needs a column for total"
    if (mapping.reasoning_tokens == "not_logged") == ("reasoning" in mapping.columns):
        yield (
            "reasoning_tokens: say inside (the output's count holds them) or beside (it does not) with a column for "
            "reasoning, and not_logged without one"
        )
    if mapping.granularity == "bucket" and "requests" not in mapping.columns:
        yield "granularity: a bucket needs a column for requests: how many calls it sums"
    if mapping.granularity == "request" and "requests" in mapping.columns:
        yield "granularity: rows with a count of requests are buckets: say granularity: bucket"
    if not {"prompt", "completion", "cost_reported"} & mapping.columns.keys():
        yield "columns: none of prompt, completion and cost_reported: there is nothing to price"


def _column_problems(name: str, column: Column) -> Iterator[str]:
    kind = TARGETS[name]
    yield from _word_problems(kind, column)
    for key, only in BELONGS.items():
        if getattr(column, key) is not None and kind != only and (key, kind) != ("unit", "duration"):
            yield f"{key}: it has none: it is no {only}"
    if kind == "money":
        yield from _money_problems(column)
    if kind == "duration" and column.unit not in DURATION_UNITS:
        yield f"unit: it needs one of {', '.join(DURATION_UNITS)}"
    if kind == "time":
        yield from _time_problems(column)


def _word_problems(kind: Kind, column: Column) -> Iterator[str]:
    for word, meaning in column.values.items():
        if kind == "status" and meaning is not None and not _is_status(meaning):
            yield f"values: {word}: it is a status from 100 to 599 or one of {', '.join(ERROR_CATEGORIES)}"
        if kind == "flag" and meaning is not None and not isinstance(meaning, bool):
            yield f"values: {word}: it is true or false"


def _money_problems(column: Column) -> Iterator[str]:
    if column.unit is None or column.unit not in MONEY_UNITS:
        yield f"unit: it needs one of {', '.join(MONEY_UNITS)}"
    elif "usd" in column.unit and column.currency not in (None, "USD"):
        yield f"unit: {column.unit} is no unit of {column.currency}"
    elif "usd" not in column.unit and column.currency is None:
        yield f"currency: it is missing: {column.unit} of which currency?"


def _time_problems(column: Column) -> Iterator[str]:
    if column.zone is not None:
        try:
            ZoneInfo(column.zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield f"zone: {column.zone} is no zone; write one such as Europe/Berlin"
        if column.format in EPOCHS:
            yield "zone: epochs have none"
    if column.format is not None and column.format not in ("iso", *EPOCHS) and "%" not in column.format:
        yield f"format: {column.format} is none of iso, {', '.join(EPOCHS)}, and no pattern such as %d.%m.%Y %H:%M"


def _is_status(meaning: object) -> bool:
    if isinstance(meaning, int) and not isinstance(meaning, bool):
        return 100 <= meaning <= 599
    return meaning in ERROR_CATEGORIES


def _hint(name: str) -> str:
    near = OTHER_NAMES.get(name) or next(iter(get_close_matches(name, TARGETS, 1)), None)
    return f"; is it {near}?" if near else f"; there are {', '.join(TARGETS)}"
