"""Looks at the beginning of a file: is it lines, documents or a stream, and what records does it hold."""

import json
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.document import Value, read_values
from ingest.lines import decode
from ingest.prepare import LONGEST_LINE
from ingest.source import Sample
from ingest.sse import is_stream, read_streams

BYTES = 1 << 20
RECORDS = 50


def take_sample(path: Path) -> Sample:
    """The shape of an unpacked file, and its first records."""
    with path.open("rb") as file:
        head = file.read(BYTES)
        if b"\n" not in head:
            head += file.readline(LONGEST_LINE)
        text = decode(head)
    if is_stream(text):
        streams = read_streams(text)
        return Sample("stream", tuple(stream.body for stream, _ in zip(streams, range(RECORDS), strict=False)))
    return (
        Sample("lines", lines) if (lines := _records_of_lines(text)) else Sample("document", _records_of_document(text))
    )


def _records_of_lines(text: str) -> tuple[dict[str, Any], ...]:
    """The first lines that are JSON objects on their own."""
    found: list[dict[str, Any]] = []
    for line in text.split("\n")[: 4 * RECORDS]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        # What is indented is a part of a document.
        if isinstance(value, dict) and len(value) > 0 and line[0] not in " \t":
            found.append(value)
    return tuple(found[:RECORDS]) if not _is_list(text) else ()


def _is_list(text: str) -> bool:
    """Whether a text is one list over many lines: some of its items are lines that look like a log's."""
    return text.lstrip("\ufeff \t\r\n").startswith("[") and "\n" in text.strip()


def _records_of_document(text: str) -> tuple[dict[str, Any], ...]:
    values = (value.content for value in read_values(text) if isinstance(value, Value))
    records = (content for content in values if isinstance(content, dict))
    return tuple(islice(records, RECORDS))
