"""Loads one file: unpacked and surveyed once, read by its source, of a grown file the new lines."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ingest.chat import form_of
from ingest.identity import check, warning
from ingest.loading import NOTHING, FileLoad, Loaded, Loader, file_entry, merge_parts, same_options, told_of_load
from ingest.options import Options
from ingest.prepare import Mark, Prepared, is_packed, open_content, spool, survey
from ingest.problem import IngestError, Reject, Unreadable
from ingest.registry import choose_source
from ingest.sample import take_sample
from ingest.source import Sample, Source
from ingest.stage import Readable, first_rows, number_blank_lines, route_batch, stage_file
from warehouse.asked import is_asked_twice
from warehouse.batch import Place, drop_outer, is_of_a_nameless_server, normalise
from warehouse.connection import Connection, open_staging
from warehouse.manifest import Known, read_manifest
from warehouse.merge import Continues, Part, Terms

NAMELESS = "its counters do not say which server they are of; name it with --base-url, a file for each server"

ASKED_TWICE = "it holds two answers about one day, asked for at different times; load them as files of their own"


def load_file(loader: Loader, path: Path) -> FileLoad:
    """Load one file; raises IngestError, or OSError, where it cannot be read as a whole."""
    every = read_manifest(loader.folder, tell=loader.tell)
    manifest = same_options(every, loader.options)
    stat = path.stat()
    if any(known.is_untouched(str(path.resolve()), stat.st_mtime_ns, stat.st_size) for known in manifest):
        return FileLoad(str(path), None, NOTHING, "already loaded", None)
    with loader.folder.scratch() as scratch, open_staging(loader.folder) as staging:
        prepared, content = _unpack(path, scratch, [_mark(known) for known in manifest])
        if any(known.digest == prepared.digest for known in manifest):
            return FileLoad(str(path), None, NOTHING, "already loaded", None)
        same = next((known.file_id for known in every if known.digest == prepared.digest), None)
        differs = _mapped_otherwise(every, loader.options)
        return _load_content(loader, staging, _Content(path, content, prepared, manifest, scratch, same, differs))


def _mapped_otherwise(every: Sequence[Known], options: Options) -> bool:
    """Whether some file was read by another mapping than this one."""
    if options.mapping is None:
        return False
    digests = (json.loads(known.options).get("mapping") for known in every)
    return any(digest not in (None, options.mapping.digest) for digest in digests)


class _Content(NamedTuple):
    """A file's content, unpacked and surveyed."""

    origin: Path
    path: Path
    prepared: Prepared
    manifest: list[Known]
    scratch: Path
    same_file: int | None
    """Manifest id of this very content, loaded before under other options, or read again on demand."""
    mapped_otherwise: bool
    """Another mapping was used before: what it read stays as it read it."""


def _unpack(path: Path, scratch: Path, marks: list[Mark]) -> tuple[Prepared, Path]:
    """Survey a file, and unpack it into the scratch folder where it is packed."""
    with open_content(path) as content:
        if not is_packed(path):
            return survey(content, marks), path
        unpacked = scratch / "content"
        with unpacked.open("wb") as copy:
            return survey(content, marks, copy), unpacked


def _load_content(loader: Loader, staging: Connection, content: _Content) -> FileLoad:
    if content.prepared.size_bytes == 0:
        raise IngestError(f"{content.origin}: the file is empty")
    source, readable, grown = _readable(loader, content)
    loader.tell(f"reading {content.origin.name} as {source.name}")
    lines, left_out = stage_file(staging, readable, source, loader.options)
    if readable.shape == "lines" and lines != _line_count(content.prepared, readable):
        number_blank_lines(staging, readable)
    settings = loader.folder.settings()
    route_batch(staging, loader.options, loader.cards.all, salt=settings.salt)
    normalise(staging, Place(source.name, readable.mark, readable.first_line, settings.salt), loader.options.given)
    if is_of_a_nameless_server(staging):
        raise IngestError(f"{content.origin}: {NAMELESS}")
    if is_asked_twice(staging):
        raise IngestError(f"{content.origin}: {ASKED_TWICE}")
    left_out += drop_outer(staging)
    # A reader with a memory begins at the beginning, however much of the file is known.
    adds = source.begin is None
    stat = content.origin.stat()
    all_lines = lines + (grown.lines if grown and adds else 0)
    entry = Loaded(content.origin, source, content.prepared, stat.st_mtime_ns, stat.st_size, all_lines)
    continues = Continues(grown.file_id, adds) if grown else None
    if content.same_file is not None:
        continues = Continues(content.same_file, adds=False)
    new_from = grown.complete_lines + 1 if grown else readable.first_line
    part = Part(file_entry(loader, entry), continues, new_from=new_from)
    terms = Terms(loader.now, settings.billing_zone, source.repeat_gap, settings.match_by_counts)
    (result,) = merge_parts(loader, staging, [part], terms)
    stayed = result.merged.already_there if content.mapped_otherwise else 0
    told = tuple(told_of_load(staging))
    warnings = (*told, *_stale(stayed), *_warnings(readable, source, loader, left_out))
    return result._replace(warnings=warnings, left_out=0 if source.mapping else left_out)


def _stale(rows: int) -> Iterator[str]:
    """Say that a corrected mapping does not correct what is stored."""
    if rows:
        yield f"{rows} rows were there and stay as an earlier mapping read them; a new warehouse reads them anew"


def _warnings(file: Readable, source: Source, loader: Loader, left_out: int) -> Iterator[str]:
    """What a person should know of a file that a mapping read: its words may not be true."""
    if left_out and source.mapping:
        yield f"{left_out} rows hold no call by the mapping's ignore_rows and each, and were left out"
    if source.mapping:
        found, _ = first_rows(file, source, loader.options)
        told = warning(check(item for item in found if not isinstance(item, Reject)))
        yield from (told,) if told else ()


def _readable(loader: Loader, content: _Content) -> tuple[Source, Readable, Known | None]:
    """Decide source and shape, and what part of the content is new."""
    try:
        sample = take_sample(content.path)
    except Unreadable as problem:
        raise IngestError(f"{content.origin}: {problem}") from None
    options = loader.options
    source = choose_source(sample, str(content.origin), name=options.source, mapping=options.mapping)
    prepared = content.prepared
    grown = _grown_from(content) if sample.shape == "lines" else None
    skipped = grown if source.begin is None else None
    first_line = skipped.complete_lines + 1 if skipped else 1
    hidden = [number for number in prepared.too_long if number >= first_line] if sample.shape == "lines" else []
    path = content.path
    if skipped or hidden:
        path = content.scratch / "new"
        with content.path.open("rb") as file:
            spool(file, path, after=skipped.complete_bytes if skipped else 0, first_line=first_line, hidden=hidden)
    readable = Readable(
        path,
        sample.shape,
        first_line,
        prepared.longest,
        tuple(hidden),
        prepared.cut,
        form_of(sample),
        first_mark(content.path) if sample.shape == "lines" else record_mark(sample),
    )
    return source, readable, grown


def first_mark(path: Path) -> str:
    """A digest of a file's first line: stays the same while the file grows."""
    with path.open("rb") as file:
        return hashlib.sha256(file.readline(1 << 20)).hexdigest()[:16]


def record_mark(sample: Sample) -> str:
    """A digest of the first record of a document or a stream: many documents have the same first line."""
    return hashlib.sha256(repr(sample.records[:1]).encode()).hexdigest()[:16]


def _mark(known: Known) -> Mark:
    return Mark(known.complete_bytes, known.complete_digest)


def _grown_from(content: _Content) -> Known | None:
    """The manifest's entry that this content continues."""
    mark = content.prepared.grown_from
    return next((known for known in content.manifest if mark and _mark(known) == mark), None)


def _line_count(prepared: Prepared, readable: Readable) -> int:
    """How many lines the readable part has, blank ones included."""
    unended = prepared.size_bytes > prepared.complete_bytes
    return prepared.complete_lines - (readable.first_line - 1) + unended
