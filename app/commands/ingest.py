"""``tollbook ingest``: log files into the warehouse, with a table of what came of each."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import typer

from app.commands import ingest_options as told
from app.figures import count
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from ingest.paths import expand

if TYPE_CHECKING:
    from ingest.load import FileLoad
    from ingest.options import Options
    from warehouse.batch import Given

COUNTS = ("loaded", "replaced", "already_there", "rejected", "unpriced", "needs_review", "partial")
ALWAYS = {"loaded", "already_there", "rejected", "unpriced", "needs_review"}
"""Counts that the table shows even where all of them are 0."""
MOST_REASONS = 20
STDIN = "standard-input"


def ingest(
    context: typer.Context,
    paths: told.Paths = None,
    source: told.Source = None,
    mapping: told.MappingFile = None,
    preview: told.Preview = False,
    seller: told.Seller = None,
    base_url: told.BaseUrl = None,
    time: told.Time = None,
    team: told.Team = None,
    project: told.Project = None,
    tag: told.Tags = None,
    task_field: told.TaskField = None,
    step_field: told.StepField = None,
    again: told.Again = False,
    discover: told.Discover = False,
    as_json: told.AsJson = False,
) -> None:
    """Load log files.

    All of a file is loaded or none of it, and a second run adds nothing. Lines that cannot be read are kept with
    their reason. Ends with exit code 2 when a file as a whole could not be read; the others are loaded.
    """
    from warehouse.batch import Given

    session = session_of(context)
    given = Given(seller, base_url, parse_given_time(time), team, project, parse_tags(tag))
    options = read_options(given, source, mapping)._replace(task_field=task_field, step_field=step_field, again=again)
    if discover == bool(paths):
        raise UserMistake("say which files to load, or --discover for the sessions of agents on this machine")
    if preview:
        errors = _preview(session, paths or [], options, as_json=as_json)
    elif discover:
        errors = _discover(session, options, as_json=as_json)
    else:
        with _stdin_as_file(session, paths or []) as files:
            loads = load_all(session, files, options)
        _print(loads, as_json=as_json)
        errors = _errors(loads)
    for error in errors:
        session.tell(f"tollbook: {error}")
    if errors:
        raise typer.Exit(2)


def read_options(given: "Given", source: str | None, mapping: Path | None) -> "Options":
    """What is said of the files, and how they are to be read; raises UserMistake, IngestError."""
    from ingest.mapping_file import read_mapping
    from ingest.options import Options
    from ingest.registry import get_source

    if source and mapping:
        raise UserMistake("--source and --mapping: a file is read by one of them")
    if source:
        get_source(source)
    return Options(given, source, mapping=read_mapping(mapping) if mapping else None)


def _preview(session: Session, paths: Sequence[str], options: "Options", *, as_json: bool) -> list[str]:
    from app.commands.preview import preview

    if "-" in paths or not paths:
        raise UserMistake("--preview takes files, not standard input and not --discover")
    return preview(session, expand(paths), options, as_json=as_json)


def _discover(session: Session, options: "Options", *, as_json: bool) -> list[str]:
    from app.commands.discover import find_sessions, folders_as_objects, load_found, print_places

    found = find_sessions(session)
    loads = load_found(session, found, options)
    if as_json:
        print_json({"folders": folders_as_objects(found), "files": [load_object(load) for load in loads]})
    else:
        unpriced = {"unpriced": sum(load.merged.unpriced for load in loads)}
        print_places(found, loads, [*_reasons(loads), *_warnings(loads), *_advice(unpriced)])
    return _errors(loads)


def _errors(loads: "Sequence[FileLoad]") -> list[str]:
    return [load.error for load in loads if load.error]


def _print(loads: "Sequence[FileLoad]", *, as_json: bool) -> None:
    if as_json:
        print_json({"files": [load_object(load) for load in loads]})
    else:
        print_loads(loads)


def load_all(session: Session, files: Sequence[Path], options: "Options") -> "list[FileLoad]":
    """Load the files one after the other, saying on stderr what is under way."""
    from rich.console import Console
    from rich.text import Text

    from ingest.load import load_files

    console = Console(stderr=True)
    with console.status("loading") as status:
        # Not as markup: a file's name may look like some.
        tell = (lambda message: status.update(Text(message))) if console.is_terminal else session.tell
        return list(load_files(session.warehouse, files, options, now=session.now, tell=tell))


def print_loads(loads: "Sequence[FileLoad]") -> None:
    """The table that a load ends with: what was read, loaded, already there, rejected and why, unpriced, doubtful."""
    read = [load for load in loads if not load.error]
    totals = {name: sum(getattr(load.merged, name) for load in read) for name in COUNTS}
    shown = [name for name in COUNTS if name in ALWAYS or totals[name]]
    no_call = sum(load.left_out for load in read)
    table = plain_table()
    table.add_column("file", overflow="fold")
    table.add_column("source")
    for name in ("read", *shown):
        table.add_column(name.replace("_", " "), justify="right")
    if no_call:
        table.add_column("no call", justify="right")
    for load in read:
        cells = [load.merged.records + load.merged.rejected, *(getattr(load.merged, name) for name in shown)]
        cells += [load.left_out] if no_call else []
        table.add_row(Path(load.path).name, load.note or load.source, *map(count, cells))
    if len(read) > 1:
        lines = sum(load.merged.records + load.merged.rejected for load in read)
        cells = [lines, *(totals[name] for name in shown), *([no_call] if no_call else [])]
        table.add_row("total", "", *map(count, cells), style="bold")
    print_table(table, *_reasons(read), *_warnings(read), *_advice(totals), spare=("source", "replaced", "partial"))


def _reasons(loads: "Sequence[FileLoad]") -> list[str]:
    """Why lines were rejected, with the first line of each kind."""
    found = [
        f"{Path(load.path).name}:{first}: {reason}" + (f" ({count(lines)} lines)" if lines > 1 else "")
        for load in loads
        for reason, lines, first in load.rejects
    ]
    more = len(found) - MOST_REASONS
    return found[:MOST_REASONS] + ([f"and {count(more)} more reasons: --json lists all"] if more > 0 else [])


def _warnings(loads: "Sequence[FileLoad]") -> list[str]:
    return [f"{Path(load.path).name}: {warning}" for load in loads for warning in load.warnings]


def _advice(totals: dict[str, int]) -> list[str]:
    """Where to look next."""
    return ["Unpriced calls and why: tollbook cost --by seller,model,unpriced_reason"] if totals["unpriced"] else []


def load_object(load: "FileLoad") -> dict[str, Any]:
    """What came of a file, for programs."""
    rejects = [{"reason": reason, "lines": lines, "first_line": first} for reason, lines, first in load.rejects]
    told = {"file": load.path, "source": load.source, "note": load.note, "error": load.error}
    counts = {**load.merged._asdict(), "no_call": load.left_out}
    return {**told, **counts, "rejects": rejects, "warnings": list(load.warnings)}


def parse_given_time(text: str | None) -> datetime | None:
    """A time from the command line; raises UserMistake."""
    from ingest.clock import parse_time
    from ingest.problem import Unreadable

    try:
        return parse_time(text)[0] if text else None
    except Unreadable as problem:
        raise UserMistake(f"--time: {problem}") from problem


def parse_tags(texts: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """Tags from the command line; raises UserMistake."""
    return tuple(map(_tag, texts or []))


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserMistake(f"--tag takes KEY=VALUE, not {text!r}")
    return name, value


@contextmanager
def _stdin_as_file(session: Session, paths: Sequence[str]) -> Iterator[list[Path]]:
    """The files that the arguments name; standard input is kept in the warehouse's spool while it is read."""
    from warehouse.connection import io_errors
    from warehouse.folder import Folder

    if "-" not in paths:
        yield expand(paths)
        return
    others = [path for path in paths if path != "-"]
    folder = Folder(session.warehouse)
    folder.create()
    with io_errors(session.warehouse):
        spool = Path(mkdtemp(prefix="stdin-", dir=folder.spool))
    try:
        with io_errors(session.warehouse), (spool / STDIN).open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [spool / STDIN, *(expand(others) if others else [])]
    finally:
        shutil.rmtree(spool, ignore_errors=True)
