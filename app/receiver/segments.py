"""The files that received lines are kept in until they are loaded: append only, whole lines, in order of their numbers.

The newest of a kind is written to; those before it are finished. What was acknowledged was forced to the disk before;
what a crash left behind the last line feed never was, and is cut off.
"""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from warehouse.copies import sync_folder

KINDS = ("otlp", "litellm", "envelopes")
"""What is received, each in a folder of its own."""
FOLDER = "received"
NAME = re.compile(r"(\d{8})-(\d{8})\.jsonl")
LARGEST = {"otlp": 4 << 20, "litellm": 32 << 20, "envelopes": 32 << 20}
"""Bytes. A file of spans is read from its beginning each time that it grew."""
REPEATED = {"otlp": 512 << 10}
"""Bytes of the file before that a new one begins with: a span that stands above others is judged by what stands below,
and a span that is read twice is stored once."""
TAIL = 1 << 16


class Segment(NamedTuple):
    """One file of received lines."""

    path: Path
    number: int
    day: str

    @classmethod
    def at(cls, path: Path) -> "Segment | None":
        """The segment that a path is, by its name."""
        match = NAME.fullmatch(path.name)
        return cls(path, int(match.group(1)), match.group(2)) if match else None


def segments(folder: Path) -> list[Segment]:
    """The segments of one kind, oldest first."""
    found = (Segment.at(path) for path in (folder.iterdir() if folder.is_dir() else ()))
    return sorted((segment for segment in found if segment), key=lambda segment: segment.number)


def finished(folder: Path) -> list[Segment]:
    """Those that nothing will be added to."""
    return segments(folder)[:-1]


class Appender:
    """Writes to the newest segment of one kind. Nothing that failed stays in it."""

    def __init__(self, root: Path, kind: str) -> None:
        self.folder = root / FOLDER / kind
        self.kind = kind
        self.file: int | None = None
        self.segment: Segment | None = None
        self.size = 0
        """How far everything is known to be on the disk."""

    def open(self) -> None:
        """Go on with the newest segment, without the torn line that a crash may have left; raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = segments(self.folder)
        for segment in found:
            self._use(segment, os.open(segment.path, os.O_RDWR | os.O_APPEND))
            self._cut(_end_of_lines(self._descriptor()))
            if segment is not found[-1]:
                self.close()

    def append(self, blobs: Sequence[bytes], day: str) -> None:
        """Write whole lines and force them to the disk; raises OSError, and then none of them is there."""
        if self.segment is None or self._is_over(day):
            self._begin(day)
        file = self._descriptor()
        try:
            written = _write(file, blobs)
            os.fsync(file)
        except OSError:
            self._give_up()
            raise
        self.size += written

    def close(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            os.close(self.file)
        self.file = self.segment = None

    def _is_over(self, day: str) -> bool:
        assert self.segment is not None
        return self.size >= LARGEST[self.kind] or (self.segment.day != day and self.size > 0)

    def _begin(self, day: str) -> None:
        """A new segment, the next in number; the folder's entry is on the disk, too."""
        every = segments(self.folder)
        number = every[-1].number + 1 if every else 1
        path = self.folder / f"{number:08}-{day}.jsonl"
        before = _last_lines(every[-1].path, REPEATED.get(self.kind, 0)) if every else b""
        self.close()
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._use(Segment(path, number, day), file)
        sync_folder(self.folder)
        if before:
            try:
                self.size = _write(file, [before])
            except OSError:
                self._give_up()
                raise

    def _use(self, segment: Segment, file: int) -> None:
        self.file, self.segment, self.size = file, segment, 0

    def _descriptor(self) -> int:
        assert self.file is not None
        return self.file

    def _give_up(self) -> None:
        """Take back what may have been written; where even that fails, never write to this file again."""
        try:
            self._cut(self.size)
        except OSError:
            self.close()

    def _cut(self, size: int) -> None:
        file = self._descriptor()
        if os.fstat(file).st_size != size:
            os.ftruncate(file, size)
            os.fsync(file)
        self.size = size


def _write(file: int, blobs: Iterable[bytes]) -> int:
    total = 0
    for blob in blobs:
        rest = memoryview(blob)
        while rest:
            rest = rest[os.write(file, rest) :]
        total += len(blob)
    return total


def _end_of_lines(file: int) -> int:
    """Where the last whole line ends."""
    at = os.fstat(file).st_size
    while at:
        begin = max(0, at - TAIL)
        newline = os.pread(file, at - begin, begin).rfind(b"\n")
        if newline >= 0:
            return begin + newline + 1
        at = begin
    return 0


def _last_lines(path: Path, size: int) -> bytes:
    """Whole lines at the end of a file, together no longer than a size."""
    if not size:
        return b""
    with path.open("rb") as file:
        begin = max(0, path.stat().st_size - size)
        file.seek(begin)
        if begin:
            file.readline()
        text = file.read()
    return text[: text.rfind(b"\n") + 1]
