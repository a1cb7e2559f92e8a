"""Many small files of one source as one load: a merge costs as much for fifty lines as for fifty thousand."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

from ingest.options import Options
from ingest.prepare import Mark, Prepared, is_packed, survey
from ingest.problem import Unreadable
from ingest.registry import bundled_source
from ingest.reread import Found, Rereader
from ingest.sample import take_sample
from ingest.source import Source
from ingest.stage import Readable, keep, number_blank_lines, stage_lines, with_fields
from warehouse import batch
from warehouse.connection import Connection
from warehouse.manifest import Known
from warehouse.merge import Continues

MOST_FILES = 1000
MOST_BYTES = 128 << 20
LARGEST = 8 << 20
"""Bytes of the largest file that is loaded with others."""


class Small(NamedTuple):
    """A file that can be loaded with others of its source."""

    path: Path
    source: Source
    prepared: Prepared
    mtime_ns: int
    text: bytes
    """What of it is to be read, with a line feed at its end."""
    skipped: int
    """Lines before the text."""
    seen: int
    """Lines that an earlier load has seen; a reader with a memory reads them again."""
    records_before: int
    """Of the lines before the text, those that are not blank."""
    continues: Continues | None

    @property
    def lines(self) -> int:
        """Lines of the text."""
        return self.text.count(b"\n")

    @property
    def records(self) -> int:
        """Its lines that are not blank."""
        return sum(1 for line in self.text.split(b"\n") if line and not line.isspace())


def small_file(path: Path, known: Sequence[Known], options: Options) -> Small | None:
    """The file, where it can be loaded with others; None where it needs a load of its own.

    It is lines of a source whose logs are many small files, new or grown since one of the ``known`` loads of its path.
    """
    try:
        stat = path.stat()
        if stat.st_size > LARGEST or options.given.time or options.again or options.mapping or is_packed(path):
            return None
        source = bundled_source(take_sample(path), options.source)
        if source is None:
            return None
        with path.open("rb") as file:
            prepared = survey(file, [Mark(each.complete_bytes, each.complete_digest) for each in known])
        content = path.read_bytes()
    except (OSError, Unreadable):
        return None
    mark = prepared.grown_from
    grown = next((each for each in known if mark and each.complete_digest == mark.digest), None)
    if prepared.too_long or hashlib.sha256(content).hexdigest() != prepared.digest or (known and not grown):
        return None
    whole = source.begin is not None or grown is None
    text = content if whole or grown is None else content[grown.complete_bytes :]
    seen = grown.complete_lines if grown else 0
    return Small(
        path,
        source,
        prepared,
        stat.st_mtime_ns,
        text if text.endswith(b"\n") or not text else text + b"\n",
        0 if whole else seen,
        seen,
        0 if whole or grown is None else grown.lines,
        Continues(grown.file_id, adds=not whole) if grown else None,
    )


def fits(bundle: Sequence[Small], file: Small) -> bool:
    """Whether one more file can be loaded with these."""
    if not bundle:
        return True
    size = sum(len(each.text) for each in bundle) + len(file.text)
    return bundle[0].source is file.source and len(bundle) < MOST_FILES and size <= MOST_BYTES


def starts(bundle: Sequence[Small]) -> list[int]:
    """How many lines of the load come before each file's."""
    return list(accumulate((file.lines for file in bundle), initial=0))[:-1]


def stage_bundle(staging: Connection, bundle: Sequence[Small], options: Options, scratch: Path) -> list[int]:
    """Fill the staging tables with the lines of all files, numbered through; returns what each has that is no call."""
    source = bundle[0].source
    leaves = with_fields(source.leaves, options)
    before = starts(bundle)
    left_out = [0] * len(bundle)

    def leave_out(line: int) -> None:
        left_out[bisect_right(before, line - 1) - 1] += 1

    rereader = Rereader(leaves, None, (), source.read, leave_out)
    batch.create_tables(staging)
    path = scratch / "bundle"
    if source.lines is None:
        batch.stage_nothing(staging)
        rows = (_read(rereader, file, first, path) for file, first in zip(bundle, before, strict=True))
        keep(staging, chain.from_iterable(rows))
        return left_out
    with path.open("wb") as together:
        together.writelines(file.text for file in bundle)
    longest = max(file.prepared.longest for file in bundle)
    readable = Readable(path, "lines", 1, longest, (), None, "mixed", "")
    rows_of_stage = stage_lines(staging, readable, source, options, rereader)
    if rows_of_stage != before[-1] + bundle[-1].lines:
        number_blank_lines(staging, readable)
    for line in batch.left_out_lines(staging):
        leave_out(line)
    return left_out


def _read(rereader: Rereader, file: Small, before: int, path: Path) -> Iterator[Found]:
    """The records of one file, read in Python by a reader of its own; lines have the load's numbers."""
    path.write_bytes(file.text)
    rereader.read = file.source.reader() or rereader.read
    yield from rereader.lines(path, first_line=before + 1, ordinals=None)
