"""Work on the warehouse that a page starts: a command in a process of its own, watched by a thread.

The page only looks at it from time to time: so it goes on while the reader is elsewhere in the app.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.clock import now
from app.fault import CODE, VOICE, fault_of, keep_trace
from app.spool import Upload, spool
from warehouse.errors import WarehouseError
from warehouse.folder import Folder

PROJECT = Path(__file__).parents[1]
RUN = "from app.job_child import main; main()"
UNKNOWN_TABLE = "\nits columns: "
"""How the message about a table that no source recognises goes on."""


class Unread(NamedTuple):
    """A table that was handed over and not loaded, and why; None: the load as a whole came to nothing."""

    upload: Upload
    error: str | None


class Job:
    """One command at work, or done."""

    def __init__(self, title: str, *, after_cancel: str, after_failure: str = "Nothing was loaded") -> None:
        self.title = title
        self.after_cancel = after_cancel
        """What holds once somebody cancelled it, in words."""
        self.after_failure = after_failure
        """What holds when the command as a whole came to nothing."""
        self.said: list[str] = []
        """What the command said while it worked, line by line."""
        self.done = threading.Event()
        self.cancelled = False
        self.result: dict[str, Any] | None = None
        """The object that the command printed. None: it printed none."""
        self.failure: str | None = None
        """Why the command as a whole came to nothing, in one sentence."""
        self.code = ""
        """Of what kind that is, or where in the program."""
        self.trace = ""
        """The file that has its trace under the code; empty: none was kept."""
        self.advice = ""
        """What a person may do once it is done, in Markdown."""
        self.root = Path()
        """The warehouse."""
        self.options: Sequence[str] = ()
        """What a person said of the files, in the command line's words."""
        self.mapping: str | None = None
        """The mapping file's text that they are read by."""
        self.unread: list[Unread] = []
        """Tables that wait for a mapping: they need not be handed over once more."""
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
            self._read_failure(code)

    def _read_failure(self, code: int) -> None:
        """What the command said of its end; what ended it from outside had it say nothing."""
        if self.said and self.said[-1].startswith(CODE):
            self.code, _, self.trace = self.said.pop().removeprefix(CODE).partition("\t")
        last = self.said[-1] if self.said else ""
        if last.startswith(VOICE):
            self.failure = last.removeprefix(VOICE)
            return
        logging.getLogger("tollbook").error("a command ended with %s: %s", code, "\n".join(self.said))
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.failure, self.code = f"it was ended from outside ({how}): try again", "TB-ENDED"

    def fail(self, error: Exception) -> None:
        """Come to nothing for what happened around the command; its trace is kept as a page's is."""
        self.failure, self.code = fault_of(error)
        self.trace = str(keep_trace(error, self.code, self.root, now()) or "")


def start_demo(root: Path) -> Job:
    """Load the demo."""
    job = Job("Loading the demo", after_cancel="Nothing of it is in the warehouse.")
    _start(job, root, ["demo"], [], undo=["demo", "--remove"])
    return job


def start_upload(root: Path, uploads: Sequence[Upload], options: Sequence[str], mapping: str | None = None) -> Job:
    """Load what a person handed over, as ``tollbook ingest`` with these options would; by a mapping file's text."""
    names = [upload.name for upload in uploads]
    job = Job(
        f"Loading {names[0] if len(names) == 1 else f'{len(names)} files'}",
        after_cancel="A file is loaded whole or not at all: of the one under way nothing is there.",
    )
    job.options, job.mapping = options, mapping
    _start(job, root, ["ingest", "--json", *options], uploads)
    return job


def start_confirm(root: Path) -> Job:
    """Take every pair that is proposed for one call."""
    job = Job(
        "Taking pairs for one call",
        after_cancel="Either every pair is taken for one call, or none.",
        after_failure="Nothing was changed",
    )
    job.advice = "To take one back: `tollbook sightings` lists the keys, `tollbook sightings --undo KEY` does it."
    _start(job, root, ["sightings", "--confirm", "--json", "--top=1"], [])
    return job


def start_pricing(root: Path, who: str, options: Sequence[str] = ()) -> Job:
    """Price the calls that had no rate and have one now, as ``tollbook rerate --unpriced`` with these options would."""
    job = Job(
        "Pricing calls that had no rate",
        after_cancel="Either all of these calls are priced, or none.",
        after_failure="Nothing was priced",
    )
    job.advice = "What was priced stays at its price; the audit has who did it."
    _start(job, root, ["rerate", "--unpriced", "--yes", "--json", f"--who={who}", *options], [])
    return job


def start_demo_removal(root: Path) -> Job:
    """Take the demo's logs, and what was entered with them, out again."""
    job = Job(
        "Taking out the demo",
        after_cancel="What was not taken out yet is still there: take it out again, or load the demo anew.",
        after_failure="The demo is still there",
    )
    _start(job, root, ["demo", "--remove"], [])
    return job


def _start(
    job: Job, root: Path, command: Sequence[str], uploads: Sequence[Upload], *, undo: Sequence[str] = ()
) -> None:
    job.root = root
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
            mapping = _mapping_option(job, scratch)
            job.run(["--warehouse", str(root), *plan.command, *mapping, *files], scratch / "output")
            _call_by_name(job, paths)
        if job.cancelled:
            _take_back(plan)
    except (WarehouseError, OSError, ValueError) as error:
        job.fail(error)
    finally:
        job.unread = _unread(job, plan.uploads)
        job.done.set()


def _mapping_option(job: Job, scratch: Path) -> list[str]:
    """The mapping file's text in a file."""
    if job.mapping is None:
        return []
    path = scratch / "mapping.yaml"
    path.write_text(job.mapping, encoding="utf-8")
    return [f"--mapping={path}"]


def _unread(job: Job, uploads: Sequence[Upload]) -> list[Unread]:
    """What to keep for a second try: tables that nobody recognises, and what a mapping did not load."""
    if job.result is None:
        return [Unread(upload, None) for upload in uploads] if job.mapping is not None else []
    loads = job.result.get("files", [])
    return [
        Unread(upload, load["error"])
        for upload, load in zip(uploads, loads, strict=False)
        if load["error"] and (job.mapping is not None or UNKNOWN_TABLE in load["error"])
    ]


def _take_back(plan: Plan) -> None:
    """Remove what a process that was ended could not remove itself."""
    with Folder(plan.root).scratch():
        pass  # Making a new scratch sweeps those of the dead.
    if plan.undo and Folder(plan.root).database("usage").exists():
        command = [sys.executable, "-c", RUN, "--warehouse", str(plan.root), *plan.undo]
        subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=False)


def _call_by_name(job: Job, paths: Sequence[Path]) -> None:
    """Say the files' own names wherever the command named the spooled ones."""
    for path in paths:
        text = str(path)
        for load in job.result.get("files", []) if job.result else []:
            if load["file"] == text:
                load["file"] = path.name
            load["error"] = load["error"] and load["error"].replace(text, path.name)
        job.failure = job.failure and job.failure.replace(text, path.name)
