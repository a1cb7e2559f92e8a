"""``tollbook ingest --discover``: the sessions of agents on this machine, a row for each folder of them."""

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.figures import count
from app.session import Session, UserMistake, plain_table, print_table

if TYPE_CHECKING:
    from ingest.discover import FoundPlace
    from ingest.load import FileLoad
    from ingest.options import Options


def find_sessions(session: Session) -> "list[FoundPlace]":
    """The folders of sessions on this machine; a mistake that says where it looked where there are none."""
    from ingest.discover import look_into, places

    looked_at = places(os.environ, Path.home())
    found = look_into(looked_at)
    if not found:
        folders = ", ".join(_short(place.folder) for place in looked_at)
        raise UserMistake(f"no session files in {folders}; CLAUDE_CONFIG_DIR and CODEX_HOME name other folders")
    for place in found:
        session.tell(f"{_short(place.place.folder)}: {count(len(place.files))} files, {place.size_bytes / 1e6:,.1f} MB")
    return found


def print_places(found: "Sequence[FoundPlace]", loads: "Sequence[FileLoad]", notes: Sequence[str]) -> None:
    """The table that a load of found sessions ends with: one row for each folder."""
    table = plain_table()
    table.add_column("folder", overflow="fold")
    names = ("files", "known", "read", "loaded", "already there", "rejected", "unpriced", "needs review", "partial")
    for name in (*names, "no call"):
        table.add_column(name, justify="right")
    rest = iter(loads)
    for each in found:
        inside = list(islice(rest, len(each.files)))
        table.add_row(_short(each.place.folder), *map(count, _cells(inside)))
    if len(found) > 1:
        table.add_row("total", *map(count, _cells(loads)), style="bold")
    print_table(table, *notes, spare=("known", "partial", "no call"))


def folders_as_objects(found: "Sequence[FoundPlace]") -> list[dict[str, Any]]:
    """The folders, for ``--json``."""
    return [
        {
            "folder": str(each.place.folder),
            "source": each.place.source,
            "files": len(each.files),
            "bytes": each.size_bytes,
        }
        for each in found
    ]


def load_found(session: Session, found: "Sequence[FoundPlace]", options: "Options") -> "list[FileLoad]":
    """Load every file of the folders, saying how many are done."""
    from rich.console import Console
    from rich.text import Text

    from ingest.load import load_files

    paths = [path for each in found for path in each.files]
    console = Console(stderr=True)
    loads: list[FileLoad] = []
    with console.status("loading") as status:
        # Not as markup: a file's name may look like some.
        tell = (lambda message: status.update(Text(message))) if console.is_terminal else session.tell
        for load in load_files(session.warehouse, paths, options, now=session.now, tell=tell):
            loads.append(load)
            if console.is_terminal:
                status.update(f"{count(len(loads))} of {count(len(paths))} files")
    return loads


def _cells(loads: "Sequence[FileLoad]") -> list[int]:
    merged = [load.merged for load in loads]
    names = ("loaded", "already_there", "rejected", "unpriced", "needs_review", "partial")
    sums = [sum(getattr(each, name) for each in merged) for name in names]
    read = sum(each.records + each.rejected for each in merged)
    return [
        len(loads),
        sum(load.note is not None for load in loads),
        read,
        *sums,
        sum(load.left_out for load in loads),
    ]


def _short(folder: Path) -> str:
    """A folder's path, the home folder as a tilde."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
