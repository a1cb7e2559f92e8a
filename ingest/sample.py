"""Looks at the beginning of a file: is it lines, documents, a stream or a table, and what records does it hold."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ingest.document import Mistake, Value, read_values
from ingest.exposition import is_exposition, names_in
from ingest.lines import decode
from ingest.prepare import LONGEST_LINE
from ingest.problem import Unreadable
from ingest.source import Sample
from ingest.sse import is_event_log, is_stream, read_event_log, read_streams
from ingest.table import header_of, is_parquet, read_csv, read_parquet
from ingest.traces.protobuf import is_protobuf, read_requests

BYTES = 1 << 20
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
RECORDS = 50


def take_sample(path: Path) -> Sample:
    """The shape of an unpacked file, and its first records; raises Unreadable when it is text of another encoding."""
    if is_parquet(path):
        return _of_table("parquet", read_parquet(path), ())
    with path.open("rb") as file:
        head = file.read(BYTES)
        if b"\n" not in head:
            head += file.readline(LONGEST_LINE)
    if is_protobuf(head):
        found = (item.content for item in read_requests(path) if isinstance(item, Value))
        return Sample("protobuf", tuple(islice(found, RECORDS)))
    if head.startswith(UTF_16):
        raise Unreadable("the text is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8) and load that")
    text = decode(head)
    if is_event_log(text):
        return Sample("events", tuple(islice(_event_records(text), RECORDS)))
    if is_stream(text):
        streams = read_streams(text)
        return Sample("stream", tuple(stream.body for stream, _ in zip(streams, range(RECORDS), strict=False)))
    if is_exposition(text):
        return Sample("metrics", names_in(text))
    if lines := _records_of_lines(text):
        return Sample("lines", lines)
    if columns := header_of(text):
        return _of_table("table", read_csv(path), columns)
    return Sample("document", _records_of_document(text))


def _event_records(text: str) -> Iterator[dict[str, Any]]:
    for _, data in read_event_log(text):
        found = (value.content for value in read_values(data) if isinstance(value, Value))
        yield from (content for content in found if isinstance(content, dict))


def _of_table(shape: str, rows: Iterator[Value | Mistake], columns: tuple[str, ...]) -> Sample:
    records = tuple(row.content for row in islice(rows, RECORDS) if isinstance(row, Value))
    return Sample(shape, records, columns or tuple(dict.fromkeys(name for record in records for name in record)))


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
        if len(found) == RECORDS:
            break
    return tuple(found) if not _is_list(text) else ()


def _is_list(text: str) -> bool:
    """Whether a text is one list over many lines: some of its items are lines that look like a log's."""
    return text.lstrip("\ufeff \t\r\n").startswith("[") and "\n" in text.strip()


def _records_of_document(text: str) -> tuple[dict[str, Any], ...]:
    values = (value.content for value in read_values(text) if isinstance(value, Value))
    records = (content for content in values if isinstance(content, dict))
    return tuple(islice(records, RECORDS))
