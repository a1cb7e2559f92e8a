"""Files that a person handed over, written where a reader of logs can open them, under their own names."""

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

LONGEST_NAME = 120
"""Bytes of a file's name that are kept: a file system takes 255."""
NAMELESS = "upload"


class Upload(NamedTuple):
    """A file that a person handed over: the name it has with them, and its content."""

    name: str
    content: IO[bytes]
    file_id: str = ""
    """Tells it from every other one."""


def spool(scratch: Path, uploads: Iterable[Upload]) -> list[Path]:
    """Write each file to a folder of its own, under its own name as far as that is safe: the manifest keeps it."""
    paths = []
    for number, upload in enumerate(uploads):
        path = scratch / str(number) / safe_name(upload.name)
        path.parent.mkdir()
        upload.content.seek(0)
        with path.open("wb") as file:
            shutil.copyfileobj(upload.content, file, 1 << 20)
        paths.append(path)
    return paths


def safe_name(name: str) -> str:
    """A name for a file, made from one that anybody may have chosen: one part of a path, no dot in front, not long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = re.sub(r"[^\w.()+ -]", "_", last).strip(" .") or NAMELESS
    stem, dot, ending = plain.partition(".")
    room = LONGEST_NAME - len((dot + ending).encode())
    if room <= 0:
        return _cut(plain, LONGEST_NAME)
    return _cut(stem, room) + dot + ending


def told_apart(name: str) -> str:
    """A name for a file as `safe_name` makes it, with a digest of the name where that changed it: names that differ
    keep differing, as `a/b` and `b` do."""
    safe = safe_name(name)
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")
