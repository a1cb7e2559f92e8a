"""Brings received lines to the disk: one thread, one forced write for all that wait, then everybody is answered."""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.receiver.segments import FOLDER, KINDS, Appender
from warehouse.errors import WarehouseError, WarehouseUnwritable
from warehouse.locks import check_locks_work, take_if_free

LOCK = "collect.lock"
SPARE = 64 << 20
"""Bytes of room that are left to the database on the disk."""
NO_ROOM = "the disk of the warehouse is full"


class NotKept(Exception):
    """Nothing of a batch is on the disk; the message says why."""


class Batch(NamedTuple):
    """Lines of one request, and who waits for them."""

    kind: str
    lines: bytes
    done: "Future[None]"


class Commit:
    """The thread that writes."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        self.root = root
        self.clock = clock
        self.appenders = {kind: Appender(root, kind) for kind in KINDS}
        self.waiting: list[Batch] = []
        self.wake = threading.Condition()
        self.ending = False
        self.written = 0
        """Forced writes so far."""
        self.thread = threading.Thread(target=self._run, name="commit", daemon=True)

    def start(self) -> None:
        """Take the folder for this process, and begin; raises WarehouseError where another one receives into it."""
        folder = self.root / FOLDER
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            check_locks_work(self.root)
            self.lock = take_if_free(folder / LOCK)
            if self.lock is None:
                raise WarehouseError(f"another tollbook collect receives into {self.root}; stop it first")
            for appender in self.appenders.values():
                appender.open()
        except OSError as error:
            raise WarehouseUnwritable(self.root, error.strerror or str(error)) from error
        self.thread.start()

    def add(self, kind: str, lines: bytes) -> "Future[None]":
        """Hand over whole lines; the future is done when they are on the disk, or raises NotKept."""
        batch = Batch(kind, lines, Future())
        with self.wake:
            if self.ending:
                raise NotKept("the receiver is about to stop")
            self.waiting.append(batch)
            self.wake.notify()
        return batch.done

    def stop(self) -> None:
        """Write what waits, and end."""
        with self.wake:
            self.ending = True
            self.wake.notify()
        self.thread.join()
        for appender in self.appenders.values():
            appender.close()
        if self.lock is not None:
            self.lock.close()

    def _run(self) -> None:
        while True:
            with self.wake:
                while not self.waiting and not self.ending:
                    self.wake.wait()
                together, self.waiting = self.waiting, []
            if not together:
                return
            for kind in KINDS:
                if batches := [batch for batch in together if batch.kind == kind]:
                    self._write(kind, batches)

    def _write(self, kind: str, batches: Sequence[Batch]) -> None:
        try:
            self._refuse_full_disk()
            self.appenders[kind].append([batch.lines for batch in batches], f"{self.clock():%Y%m%d}")
            self.written += 1
            problem = None
        except Exception as error:
            # Whatever it was: whoever waits has to hear of it.
            problem = NotKept(str(getattr(error, "strerror", None) or error))
        for batch in batches:
            # Who waited may be gone.
            with suppress(Exception):
                batch.done.set_exception(problem) if problem else batch.done.set_result(None)

    def _refuse_full_disk(self) -> None:
        disk = os.statvfs(self.root)
        if disk.f_bavail * disk.f_frsize < SPARE:
            raise OSError(NO_ROOM)
