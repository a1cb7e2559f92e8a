"""Copies of database files: as one state, in no more room than the disk has, and kept before an upgrade."""

import os
import shutil
from datetime import datetime
from pathlib import Path

from warehouse.errors import WarehouseUnwritable
from warehouse.folder import Folder
from warehouse.locks import Tell, Turnstile

CHUNK = 1 << 30
SPARE = 64 << 20
"""Bytes that stay free on the disk."""
KEPT_COPIES = 3
"""Copies from before upgrades that are kept of each database."""
COPY_WAIT_S = 600.0


def stamp(now: datetime) -> str:
    """An instant as names of files have it."""
    return now.strftime("%Y%m%dT%H%M%SZ")


def log_of(path: Path) -> Path:
    """The log beside a database file: what a crash left there belongs to the file."""
    return path.with_name(f"{path.name}.wal")


def size_of(path: Path) -> int:
    """Bytes of a database file and its log."""
    return sum(each.stat().st_size for each in (path, log_of(path)) if each.exists())


def check_room(folder: Path, needed: int, what: str) -> None:
    """Refuse what the disk has no room for; raises WarehouseUnwritable."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise WarehouseUnwritable(
            folder, f"{what} takes {needed:,} bytes and {SPARE:,} to spare, and the disk has {free:,}"
        )


def copy_file(source: Path, target: Path) -> None:
    """Copy a file to the disk, by reference where the file system can; the copy is for its owner alone."""
    with (
        source.open("rb") as read,
        os.fdopen(os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as write,
    ):
        try:
            while os.copy_file_range(read.fileno(), write.fileno(), CHUNK):
                pass
        except (AttributeError, OSError):
            read.seek(0)
            write.seek(0)
            write.truncate()
            shutil.copyfileobj(read, write, 1 << 20)
        write.flush()
        os.fsync(write.fileno())


def copy_database(folder: Folder, name: str, target: Path, *, tell: Tell) -> None:
    """Copy a database as it stands between two loads; readers read on, and a load waits until the copy is there."""
    with Turnstile(folder.root, name).reading(timeout_s=COPY_WAIT_S, tell=tell):
        _copy_with_log(folder.database(name), target)


def keep_before_upgrade(folder: Folder, name: str, now: datetime, *, tell: Tell) -> Path:
    """Keep a copy of a database that nobody has open and whose lock is held; the newest few are kept."""
    source = folder.database(name)
    folder.backups.mkdir(mode=0o700, exist_ok=True)
    for cut_off in folder.backups.glob(f"{name}-before-upgrade-*.draft*"):
        cut_off.unlink()
    check_room(folder.backups, size_of(source), "the copy that is kept before an upgrade")
    target = folder.backups / f"{name}-before-upgrade-{stamp(now)}.duckdb"
    draft = target.with_suffix(".draft")
    _copy_with_log(source, draft)
    if log_of(draft).exists():
        log_of(draft).replace(log_of(target))
    draft.replace(target)
    others = sorted(path for path in folder.backups.glob(f"{name}-before-upgrade-*.duckdb") if path != target)
    for old in others[: 1 - KEPT_COPIES]:
        old.unlink()
        log_of(old).unlink(missing_ok=True)
    tell(f"the {name} database as it was is kept as {target}")
    return target


def sync_folder(path: Path) -> None:
    """Bring a folder's names to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_with_log(source: Path, target: Path) -> None:
    try:
        copy_file(source, target)
        if log_of(source).exists():
            copy_file(log_of(source), log_of(target))
    except BaseException:
        target.unlink(missing_ok=True)
        log_of(target).unlink(missing_ok=True)
        raise
