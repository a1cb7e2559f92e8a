"""What can go wrong with a warehouse.

WarehouseError              a user can do something about it; one plain line, exit code 2
├── WarehouseMissing        there is no warehouse in that folder yet
├── WarehouseOld            an older Tollbook wrote it; warehouse.upgrade brings it up to date
├── WarehouseNewer          a newer Tollbook wrote it
├── BrokenDatabase          a database file is damaged, or is none
├── WarehouseBusy           a lock was not to be had in time; names who holds it
├── UnsafeFolder            the file system does not honour locks
├── WarehouseUnwritable     the disk is full or the folder is read-only
├── QueryTimeout            a query ran longer than it may
└── RateConflict            a loaded rate was edited after it priced something
"""

from collections.abc import Sequence
from pathlib import Path


class WarehouseError(Exception):
    """Something about the warehouse that its user can put right."""


class WarehouseMissing(WarehouseError):
    """There is no warehouse in the folder yet."""

    def __init__(self, root: Path) -> None:
        super().__init__(f"there is no warehouse in {root}; load a log with `tollbook ingest`, or `tollbook demo`")


class WarehouseOld(WarehouseError):
    """The database has not seen every migration: what asks it would ask for tables that are not there."""

    def __init__(self, root: Path, database: str) -> None:
        super().__init__(f"an older Tollbook wrote the {database} database in {root}: it has to be brought up to date")
        self.root = root


class WarehouseNewer(WarehouseError):
    """The database has seen a migration that this program does not know."""

    def __init__(self, database: str, migration: str) -> None:
        super().__init__(f"the {database} database was written by a newer Tollbook ({migration}); upgrade Tollbook")


class BrokenDatabase(WarehouseError):
    """A database file cannot be opened."""

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(f"{path} cannot be opened: {cause}; put a copy of the file in its place")


class WarehouseBusy(WarehouseError):
    """Another process holds the lock, and it was not released in time."""

    def __init__(self, name: str, holder: str, waited_s: float) -> None:
        super().__init__(f"the {name} database is held by {holder}; gave up after {waited_s:.0f} s, try again later")


class UnsafeFolder(WarehouseError):
    """The folder's file system grants two exclusive locks at once."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            f"{root} is on a file system whose locks do not work (a network share?); "
            "choose a local folder with --warehouse"
        )


class WarehouseUnwritable(WarehouseError):
    """The disk is full or the folder cannot be written; the last good state is untouched.

    ``kept``: the load itself was complete by then, and stays.
    """

    def __init__(self, root: Path, cause: str, *, kept: bool = False) -> None:
        state = "what was loaded is kept" if kept else "nothing was changed, the last good state is intact"
        super().__init__(f"cannot write to {root}: {cause}; {state}")


class QueryTimeout(WarehouseError):
    """A query ran longer than a reader may take."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query took more than {seconds:.0f} s and was stopped; narrow the period or the scope")


class RateConflict(WarehouseError):
    """Rate cards change rates that have already priced rows: one message each, and what to do instead."""

    def __init__(self, problems: Sequence[str], advice: Sequence[str]) -> None:
        super().__init__("\n".join([*problems, *advice]))
        self.problems: tuple[str, ...] = tuple(problems)
        self.advice: tuple[str, ...] = tuple(advice)
