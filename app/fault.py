"""What went wrong on a page: a plain sentence and a code for the reader, and its trace under that code in a file."""

import errno
import hashlib
import re
import threading
import traceback
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.figures import sentence
from app.session import UserMistake
from ingest.problem import IngestError
from ingest.redact import EMAIL, HIDDEN, KEY, is_plain
from pricing.errors import PricingError
from reports.errors import ReportError
from warehouse.errors import (
    BrokenDatabase,
    QueryTimeout,
    RateConflict,
    UnsafeFolder,
    WarehouseBusy,
    WarehouseError,
    WarehouseMissing,
    WarehouseNewer,
    WarehouseUnwritable,
)

PROJECT = Path(__file__).parents[1]
LOG = Path("log") / "app.log"
"""Where traces are kept, in the warehouse's folder."""
MOST_BYTES = 1_000_000
"""A log of this size is set aside, and the one set aside before it goes."""
LONGEST = 300
"""Characters of a message that are kept."""
KINDS: tuple[tuple[type[Exception], str], ...] = (
    (WarehouseBusy, "BUSY"),
    (WarehouseMissing, "MISSING"),
    (WarehouseNewer, "NEWER"),
    (BrokenDatabase, "BROKEN"),
    (WarehouseUnwritable, "UNWRITABLE"),
    (UnsafeFolder, "LOCKS"),
    (QueryTimeout, "SLOW"),
    (RateConflict, "RATES"),
    (WarehouseError, "WAREHOUSE"),
    (PricingError, "CARD"),
    (IngestError, "LOG"),
    (ReportError, "REPORT"),
    (UserMistake, "INPUT"),
    (PermissionError, "PERMISSION"),
)
OUT_OF_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
VOICE = "tollbook: "
"""How a command begins to say what went wrong."""
CODE = "tollbook-code: "
"""How the line begins in which a page's command names the code, its last; after a tab, the trace's file, if any."""
ORDINARY = ("TB-BUSY", "TB-MISSING")
"""What passes by itself, and needs no trace."""
QUOTED = re.compile(r"'([^']*)('|$)|\"([^\"]*)(\"|$)")
_one_at_a_time = threading.Lock()


class Fault(NamedTuple):
    """What a reader is told."""

    says: str
    code: str
    """The same for the same kind of trouble; of a mistake of the program, for the same place in it."""


def fault_of(error: Exception) -> Fault:
    """What to say of an error."""
    kind = next((name for known, name in KINDS if isinstance(error, known)), None)
    if isinstance(error, OSError) and error.errno in OUT_OF_ROOM:
        return Fault("The disk is full: make room, then load this page again.", "TB-DISK")
    if isinstance(error, PermissionError):
        return Fault(
            f"{error.filename or 'A file'} may not be opened: let this user read and write it.", "TB-PERMISSION"
        )
    if kind:
        text = str(error)
        return Fault(sentence(text), f"TB-{kind}")
    return Fault("Tollbook made a mistake here; nothing was changed by showing it.", _code_of(error))


def keep_trace(error: Exception, code: str, root: Path, now: datetime) -> Path | None:
    """Write down where an error came from, without what it was about; None where it cannot be written."""
    if code in ORDINARY or not root.is_dir():
        return None
    path = root / LOG
    entry = f"{now:%Y-%m-%dT%H:%M:%SZ} {code}\n{_trace(error)}\n"
    try:
        with _one_at_a_time:
            path.parent.mkdir(exist_ok=True)
            if path.exists() and path.stat().st_size > MOST_BYTES:
                path.replace(path.with_suffix(".log.1"))
            path.touch(mode=0o600)
            with path.open("a", encoding="utf-8") as log:
                log.write(entry)
    except OSError:
        # The disk may be what the error is about: the reader is told of that, not of the log.
        return None
    return path


def _code_of(error: Exception) -> str:
    """The same for the same way through the program, whatever it worked on, and after lines were added elsewhere."""
    places = [f"{_short(frame.filename)}:{frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    digest = hashlib.sha256("\n".join([type(error).__name__, *places]).encode()).hexdigest()
    return f"TB-{digest[:6].upper()}"


def _trace(error: BaseException) -> str:
    """The error and what it came from, the latest first: places in the program, and messages without content."""
    lines = []
    current: BaseException | None = error
    while current is not None:
        frames = traceback.extract_tb(current.__traceback__)
        lines += [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
        lines.append(f"{type(current).__name__}: {_without_content(str(current))}")
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def _short(filename: str) -> str:
    """A file's place in the program; elsewhere its last two parts."""
    path = Path(filename)
    if path.is_relative_to(PROJECT):
        return path.relative_to(PROJECT).as_posix()
    return "/".join(path.parts[-2:])


def _without_content(message: str) -> str:
    """A message without what it may quote of a log: keys, addresses and whatever is more than a plain word."""
    hidden = EMAIL.sub(HIDDEN, KEY.sub(HIDDEN, message))
    return QUOTED.sub(_quoted, hidden)[:LONGEST].replace("\n", " ")


def _quoted(match: re.Match[str]) -> str:
    words = match[1] if match[1] is not None else match[3]
    return match[0] if is_plain(words) else f"'{HIDDEN}'"
