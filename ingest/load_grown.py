"""Loads the new lines of files that grow, many files in one merge: a merge costs as much for five lines as for 5,000.

What is loaded is told beforehand where it goes on. Where another process has loaded of a file meanwhile, nothing is
loaded, and the caller looks at the manifest again.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from ingest.identity import check, warning
from ingest.load_file import first_mark
from ingest.loading import FileLoad, Loader, told_of_load
from ingest.problem import Reject
from ingest.reread import Rereader
from ingest.source import Source
from ingest.stage import Readable, first_rows, keep, number_blank_lines, route_batch, stage_file, with_fields
from ingest.tail import More, Tail, records_in
from warehouse import batch
from warehouse.batch import Place, drop_outer, hold_batch, normalise
from warehouse.connection import Connection, open_staging, open_writer
from warehouse.manifest import numbers_of, places_of
from warehouse.merge import Continues, FileEntry, Part, Terms, merge_batch
from warehouse.rates import sync_rates
from warehouse.rollups import follow_settings

MOST_FILES = 1000
MOST_BYTES = 64 << 20


class Outcome(NamedTuple):
    """What came of a file, and where it is read on."""

    load: FileLoad
    tail: Tail


def fits(together: Sequence[More], more: More, loader: Loader) -> bool:
    """Whether one more file can be loaded with these."""
    if not together:
        return True
    source = more.tail.source
    # A time that was given tells calls apart by their line alone; a mapping's words are judged file by file.
    apart = loader.options.given.time or source.mapping
    size = sum(len(each.text) for each in together) + len(more.text)
    return source is together[0].tail.source and not apart and len(together) < MOST_FILES and size <= MOST_BYTES


def load_grown(loader: Loader, together: Sequence[More]) -> list[Outcome] | None:
    """Load new lines of several files of one source: all of them or none.

    None: another process has loaded some of them meanwhile; nothing was loaded here.
    """
    source = together[0].tail.source
    names = together[0].path.name + (f" and {len(together) - 1} more" if len(together) > 1 else "")
    loader.tell(f"reading {names} as {source.name}")
    starts = _starts(together)
    with loader.folder.scratch() as scratch, open_staging(loader.folder) as staging:
        left_out = _stage(loader, staging, together, scratch)
        warned = _warned(loader, together[0], scratch)
        settings = loader.folder.settings()
        terms = Terms(loader.now, settings.billing_zone, source.repeat_gap, settings.match_by_counts)
        parts = [
            _part(loader, more, start, is_first=start == starts[0])
            for more, start in zip(together, starts, strict=True)
        ]
        with open_writer(loader.folder, "usage", staging, purpose=f"loading {names}", now=loader.now, tell=loader.tell):
            follow_settings(staging, settings, loader.tell)
            sync_rates(staging, loader.cards, loader.now)
            if not _are_where_they_were(staging, together):
                return None
            merged = merge_batch(staging, parts, terms)
            numbers = numbers_of(staging, [part.entry for part in parts])
        told = (*told_of_load(staging), *warned)
        rejects = batch.rejects_by_reason(staging)
    loads = [
        FileLoad(str(more.path), source.name, merged[number], None, None, tuple(rejects.get(number, ())))
        for number, more in enumerate(together)
    ]
    loads[-1] = loads[-1]._replace(warnings=told, left_out=left_out)
    return [
        Outcome(load, more.next._replace(file_id=number))
        for load, more, number in zip(loads, together, numbers, strict=True)
    ]


def _starts(together: Sequence[More]) -> list[int]:
    """The number, in the load, of the line before each file's first: of a file alone its own number."""
    counts = [more.text.count(b"\n") for more in together]
    first = together[0].tail.lines if len(together) == 1 and not together[0].whole else 0
    return list(accumulate(counts, initial=first))[:-1]


def _stage(loader: Loader, staging: Connection, together: Sequence[More], scratch: Path) -> int:
    """Fill the staging tables with the lines of all files, numbered through; returns how many are no calls."""
    source, options = together[0].tail.source, loader.options
    first_line = _starts(together)[0] + 1
    path = scratch / "new"
    with path.open("wb") as file:
        file.writelines(more.text for more in together)
    if source.begin is None:
        readable = Readable(path, "lines", first_line, _longest(together), (), None, "mixed", _mark(together))
        lines, left_out = stage_file(staging, readable, source, options)
        if lines != sum(more.text.count(b"\n") for more in together):
            number_blank_lines(staging, readable)
    else:
        left_out = _stage_with_memory(loader, staging, together, scratch)
    settings = loader.folder.settings()
    route_batch(staging, options, loader.cards.all, salt=settings.salt)
    normalise(staging, Place(source.name, _mark(together), first_line, settings.salt), options.given)
    left_out += drop_outer(staging)
    hold_batch(staging)
    return left_out


def _stage_with_memory(loader: Loader, staging: Connection, together: Sequence[More], scratch: Path) -> int:
    """The same for a source that remembers the records before: a reader for each file."""
    source, options = together[0].tail.source, loader.options
    batch.create_tables(staging)
    batch.stage_nothing(staging)
    left_out = 0
    for more, start in zip(together, _starts(together), strict=True):
        path = scratch / "one"
        path.write_bytes(more.text)
        rereader = Rereader(with_fields(source.leaves, options), options.given.time, (), source.reader())
        rereader.store = partial(batch.add_evaluations, staging)
        keep(staging, rereader.lines(path, first_line=start + 1, ordinals=None))
        rereader.flush()
        left_out += rereader.left_out
    return left_out


def _longest(together: Sequence[More]) -> int:
    return max(len(line) for more in together for line in more.text.split(b"\n"))


def _mark(together: Sequence[More]) -> str:
    """What tells the file of a load from another one, where calls are told apart by their lines."""
    return first_mark(together[0].path) if len(together) == 1 else ""


def _warned(loader: Loader, more: More, scratch: Path) -> Iterator[str]:
    """What a person should know of a file that a mapping reads: its words may not be true."""
    source: Source = more.tail.source
    if source.mapping is None:
        return
    readable = Readable(scratch / "new", "lines", 1, _longest([more]), (), None, "mixed", "")
    found, _ = first_rows(readable, source, loader.options)
    if told := warning(check(item for item in found if not isinstance(item, Reject))):
        yield told


def _part(loader: Loader, more: More, start: int, *, is_first: bool) -> Part:
    tail, skipped = more.tail, 0 if more.whole else more.tail.lines
    continues = None if tail.file_id is None else Continues(tail.file_id, adds=not more.whole)
    return Part(
        _entry(loader, more),
        continues,
        # The first takes whatever stands before it.
        first_line=0 if is_first else start + 1,
        shift=start - skipped,
        new_from=tail.lines + 1,
    )


def _entry(loader: Loader, more: More) -> FileEntry:
    """What the manifest is to keep: the file as far as it was read, whatever stands behind that."""
    return FileEntry(
        path=str(more.path.resolve()),
        source=more.tail.source.name,
        options=loader.options.digest(),
        mtime_ns=more.mtime_ns,
        file_bytes=more.size,
        size_bytes=more.size,
        digest=more.digest,
        complete_bytes=more.next.at_bytes,
        complete_lines=more.next.lines,
        complete_digest=more.next.digest,
        lines=records_in(more.text) + (0 if more.whole else more.tail.records),
        demo=loader.options.demo,
    )


def _are_where_they_were(staging: Connection, together: Sequence[More]) -> bool:
    """Whether no other process has loaded of these files since they were looked at."""
    tails = [more.tail for more in together if more.tail.file_id is not None]
    places = places_of(staging, [tail.file_id for tail in tails if tail.file_id is not None])
    return all(places.get(tail.file_id or 0) == tail.digest for tail in tails)
