"""The turnstile: many readers or one writer per database, and the writer is never starved.

Two advisory file locks guard each database. A reader passes the *gate* and holds *data* shared while its
connection is open; a writer closes the gate, so that no new reader comes in, and takes *data* exclusively once
the readers inside have left. The operating system frees the locks of a process that dies.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import portalocker

from warehouse.errors import UnsafeFolder, WarehouseBusy, WarehouseUnwritable

POLL_S = 0.01
TELL_AFTER_S = 0.5
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
        with self._held("gate", portalocker.LockFlags.SHARED, deadline, tell):
            data = self._take("data", portalocker.LockFlags.SHARED, deadline, tell)
        with data:
            yield

    @contextmanager
    def writing(self, purpose: str, *, timeout_s: float, tell: Tell) -> Iterator[None]:
        """Hold the database alone; raises WarehouseBusy when others keep it longer than the timeout."""
        deadline = time.monotonic() + timeout_s
        with self._held("gate", portalocker.LockFlags.EXCLUSIVE, deadline, tell) as gate:
            gate.truncate(0)
            gate.write(f"process {os.getpid()} ({purpose})")
            gate.flush()
            with self._held("data", portalocker.LockFlags.EXCLUSIVE, deadline, tell):
                yield
            gate.truncate(0)

    def holder(self) -> str:
        """Who closed the gate, in words."""
        try:
            return self.path("gate").read_text().strip("\0 ") or "readers"
        except OSError:
            return "another process"

    @contextmanager
    def _held(self, part: str, kind: portalocker.LockFlags, deadline: float, tell: Tell) -> Iterator[IO[str]]:
        with self._take(part, kind, deadline, tell) as file:
            yield file

    def _take(self, part: str, kind: portalocker.LockFlags, deadline: float, tell: Tell) -> IO[str]:
        """Open the lock file and lock it; closing the file lets go. Polls, because flock knows no timeout."""
        file = self._open(part)
        began = time.monotonic()
        told = False
        while True:
            try:
                portalocker.lock(file, kind | portalocker.LockFlags.NON_BLOCKING)
                return file
            except portalocker.LockException:
                now = time.monotonic()
                if now > deadline:
                    file.close()
                    raise WarehouseBusy(self.name, self.holder(), now - began) from None
                if not told and now - began > TELL_AFTER_S:
                    tell(f"waiting for {self.holder()} to finish with the {self.name} database")
                    told = True
                time.sleep(POLL_S)

    def _open(self, part: str) -> IO[str]:
        try:
            return self.path(part).open("a+")
        except OSError as error:
            raise WarehouseUnwritable(self.root, error.strerror or str(error)) from error


def check_locks_work(root: Path) -> None:
    """Refuse a folder in which two exclusive locks can be held at once; raises UnsafeFolder."""
    probe = root / f"probe.{os.getpid()}.lock"
    try:
        with probe.open("a+") as first, probe.open("a+") as second:
            portalocker.lock(first, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
            try:
                portalocker.lock(second, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
            except portalocker.LockException:
                return
            raise UnsafeFolder(root)
    except portalocker.LockException as error:
        raise UnsafeFolder(root) from error
    except OSError as error:
        raise WarehouseUnwritable(root, error.strerror or str(error)) from error
    finally:
        probe.unlink(missing_ok=True)
