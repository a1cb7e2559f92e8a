"""Files that are written whole or not at all: beside their place under another name, then renamed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reports.errors import ReportError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of a file once the block ends; until then the old one stays.

    Raises ReportError for a full disk or a folder that cannot be written to.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    try:
        make_folder(path.parent)
        try:
            yield draft
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(f"{path} cannot be written: {error.strerror or error}") from error


def write_file(path: Path, data: bytes) -> None:
    """Write a file that is there as a whole; raises ReportError."""
    with replacing(path) as draft:
        draft.write_bytes(data)


def make_folder(folder: Path) -> None:
    """Make a folder that files can be written to, where there is none; raises ReportError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"{folder} is no folder to write to: {error.strerror or error}") from error
