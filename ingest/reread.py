"""Reads records in Python: doubtful lines of a log, whole documents, streams. Good ones load, others are rejected."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingest.document import Mistake, Value, read_values
from ingest.exposition import read_exposition
from ingest.lines import RawLine, decode, read_lines
from ingest.prepare import LONGEST_LINE
from ingest.problem import Reject, Unreadable, kind_of
from ingest.reading import Reading
from ingest.record import Answer, read_records, read_value
from ingest.redact import redact
from ingest.source import Read
from ingest.sse import read_event_log, read_streams
from ingest.table import is_parquet, read_csv, read_parquet
from ingest.traces.evaluation import Evaluation
from ingest.traces.protobuf import read_requests
from warehouse.asked import Asked
from warehouse.reading import Leaf

Found = Reading | Reject
EVALUATIONS = 10_000
"""Verdicts that are kept in memory before they are stored."""
TOO_LONG = f"the line is longer than {LONGEST_LINE >> 20} MiB"


class Rereader:
    """Reads records of one source in Python."""

    def __init__(
        self,
        leaves: Sequence[Leaf],
        given_time: datetime | None,
        too_long: Iterable[int] = (),
        read: Read | None = None,
        leave_out: Callable[[int], None] | None = None,
    ) -> None:
        self.read = read or read_value
        self.leaves = leaves
        self.given_time = given_time
        self.too_long = set(too_long)
        self.leave_out = leave_out
        """Told the line of each record in which the source found no call."""
        self.left_out = 0
        """Records in which the source found no call."""
        self.evaluations: list[Evaluation] = []
        self.asked: list[tuple[Asked, int]] = []
        """Days of which the records have all of a seller's answer, each with its line."""
        self.store: Callable[[list[Evaluation]], None] | None = None
        """Where verdicts on answers go; None: nowhere, as in a preview."""

    def lines(self, path: Path, *, first_line: int, ordinals: set[int] | None) -> Iterator[Found]:
        """The records of a file's non-blank lines: of all, or of those with these ordinals."""
        for line in read_lines(path, first_line=first_line):
            if ordinals is None or line.ordinal in ordinals:
                yield from self.line(line)

    def line(self, line: RawLine) -> Iterator[Found]:
        """The records of one line: usually one; two where a writer forgot the line feed."""
        if line.number in self.too_long:
            yield Reject(line.number, TOO_LONG, "")
            return
        text = decode(line.content)
        if "\ufffd" in text and not _is_utf8(line.content):
            yield Reject(line.number, "not UTF-8", redact(text))
            return
        if not text:
            yield Reject(line.number, "not JSON: nothing that can be seen stands here", "")
            return
        yield from self._values(text, line.number, lambda number: text)

    def document(self, path: Path) -> Iterator[Found]:
        """The records of a file that is one JSON text over many lines."""
        text = decode(path.read_bytes())
        rows = text.split("\n")
        yield from self._values(text, 1, lambda number: rows[number - 1] if number <= len(rows) else "")

    def stream(self, path: Path) -> Iterator[Found]:
        """The answers in a file that is a capture of server-sent events."""
        for stream in read_streams(decode(path.read_bytes())):
            try:
                answer = Answer(stream.body, stream.complete)
                readings = list(read_records({}, answer, self.leaves, self.given_time))
            except Unreadable as problem:
                yield Reject(stream.line, str(problem), redact(json.dumps(stream.body)))
            else:
                yield from ({**reading, "line": stream.line} for reading in readings)

    def events(self, path: Path) -> Iterator[Found]:
        """The records of a capture of events each of which is one."""
        for number, data in read_event_log(decode(path.read_bytes())):
            yield from self._values(data, number, partial(_whole, data))

    def protobuf(self, path: Path) -> Iterator[Found]:
        """The export requests of a file in OTLP's protobuf; a request's number stands for its line."""
        for item in read_requests(path):
            if isinstance(item, Mistake):
                yield Reject(item.line, item.reason, "")
            else:
                yield from self._value(item, _nothing)

    def table(self, path: Path) -> Iterator[Found]:
        """The records of a table, CSV or Parquet."""
        for item in read_parquet(path) if is_parquet(path) else read_csv(path):
            if isinstance(item, Mistake):
                yield Reject(item.line, item.reason, "")
            else:
                yield from self._value(item, partial(_cells, item.content))

    def metrics(self, path: Path) -> Iterator[Found]:
        """The readings of a file in Prometheus' format."""
        for item in read_exposition(path):
            if isinstance(item, Mistake):
                yield Reject(item.line, item.reason, "")
            else:
                yield from self._value(item, partial(_cells, item.content))

    def flush(self) -> None:
        """Hand on the verdicts that were found since the last time."""
        if self.store and self.evaluations:
            self.store(self.evaluations)
        self.evaluations = []

    def _values(self, text: str, first_line: int, excerpt: Callable[[int], str]) -> Iterator[Found]:
        for value in read_values(text, first_line=first_line):
            if isinstance(value, Mistake):
                yield Reject(value.line, value.reason, redact(excerpt(value.line)))
            else:
                yield from self._value(value, excerpt)

    def _value(self, value: Value, excerpt: Callable[[int], str]) -> Iterator[Found]:
        try:
            if not isinstance(value.content, dict):
                raise Unreadable(f"{kind_of(value.content)} stands here, not an object")
            found: list[Any] = list(self.read(value.content, self.leaves, self.given_time))
            readings = [item for item in found if not isinstance(item, Evaluation | Asked)]
            self.evaluations += (item for item in found if isinstance(item, Evaluation))
            asked = [(item, value.line) for item in found if isinstance(item, Asked)]
            self.asked += asked
            if len(self.evaluations) >= EVALUATIONS:
                self.flush()
            if not readings and not asked:
                self.left_out += 1
                if self.leave_out:
                    self.leave_out(value.line)
            yield from (_at_line(item, value.line) for item in readings)
        except Unreadable as problem:
            yield Reject(value.line, str(problem), redact(excerpt(value.line)))


def _at_line(item: Reading | Unreadable, line: int) -> Found:
    """What a source found in a record, with its line; of many things in one record, one may be unreadable."""
    if isinstance(item, Unreadable):
        return Reject(line, str(item), "")
    return {**item, "line": line}


def _nothing(line: int) -> str:
    return ""


def _whole(text: str, line: int) -> str:
    return text


def _cells(row: dict[str, Any], line: int) -> str:
    """A table's row as text: what a reject shows of it."""
    return json.dumps(row, default=str)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
