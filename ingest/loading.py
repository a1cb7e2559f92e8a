"""What every load shares: what it loads into, what comes of a file, its merge, and what is said of it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ingest.options import Options
from ingest.prepare import Prepared
from ingest.source import Source
from warehouse.asked import effect_of_load
from warehouse.batch import count_buckets, count_samples, rejects_by_reason
from warehouse.connection import Connection, open_writer
from warehouse.deleted import left_out
from warehouse.dropped import dropped_of_load
from warehouse.folder import Folder
from warehouse.manifest import Known, same_load
from warehouse.merge import FileEntry, Merged, Part, Terms, merge_batch
from warehouse.rates import Cards, sync_rates
from warehouse.rollups import follow_settings
from warehouse.unknown_fields import fields_of_load

Tell = Callable[[str], None]
MOST_FIELDS = 5
"""Unknown usage fields that are named of one file."""
NOTHING = Merged(0, 0, 0, 0, 0, 0, 0, 0)


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


class Loaded(NamedTuple):
    """A file that is about to be merged: what the manifest is to keep of it."""

    path: Path
    source: Source
    prepared: Prepared
    mtime_ns: int
    file_bytes: int
    lines: int
    """Its lines that are not blank, those of earlier loads among them."""


def merge_parts(loader: Loader, staging: Connection, parts: Sequence[Part], terms: Terms) -> list[FileLoad]:
    """Merge what is staged, in one transaction: what came of each of its files."""
    entries = [part.entry for part in parts]
    purpose = f"loading {Path(entries[0].path).name}" + (f" and {len(parts) - 1} more" if len(parts) > 1 else "")
    with open_writer(loader.folder, "usage", staging, purpose=purpose, now=loader.now, tell=loader.tell):
        follow_settings(staging, loader.folder.settings(), loader.tell)
        sync_rates(staging, loader.cards, loader.now)
        if not loader.options.again and all(same_load(staging, entry) for entry in entries):
            return [FileLoad(entry.path, entry.source, NOTHING, "already loaded", None) for entry in entries]
        merged = merge_batch(staging, parts, terms)
    rejects = rejects_by_reason(staging)
    return [
        FileLoad(entry.path, entry.source, merged[number], None, None, tuple(rejects.get(number, ())))
        for number, entry in enumerate(entries)
    ]


def file_entry(loader: Loader, file: Loaded) -> FileEntry:
    """What the manifest keeps of a file."""
    prepared = file.prepared
    return FileEntry(
        path=str(file.path.resolve()),
        source=file.source.name,
        options=loader.options.digest(),
        mtime_ns=file.mtime_ns,
        file_bytes=file.file_bytes,
        size_bytes=prepared.size_bytes,
        digest=prepared.digest,
        complete_bytes=prepared.complete_bytes,
        complete_lines=prepared.complete_lines,
        complete_digest=prepared.complete_digest,
        lines=file.lines,
        demo=loader.options.demo,
    )


def same_options(every: Sequence[Known], options: Options) -> list[Known]:
    """Of the files of the manifest, those that were read as these are; none where they are read again."""
    digest = options.digest()
    return [known for known in every if known.options == digest and not options.again]


def told_of_load(staging: Connection) -> Iterator[str]:
    """What is to be said of the records as a whole."""
    yield from _unknown(staging)
    yield from _dropped(staging)
    yield from _sums(staging)
    yield from _asked(staging)
    yield from _deleted(staging)


def _unknown(staging: Connection) -> Iterator[str]:
    """Say which fields of the usage nobody reads: a seller may have begun to count something."""
    if fields := fields_of_load(staging):
        named = ", ".join(f"{field} ({records})" for field, records in fields[:MOST_FIELDS])
        more = f" and {len(fields) - MOST_FIELDS} more" if len(fields) > MOST_FIELDS else ""
        yield f"usage fields that Tollbook does not know, in no figure: {named}{more}; see tollbook fields"


def _dropped(staging: Connection) -> Iterator[str]:
    """Say that a recorder could not keep up."""
    calls, since, told_at = dropped_of_load(staging)
    if calls and since and told_at:
        when = f"between {since:%Y-%m-%d %H:%M:%S} and {told_at:%Y-%m-%d %H:%M:%S} UTC"
        yield f"the recorder dropped {calls} call{'s' if calls > 1 else ''} {when}: in no figure"


def _sums(staging: Connection) -> Iterator[str]:
    """Say that sums are kept apart from calls."""
    if sums := count_buckets(staging):
        named = "1 sum of a day or the like" if sums == 1 else f"{sums} sums of days or the like"
        yield f"{named}: kept for reconciliation, in no figure of cost or usage"
    if samples := count_samples(staging):
        yield f"{samples} readings of counters: kept for reconciliation, in no figure of cost or usage"


def _asked(staging: Connection) -> Iterator[str]:
    """Say what became of older answers of a seller about its sums."""
    effect = effect_of_load(staging)
    if effect.outdated:
        yield f"sums left out, as a newer answer about their days is there: {effect.outdated}"
    if effect.removed:
        yield f"sums taken out, as the newest answer about their days does not have them any more: {effect.removed}"
    if effect.unreadable:
        yield f"days that will be asked for again, as a part of the answer could not be read: {effect.unreadable}"


def _deleted(staging: Connection) -> Iterator[str]:
    """Say what stays out because somebody deleted it."""
    for found in left_out(staging):
        records = "1 record was" if found.records == 1 else f"{found.records} records were"
        yield (
            f"{records} left out: {found.who} deleted them on {found.deleted_at:%Y-%m-%d} (deletion "
            f"{found.deletion_id}); tollbook delete --lift {found.deletion_id} lets them in again"
        )
