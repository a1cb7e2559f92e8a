"""Reports that a page has made: a command in a process of its own writes them into a folder that nobody is served.

The files stay until the reader lets go of them, makes others, or a day has passed: then the next report sweeps them.
"""

import logging
import secrets
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from app.jobs import Job
from reports.formats import PREVIEW
from warehouse.folder import Folder

PREFIX = "report-"
KEPT_S = 24 * 3600
OUTPUT = "output.json"


class ReportJob:
    """One report at work, or made."""

    def __init__(self, root: Path, title: str, arguments: Sequence[str]) -> None:
        self.job = Job(f"Making {title}", after_cancel="No file was kept.", after_failure="No report was made")
        self.arguments = tuple(arguments)
        """The command, as somebody would type it."""
        self.root = root.resolve()
        self.folder = Folder(self.root).spool / f"{PREFIX}{secrets.token_hex(8)}"

    @property
    def files(self) -> list[Path]:
        """What to take along, by name."""
        return [path for path in self._made() if path.suffix != f".{PREVIEW}"]

    @property
    def pages(self) -> list[Path]:
        """The pages as pictures, in order; none where no page is made."""
        return [path for path in self._made() if path.suffix == f".{PREVIEW}"]

    def _made(self) -> list[Path]:
        done = self.job.done.is_set() and not self.job.cancelled and self.folder.is_dir()
        return sorted(path for path in self.folder.iterdir() if path.name != OUTPUT) if done else []

    def forget(self) -> None:
        """Stop it, if it is at work, and remove what it made."""
        if not self.job.done.is_set():
            self.job.cancel()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_report(root: Path, title: str, arguments: Sequence[str]) -> ReportJob:
    """Make a report by a command of the command line; with the pages as pictures where it makes a PDF."""
    made = ReportJob(root, title, arguments)
    threading.Thread(target=_work, args=(made,), name=made.job.title, daemon=True).start()
    return made


def _work(made: ReportJob) -> None:
    job = made.job
    try:
        Folder(made.root).create()
        _sweep(made.folder.parent)
        made.folder.mkdir()
        command = [*_with_pages(made.arguments), f"--to={made.folder}", "--json"]
        job.run(["--warehouse", str(made.root), *command], made.folder / OUTPUT)
        if job.failure:
            job.failure = job.failure.replace(f"{made.folder}/", "").replace(str(made.folder), "the warehouse's spool")
    except OSError as error:
        logging.getLogger("tollbook").exception("a report was not made")
        job.failure = f"the report cannot be kept: {error.strerror}; see to {made.folder.parent}, then try again"
    except ValueError:
        job.failure = "a name among the filters or plans holds a character that no command takes: choose another"
    finally:
        if job.cancelled:
            shutil.rmtree(made.folder, ignore_errors=True)
        job.done.set()


def _with_pages(arguments: Sequence[str]) -> list[str]:
    formats = [each for each in arguments if each.startswith("--format=")]
    has_pages = any("pdf" in each.partition("=")[2].split(",") for each in formats)
    return [f"{each},{PREVIEW}" if each in formats and has_pages else each for each in arguments]


def _sweep(spool: Path) -> None:
    """Remove what readers left behind a day ago."""
    for folder in spool.glob(f"{PREFIX}*"):
        if time.time() - folder.stat().st_mtime > KEPT_S:
            shutil.rmtree(folder, ignore_errors=True)
