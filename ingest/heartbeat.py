"""What a process that loads by itself says of itself, in a file of its own beside the databases.

``WAREHOUSE/watch/NAME.json`` says what it follows, when it looked and loaded last, and how it ended. While the process
lives, it holds the lock beside it.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from warehouse.folder import Folder
from warehouse.locks import take_if_free

MOST_ALIKE = 100


class Heartbeat:
    """Keeps one file; two processes that follow the same have a file each. Making one raises OSError."""

    def __init__(self, root: Path, kind: str, paths: Sequence[str], *, now: datetime) -> None:
        folder = Folder(root).heartbeats
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self.lock = _own_file(folder, kind, paths)
        self.said: dict[str, Any] = {
            "kind": kind,
            "pid": os.getpid(),
            "paths": list(paths),
            "started": _instant(now),
            "last_round": None,
            "last_load": None,
            "ended": None,
            "files": 0,
            "rows": 0,
            "waiting": 0,
            "error": None,
        }
        self._write()

    def looked(self, now: datetime, *, files: int, rows: int, waiting: int = 0) -> None:
        """Say that it looked, how many files are there, how many calls it stored, how many files wait for their end."""
        self.said["rows"] += rows
        self.said |= {"last_round": _instant(now), "files": files, "waiting": waiting, "error": None}
        if rows:
            self.said["last_load"] = _instant(now)
        self._tell()

    def failed(self, now: datetime, error: str) -> None:
        """Say that it looked, and could not load."""
        self.said |= {"last_round": _instant(now), "error": error}
        self._tell()

    def ended(self, now: datetime) -> None:
        """Say that it was ended, and did not die."""
        self.said["ended"] = _instant(now)
        self._tell()
        self.left()

    def left(self) -> None:
        """Let go of the file without a word: what it told of has died."""
        self.lock.close()

    def _tell(self) -> None:
        # A full disk ends no watch: the file that stays as it was says by its age that something is wrong.
        with suppress(OSError):
            self._write()

    def _write(self) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.said, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.path)


def _own_file(folder: Path, kind: str, paths: Sequence[str]) -> tuple[Path, IO[str]]:
    """The file of those that follow these paths, or the next one where another process has it."""
    what = "\n".join(str(Path(path).resolve()) for path in paths)
    name = f"{kind}-{hashlib.sha256(what.encode()).hexdigest()[:8]}"
    for number in range(1, MOST_ALIKE):
        path = folder / (f"{name}.json" if number == 1 else f"{name}-{number}.json")
        lock = take_if_free(path.with_suffix(".lock"))
        if lock is not None:
            return path, lock
    raise TimeoutError(f"{MOST_ALIKE} processes follow {paths[0]} already")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds") + "Z"
