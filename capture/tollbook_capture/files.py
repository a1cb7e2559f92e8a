"""The files that lines go to: whole lines only, one file at a time, rotated by size and age."""

from __future__ import annotations

import os
import time

from tollbook_capture.settings import Limits


class Files:
    """The files of one process in one directory, opened when there is something to write."""

    def __init__(self, directory: str, limits: Limits) -> None:
        self._directory = directory
        self._limits = limits
        self._start = f"{time.time_ns():x}{os.urandom(2).hex()}"
        self._number = 0
        self._file: int | None = None
        self._size = 0
        self._opened = 0.0

    def write(self, lines: bytes) -> None:
        """Append whole lines, all of them or none; raises OSError."""
        file = self._open()
        written = 0
        try:
            while written < len(lines):
                written += os.write(file, lines[written:])
        except OSError:
            self._take_back(file, written)
            raise
        self._size += written
        if self._size >= self._limits.file_bytes:
            self.close()

    def turn_over(self) -> None:
        """Close the file if it is old enough; the next line opens another."""
        if self._file is not None and time.monotonic() - self._opened >= self._limits.file_seconds:
            self.close()

    def close(self) -> None:
        """Close the file, if one is open."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _open(self) -> int:
        self.turn_over()
        if self._file is not None:
            return self._file
        os.makedirs(self._directory, mode=0o700, exist_ok=True)
        self._number += 1
        name = f"capture-{os.getpid()}-{self._start}-{self._number}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
        self._file = os.open(os.path.join(self._directory, name), flags, 0o600)
        self._size = 0
        self._opened = time.monotonic()
        return self._file

    def _take_back(self, file: int, written: int) -> None:
        """Take back what was written of lines that did not fit: a file ends with a whole line."""
        if written:
            try:
                os.ftruncate(file, self._size)
                return
            except OSError:
                pass
        # A file in doubt is not written again.
        self.close()
