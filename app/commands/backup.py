"""``tollbook backup``: the warehouse as one file or folder, made while loads run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.commands.entered import AsJson
from app.figures import count, instant, things
from app.session import print_json, session_of

if TYPE_CHECKING:
    from warehouse.backup_form import Manifest


def backup(
    context: typer.Context,
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE|DIR",
            help="An archive, NAME.tar.zst; a folder to make; or one to put the archive into. [default: this folder]",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the whole warehouse, while loads run: both databases, settings, cards.

    The copy is read through and held against its digests before it gets its
    name. It holds the salt that users are hashed with: keep it private.
    """
    from warehouse.backup import make_backup

    session = session_of(context)
    made = make_backup(session.warehouse, to, now=session.now, tell=session.tell)
    if as_json:
        print_json({"path": str(made.path), "bytes": made.bytes, **manifest_object(made.manifest)})
        return
    session.tell(f"{described(made.manifest)}; read through, and whole")
    print(f"{made.path} ({count(made.bytes)} bytes)")  # noqa: T201 - this is the command's output


def described(manifest: "Manifest") -> str:
    """What a backup holds, in a line."""
    usage = manifest.databases.get("usage")
    records = things(usage.rows.get("usage", 0) if usage else 0, "record")
    through = f" through {instant(manifest.data_through)}" if manifest.data_through else ""
    return f"{records}{through}, {things(len(manifest.files), 'file')}, {count(manifest.size)} bytes unpacked"


def manifest_object(manifest: "Manifest") -> dict[str, Any]:
    """What a backup says of itself, as JSON has it."""
    usage = manifest.databases.get("usage")
    return {
        "made_at": instant(manifest.made_at),
        "tollbook": manifest.tollbook,
        "duckdb": manifest.duckdb,
        "data_through": instant(manifest.data_through),
        "records": usage.rows.get("usage", 0) if usage else 0,
        "files": {name: kept.model_dump() for name, kept in manifest.files.items()},
    }
