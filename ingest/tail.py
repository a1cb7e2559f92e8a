"""Reads on where an earlier look at a file ended: new whole lines only, and not a byte of what is known.

A file of lines is known by a digest of all that was loaded of it, kept while it grows, and told from another file under
its name by its first bytes and those before the place that was reached.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from ingest.prepare import BLOCK, LONGEST_LINE
from ingest.source import Source
from warehouse.manifest import Known

SIGN = 4 << 10
"""Bytes at either end of what is known by which a file is known again."""
MOST = 32 << 20
"""Bytes of new lines that are read at once."""


class Tail(NamedTuple):
    """How far a file of lines is loaded, and what tells whether it is still that file."""

    source: Source
    at_bytes: int
    lines: int
    records: int
    """Its lines that are not blank."""
    hashed: "hashlib._Hash"
    """Of all before the place; never fed itself, only its copies."""
    head: bytes
    """The file's first bytes, up to ``SIGN``, as a digest."""
    before: bytes
    """The same of those before the place."""
    file_id: int | None
    """In the manifest. None: nothing of it was loaded yet."""

    @property
    def digest(self) -> str:
        """Of all before the place, as the manifest keeps it."""
        return self.hashed.hexdigest()


class More(NamedTuple):
    """New lines of a file."""

    path: Path
    tail: Tail
    """Where they begin."""
    text: bytes
    """Whole lines; of a source with a memory, those from the file's beginning on."""
    next: Tail
    """Where they end; its number in the manifest is that of ``tail``."""
    digest: str
    """Of all that is read now: more than ``next`` tells where the last line has no line feed yet."""
    size: int
    mtime_ns: int
    is_all: bool
    """Nothing but an unended line is left of the file, as long as it was."""

    @property
    def whole(self) -> bool:
        """Whether the text has what was known as well."""
        return self.tail.source.begin is not None


class TooLong(Exception):
    """A line is longer than may be read as a part of a growing file."""


def begin(path: Path, source: Source, known: Sequence[Known]) -> Tail:
    """The place that an earlier load reached: the furthest of the known files that this one goes on with.

    They are in the order of how far they were read.
    """
    size = path.stat().st_size
    places = known[: bisect_right(known, size, key=lambda each: each.complete_bytes)]
    own = str(path.resolve())
    hashed, best, found = hashlib.sha256(), hashlib.sha256(), None
    with path.open("rb") as file:
        for place in places:
            if not _feed(file, hashed, place.complete_bytes):
                break
            # Of several that were read to one place the file's own is taken, else the newest.
            better = found is None or found.complete_bytes < place.complete_bytes or found.path != own
            if better and hashed.hexdigest() == place.complete_digest:
                found, best = place, hashed.copy()
        at = found.complete_bytes if found else 0
        signs = _signs(file, at)
    if found is None:
        return Tail(source, 0, 0, 0, best, *signs, None)
    return Tail(source, at, found.complete_lines, found.lines, best, *signs, found.file_id)


def goes_on(path: Path, tail: Tail) -> bool:
    """Whether a file begins with what is known of it."""
    with path.open("rb") as file:
        return _size(file) >= tail.at_bytes and _signs(file, tail.at_bytes) == (tail.head, tail.before)


def read_more(path: Path, tail: Tail, *, unended: bool = False, most: int = MOST) -> More | None:
    """The next whole lines; None where the file does not begin with what is known of it any more.

    ``unended`` takes a last line without a line feed as well, if it is a whole JSON object. Raises TooLong.
    """
    with path.open("rb") as file:
        size = _size(file)
        if size < tail.at_bytes or _signs(file, tail.at_bytes) != (tail.head, tail.before):
            return None
        mtime_ns = path.stat().st_mtime_ns
        new, is_all = _whole_lines(file, tail.at_bytes, size, most)
        hashed = tail.hashed.copy()
        hashed.update(new)
        rest = _rest(file, tail.at_bytes + len(new), size) if unended and is_all else b""
        at = tail.at_bytes + len(new)
        after = Tail(
            tail.source,
            at,
            tail.lines + new.count(b"\n"),
            tail.records + records_in(new),
            hashed,
            *_signs(file, at),
            tail.file_id,
        )
        text = new + (rest + b"\n" if rest else b"")
        if tail.source.begin is not None and text:
            text = _read(file, 0, tail.at_bytes) + text
    whole = hashed.copy()
    whole.update(rest)
    return More(path, tail, text, after, whole.hexdigest(), at + len(rest), mtime_ns, is_all)


def records_in(text: bytes) -> int:
    """How many lines are not blank."""
    return sum(1 for line in text.split(b"\n") if line and not line.isspace())


def _whole_lines(file: IO[bytes], at: int, size: int, most: int) -> tuple[bytes, bool]:
    """Lines from a place on, about as many bytes as asked for; and whether those are all there are."""
    while True:
        wanted = min(most, size - at)
        text = _read(file, at, wanted)
        ends = text.rfind(b"\n") + 1
        is_all = wanted == size - at
        if wanted > LONGEST_LINE and max(map(len, text.split(b"\n"))) > LONGEST_LINE:
            raise TooLong
        if ends or is_all:
            return text[:ends], is_all
        most *= 2


def _rest(file: IO[bytes], at: int, size: int) -> bytes:
    """The last line, if nothing but its line feed is missing."""
    if size - at > LONGEST_LINE:
        return b""
    text = _read(file, at, size - at)
    try:
        return text if isinstance(json.loads(text), dict) else b""
    except (ValueError, RecursionError):
        return b""


def _read(file: IO[bytes], at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def _size(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def _signs(file: IO[bytes], at: int) -> tuple[bytes, bytes]:
    """What tells the file, as far as a place: digests of its first bytes and of those before the place."""
    head, before = _read(file, 0, min(SIGN, at)), _read(file, max(0, at - SIGN), min(SIGN, at))
    return hashlib.sha256(head).digest(), hashlib.sha256(before).digest()


def _feed(file: IO[bytes], hashed: Any, until: int) -> bool:
    """Take the file into a digest up to a byte; False where it ends before."""
    while (missing := until - file.tell()) > 0:
        block = file.read(min(BLOCK, missing))
        if not block:
            return False
        hashed.update(block)
    return True
