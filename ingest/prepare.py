"""Makes a log file ready to read: unpacked, told from its digest, its lines and its longest line known."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import zstandard

BLOCK = 8 << 20
PIECE = 1 << 12
"""Bytes of packed data that are unpacked at once: a block of zeros packs very small."""
LONGEST_LINE = 64 << 20
"""Bytes. A longer line is rejected with its number."""
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class Mark(NamedTuple):
    """A place in a file that an earlier load reached, and the digest of all before it."""

    at_bytes: int
    digest: str


class Prepared(NamedTuple):
    """What one pass over a file's content found."""

    size_bytes: int
    digest: str
    complete_bytes: int
    complete_lines: int
    complete_digest: str
    longest: int
    """Longest line, in bytes, of those to be read."""
    too_long: tuple[int, ...]
    """Numbers of the lines longer than ``LONGEST_LINE``."""
    grown_from: Mark | None
    """The furthest mark whose digest still holds: all before it is loaded."""
    cut: str | None
    """Why unpacking ended before the content did."""


def is_packed(path: Path) -> bool:
    """Whether a file is gzip or zstd, by its content."""
    with path.open("rb") as file:
        return file.read(4).startswith((GZIP, ZSTD))


@contextmanager
def open_content(path: Path) -> Iterator[IO[bytes]]:
    """A file's content, unpacked where it is packed."""
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(GZIP):
            yield _Unpacked(_gzip_blocks(file))  # type: ignore[misc]
        elif magic.startswith(ZSTD):
            yield _Unpacked(_zstd_blocks(file))  # type: ignore[misc]
        else:
            yield file


class _Unpacked:
    """Unpacked content to read: what comes before damage is handed out before the damage is raised."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.blocks = blocks

    def read(self, size: int = -1) -> bytes:
        """The next block, however long; empty at the end."""
        return next(self.blocks, b"")


def _gzip_blocks(file: IO[bytes]) -> Iterator[bytes]:
    content = gzip.GzipFile(fileobj=file)
    while block := content.read1(BLOCK):
        yield block


def _zstd_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Frame after frame; the library itself does not say that the last one has no end."""
    frame, begun, rest = zstandard.ZstdDecompressor().decompressobj(), False, b""
    while packed := rest or file.read(PIECE):
        content = frame.decompress(packed)
        yield from (content[at : at + BLOCK] for at in range(0, len(content), BLOCK))
        begun, rest = not frame.eof, frame.unused_data
        if frame.eof:
            frame = zstandard.ZstdDecompressor().decompressobj()
    if begun:
        raise EOFError("the last frame has no end")


def survey(content: IO[bytes], marks: Iterable[Mark], copy: IO[bytes] | None = None) -> Prepared:
    """Read a content once: digest, lines, longest line, and how far earlier loads came.

    With ``copy``, the content is written there as well: unpacked.
    """
    return _Survey(marks, copy).run(content)


class _Survey:
    """The state of one pass."""

    def __init__(self, marks: Iterable[Mark], copy: IO[bytes] | None) -> None:
        self.marks = sorted(set(marks))
        self.copy = copy
        self.hash = hashlib.sha256()
        self.size = 0
        self.lines = 0
        self.line_start = 0
        self.longest = 0
        self.complete = (0, 0, self.hash.hexdigest())
        self.too_long: list[int] = []
        self.grown_from: Mark | None = None

    def run(self, content: IO[bytes]) -> Prepared:
        cut = None
        while True:
            try:
                block = content.read(BLOCK)
            except (EOFError, OSError, zlib.error, zstandard.ZstdError) as error:
                cut = f"the packed data is damaged or ends early: {error}"
                break
            if not block:
                break
            self._take(block)
        self._end_line(self.size)
        return Prepared(
            self.size,
            self.hash.hexdigest(),
            *self.complete,
            self.longest,
            tuple(self.too_long),
            self.grown_from,
            cut,
        )

    def _take(self, block: bytes) -> None:
        begin = self.size
        self._hash(block, begin, block.rfind(b"\n"))
        self._measure(block, begin)
        self.size = begin + len(block)
        self.lines += block.count(b"\n")
        if self.copy is not None:
            self.copy.write(block)

    def _hash(self, block: bytes, begin: int, newline: int) -> None:
        """Take the block into the digest, stopping at marks and at the last line feed."""
        stops = [mark.at_bytes - begin for mark in self.marks if begin < mark.at_bytes <= begin + len(block)]
        if newline >= 0:
            stops.append(newline + 1)
        at = 0
        view = memoryview(block)
        for stop in sorted(set(stops)):
            self.hash.update(view[at:stop])
            at = stop
            self._stop(begin + stop, complete=stop == newline + 1, block=block)
        self.hash.update(view[at:])

    def _stop(self, at_bytes: int, *, complete: bool, block: bytes) -> None:
        digest = self.hash.copy().hexdigest()
        if complete:
            self.complete = (at_bytes, self.lines + block.count(b"\n"), digest)
        if (mark := Mark(at_bytes, digest)) in self.marks:
            self.grown_from = mark

    def _measure(self, block: bytes, begin: int) -> None:
        """Note the line that ends in this block; lines inside one block are shorter than any limit."""
        first = block.find(b"\n")
        if first >= 0:
            self._end_line(begin + first)
            self.line_start = begin + block.rfind(b"\n") + 1

    def _end_line(self, at: int) -> None:
        length = at - self.line_start
        if length > LONGEST_LINE:
            self.too_long.append(self.lines + 1)
        else:
            self.longest = max(self.longest, length)


def spool(content: IO[bytes], target: Path, *, after: int = 0, first_line: int = 1, hidden: Iterable[int] = ()) -> None:
    """Copy a content from byte ``after`` on; each line in ``hidden`` is shortened to a mark that is no JSON."""
    numbers = set(hidden)
    number = first_line
    with target.open("wb") as out:
        _skip(content, after)
        while block := content.read(BLOCK):
            pieces = block.split(b"\n") if numbers else [block]
            for place, piece in enumerate(pieces):
                last = place == len(pieces) - 1
                mark = b"" if last else b"!"
                out.write((mark if number in numbers else piece) + (b"" if last else b"\n"))
                number += not last
        if number in numbers:
            out.write(b"!")


def _skip(content: IO[bytes], count: int) -> None:
    while count and (block := content.read(min(count, BLOCK))):
        count -= len(block)
