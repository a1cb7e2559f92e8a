"""What a backup looks like: a manifest of digests and versions, and the files; one archive, or a folder."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

import zstandard
from pydantic import BaseModel, ConfigDict, ValidationError

from warehouse.copies import sync_folder
from warehouse.errors import WarehouseError

SCHEMA = "tollbook-backup/1"
MANIFEST = "backup.json"
ARCHIVE = ".tar.zst"
PIECE = 1 << 20
LONGEST_MANIFEST = 64 << 20
CLOSED = ConfigDict(extra="forbid", frozen=True)


class KeptFile(BaseModel):
    """One file of a backup."""

    model_config = CLOSED
    bytes: int
    sha256: str


class KeptDatabase(BaseModel):
    """What a database of a backup holds."""

    model_config = CLOSED
    migrations: list[str]
    rows: dict[str, int]


class Manifest(BaseModel):
    """What a backup says of itself; ``files`` are named by their path in the warehouse."""

    model_config = CLOSED
    schema_: str
    made_at: datetime
    tollbook: str
    duckdb: str
    data_through: datetime | None
    databases: dict[str, KeptDatabase]
    files: dict[str, KeptFile]

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.bytes for file in self.files.values())

    def text(self) -> str:
        """As JSON."""
        said = self.model_dump(mode="json")
        return json.dumps({"schema": said.pop("schema_"), **said}, indent=1) + "\n"


class Entry(NamedTuple):
    """One file on its way out of a backup."""

    name: str
    content: IO[bytes]


def read_manifest(text: bytes, source: Path) -> Manifest:
    """The manifest of a backup; raises WarehouseError where it is none, or one of another program's."""
    try:
        said = json.loads(text)
        if said.get("schema") != SCHEMA:
            raise WarehouseError(
                f"{source}: a backup of the form {said.get('schema')!r}, and this Tollbook reads {SCHEMA}"
            )
        manifest = Manifest.model_validate({"schema_": said.pop("schema"), **said})
    except (ValueError, AttributeError, ValidationError) as error:
        raise WarehouseError(f"{source}: its {MANIFEST} cannot be read: it is no backup, or damaged") from error
    for name in manifest.files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or name != str(path) or name == MANIFEST:
            raise WarehouseError(f"{source}: {name!r} is no name of a file in a warehouse; nothing was unpacked")
    return manifest


def digest_of(path: Path) -> KeptFile:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return KeptFile(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def pack(folder: Path, manifest: Manifest, archive: Path) -> None:
    """Write a folder's files as one archive for its owner alone, the manifest first."""
    with os.fdopen(os.open(archive, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        with zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(file, closefd=False) as packed:
            with tarfile.open(fileobj=packed, mode="w|") as tar:
                content = manifest.text().encode()
                tar.addfile(_head(MANIFEST, len(content), manifest), io.BytesIO(content))
                for name, kept in manifest.files.items():
                    with (folder / name).open("rb") as each:
                        tar.addfile(_head(name, kept.bytes, manifest), each)
        file.flush()
        os.fsync(file.fileno())


def unpack(source: Path, target: Path | None = None) -> Manifest:
    """Read a backup through and hold each file against the manifest; write the files into ``target`` if one is named.

    Raises WarehouseError where the backup is damaged, or holds what its manifest does not name.
    """
    try:
        with _entries(source) as (manifest, entries):
            missing = set(manifest.files)
            for name, content in entries:
                if name not in missing:
                    raise WarehouseError(f"{source}: {name!r} is not in its {MANIFEST}, or there twice: it is damaged")
                missing.discard(name)
                _take(source, name, content, manifest.files[name], target)
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise WarehouseError(f"{source} is damaged, or no backup: {error}") from error
    if missing:
        raise WarehouseError(f"{source} is not whole: {', '.join(sorted(missing))} is missing")
    return manifest


@contextmanager
def _entries(source: Path) -> Iterator[tuple[Manifest, Iterator[Entry]]]:
    if source.is_dir():
        found = source / MANIFEST
        if not found.is_file():
            raise WarehouseError(f"{source} is no backup: there is no {MANIFEST} in it")
        manifest = read_manifest(found.read_bytes(), source)
        yield manifest, _of_folder(source, manifest)
        return
    if not source.is_file():
        raise WarehouseError(f"{source}: there is no such backup")
    with source.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
        with tarfile.open(fileobj=plain, mode="r|") as tar:
            first = tar.next()
            content = tar.extractfile(first) if first and first.name == MANIFEST and first.isreg() else None
            if content is None:
                raise WarehouseError(f"{source} is no backup: it does not begin with a {MANIFEST}")
            yield read_manifest(content.read(LONGEST_MANIFEST), source), _of_archive(source, tar)


def _of_folder(source: Path, manifest: Manifest) -> Iterator[Entry]:
    for name in manifest.files:
        if (source / name).is_file():
            with (source / name).open("rb") as content:
                yield Entry(name, content)


def _of_archive(source: Path, tar: tarfile.TarFile) -> Iterator[Entry]:
    while (member := tar.next()) is not None:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise WarehouseError(f"{source}: {member.name!r} is no plain file: it is damaged")
        yield Entry(member.name, content)


def _take(source: Path, name: str, content: IO[bytes], kept: KeptFile, target: Path | None) -> None:
    """Read one file of a backup, and write it; raises WarehouseError where it is not what the manifest says."""
    digest, size = hashlib.sha256(), 0
    with open(os.devnull if target is None else _made(target / name), "wb") as copy:
        while piece := content.read(PIECE):
            size += len(piece)
            if size > kept.bytes:
                break
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        if target is not None:
            os.fsync(copy.fileno())
    if (size, digest.hexdigest()) != (kept.bytes, kept.sha256):
        raise WarehouseError(f"{source}: {name} is not what its {MANIFEST} says: it is damaged")


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o600)
    return path


def _head(name: str, size: int, manifest: Manifest) -> tarfile.TarInfo:
    head = tarfile.TarInfo(name)
    head.size, head.mode, head.mtime = size, 0o600, manifest.made_at.timestamp()
    return head


def sync_all(folder: Path) -> None:
    """Bring every name in a folder to the disk."""
    for path in [folder, *(each for each in folder.rglob("*") if each.is_dir())]:
        sync_folder(path)
