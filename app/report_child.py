"""One report, written by a process of its own: what ends it ends no other, and its memory goes with it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.fault import VOICE
from app.figures import instant
from app.notify import VARIABLE
from app.session import Session
from reports.errors import NOTHING, ReportError
from warehouse.locks import CLAIM, sweep_unclaimed, take_if_free

PROJECT = Path(__file__).parents[1]
RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.with_parent import main; main()"
DRAFTS = ".tollbook-due-"
"""Folders in which a report is written before its files get their places; those of killed runs are removed."""


class NothingThere(ReportError):
    """Nothing is known of the period: there is no file to write, however often it is tried."""


@contextmanager
def draft_folder(folder: Path) -> Iterator[Path]:
    """A folder beside where files go, gone when the block ends; raises ReportError where none can be made."""
    draft = folder / f"{DRAFTS}{os.urandom(8).hex()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep_unclaimed(folder, f"{DRAFTS}*")
        draft.mkdir()
        claim = take_if_free(draft / CLAIM)
    except OSError as error:
        raise ReportError(f"{folder} cannot be written to: {error.strerror or error}") from error
    try:
        yield draft
    finally:
        if claim is not None:
            claim.close()
        shutil.rmtree(draft, ignore_errors=True)


def write_in_child(session: Session, command: Sequence[str], say: Callable[[str], None]) -> None:
    """Run a command that writes files, to its end; raises ReportError with what it said when it fails, and
    NothingThere where nothing is known of the period."""
    now = [f"--now={instant(session.now)}"] if session.now_given else []
    arguments = [f"--warehouse={session.warehouse.resolve()}", *now, *command]
    # It tells nobody of anything: addresses hold tokens, and are no matter of it.
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    last = ""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(PROJECT), *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            last = line.strip() or last
            say(line.rstrip())
    if process.returncode:
        told = last.removeprefix(VOICE) if last.startswith(VOICE) else f"it ended with {process.returncode}: {last}"
        raise NothingThere(told) if told.startswith(NOTHING) else ReportError(told)


def move_into(draft: Path, folder: Path) -> list[Path]:
    """Give every file of a draft its place, in the place of what is there; raises ReportError."""
    found = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != CLAIM)
    moved = []
    for path in found:
        target = folder / path.relative_to(draft)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        except OSError as error:
            raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error
        moved.append(target)
    return moved
