"""``tollbook restore``: a backup put in place, checked first."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.backup import described, manifest_object
from app.commands.entered import AsJson
from app.figures import instant
from app.session import print_json, session_of


def restore(
    context: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="What tollbook backup made: an archive or a folder.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Also where a warehouse stands: it is moved aside and kept.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the backup, and restore nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in place: every file is held against its digest first.

    One of an older Tollbook is brought up to date. What stood in the folder
    is kept there, in a folder of its own.
    """
    from warehouse.restore import check_backup, restore

    session = session_of(context)
    if dry_run:
        manifest = check_backup(source)
        if as_json:
            print_json({"restored": False, **manifest_object(manifest)})
        else:
            session.tell(f"{source} is whole: of {instant(manifest.made_at)}, {described(manifest)}")
        return
    done = restore(source, session.warehouse, force=force, now=session.now, tell=session.tell)
    if as_json:
        aside = str(done.aside) if done.aside else None
        said = {"restored": True, "aside": aside, "upgraded": list(done.upgraded)}
        print_json({**said, **manifest_object(done.manifest)})
        return
    session.tell(f"restored the backup of {instant(done.manifest.made_at)}: {described(done.manifest)}")
    if done.aside:
        session.tell(f"what stood there is in {done.aside}; delete it when it is not needed any more")
