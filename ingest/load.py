"""Loads log files into a warehouse: each file all or nothing, known files skipped, grown files continued."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ingest.bundle import Small, fits, small_file, stage_bundle, starts
from ingest.chat import form_of
from ingest.identity import check, warning
from ingest.options import Options
from ingest.prepare import Mark, Prepared, is_packed, open_content, spool, survey
from ingest.problem import IngestError, Reject, Unreadable
from ingest.registry import choose_source
from ingest.sample import take_sample
from ingest.source import Sample, Source
from ingest.stage import Readable, first_rows, number_blank_lines, route_batch, stage_file
from warehouse.batch import (
    Place,
    count_buckets,
    count_samples,
    drop_outer,
    is_of_a_nameless_server,
    normalise,
    rejects_by_reason,
)
from warehouse.connection import Connection, open_staging, open_writer
from warehouse.folder import Folder
from warehouse.manifest import Known, read_manifest, same_load
from warehouse.merge import Continues, FileEntry, Merged, Part, Terms, merge_batch
from warehouse.rates import Cards, idle_discounts, read_cards, sync_rates
from warehouse.rollups import follow_zone
from warehouse.state import create_state
from warehouse.unknown_fields import fields_of_load

Tell = Callable[[str], None]
MOST_FIELDS = 5
"""Unknown usage fields that are named of one file."""
NOTHING = Merged(0, 0, 0, 0, 0, 0, 0, 0)
NAMELESS = "its counters do not say which server they are of; name it with --base-url, a file for each server"


class FileLoad(NamedTuple):
    """What came of one file."""

    path: str
    source: str | None
    merged: Merged
    note: str | None
    """Why nothing was read: the file is known. None: it was read."""
    error: str | None
    """Why the file as a whole could not be read. None: it could."""
    rejects: tuple[tuple[str, int, int], ...] = ()
    """Reasons for which lines were rejected, each with its count and its first line."""
    warnings: tuple[str, ...] = ()
    """What is doubtful about the file as a whole."""
    left_out: int = 0
    """Records that are no calls, in a log that holds other things beside."""


class Loader(NamedTuple):
    """One run of loads into one warehouse."""

    folder: Folder
    cards: Cards
    options: Options
    now: datetime
    tell: Tell


def load_files(root: Path, paths: Sequence[Path], options: Options, *, now: datetime, tell: Tell) -> Iterator[FileLoad]:
    """Load each file; one that cannot be read does not keep the others out.

    Raises WarehouseError when the warehouse cannot be written, CardError when a rate card has mistakes.
    """
    folder = Folder(root)
    folder.create()
    create_state(root, now=now, tell=tell)
    cards = read_cards(folder)
    for idle in idle_discounts(cards):
        tell(f"warning: {idle}")
    yield from _loads(Loader(folder, cards, options, now, tell), paths)


def _loads(loader: Loader, paths: Sequence[Path]) -> Iterator[FileLoad]:
    """Load small files many at a time, all others alone; results in the order of the paths."""
    waiting: list[Small | FileLoad] = []
    manifest = _Manifest(loader)
    for path in paths:
        if manifest.is_untouched(path):
            waiting.append(FileLoad(str(path), None, NOTHING, "already loaded", None))
            continue
        small = small_file(path, manifest.of(path), loader.options)
        bundle = [file for file in waiting if isinstance(file, Small)]
        same = small is not None and (manifest.has(small.prepared.digest) or _twin(bundle, small))
        if small is None or same or not fits(bundle, small):
            yield from _load_waiting(loader, waiting)
            waiting, manifest = [], _Manifest(loader)
        if small is None or same:
            yield _load_alone(loader, path)
            manifest = _Manifest(loader)
        else:
            waiting.append(small)
    yield from _load_waiting(loader, waiting)


def _twin(bundle: Sequence[Small], file: Small) -> bool:
    return any(each.prepared.digest == file.prepared.digest for each in bundle)


class _Manifest:
    """The files that were loaded under the same options, as they were when it was asked first."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    @cached_property
    def _known(self) -> list[Known]:
        return _same_options(read_manifest(self.loader.folder, tell=self.loader.tell), self.loader.options)

    @cached_property
    def _by_path(self) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        for known in self._known:
            found.setdefault(known.path, []).append(known)
        return found

    @cached_property
    def _digests(self) -> set[str]:
        return {known.digest for known in self._known}

    def of(self, path: Path) -> list[Known]:
        """What a path held in earlier loads."""
        return self._by_path.get(str(path.resolve()), [])

    def has(self, digest: str) -> bool:
        """Whether this very content was loaded."""
        return digest in self._digests

    def is_untouched(self, path: Path) -> bool:
        """Whether a file is, by its times and size, one that was loaded."""
        try:
            stat = path.stat()
        except OSError:
            return False
        return any(each.is_untouched(each.path, stat.st_mtime_ns, stat.st_size) for each in self.of(path))


def _same_options(every: Sequence[Known], options: Options) -> list[Known]:
    digest = options.digest()
    return [known for known in every if known.options == digest and not options.again]


def _load_waiting(loader: Loader, waiting: Sequence[Small | FileLoad]) -> Iterator[FileLoad]:
    """Load what was put together, and hand out what is known already in its turn."""
    bundle = [file for file in waiting if isinstance(file, Small)]
    if len(bundle) == 1:
        loads = iter([_load_alone(loader, bundle[0].path)])
    else:
        loads = iter(load_bundle(loader, bundle) if bundle else [])
    yield from (next(loads) if isinstance(file, Small) else file for file in waiting)


def load_bundle(loader: Loader, bundle: Sequence[Small]) -> list[FileLoad]:
    """Load several files in one merge: all of them or none."""
    source = bundle[0].source
    loader.tell(f"reading {len(bundle)} files as {source.name}")
    with loader.folder.scratch() as scratch, open_staging(loader.folder) as staging:
        left_out = stage_bundle(staging, bundle, loader.options, scratch)
        settings = loader.folder.settings()
        route_batch(staging, loader.options, loader.cards.all, salt=settings.salt)
        normalise(staging, Place(source.name, "", 1, settings.salt), loader.options.given)
        parts = [
            Part(
                _small_entry(loader, file),
                file.continues,
                # The first takes whatever stands before it.
                first_line=before + 1 if before else 0,
                shift=before - file.skipped,
                new_from=file.seen + 1,
            )
            for file, before in zip(bundle, starts(bundle), strict=True)
        ]
        terms = Terms(loader.now, settings.billing_zone, source.repeat_gap, settings.match_by_counts)
        loads = _merge(loader, staging, parts, terms)
        told = (*_unknown(staging), *_sums(staging))
    loads[-1] = loads[-1]._replace(warnings=told)
    return [load._replace(left_out=count) for load, count in zip(loads, left_out, strict=True)]


def _small_entry(loader: Loader, file: Small) -> FileEntry:
    prepared = file.prepared
    return FileEntry(
        path=str(file.path.resolve()),
        source=file.source.name,
        options=loader.options.digest(),
        mtime_ns=file.mtime_ns,
        file_bytes=prepared.size_bytes,
        size_bytes=prepared.size_bytes,
        digest=prepared.digest,
        complete_bytes=prepared.complete_bytes,
        complete_lines=prepared.complete_lines,
        complete_digest=prepared.complete_digest,
        lines=file.records + file.records_before,
        demo=loader.options.demo,
    )


def _load_alone(loader: Loader, path: Path) -> FileLoad:
    try:
        return _load_file(loader, path)
    except IngestError as error:
        return FileLoad(str(path), None, NOTHING, None, str(error))
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        if str(error.filename) != str(path):
            raise
        return FileLoad(str(path), None, NOTHING, None, f"{path}: {error.strerror}")


def _load_file(loader: Loader, path: Path) -> FileLoad:
    every = read_manifest(loader.folder, tell=loader.tell)
    manifest = _same_options(every, loader.options)
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
    left_out += drop_outer(staging)
    # A reader with a memory begins at the beginning, however much of the file is known.
    adds = source.begin is None
    entry = _entry(loader, content, source, lines + (grown.lines if grown and adds else 0))
    continues = Continues(grown.file_id, adds) if grown else None
    if content.same_file is not None:
        continues = Continues(content.same_file, adds=False)
    new_from = grown.complete_lines + 1 if grown else readable.first_line
    part = Part(entry, continues, new_from=new_from)
    terms = Terms(loader.now, settings.billing_zone, source.repeat_gap, settings.match_by_counts)
    (result,) = _merge(loader, staging, [part], terms)
    stayed = result.merged.already_there if content.mapped_otherwise else 0
    told = (*_unknown(staging), *_sums(staging))
    warnings = (*told, *_stale(stayed), *_warnings(readable, source, loader, left_out))
    return result._replace(warnings=warnings, left_out=0 if source.mapping else left_out)


def _stale(rows: int) -> Iterator[str]:
    """Say that a corrected mapping does not correct what is stored."""
    if rows:
        yield f"{rows} rows were there and stay as an earlier mapping read them; a new warehouse reads them anew"


def _unknown(staging: Connection) -> Iterator[str]:
    """Say which fields of the usage nobody reads: a seller may have begun to count something."""
    if fields := fields_of_load(staging):
        named = ", ".join(f"{field} ({records})" for field, records in fields[:MOST_FIELDS])
        more = f" and {len(fields) - MOST_FIELDS} more" if len(fields) > MOST_FIELDS else ""
        yield f"usage fields that Tollbook does not know, in no figure: {named}{more}; see tollbook fields"


def _sums(staging: Connection) -> Iterator[str]:
    """Say that sums are kept apart from calls."""
    if sums := count_buckets(staging):
        named = "1 sum of a day or the like" if sums == 1 else f"{sums} sums of days or the like"
        yield f"{named}: kept for reconciliation, in no figure of cost or usage"
    if samples := count_samples(staging):
        yield f"{samples} readings of counters: kept for reconciliation, in no figure of cost or usage"


def _warnings(file: Readable, source: Source, loader: Loader, left_out: int) -> Iterator[str]:
    """What a person should know of a file that a mapping read: its words may not be true."""
    if left_out and source.mapping:
        yield f"{left_out} rows hold no call by the mapping's ignore_rows and each, and were left out"
    if source.mapping:
        found, _ = first_rows(file, source, loader.options)
        told = warning(check(item for item in found if not isinstance(item, Reject)))
        yield from (told,) if told else ()


def _merge(loader: Loader, staging: Connection, parts: Sequence[Part], terms: Terms) -> list[FileLoad]:
    entries = [part.entry for part in parts]
    purpose = f"loading {Path(entries[0].path).name}" + (f" and {len(parts) - 1} more" if len(parts) > 1 else "")
    with open_writer(loader.folder, "usage", staging, purpose=purpose, now=loader.now, tell=loader.tell):
        follow_zone(staging, terms.zone)
        sync_rates(staging, loader.cards, loader.now)
        if not loader.options.again and all(same_load(staging, entry) for entry in entries):
            return [FileLoad(entry.path, entry.source, NOTHING, "already loaded", None) for entry in entries]
        merged = merge_batch(staging, parts, terms)
    rejects = rejects_by_reason(staging)
    return [
        FileLoad(entry.path, entry.source, merged[number], None, None, tuple(rejects.get(number, ())))
        for number, entry in enumerate(entries)
    ]


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


def _entry(loader: Loader, content: _Content, source: Source, lines: int) -> FileEntry:
    stat = content.origin.stat()
    prepared = content.prepared
    return FileEntry(
        path=str(content.origin.resolve()),
        source=source.name,
        options=loader.options.digest(),
        mtime_ns=stat.st_mtime_ns,
        file_bytes=stat.st_size,
        size_bytes=prepared.size_bytes,
        digest=prepared.digest,
        complete_bytes=prepared.complete_bytes,
        complete_lines=prepared.complete_lines,
        complete_digest=prepared.complete_digest,
        lines=lines,
        demo=loader.options.demo,
    )
