"""Puts a backup in place: checked first, and what stood there is kept beside it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.backup import CARDS, DATABASES, SETTINGS, WAITING, describe
from warehouse.backup_form import Manifest, unpack
from warehouse.connection import WRITE_WAIT_S, io_errors
from warehouse.copies import check_room, log_of, stamp, sync_folder
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell, Turnstile, is_held
from warehouse.sqlfiles import migrations
from warehouse.upgrade import bring_up_to_date

UNPACKED = "backup"


class Restored(NamedTuple):
    """What was put in place, and where what stood there is now; None: nothing stood there."""

    manifest: Manifest
    aside: Path | None
    upgraded: tuple[str, ...]


def check_backup(source: Path) -> Manifest:
    """Read a backup through; raises WarehouseError where it is damaged, or of a newer Tollbook."""
    manifest = unpack(source)
    _refuse_newer(source, manifest)
    return manifest


def restore(source: Path, root: Path, *, force: bool, now: datetime, tell: Tell) -> Restored:
    """Put a backup in place of what is in a folder; one of an older Tollbook is brought up to date.

    A warehouse that stands there is moved aside, and only with ``force``, and while nothing loads into it.
    Raises WarehouseError.
    """
    folder = Folder(root)
    _refuse_watched(folder)
    if not force and not folder.restoring.exists() and (there := [path.name for path in _held(folder)]):
        raise WarehouseError(
            f"there is a warehouse in {root} ({', '.join(there)}): --force puts it aside, into a folder there"
        )
    manifest = check_backup(source)
    root.mkdir(parents=True, exist_ok=True)
    with io_errors(root):
        check_room(root, manifest.size, "unpacking the backup")
        with folder.scratch(settings=False) as scratch:
            unpacked = scratch / UNPACKED
            unpack(source, unpacked)
            _verify(source, manifest, unpacked)
            aside = _swap(folder, scratch, now, tell)
    upgraded = bring_up_to_date(root, now=now, tell=tell)
    return Restored(manifest, aside, tuple(upgraded))


def _verify(source: Path, manifest: Manifest, unpacked: Path) -> None:
    for name, kept in manifest.databases.items():
        if describe(unpacked / f"{name}.duckdb") != kept:
            raise WarehouseError(
                f"{source}: its {name} database does not hold what the backup says; nothing was restored"
            )


def _refuse_newer(source: Path, manifest: Manifest) -> None:
    for name in DATABASES:
        kept = manifest.databases.get(name)
        known = {migration for migration, _ in migrations(name)}
        if kept and (unknown := set(kept.migrations) - known):
            raise WarehouseError(f"{source} was made by a newer Tollbook ({min(unknown)}); upgrade Tollbook")


def _held(folder: Folder) -> Iterator[Path]:
    """What of a warehouse stands in the folder, in the order in which it gives way."""
    for name in (CARDS, *WAITING, SETTINGS):
        if (folder.root / name).exists():
            yield folder.root / name
    for name in DATABASES:
        for path in (log_of(folder.database(name)), folder.database(name)):
            if path.exists():
                yield path


def _refuse_watched(folder: Folder) -> None:
    """Refuse while processes live that load by themselves: they would go on with what was moved aside."""
    running = [_named(path) for path in sorted(folder.heartbeats.glob("*.lock")) if is_held(path)]
    if running:
        raise WarehouseError(
            f"{' and '.join(running)} would go on loading while files change places: stop that, restore, "
            "and start it again; nothing was restored"
        )


def _named(lock: Path) -> str:
    """A process that loads by itself, as it says of itself."""
    try:
        said = json.loads(lock.with_suffix(".json").read_text(encoding="utf-8"))
        return f"tollbook {said['kind']} {' '.join(said['paths'])} (process {said['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return f"the process that holds {lock}"


def _swap(folder: Folder, scratch: Path, now: datetime, tell: Tell) -> Path | None:
    """Change places while nobody reads or writes; cut off in between, nothing opens until it is restored again."""
    unpacked = scratch / UNPACKED
    with ExitStack() as locks:
        for name in DATABASES:
            locks.enter_context(Turnstile(folder.root, name).writing("a restore", timeout_s=WRITE_WAIT_S, tell=tell))
        # A load that has begun knows the files that were loaded here, not those that the backup has.
        locks.enter_context(folder.without_loads(scratch))
        _refuse_watched(folder)
        old = list(_held(folder))
        aside = _free_name(folder.root / f"replaced-{stamp(now)}") if old else None
        folder.restoring.write_text(f"restoring began at {now.isoformat()}Z\n", encoding="utf-8")
        sync_folder(folder.root)
        if aside:
            aside.mkdir(mode=0o700)
        for path in old:
            assert aside is not None
            path.rename(aside / path.name)
        for path in sorted(unpacked.iterdir()):
            path.rename(folder.root / path.name)
        sync_folder(folder.root)
        folder.restoring.unlink()
        sync_folder(folder.root)
    return aside


def _free_name(path: Path) -> Path:
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.name}-{number}")
        number += 1
    return found
