"""The turnstile: many readers or one writer per database, and the writer is never starved.

Two advisory file locks guard each database. A reader passes the *gate* and holds *data* shared while its
connection is open; a writer closes the gate, so that no new reader comes in, and takes *data* exclusively once
the readers inside have left. The operating system frees the locks of a process that dies.
"""

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

import portalocker

from warehouse.errors import UnsafeFolder, WarehouseBusy, WarehouseUnwritable

POLL_S = 0.01
TELL_AFTER_S = 0.5
MOMENTS_S = 60.0
READERS = "readers"
CLAIM = "claim"
NOT_OURS_TO_WRITE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
EXCLUSIVE, SHARED = portalocker.LockFlags.EXCLUSIVE, portalocker.LockFlags.SHARED
NON_BLOCKING = portalocker.LockFlags.NON_BLOCKING
Tell = Callable[[str], None]


class Turnstile(NamedTuple):
    """The locks of one database."""

    root: Path
    name: str

    def path(self, part: str) -> Path:
        """The file of the ``gate`` or the ``data`` lock."""
        return self.root / f"{self.name}.{part}.lock"

    @contextmanager
    def reading(self, *, timeout_s: float, tell: Tell) -> Iterator[None]:
        """Hold the database for reading; raises WarehouseBusy when a writer keeps it longer than the timeout."""
        deadline = time.monotonic() + timeout_s
        with self._take("gate", SHARED, deadline, tell):
            data = self._take("data", SHARED, deadline, tell)
        with data:
            yield

    @contextmanager
    def writing(self, purpose: str, *, timeout_s: float, tell: Tell) -> Iterator[None]:
        """Hold the database alone; raises WarehouseBusy when others keep it longer than the timeout."""
        deadline = time.monotonic() + timeout_s
        with self._take("gate", EXCLUSIVE, deadline, tell) as gate:
            gate.truncate(0)
            gate.write(f"process {os.getpid()} ({purpose})")
            gate.flush()
            try:
                with self._take("data", EXCLUSIVE, deadline, tell):
                    yield
            finally:
                with suppress(OSError):
                    gate.truncate(0)

    def holder(self, part: str = "gate") -> str:
        """Who holds a lock, in words: whoever closed the gate, and readers where a writer waits for *data*."""
        if part == "data":
            return READERS
        try:
            return self.path("gate").read_text().strip("\0 ") or READERS
        except OSError:
            return "another process"

    def _take(self, part: str, kind: portalocker.LockFlags, deadline: float, tell: Tell) -> IO[str]:
        """Open the lock file and lock it; closing the file lets go. Polls, because flock knows no timeout."""
        file = self._open(part, kind)
        began = time.monotonic()
        told = False
        try:
            while not _locked(file, kind, self.root):
                now = time.monotonic()
                if now > deadline:
                    raise WarehouseBusy(self.name, self.holder(part), now - began)
                if not told and now - began > TELL_AFTER_S:
                    tell(f"waiting for {self.holder(part)} to finish with the {self.name} database")
                    told = True
                time.sleep(POLL_S)
        except BaseException:
            file.close()
            raise
        return file

    def _open(self, part: str, kind: portalocker.LockFlags) -> IO[str]:
        try:
            return self.path(part).open("a+")
        except OSError as error:
            if kind is SHARED and error.errno in NOT_OURS_TO_WRITE:
                with suppress(OSError):
                    return self.path(part).open()  # A reader in a read-only folder locks what is there.
            raise WarehouseUnwritable(self.root, error.strerror or str(error)) from error


def take_if_free(path: Path) -> IO[str] | None:
    """Hold a lock file alone until it is closed; None when another process holds it. Raises OSError."""
    file = path.open("a+")
    if _locked(file, EXCLUSIVE, path.parent):
        return file
    file.close()
    return None


def take(path: Path) -> IO[str]:
    """Hold a lock file alone until it is closed: for work of moments. Raises OSError, also when it takes minutes."""
    deadline = time.monotonic() + MOMENTS_S
    while (file := take_if_free(path)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(errno.ETIMEDOUT, f"another process does not let go of {path}")
        time.sleep(POLL_S)
    return file


def is_held(path: Path) -> bool:
    """Whether a living process holds a lock file; False where there is none, or none that can be asked."""
    with suppress(OSError, UnsafeFolder):
        if path.exists():
            file = take_if_free(path)
            if file is None:
                return True
            file.close()
    return False


def is_claimed(folder: Path) -> bool:
    """Whether the process that made a folder for itself alone lives: it holds the claim in it."""
    return is_held(folder / CLAIM)


def sweep_unclaimed(folder: Path, pattern: str) -> None:
    """Remove the folders of dead processes: nobody holds the claim in them. What cannot be asked stays."""
    for path in folder.glob(pattern):
        with suppress(OSError, UnsafeFolder):
            claim = take_if_free(path / CLAIM)
            if claim is not None:
                shutil.rmtree(path, ignore_errors=True)
                claim.close()


def check_locks_work(root: Path) -> None:
    """Refuse a folder in which two exclusive locks can be held at once; raises UnsafeFolder."""
    probe = root / f"probe.{secrets.token_hex(8)}.lock"
    try:
        with probe.open("a+") as first, probe.open("a+") as second:
            probe.unlink()
            if not _locked(first, EXCLUSIVE, root) or _locked(second, EXCLUSIVE, root):
                raise UnsafeFolder(root)
    except OSError as error:
        raise WarehouseUnwritable(root, error.strerror or str(error)) from error


def _locked(file: IO[str], kind: portalocker.LockFlags, root: Path) -> bool:
    """Try to lock; False when another holds it. Raises UnsafeFolder where the file system knows no locks."""
    try:
        portalocker.lock(file, kind | NON_BLOCKING)
    except portalocker.AlreadyLocked:
        return False
    except portalocker.LockException as error:
        raise UnsafeFolder(root) from error
    return True
