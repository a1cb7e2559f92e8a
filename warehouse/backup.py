"""A backup of a warehouse while loads run: each database as one state, settings, cards and what waits to be loaded."""

import secrets
import shutil
from collections.abc import Iterator
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
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.migrate import applied_names
from warehouse.sqlfiles import run

DATABASES: tuple[Database, ...] = ("state", "usage")
"""In the order in which they are copied: what people entered is about calls that are there already."""
WAITING = ("received", "pulled")
"""Folders of records that wait to be loaded. They are copied before the databases: what is in neither would be lost."""
CARDS = "rate_cards"
SETTINGS = "tollbook.toml"


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
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    packed = draft.with_name(f"{draft.name}{ARCHIVE}")
    try:
        with io_errors(target.parent):
            needed = sum(size_of(folder.database(name)) for name in DATABASES)
            is_archive = target.name.endswith(ARCHIVE)
            check_room(target.parent, needed * (2 if is_archive else 1), "the backup")
            draft.mkdir(mode=0o700)
            manifest = _copy_all(folder, draft, now, tell)
            if is_archive:
                pack(draft, manifest, packed)
                unpack(packed)
                packed.rename(target)
            else:
                (draft / MANIFEST).write_text(manifest.text(), encoding="utf-8")
                sync_all(draft)
                unpack(draft)
                draft.rename(target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        packed.unlink(missing_ok=True)
    size = target.stat().st_size if is_archive else manifest.size
    return Backup(target, size, manifest)


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
            if path.is_file() and not path.is_symlink():
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
