"""Looks at the beginning of a file: is it lines, documents or a stream, and what records does it hold."""

import json
from pathlib import Path
from typing import Any

from ingest.document import read_values
from ingest.lines import decode
from ingest.prepare import LONGEST_LINE
from ingest.problem import Unreadable
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
    lines = _records_of_lines(text)
    if lines:
        return Sample("lines", lines)
    return Sample("document", _records_of_document(text))


def _records_of_lines(text: str) -> tuple[dict[str, Any], ...]:
    """The first lines that are JSON objects on their own."""
    found: list[dict[str, Any]] = []
    for line in text.split("\n")[: 4 * RECORDS]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and len(value) > 0:
            found.append(value)
    return tuple(found[:RECORDS]) if _mostly_lines(text, len(found)) else ()


def _mostly_lines(text: str, objects: int) -> bool:
    """Whether a text of which some lines are objects is a log: in a document, small inner objects are, too."""
    first = text.lstrip("\ufeff \r\n")[:1]
    lines = [line for line in text.split("\n") if line.strip()]
    return bool(objects) and (first != "[" or len(lines) == 1) and 2 * objects >= min(len(lines), 4 * RECORDS)


def _records_of_document(text: str) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []
    try:
        for value in read_values(text):
            if isinstance(value.content, dict):
                found.append(value.content)
            if len(found) == RECORDS:
                break
    except Unreadable:
        return tuple(found)  # the sample may end in the middle of a record
    return tuple(found)
