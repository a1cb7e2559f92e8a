"""A backup of a warehouse while loads run: each database as one state, settings, cards and what waits to be loaded."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from warehouse.backup_form import (
    ARCHIVE,
    MANIFEST,
    SCHEMA,
    KeptDatabase,
    Manifest,
    digest_of,
    pack,
    sync_all,
    unpack,
)
from warehouse.connection import Connection, Database, io_errors, open_copy
from warehouse.copies import check_room, copy_database, copy_file, size_of, stamp, sync_folder
from warehouse.errors import UnsafeFolder, WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import CLAIM, Tell, sweep_unclaimed, take_if_free
from warehouse.migrate import applied_names
from warehouse.sqlfiles import run

DATABASES: tuple[Database, ...] = ("state", "usage")
"""In the order in which they are copied: what people entered is about calls that are there already."""
WAITING = ("received", "pulled")
"""Folders of records that wait to be loaded. They are copied before the databases: what is in neither would be lost."""
CARDS = "rate_cards"
SETTINGS = "tollbook.toml"
DRAFT, PARTIAL = ".tollbook-backup-", ".partial"


class Backup(NamedTuple):
    """A backup that was made, read through and found whole."""

    path: Path
    bytes: int
    manifest: Manifest


def make_backup(root: Path, to: Path | None, *, now: datetime, tell: Tell) -> Backup:
    """Back up a warehouse; loads wait while a database is copied, readers do not.

    ``to`` is an archive's name, a folder that is to be made, or one that the archive goes into; None: here.
    Raises WarehouseMissing, WarehouseUnwritable, and WarehouseError where ``to`` is there already.
    """
    folder = Folder(root)
    if not folder.database("usage").exists() or not folder.settings_file.exists():
        raise WarehouseMissing(root)
    folder.refuse_half_restored()
    target = _target(to, now)
    is_archive = target.name.endswith(ARCHIVE)
    with io_errors(target.parent), _draft(target.parent) as draft:
        needed = sum(size_of(folder.database(name)) for name in DATABASES)
        check_room(target.parent, needed * (2 if is_archive else 1), "the backup")
        files, packed = draft / "files", draft / f"packed{ARCHIVE}"
        files.mkdir(mode=0o700)
        manifest = _copy_all(folder, files, now, tell)
        if is_archive:
            pack(files, manifest, packed)
        else:
            (files / MANIFEST).write_text(manifest.text(), encoding="utf-8")
            sync_all(files)
        made = packed if is_archive else files
        unpack(made)
        made.rename(target)
        sync_folder(target.parent)
    size = target.stat().st_size if is_archive else manifest.size
    return Backup(target, size, manifest)


@contextmanager
def _draft(beside: Path) -> Iterator[Path]:
    """A folder to make a backup in, gone when the block ends; what killed ones left there goes first."""
    sweep_unclaimed(beside, f"{DRAFT}*{PARTIAL}")
    unclaimed = beside / f"{DRAFT}{secrets.token_hex(4)}"
    draft = unclaimed.with_name(f"{unclaimed.name}{PARTIAL}")
    unclaimed.mkdir(mode=0o700)
    with ExitStack() as claim:
        # Where the file system knows no locks, a killed one stays: nobody can tell it from one that is being made.
        with suppress(UnsafeFolder):
            held = take_if_free(unclaimed / CLAIM)
            assert held is not None
            claim.enter_context(held)
        # It gets the name that is swept when it is claimed.
        unclaimed.rename(draft)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def describe(path: Path) -> KeptDatabase:
    """What a database file holds that nobody else has open."""
    with open_copy(path) as connection:
        return _described(connection)


def _target(to: Path | None, now: datetime) -> Path:
    name = f"tollbook-backup-{stamp(now)}{ARCHIVE}"
    target = Path(name) if to is None else to / name if to.is_dir() else to
    if target.exists():
        raise WarehouseError(f"{target} is there already: name another file or folder")
    if not target.resolve().parent.is_dir():
        raise WarehouseError(f"{target.parent}: there is no such folder")
    return target.resolve()


def _copy_all(folder: Folder, draft: Path, now: datetime, tell: Tell) -> Manifest:
    for name in _plain_files(folder):
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            copy_file(folder.root / name, draft / name)
        except FileNotFoundError:
            continue  # it was loaded, and its time was over
    databases, through = {}, None
    for database in DATABASES:
        copy = draft / f"{database}.duckdb"
        if not folder.database(database).exists():
            continue
        tell(f"copying the {database} database")
        copy_database(folder, database, copy, tell=tell)
        with open_copy(copy) as connection:
            # A log that a crash left beside the file goes into the copy.
            connection.execute("checkpoint")
            databases[database] = _described(connection)
            if database == "usage":
                through = connection.execute("select max(start_at) from usage").fetchall()[0][0]
    names = sorted(str(path.relative_to(draft)) for path in draft.rglob("*") if path.is_file())
    return Manifest(
        schema_=SCHEMA,
        made_at=now,
        tollbook=_version("tollbook"),
        duckdb=_version("duckdb"),
        data_through=through,
        databases=databases,
        files={name: digest_of(draft / name) for name in names},
    )


def _plain_files(folder: Folder) -> Iterator[str]:
    yield SETTINGS
    for name in (*WAITING, CARDS):
        for path in sorted((folder.root / name).rglob("*")):
            if path.is_file():
                yield path.relative_to(folder.root).as_posix()


def _described(connection: Connection) -> KeptDatabase:
    tables = [
        name
        for kind, name, _ in run(connection, "catalog_of", {"name": _name_of(connection)}).fetchall()
        if kind == "table"
    ]
    counts = {name: connection.execute(f'select count(*) from "{name}"').fetchall()[0][0] for name in tables}  # noqa: S608
    return KeptDatabase(migrations=sorted(applied_names(connection)), rows=counts)


def _name_of(connection: Connection) -> str:
    return str(connection.execute("select current_database()").fetchall()[0][0])


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
