"""``tollbook ingest``: log files into the warehouse, with a table of what came of each."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer

from app.figures import count
from app.session import Session, plain_table, print_json, print_table, session_of
from ingest.problem import IngestError

if TYPE_CHECKING:
    from ingest.load import FileLoad
    from ingest.options import Options

LOG_ENDINGS = (".json", ".jsonl", ".ndjson", ".log", ".sse", ".txt")
PACKED_ENDINGS = (".gz", ".zst")
COLUMNS = (
    "records",
    "loaded",
    "replaced",
    "already_there",
    "rejected",
    "unpriced",
    "needs_review",
    "partial",
)


def ingest(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="Files, folders or patterns; - is standard input.")],
    source: Annotated[str | None, typer.Option(help="The source, where the content does not tell it.")] = None,
    seller: Annotated[str | None, typer.Option(help="Who bills, where a record does not say.")] = None,
    base_url: Annotated[str | None, typer.Option(help="The address called, where a record does not say.")] = None,
    time: Annotated[str | None, typer.Option(help="The start, where a record does not say: ISO 8601 or epoch.")] = None,
    team: Annotated[str | None, typer.Option(help="The team, where a record does not say.")] = None,
    project: Annotated[str | None, typer.Option(help="The project, where a record does not say.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag for every record: key=value; repeat for more.")] = None,
    task_field: Annotated[str | None, typer.Option(help="Dotted name of the field that holds the task.")] = None,
    step_field: Annotated[str | None, typer.Option(help="Dotted name of the field that holds the step.")] = None,
    again: Annotated[bool, typer.Option(help="Read files again that are known; nothing is stored twice.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Load log files: all of a file or none of it; a second run adds nothing; lines that cannot be read are kept."""
    from ingest.options import Options
    from warehouse.batch import Given

    session = session_of(context)
    given = Given(seller, base_url, _time(time), team, project, tuple(map(_tag, tag or [])))
    options = Options(given, source, task_field, step_field, again)
    with _stdin_as_file(session, paths) as files:
        loads = load_all(session, files, options)
    if as_json:
        print_json({"files": [_as_object(load) for load in loads]})
    else:
        print_loads(loads)
    if any(load.error for load in loads):
        raise typer.Exit(2)


def load_all(session: Session, files: Sequence[Path], options: "Options") -> "list[FileLoad]":
    """Load the files one after the other, saying on stderr what is under way."""
    from rich.console import Console

    from ingest.load import load_files

    with Console(stderr=True).status("loading") as status:
        return list(
            load_files(
                session.warehouse,
                files,
                options,
                now=session.now,
                tell=lambda message: status.update(message),
            )
        )


def print_loads(loads: "Sequence[FileLoad]") -> None:
    """The table that a load ends with: what was read, loaded, already there, rejected and why, unpriced, doubtful."""
    table = plain_table()
    table.add_column("file", overflow="fold")
    table.add_column("source")
    for name in COLUMNS:
        table.add_column(name.replace("_", " "), justify="right")
    for load in loads:
        note = load.note or ("failed" if load.error else load.source or "")
        table.add_row(Path(load.path).name, note, *(count(getattr(load.merged, name)) for name in COLUMNS))
    notes = [load.error for load in loads if load.error]
    for load in loads:
        for reason, lines, first in load.rejects:
            notes.append(f"{Path(load.path).name}:{first}: {reason} ({count(lines)} line{'s' if lines > 1 else ''})")
    if any(load.merged.unpriced for load in loads):
        notes.append("Unpriced calls and why: tollbook cost --by seller,model,unpriced_reason")
    print_table(table, *notes)


def _as_object(load: "FileLoad") -> dict[str, Any]:
    rejects = [{"reason": reason, "lines": lines, "first_line": first} for reason, lines, first in load.rejects]
    told = {"file": load.path, "source": load.source, "note": load.note, "error": load.error}
    return {**told, **load.merged._asdict(), "rejects": rejects}


def _time(text: str | None) -> datetime | None:
    from ingest.clock import parse_time
    from ingest.problem import Unreadable

    try:
        return parse_time(text)[0] if text else None
    except Unreadable as problem:
        raise click.UsageError(f"--time: {problem}") from problem


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.UsageError(f"--tag takes key=value, not {text!r}")
    return name, value


@contextmanager
def _stdin_as_file(session: Session, paths: Sequence[str]) -> Iterator[list[Path]]:
    """The files that the arguments name; standard input is kept in the warehouse's spool while it is read."""
    from warehouse.folder import Folder

    if "-" not in paths:
        yield expand(paths)
        return
    folder = Folder(session.warehouse)
    folder.create()
    copy = folder.spool / "standard-input"
    try:
        with copy.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [copy, *expand([path for path in paths if path != "-"])]
    finally:
        copy.unlink(missing_ok=True)


def expand(paths: Sequence[str]) -> list[Path]:
    """Files, folders and patterns to files, in a stable order; raises IngestError when one leads to nothing."""
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.is_file() and is_log(file)]
        elif path.exists() or not any(letter in text for letter in "*?["):
            inside = [path]
        else:
            inside = sorted(_matching(path))
        if not inside:
            raise IngestError(f"{text}: no log files there ({', '.join(LOG_ENDINGS)}, plain, .gz or .zst)")
        found += inside
    return list(dict.fromkeys(found))


def is_log(path: Path) -> bool:
    """Whether a file in a folder is taken for a log, by its name."""
    name = path.name
    for ending in PACKED_ENDINGS:
        name = name.removesuffix(ending)
    return name.endswith(LOG_ENDINGS) and not path.name.startswith(".")


def _matching(pattern: Path) -> Iterator[Path]:
    anchor = Path(pattern.anchor) if pattern.is_absolute() else Path()
    return (path for path in anchor.glob(str(pattern.relative_to(pattern.anchor))) if path.is_file())
