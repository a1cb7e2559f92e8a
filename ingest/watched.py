"""The files that are watched, as they are at a moment, and what became of those that were rotated."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ingest.paths import files_of
from ingest.tail import Tail, goes_on


class Stamp(NamedTuple):
    """What changes when a file does."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    """Nobody can set it back: not who writes a file anew, as long as it was, and gives it its old time."""

    def is_continued_by(self, other: "Stamp | None") -> bool:
        """Whether the same file stands there still, and was not cut."""
        return other is not None and other[:2] == self[:2] and other.size >= self.size


def stamp_of(path: Path) -> Stamp | None:
    """A file as it is now; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return Stamp(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def look(paths: Sequence[str], root: Path) -> Iterator[tuple[Path, Stamp]]:
    """The files that are there now; what the warehouse itself keeps only where it was named."""
    own = root.resolve()
    for text in paths:
        is_inside = own in Path(text).resolve().parents
        for path in files_of(text):
            stamp = stamp_of(path)
            if stamp is not None and (is_inside or own not in path.resolve().parents):
                yield path, stamp


def find_heir(path: Path, stamp: Stamp | None, tail: Tail) -> Path | None:
    """The file beside it that goes on with what is known of one: the same file under another name, or a copy of it."""
    try:
        beside = [each for each in path.parent.iterdir() if each != path and each.is_file()]
        same = [each for each in beside if stamp is not None and each.stat().st_ino == stamp.inode]
        copies = [each for each in beside if each.name.startswith(path.name)]
        return next((each for each in (*same, *copies) if tail.at_bytes and goes_on(each, tail)), None)
    except OSError:
        return None
