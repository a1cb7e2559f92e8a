"""The raw lines of a file: numbered, blank ones skipped as the database skips them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class RawLine(NamedTuple):
    """A non-blank line: its place among the non-blank lines from 0, its number from 1, and its bytes."""

    ordinal: int
    number: int
    content: bytes


def read_lines(path: Path, *, first_line: int = 1) -> Iterator[RawLine]:
    """Every non-blank line; ``first_line`` is the number of the file's first."""
    with path.open("rb") as file:
        ordinal = 0
        for number, content in enumerate(file, first_line):
            if not content.isspace():
                yield RawLine(ordinal, number, content)
                ordinal += 1


def decode(content: bytes) -> str:
    """A line as text: a byte order mark is dropped, bytes that are no UTF-8 are marked."""
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").strip()
