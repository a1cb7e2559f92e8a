"""What a source hands over: the *reading* of one record, and the leaves from which SQL takes it.

A source names, for each column of the reading, where in a line of JSON it stands and how it is to be cast.
That table of leaves is data: ``warehouse.staging`` compiles it to SQL for clean lines, and ``ingest.reading``
interprets it for the lines that need a closer look. One parity test holds the two equal.
"""

from typing import Literal, NamedTuple

Cast = Literal[
    "text",
    "count",
    "integer",
    "status",
    "milliseconds",
    "money",
    "flag",
    "present",
    "equals",
    "part",
    "tags",
    "which",
    "sum",
]
"""How a leaf is read.

``text``          a string; numbers and booleans as JSON writes them; empty is None
``count``         whole tokens or units, at least 0, written as digits
``integer``       a whole number, at least 0, that fits 32 bits
``status``        an HTTP status; the word by which a Responses answer says how it ended is None
``milliseconds``  a number, at least 0, rounded to whole milliseconds
``money``         an amount, to pico-units
``flag``          true or false
``present``       true when there is anything but null, false, an empty list or an empty object
``equals``        true when the text is among the words of ``argument``
``part``          true when one content part's type is among the words of ``argument``, or when true stands there
``tags``          an object, as a map of text
``which``         the word of ``argument`` that stands where the first path that holds something stands
``sum``           what items of a list add up to, those that ``argument`` wants (``wanted_of``); None where one has none
"""

SQL_TYPES: dict[Cast, str] = {
    "text": "varchar",
    "count": "bigint",
    "integer": "integer",
    "status": "integer",
    "milliseconds": "bigint",
    "money": "bigint",
    "flag": "boolean",
    "present": "boolean",
    "equals": "boolean",
    "part": "boolean",
    "tags": "map(varchar, varchar)",
    "which": "varchar",
    "sum": "integer",
}

MOST_TOKENS = 10_000_000_000
"""A count above this is no token count; below it a row's cost fits 64 bits at any rate that a card may hold."""


STATUS_WORDS = ("completed", "incomplete", "failed", "in_progress", "cancelled", "queued")
"""How a Responses answer ends: it stands where an envelope has the HTTP status."""


class Leaf(NamedTuple):
    """Where one column of the reading stands: the first of ``paths`` that holds something.

    A path is dotted; ``[]`` after a name takes the first item of a list (for ``part``: each item).
    Paths that begin with ``body.`` look into the answer's body, others into the line's own object.
    """

    column: str
    cast: Cast
    paths: tuple[str, ...]
    argument: str = ""


class Wanted(NamedTuple):
    """Which items of a list add up, and by which of their fields."""

    field: str
    conditions: tuple[tuple[str, bool, tuple[str, ...]], ...]
    """Each a field of the item, whether its text has to be among the words, or must not be, and the words."""


def wanted_of(argument: str) -> Wanted:
    """What the argument of a ``sum`` means: ``chars role=user kind!=image,video`` adds up ``chars``."""
    field, *rest = argument.split()
    conditions = []
    for each in rest:
        name, words = each.split("=")
        conditions.append((name.removesuffix("!"), not name.endswith("!"), tuple(words.split(","))))
    return Wanted(field, tuple(conditions))


COLUMNS: dict[str, Cast] = {
    "record_id": "text",
    "logical_call": "text",
    "request_id": "text",
    "response_id": "text",
    "trace_id": "text",
    "span_id": "text",
    "session_id": "text",
    "task": "text",
    "step": "integer",
    "agent": "text",
    "time_text": "text",
    "created_text": "text",
    "latency_ms": "milliseconds",
    "ttft_ms": "milliseconds",
    "gateway": "text",
    "seller": "text",
    "base_url": "text",
    "region": "text",
    "api_path": "text",
    "upstream_provider": "text",
    "object": "text",
    "model_requested": "text",
    "model_served": "text",
    "role": "text",
    "service_tier": "text",
    "service_tier_asked": "text",
    "batch": "flag",
    "usage_flavour": "which",
    "prompt": "count",
    "completion": "count",
    "total": "count",
    "usage_foreign": "text",
    "cache_read": "count",
    "cache_read_other": "count",
    "cache_miss": "count",
    "cache_write_5m": "count",
    "cache_write_1h": "count",
    "cache_write": "count",
    "reasoning": "count",
    "input_audio": "count",
    "input_image": "count",
    "input_video": "count",
    "output_audio": "count",
    "output_image": "count",
    "web_search": "count",
    "http_status": "status",
    "error_text": "text",
    "ended": "flag",
    "finish_reason": "text",
    "retry_count": "integer",
    "attempt": "integer",
    "gateway_cache_hit": "flag",
    "streamed": "flag",
    "tools": "present",
    "json_schema": "equals",
    "image": "part",
    "video": "part",
    "reasoning_effort": "text",
    "max_tokens": "count",
    "sent_messages": "integer",
    "known_messages": "integer",
    "new_answer_chars": "sum",
    "new_call_chars": "sum",
    "new_thinking_chars": "sum",
    "new_other_chars": "sum",
    "new_media": "sum",
    "answer_chars": "sum",
    "call_chars": "sum",
    "thinking_chars": "sum",
    "org": "text",
    "team": "text",
    "project": "text",
    "environment": "text",
    "application": "text",
    "user": "text",
    "key_alias": "text",
    "tags": "tags",
    "cost_reported": "money",
    "upstream_cost": "money",
    "byok": "flag",
}
"""The reading's columns and their casts: what a source may fill."""

EXTRA_COLUMNS: dict[str, str] = {
    "line": "bigint",
    "start_at": "timestamp",
    "time_quality": "varchar",
    "usage_status": "varchar",
    "error_category": "varchar",
    "raw_usage": "varchar",
    "key_text": "varchar",
    "granularity": "varchar",
    "requests": "bigint",
    "cache_unseen": "boolean",
    "cache_unproven": "boolean",
    "beyond_tokens": "boolean",
    "cost_currency": "varchar",
    "cost_kind": "varchar",
    "review_note": "varchar",
    "parent_text": "varchar",
    "unknown_usage": "varchar",
    "replay": "boolean",
    "inside_text": "varchar",
    "counter": "varchar",
    "series": "varchar",
    "since": "timestamp",
}
"""Columns of the reading that no leaf fills: they are worked out from the line as a whole.

``key_text`` tells the record from all others of its source; ``requests`` is how many calls a bucket stands for;
``cache_unseen`` says that the log has no place for cached tokens, so that a count of none is unknown and not zero;
``cache_unproven`` that nothing tells whether they are inside the prompt's count, and beside it was read;
``beyond_tokens`` that the reported cost holds more than tokens explain. ``review_note`` is a reason for review that the
source found. ``parent_text`` is the ``key_text`` of the record of which this one is a part; ``unknown_usage`` a JSON
object of the usage fields that nobody reads, each with what stands there. ``replay`` says that the record may be a
copy of another of the same key: it gives way to one that is none, however full it is. ``inside_text`` is the
``key_text`` of what a record ran inside of: of calls inside one another only the innermost counts, and a record of
granularity ``span`` only says what is inside what. ``counter`` and ``series`` say which counter a record of granularity
``counter_sample`` read: what it counts, and which of the server's; ``requests`` is how far it had come. A record of
granularity ``dropped`` is no call: a recorder says in it how many (``requests``) it dropped ``since`` when.
"""
