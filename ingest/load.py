"""Loads log files into a warehouse: each file all or nothing, known files skipped, small files many at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ingest.bundle import Small, fits, small_file, stage_bundle, starts
from ingest.load_file import load_file
from ingest.loading import NOTHING, FileLoad, Loaded, Loader, Tell, file_entry, merge_parts, same_options, told_of_load
from ingest.options import Options
from ingest.problem import IngestError
from ingest.stage import route_batch
from warehouse.batch import Place, normalise
from warehouse.connection import open_staging
from warehouse.folder import Folder
from warehouse.manifest import Known, read_manifest
from warehouse.merge import Part, Terms
from warehouse.rates import idle_discounts, read_cards
from warehouse.state import create_state

__all__ = ["FileLoad", "begin_loads", "load_files", "load_with"]


def load_files(root: Path, paths: Sequence[Path], options: Options, *, now: datetime, tell: Tell) -> Iterator[FileLoad]:
    """Load each file; one that cannot be read does not keep the others out.

    Raises WarehouseError when the warehouse cannot be written, CardError when a rate card has mistakes.
    """
    yield from load_with(begin_loads(root, options, now=now, tell=tell), paths)


def begin_loads(root: Path, options: Options, *, now: datetime, tell: Tell) -> Loader:
    """Make the warehouse where there is none, and read its cards; raises WarehouseError, CardError."""
    folder = Folder(root)
    folder.create()
    create_state(root, now=now, tell=tell)
    cards = read_cards(folder)
    for idle in idle_discounts(cards):
        tell(f"warning: {idle}")
    return Loader(folder, cards, options, now, tell)


def load_with(loader: Loader, paths: Sequence[Path]) -> Iterator[FileLoad]:
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
        return same_options(read_manifest(self.loader.folder, tell=self.loader.tell), self.loader.options)

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
                file_entry(loader, _loaded(file)),
                file.continues,
                # The first takes whatever stands before it.
                first_line=before + 1 if before else 0,
                shift=before - file.skipped,
                new_from=file.seen + 1,
            )
            for file, before in zip(bundle, starts(bundle), strict=True)
        ]
        terms = Terms(loader.now, settings.billing_zone, source.repeat_gap, settings.match_by_counts)
        loads = merge_parts(loader, staging, parts, terms)
        told = tuple(told_of_load(staging))
    loads[-1] = loads[-1]._replace(warnings=told)
    return [load._replace(left_out=count) for load, count in zip(loads, left_out, strict=True)]


def _loaded(file: Small) -> Loaded:
    size = file.prepared.size_bytes
    return Loaded(file.path, file.source, file.prepared, file.mtime_ns, size, file.records + file.records_before)


def _load_alone(loader: Loader, path: Path) -> FileLoad:
    try:
        return load_file(loader, path)
    except IngestError as error:
        return FileLoad(str(path), None, NOTHING, None, str(error))
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        if str(error.filename) != str(path):
            raise
        return FileLoad(str(path), None, NOTHING, None, f"{path}: {error.strerror}")
