"""Golden inputs made strange: cut, doubled, shuffled, in other encodings, nested, with values that no log has."""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.options import Options
from ingest.prepare import LONGEST_LINE
from ingest.problem import Reject, Unreadable
from ingest.reading import EVERY_COLUMN
from ingest.reread import Found, Rereader
from ingest.sample import take_sample
from ingest.source import Source
from ingest.stage import Readable, read_all, with_fields
from warehouse.batch import Given
from warehouse.reading import COLUMNS, MOST_TOKENS

OPTIONS = Options(given=Given(time=datetime(2026, 7, 1)))
COUNTS = [name for name, cast in COLUMNS.items() if cast in ("count", "integer", "milliseconds")]
STRANGE: tuple[Any, ...] = (
    None, True, -1, 1.5, "", "x", [], {}, [[]], {"a": {}}, 10**30, "\u0000", "\ud83d\ude00", "NaN", "-5", "1e309",
    [None], [{}], {"": {}}, 2**63, "0", 0, "9999999999999999999", "2026-13-45T99:99:99Z", [[[[[[[[]]]]]]]],
)  # fmt: skip
BYTES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", "ä".encode("latin-1"), "日本".encode("utf-16"), b"[" * 3000, b"{" * 60,
    b"\r", b'{"a":' * 3000,
)  # fmt: skip


def mutate(content: bytes, draw: random.Random) -> bytes:
    """One of the ways in which a log goes wrong."""
    ways = (_cut, _double, _shuffle, _flip, _insert, _strange, _strange, _strange, _drop)
    for _ in range(draw.randrange(1, 4)):
        content = draw.choice(ways)(content, draw)
    return content


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def _double(content: bytes, draw: random.Random) -> bytes:
    lines = content.split(b"\n")
    at = draw.randrange(len(lines))
    return b"\n".join([*lines[:at], lines[at], *lines[at:]])


def _shuffle(content: bytes, draw: random.Random) -> bytes:
    lines = content.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


def _drop(content: bytes, draw: random.Random) -> bytes:
    lines = content.split(b"\n")
    del lines[draw.randrange(len(lines))]
    return b"\n".join(lines)


def _flip(content: bytes, draw: random.Random) -> bytes:
    if not content:
        return content
    at = draw.randrange(len(content))
    return content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]


def _insert(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content) + 1)
    return content[:at] + draw.choice(BYTES) + content[at:]


def _strange(content: bytes, draw: random.Random) -> bytes:
    """A value somewhere in the JSON of one line, or of the document, made another."""
    lines = content.split(b"\n")
    order = list(range(len(lines)))
    draw.shuffle(order)
    for at in order:
        prefix, text = (b"data: ", lines[at][6:]) if lines[at].startswith(b"data: ") else (b"", lines[at])
        if (value := _json(text)) is not None:
            lines[at] = prefix + json.dumps(_replaced(value, draw)).encode()
            return b"\n".join(lines)
    value = _json(content)
    return content if value is None else json.dumps(_replaced(value, draw), indent=1).encode()


def _json(text: bytes) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) and value else None


def _replaced(value: Any, draw: random.Random) -> Any:
    at = value
    while True:
        name = draw.choice(list(at) if isinstance(at, dict) else range(len(at)))
        inner = at[name]
        if isinstance(inner, dict | list) and inner and draw.random() < 0.85:
            at = inner
            continue
        at[name] = draw.choice(STRANGE)
        return value


def read_everything(path: Path, source: Source) -> tuple[list[Found], Rereader, str]:
    """All that a source makes of a file, in Python, and the shape that the file was taken for.

    Raises Unreadable where the file as a whole cannot be read.
    """
    sample = take_sample(path)
    file = Readable(path, sample.shape, 1, LONGEST_LINE, (), None, "mixed", "")
    rereader = Rereader(with_fields(source.leaves, OPTIONS), OPTIONS.given.time, (), source.reader())
    return list(read_all(rereader, file)), rereader, sample.shape


def problems(found: list[Found]) -> Iterator[str]:
    """What must not be in any reading or reject."""
    for item in found:
        if isinstance(item, Reject):
            if item.line < 1 or not item.reason or len(item.reason) > 500 or len(item.text) > 301:
                yield f"reject {item}"
            continue
        if item.keys() - {*EVERY_COLUMN, "line"}:
            yield f"columns {sorted(item.keys() - set(EVERY_COLUMN))}"
        if not isinstance(item["start_at"], datetime) or item["line"] < 1:
            yield f"start {item['start_at']} line {item['line']}"
        for name in COUNTS:
            value = item[name]
            if value is not None and not (type(value) is int and 0 <= value <= MOST_TOKENS * 1000):
                yield f"{name} is {value!r}"


__all__ = ["Unreadable", "mutate", "problems", "read_everything"]
