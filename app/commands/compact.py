"""``tollbook compact``: the room that deleted rows left in the database files, given back to the disk."""

from typing import Annotated

import typer

from app.commands.entered import AsJson
from app.figures import count
from app.session import plain_table, print_json, print_table, session_of


def compact(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how much is free inside, and write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the databases anew, without the room that deleted rows left.

    The new file is held against the old one before it takes its place. Loads
    and pages wait meanwhile; the disk needs room for both.
    """
    from warehouse.compact import compact as write_anew
    from warehouse.compact import databases_of, room_inside

    session = session_of(context)
    rows = []
    for database in databases_of(session.warehouse):
        if dry_run:
            size, free = room_inside(session.warehouse, database, tell=session.tell)
            rows.append({"database": database, "bytes": size, "free": free})
        else:
            done = write_anew(session.warehouse, database, now=session.now, tell=session.tell)
            rows.append({"database": database, "before": done.before, "after": done.after})
    if as_json:
        print_json({"rows": rows})
        return
    table = plain_table()
    for head in ("database", "bytes", "free inside") if dry_run else ("database", "bytes before", "bytes after"):
        table.add_column(head, justify="left" if head == "database" else "right")
    for row in rows:
        table.add_row(*(count(value) if isinstance(value, int) else value for value in row.values()))
    print_table(table)
