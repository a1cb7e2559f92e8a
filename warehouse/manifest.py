"""The manifest of loaded files: what is known, and how far a growing file was read."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.connection import open_reader
from warehouse.errors import WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.merge import FileEntry
from warehouse.sqlfiles import sql


class Known(NamedTuple):
    """A file that was loaded."""

    file_id: int
    path: str
    mtime_ns: int
    file_bytes: int
    digest: str
    complete_bytes: int
    complete_lines: int
    complete_digest: str
    lines: int
    options: str

    def is_untouched(self, path: str, mtime_ns: int, file_bytes: int) -> bool:
        """Whether the file on disk is, by its times and size, the one that was loaded."""
        return (self.path, self.mtime_ns, self.file_bytes) == (path, mtime_ns, file_bytes)


def read_manifest(folder: Folder, *, tell: Tell) -> list[Known]:
    """The files that were loaded; none when there is no warehouse yet."""
    try:
        with open_reader(folder.root, tell=tell) as reader:
            return [Known(*row) for row in reader.rows(sql("manifest"))]
    except WarehouseMissing:
        return []


def has_files(root: Path) -> bool:
    """Whether any log was loaded."""
    try:
        with open_reader(root) as reader:
            return reader.row("select 1 from ingest_file limit 1") is not None
    except WarehouseMissing:
        return False


def same_load(usage: duckdb.DuckDBPyConnection, entry: FileEntry) -> bool:
    """Whether another process loaded this very content while this one parsed it."""
    found = usage.execute(
        "select 1 from ingest_file where digest = $digest and options = $options",
        {"digest": entry.digest, "options": entry.options},
    ).fetchone()
    return found is not None


def places_of(usage: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> dict[int, str]:
    """How far some files were loaded: the digest of their whole lines, by their numbers."""
    found = usage.execute(
        "select file_id, complete_digest from ingest_file where list_contains($numbers, file_id)",
        {"numbers": list(numbers)},
    )
    return dict(found.fetchall())


def numbers_of(usage: duckdb.DuckDBPyConnection, entries: Sequence[FileEntry]) -> list[int]:
    """The numbers that files have which were just loaded."""
    found = usage.execute(
        "select path, digest, max(file_id) from ingest_file where list_contains($paths, path) group by all",
        {"paths": [entry.path for entry in entries]},
    )
    numbers = {(path, digest): number for path, digest, number in found.fetchall()}
    return [numbers[entry.path, entry.digest] for entry in entries]
