"""Loads what changes: files that appear, grow, are rotated, truncated, replaced or gone, round after round.

A file of lines is read on where the last round ended; everything else is loaded whole, once it stands still.
What it remembers is for speed alone: the manifest says what is loaded, and a call is stored once whoever reads it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ingest.load import begin_loads, load_with
from ingest.load_grown import fits, load_grown
from ingest.loading import NOTHING, FileLoad, Loader, Tell, same_options
from ingest.options import Options
from ingest.prepare import is_packed
from ingest.problem import IngestError, Unreadable
from ingest.registry import choose_source
from ingest.sample import take_sample
from ingest.source import Source
from ingest.tail import More, Tail, TooLong, begin, read_more
from ingest.watched import Stamp, find_heir, look, stamp_of
from warehouse.manifest import Known, read_manifest

HEIR_S = 3600.0
"""So long a file is followed under a name that nobody asked for: whoever writes it may not have seen its new one."""
QUIET_S = 60.0
"""After so long without a change a last line without a line feed is taken, if it is whole."""
SMALL_WHOLE = 1 << 20
REST = 4
"""A file that is read from its beginning each time it grows rests for so many times what that took, if it is large."""
LARGEST_WHOLE = 64 << 20
"""Bytes of a file that is read from its beginning each time it grows; a larger one is loaded once it stands still."""


class Round(NamedTuple):
    """What one look at the files came to."""

    files: int
    """Files that are there."""
    loads: tuple[FileLoad, ...]
    """What was loaded, and what could not be read, the first time that it could not."""
    waiting: tuple[str, ...]
    """Files that are not loaded to their end: the last line has no end yet, or the file is still being written."""

    @property
    def rows(self) -> int:
        """Calls that were stored."""
        return sum(load.merged.loaded + load.merged.replaced for load in self.loads)


class Follower:
    """Follows files, folders and patterns for one warehouse."""

    def __init__(
        self, root: Path, paths: Sequence[str], options: Options, *, clock: Callable[[], datetime], tell: Tell
    ) -> None:
        self.root = root
        self.paths = tuple(paths)
        self.options = options
        self.clock = clock
        self.tell = tell
        self.found: dict[Path, Stamp] = {}
        """Files as they are in this round."""
        self.seen: dict[Path, Stamp] = {}
        """Files as they were when all of them was loaded that can be."""
        self.tails: dict[Path, Tail] = {}
        self.last: dict[Path, tuple[Stamp, float]] = {}
        """Files that are not loaded to their end: how they were seen last, and since when they are so."""
        self.heirs: dict[Path, float] = {}
        """Files that were rotated, and when."""
        self.rests: dict[Path, float] = {}
        """Files that are not read again before a moment."""
        self.told: dict[Path, str] = {}
        """What was said of files that cannot be read: once."""

    def round(self, *, ending: bool = False) -> Round:
        """Look at the files once, and load what changed. ``ending``: there is no next round, so nothing waits for it.

        Raises WarehouseError, CardError; what was not loaded then is loaded by the next round.
        """
        loads = tuple(self.loads(ending=ending))
        return Round(len(self.found), loads, tuple(sorted(map(str, self.last))))

    def loads(self, *, ending: bool = False) -> Iterator[FileLoad]:
        """The same, load by load."""
        self.found = dict(look(self.paths, self.root))
        self._follow_rotated()
        changed = [path for path, stamp in self.found.items() if self._is_due(path, stamp, ending=ending)]
        if not changed:
            return
        loader = begin_loads(self.root, self.options, now=self.clock(), tell=self.tell)
        yield from _Pass(self, loader, ending=ending).load(changed)

    def is_quiet(self, path: Path) -> bool:
        """Whether a file has been as it is for long, with a line at its end that has no line feed."""
        last = self.last.get(path)
        return last is not None and last[0] == self.found[path] and time.monotonic() - last[1] > QUIET_S

    def is_loaded(self, path: Path) -> bool:
        """Whether everything was loaded that a file held when it was looked at last, and it has not changed since."""
        stamp = stamp_of(path)
        return stamp is not None and self.seen.get(path) == stamp and path not in self.told

    def _is_due(self, path: Path, stamp: Stamp, *, ending: bool) -> bool:
        """Whether there is something to do about a file; half a line that stays half a line is nothing."""
        if self.seen.get(path) == stamp:
            return False
        if self.rests.get(path, 0.0) > time.monotonic() and not ending:
            return False
        last = self.last.get(path)
        is_half = last is not None and last[0] == stamp and path in self.tails
        return not is_half or ending or self.is_quiet(path)

    def _follow_rotated(self) -> None:
        """What was rotated is read on under its new name, also after that; what is gone is forgotten."""
        for path, since in list(self.heirs.items()):
            stamp = stamp_of(path)
            if stamp is not None and time.monotonic() - since < HEIR_S:
                self.found.setdefault(path, stamp)
            else:
                del self.heirs[path]
        known = self.seen | {path: stamp for path, (stamp, _) in self.last.items()}
        for path, stamp in known.items():
            if not stamp.is_continued_by(self.found.get(path)):
                self._forget(path, stamp)

    def _forget(self, path: Path, stamp: Stamp) -> None:
        """Another file stands at the path, or none: what is known goes to its heir, if there is one."""
        tail = self.tails.pop(path, None)
        for kept in (self.seen, self.last, self.told, self.rests):
            kept.pop(path, None)
        heir = find_heir(path, stamp, tail) if tail else None
        if tail and heir and heir not in self.tails and (found := stamp_of(heir)):
            self.tails[heir], self.found[heir] = tail, found
            self.heirs[heir] = time.monotonic()


class _Manifest:
    """The files that were loaded under the same options, for quick answers."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.every = sorted((each for each in known if each.complete_bytes), key=lambda each: each.complete_bytes)
        self.by_path: dict[str, list[Known]] = {}
        for each in known:
            self.by_path.setdefault(each.path, []).append(each)


class _Pass:
    """One round's work on the files that changed."""

    def __init__(self, follower: Follower, loader: Loader, *, ending: bool) -> None:
        self.follower = follower
        self.loader = loader
        self.ending = ending
        self.together: list[More] = []
        self.whole: list[Path] = []
        self.errors: dict[Path, str] = {}
        self._manifest: _Manifest | None = None

    def load(self, changed: Sequence[Path]) -> Iterator[FileLoad]:
        """Load what is new in these files."""
        # What is known goes first: a copy of it is then known, too.
        for path in sorted(changed, key=lambda each: each not in self.follower.tails):
            while (more := self._next(path)) is not None:
                if not fits(self.together, more, self.loader):
                    yield from self._load_together()
                self.together.append(more)
                if more.is_all:
                    break
                yield from self._load_together()
            yield from self._unread(path)
        yield from self._load_together()
        for load in load_with(self.loader, self.whole):
            if load.error:
                self.errors[Path(load.path)] = load.error
                yield from self._unread(Path(load.path))
                continue
            self._done(Path(load.path))
            if load.note is None:
                yield load

    def _next(self, path: Path) -> More | None:
        """What is new in a file; None where that is nothing, or where it is to be loaded whole, or cannot be read."""
        try:
            more = self._more(path)
        except TooLong:
            self._wait_to_stand_still(path)
        except IngestError as error:
            self.errors[path] = str(error)
        except Unreadable as error:
            self.errors[path] = f"{path}: {error}"
        except OSError as error:
            if error.filename not in (None, str(path)):
                raise
            if not isinstance(error, FileNotFoundError):
                self.errors[path] = f"{path}: {error.strerror or error}"
        else:
            if more is None or more.text:
                return more
            self._reached(more)
        return None

    def _more(self, path: Path) -> More | None:
        tail = self._tail(path)
        more = self._read(path, tail) if tail else None
        if tail is None or more is not None:
            return more
        # Another file stands there by now.
        del self.follower.tails[path]
        tail = self._tail(path)
        return self._read(path, tail) if tail else None

    def _read(self, path: Path, tail: Tail) -> More | None:
        return read_more(path, tail, unended=self.ending or self.follower.is_quiet(path))

    def _tail(self, path: Path) -> Tail | None:
        """Where a file of lines is to be read on. None: it is known, empty, or to be loaded whole."""
        follower, stamp = self.follower, self.follower.found[path]
        tail = follower.tails.get(path)
        if tail is None and (stamp.size == 0 or self._is_untouched(path, stamp)):
            self._done(path)
            return None
        if tail is None:
            source = self._source_of_lines(path)
            if source is None:
                self._wait_to_stand_still(path)
                return None
            tail = follower.tails[path] = begin(path, source, self._known().every)
        if tail.source.begin is not None and stamp.size > LARGEST_WHOLE:
            self._wait_to_stand_still(path)
            return None
        return tail

    def _source_of_lines(self, path: Path) -> Source | None:
        """The source of a file that can be read on line by line; None for every other shape."""
        if is_packed(path):
            return None
        sample, options = take_sample(path), self.loader.options
        if sample.shape != "lines":
            return None
        return choose_source(sample, str(path), name=options.source, mapping=options.mapping)

    def _is_untouched(self, path: Path, stamp: Stamp) -> bool:
        name = str(path.resolve())
        known = self._known().by_path.get(name, ())
        return any(each.is_untouched(name, stamp.mtime_ns, stamp.size) for each in known)

    def _known(self) -> "_Manifest":
        if self._manifest is None:
            every = read_manifest(self.loader.folder, tell=self.loader.tell)
            self._manifest = _Manifest(same_options(every, self.loader.options))
        return self._manifest

    def _wait_to_stand_still(self, path: Path) -> None:
        """Load a file whole, unless it changed since the last round: then it may still be written."""
        stamp = self.follower.found[path]
        last = self.follower.last.get(path)
        if self.ending or (last and last[0] == stamp):
            self.whole.append(path)
        else:
            self.follower.last[path] = stamp, time.monotonic()

    def _load_together(self) -> Iterator[FileLoad]:
        together, self.together = self.together, []
        if not together:
            return
        self._manifest = None
        began = time.monotonic()
        outcomes = load_grown(self.loader, together)
        spent = time.monotonic() - began
        if outcomes is None:
            # Another process was faster: the next round asks the manifest where to go on.
            for more in together:
                self.follower.tails.pop(more.path, None)
            return
        for more, outcome in zip(together, outcomes, strict=True):
            self.follower.tails[more.path] = outcome.tail
            if more.whole and len(more.text) > SMALL_WHOLE:
                self.follower.rests[more.path] = time.monotonic() + REST * spent
            if more.is_all:
                self._reached(more)
            yield outcome.load

    def _reached(self, more: More) -> None:
        """Note that a file is loaded as far as it can be: all of it, or all but a line that has no end yet."""
        path, stamp = more.path, self.follower.found[more.path]
        if more.size >= stamp.size or self.ending or self.follower.is_quiet(path):
            self._done(path)
            return
        last = self.follower.last.get(path)
        if not last or last[0] != stamp:
            self.follower.last[path] = stamp, time.monotonic()

    def _done(self, path: Path) -> None:
        self.follower.seen[path] = self.follower.found[path]
        self.follower.last.pop(path, None)
        self.follower.told.pop(path, None)

    def _unread(self, path: Path) -> Iterator[FileLoad]:
        """Say once why a file cannot be read; it is looked at again when it has changed."""
        error = self.errors.pop(path, None)
        if error is None:
            return
        known = self.follower.told.get(path)
        self._done(path)
        said = self.follower.told[path] = error.partition("\n")[0]
        if known != said:
            yield FileLoad(str(path), None, NOTHING, None, error)
