"""The writer: a bounded queue and a thread that turns attempts into lines. It never keeps a caller waiting."""

from __future__ import annotations

import atexit
import os
import queue
import sys
import threading
import time
import weakref
from typing import Any

from tollbook_capture.attempt import Attempt
from tollbook_capture.files import Files
from tollbook_capture.guard import LOG, failed, guarded, nothing
from tollbook_capture.line import as_line, dropped_line
from tollbook_capture.settings import Limits
from tollbook_capture.sizes import Memory

BATCH = 1000
"""Lines that are written at once, at most."""
SOON = 0.05
"""Seconds after which what is there is written, though more may wait."""
LONGEST_WAIT = 30.0
"""Seconds between two tries to write to a disk that refuses."""
AT_EXIT = 5.0
"""Seconds that a process waits at its end for what is not written yet."""
WAKE = 1.0


class Writer:
    """Writes the attempts of one process to one directory."""

    def __init__(self, directory: str, limits: Limits) -> None:
        self.directory = directory
        self._limits = limits
        self._memory = Memory()
        self._begin()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            mine = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: _begin_again(mine))

    def _begin(self) -> None:
        """Everything that belongs to one process: a fork begins anew, and leaves to its parent what waited there."""
        self._queue: queue.SimpleQueue[Attempt | threading.Event] = queue.SimpleQueue()
        # Re-entrant: an attempt may be put by the garbage collector, in a thread that is just putting another.
        self._lock = threading.RLock()
        self._thread: threading.Thread | None = None
        self._starting = False
        self._closing = threading.Event()
        self._held = 0
        self._dropped = 0
        self._dropped_since = 0.0
        self._said = False
        self._unwritten: list[bytes] = []
        self._files = Files(self.directory, self._limits)

    @guarded(nothing)
    def put(self, attempt: Attempt) -> None:
        """Take an attempt to be written, or count it as dropped; never waits."""
        with self._lock:
            weight = attempt.weight
            full = self._queue.qsize() >= self._limits.records
            if full or (self._held and self._held + weight > self._limits.memory):
                self._drop(1)
            else:
                self._held += weight
                self._queue.put(attempt)
            if self._thread is None and not self._starting:
                # Another attempt may be put by the garbage collector while the thread is made.
                self._starting = True
                try:
                    self._start()
                finally:
                    self._starting = False

    def flush(self, seconds: float = AT_EXIT) -> bool:
        """Wait until everything put so far is written; returns whether it is."""
        with self._lock:
            if self._thread is None:
                return True
        reached = threading.Event()
        self._queue.put(reached)
        return reached.wait(seconds) and not self._unwritten

    @property
    def dropped(self) -> int:
        """Calls that were not recorded and of which no line says so yet."""
        return self._dropped

    @guarded(nothing)
    def close(self) -> None:
        """Write what waits, for a few seconds at most, and close the file. A later call begins again."""
        thread = self._thread
        if thread is None:
            return
        self._closing.set()
        self._queue.put(threading.Event())
        thread.join(AT_EXIT)
        with self._lock:
            self._thread = None
            self._closing = threading.Event()
            lost = self._dropped + len(self._unwritten) + self._queue.qsize()
        if lost:
            LOG.warning("%s calls could not be recorded in %s.", lost, self.directory)

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="tollbook-capture", daemon=True)
        thread.start()
        self._thread = thread
        # A child of multiprocessing ends without running what is registered at exit.
        util = sys.modules.get("multiprocessing.util")
        if util is not None:
            util.Finalize(None, self.close, exitpriority=10)

    def _drop(self, count: int) -> None:
        if not self._dropped:
            self._dropped_since = time.time()
        self._dropped += count
        if not self._said:
            self._said = True
            LOG.warning("Calls come faster than they can be written to %s: some are not recorded.", self.directory)

    def _run(self) -> None:
        wait = WAKE
        closing = self._closing
        while True:
            reached: list[threading.Event] = []
            try:
                self._take(0.0 if closing.is_set() else wait, reached)
                self._write()
                wait = WAKE
            except OSError as error:
                wait = min(LONGEST_WAIT, wait * 2)
                failed("writing")
                LOG.debug("%s: %s", self.directory, error)
            except Exception:
                failed("the writer")
            for event in reached:
                event.set()
            if closing.is_set() and (self._queue.empty() or self._unwritten):
                self._files.close()
                return

    def _take(self, wait: float, reached: list[threading.Event]) -> None:
        """Turn what waits into lines; as long as lines could not be written, only their bound's worth."""
        if self._unwritten:
            self._closing.wait(wait)
        room = min(BATCH, self._limits.records - len(self._unwritten))
        begin = time.monotonic()
        while room > 0 and (not self._unwritten or time.monotonic() - begin < SOON):
            try:
                found = self._queue.get(timeout=wait) if not self._unwritten and wait else self._queue.get_nowait()
            except queue.Empty:
                break
            if isinstance(found, threading.Event):
                reached.append(found)
                break
            if wait:
                wait, begin = 0.0, time.monotonic()
            self._turn(found)
            room -= 1

    def _turn(self, attempt: Attempt) -> None:
        weight = attempt.weight
        try:
            self._unwritten.append(as_line(attempt, self._memory))
        except Exception:
            failed("writing a line")
            with self._lock:
                self._drop(1)
        with self._lock:
            self._held = max(0, self._held - weight) if not self._queue.empty() else 0

    def _write(self) -> None:
        self._files.turn_over()
        with self._lock:
            dropped, since = self._dropped, self._dropped_since
        if not self._unwritten and not dropped:
            return
        note = [dropped_line(dropped, since, time.time())] if dropped else []
        self._files.write(b"".join(self._unwritten + note))
        self._unwritten = []
        with self._lock:
            self._dropped -= dropped
            self._dropped_since = time.time()


def _begin_again(writer: weakref.ref[Writer]) -> None:
    found: Any = writer()
    if found is not None:
        found._files.close()
        found._begin()


_writers: dict[str, Writer] = {}


def writer_for(directory: str, limits: Limits) -> Writer:
    """The one writer of this process to a directory."""
    # No lock, which a fork might leave locked in the child: of two made at once one is never used.
    return _writers.get(directory) or _writers.setdefault(directory, Writer(directory, limits))


def writers() -> list[Writer]:
    """All writers of this process."""
    return list(_writers.values())
