"""Work on the warehouse that a page starts: a command in a process of its own, watched by a thread.

The page only looks at it from time to time: so it goes on while the reader is elsewhere in the app.
"""

import json
import logging
import re
import shutil
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from warehouse.errors import WarehouseError
from warehouse.folder import Folder

PROJECT = Path(__file__).parents[1]
RUN = "from app.cli import main; main()"
VOICE = "tollbook: "
"""How a command begins to say what went wrong."""
MISTAKE = "Tollbook made a mistake; its log says which."
LONGEST_NAME = 120
"""Bytes of a file's name that are kept: a file system takes 255."""
NAMELESS = "upload"


class Upload(NamedTuple):
    """A file that a person handed over: the name it has with them, and its content."""

    name: str
    content: IO[bytes]


class Job:
    """One command at work, or done."""

    def __init__(self, title: str, *, after_cancel: str) -> None:
        self.title = title
        self.after_cancel = after_cancel
        """What holds once somebody cancelled it, in words."""
        self.said: list[str] = []
        """What the command said while it worked, line by line."""
        self.done = threading.Event()
        self.cancelled = False
        self.result: dict[str, Any] | None = None
        """The object that the command printed. None: it printed none."""
        self.failure: str | None = None
        """Why the command as a whole came to nothing, in one sentence."""
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """End the command's process. A load that had not committed leaves the warehouse as it was."""
        with self._lock:
            self.cancelled = True
            if self._process is not None:
                self._process.terminate()

    def run(self, arguments: Sequence[str], output: Path) -> None:
        """Run the command to its end; its output goes through a file, for a pipe that nobody empties would stop it."""
        with output.open("w+", encoding="utf-8") as printed:
            with self._lock:
                if self.cancelled:
                    return
                self._process = subprocess.Popen(
                    [sys.executable, "-c", RUN, *arguments],
                    cwd=PROJECT,
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                )
            with self._process as process:
                assert process.stderr is not None
                for line in process.stderr:
                    self.said.append(line.strip())
            printed.seek(0)
            self._conclude(printed.read(), process.returncode)

    def _conclude(self, printed: str, code: int) -> None:
        if self.cancelled:
            return
        if printed.lstrip().startswith("{"):
            self.result = json.loads(printed)
        elif code:
            last = self.said[-1] if self.said else ""
            if not last.startswith(VOICE):
                logging.getLogger("tollbook").error("a load ended with code %s: %s", code, "\n".join(self.said))
            self.failure = last.removeprefix(VOICE) if last.startswith(VOICE) else MISTAKE


def start_demo(root: Path) -> Job:
    """Load the demo."""
    job = Job("Loading the demo", after_cancel="Nothing of it is in the warehouse.")
    _start(job, root, ["demo"], [], undo=["demo", "--remove"])
    return job


def start_upload(root: Path, uploads: Sequence[Upload], options: Sequence[str]) -> Job:
    """Load what a person handed over, as ``tollbook ingest`` with these options would."""
    names = [upload.name for upload in uploads]
    job = Job(
        f"Loading {names[0] if len(names) == 1 else f'{len(names)} files'}",
        after_cancel="A file is loaded whole or not at all: of the one under way nothing is there.",
    )
    _start(job, root, ["ingest", "--json", *options], uploads)
    return job


def _start(
    job: Job, root: Path, command: Sequence[str], uploads: Sequence[Upload], *, undo: Sequence[str] = ()
) -> None:
    plan = Plan(root.resolve(), command, uploads, undo)
    threading.Thread(target=_work, args=(job, plan), name=job.title, daemon=True).start()


class Plan(NamedTuple):
    """What a job is to do."""

    root: Path
    command: Sequence[str]
    uploads: Sequence[Upload]
    undo: Sequence[str]
    """The command that takes back what was done before somebody cancelled; none: it stays."""


def _work(job: Job, plan: Plan) -> None:
    """Spool what was handed over and run the command; the spooled files are gone afterwards, whatever happens."""
    root = plan.root
    try:
        with Folder(root).scratch() as scratch:
            paths = spool(scratch, plan.uploads)
            files = ["--", *map(str, paths)] if paths else []
            job.run(["--warehouse", str(root), *plan.command, *files], scratch / "output")
            _call_by_name(job, paths)
        if job.cancelled:
            _take_back(plan)
    except (WarehouseError, OSError, ValueError) as error:
        job.failure = str(error)
    finally:
        job.done.set()


def _take_back(plan: Plan) -> None:
    """Remove what a process that was ended could not remove itself."""
    with Folder(plan.root).scratch():
        pass  # Making a new scratch sweeps those of the dead.
    if plan.undo and Folder(plan.root).database("usage").exists():
        command = [sys.executable, "-c", RUN, "--warehouse", str(plan.root), *plan.undo]
        subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def spool(scratch: Path, uploads: Iterable[Upload]) -> list[Path]:
    """Write each file to a folder of its own, under its own name as far as that is safe: the manifest keeps it."""
    paths = []
    for number, upload in enumerate(uploads):
        path = scratch / str(number) / safe_name(upload.name)
        path.parent.mkdir()
        upload.content.seek(0)
        with path.open("wb") as file:
            shutil.copyfileobj(upload.content, file, 1 << 20)
        paths.append(path)
    return paths


def safe_name(name: str) -> str:
    """A name for a file, made from one that anybody may have chosen: one part of a path, no dot in front, not long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = re.sub(r"[^\w.()+ -]", "_", last).strip(" .") or NAMELESS
    stem, dot, ending = plain.partition(".")
    room = LONGEST_NAME - len((dot + ending).encode())
    if room <= 0:
        return _cut(plain, LONGEST_NAME)
    return _cut(stem, room) + dot + ending


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _call_by_name(job: Job, paths: Sequence[Path]) -> None:
    """Say the files' own names wherever the command named the spooled ones."""
    for path in paths:
        text = str(path)
        for load in job.result["files"] if job.result else []:
            if load["file"] == text:
                load["file"] = path.name
            load["error"] = load["error"] and load["error"].replace(text, path.name)
        job.failure = job.failure and job.failure.replace(text, path.name)
