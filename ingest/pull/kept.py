"""Where answers are kept: `WAREHOUSE/pulled/PROVIDER/`, each written whole or not at all, for its owner alone.

A page is kept as soon as it is there; when a run is over, all windows that it has whole become one file to load. So a
run that is stopped loses nothing, and readers see a seller's answer as a whole.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ingest.clock import parse_time
from ingest.problem import Unreadable

FOLDER = "pulled"
UNFINISHED = "unfinished"
GOES_ON_FOR = timedelta(hours=1)
"""A pull that stopped longer ago begins anew: its first pages may not be true any more."""


class Begun(NamedTuple):
    """Pages of a window that are there already."""

    asked_at: datetime
    pages: list[dict[str, Any]]
    cursor: str | None
    """What asks for the next page; None: all pages are there."""


class Kept:
    """The kept answers of one provider."""

    def __init__(self, root: Path, provider: str) -> None:
        self.folder = root / FOLDER / provider
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def lock(self) -> Path:
        """Held while a pull of this provider runs."""
        return self.folder / "pull.lock"

    def answers(self) -> list[Path]:
        """Every file to load."""
        return sorted(self.folder.glob("*.jsonl"))

    def begun(self, window: str, now: datetime) -> Begun | None:
        """What is there of a window, where it can be gone on with."""
        found = self._pages(window)
        return found if found is not None and timedelta(0) <= now - found.asked_at <= GOES_ON_FOR else None

    def add_page(self, window: str, number: int, page: dict[str, Any], asked_at: datetime, cursor: str | None) -> None:
        """Keep a page of a window, with what asks for the next one; the first takes the place of all there was."""
        folder = self.folder / UNFINISHED / window
        if number == 1:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        value = {"asked_at": f"{asked_at.isoformat()}Z", "number": number, "cursor": cursor, "page": page}
        write_whole(folder / f"page-{number:04}.json", [value])

    def publish(self, windows: Sequence[str], now: datetime) -> Path | None:
        """Make one file to load of these windows, which are whole; None where there are none."""
        found = [begun for window in windows if (begun := self._pages(window)) is not None]
        path = self.free_name("asked", now) if found else None
        if path:
            write_whole(path, (page for begun in found for page in begun.pages))
        for window in windows:
            shutil.rmtree(self.folder / UNFINISHED / window, ignore_errors=True)
        return path

    def sweep(self, now: datetime) -> None:
        """Publish what an earlier run had whole and this one will not go on with; remove drafts and lone pages."""
        for draft in self.folder.rglob(".*.draft"):
            draft.unlink(missing_ok=True)
        left = [path.name for path in sorted((self.folder / UNFINISHED).glob("*"))]
        over = [window for window in left if self.begun(window, now) is None]
        whole = [window for window in over if (begun := self._pages(window)) is not None and begun.cursor is None]
        self.publish(whole, now)
        for window in over:
            shutil.rmtree(self.folder / UNFINISHED / window, ignore_errors=True)

    def free_name(self, what: str, now: datetime) -> Path:
        """A name for a file of this moment that no other has."""
        names = (f"{what}-{now:%Y%m%dT%H%M%S}Z{more}.jsonl" for more in ("", *(f"-{n}" for n in range(2, 10_000))))
        return next(path for name in names if not (path := self.folder / name).exists())

    def _pages(self, window: str) -> Begun | None:
        """Pages of a window that follow one another from the first on, all of one pull."""
        pages = [_read(path) for path in sorted((self.folder / UNFINISHED / window).glob("page-*.json"))]
        if not pages or not all(isinstance(page, dict) for page in pages):
            return None
        if [page.get("number") for page in pages] != [*range(1, len(pages) + 1)]:
            return None
        if len({page.get("asked_at") for page in pages}) != 1:
            return None
        try:
            asked_at = parse_time(str(pages[0]["asked_at"]))[0]
        except (KeyError, Unreadable):
            return None
        return Begun(asked_at, [page["page"] for page in pages], pages[-1].get("cursor"))


def write_whole(path: Path, lines: Iterable[dict[str, Any]]) -> None:
    """Write JSON lines, whole or not at all: aside, to the disk, and into place."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
