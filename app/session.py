"""What every command shares: the warehouse, the clock, and where output and talk go."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

DEFAULT_WAREHOUSE = Path("data/warehouse")
PLAIN: dict[str, Any] = {
    "box": None,
    "header_style": "bold",
    "pad_edge": False,
    "title_justify": "left",
    "title_style": "bold",
}
"""How every table looks."""


class UserMistake(Exception):
    """What a person typed cannot be used; one plain line, exit code 2."""


class Session(NamedTuple):
    """One run of the command line."""

    warehouse: Path
    now: datetime
    now_given: bool = False
    """The present is not the clock's, but the one that the command line was given."""

    def tell(self, message: str) -> None:
        """Say something about the work under way: on stderr, so that output stays clean."""
        print(message, file=sys.stderr, flush=True)  # noqa: T201 - the command line's own voice


def session_of(context: typer.Context) -> Session:
    """The session that the top command prepared."""
    session = context.obj
    assert isinstance(session, Session)
    return session


def warehouse_folder(given: Path | None) -> Path:
    """The warehouse: as given, else ``TOLLBOOK_WAREHOUSE``, else ``data/warehouse``."""
    return given or Path(os.environ.get("TOLLBOOK_WAREHOUSE") or DEFAULT_WAREHOUSE)


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - this is the command's output


def print_table(table: Table, *notes: str, spare: Sequence[str] = ()) -> None:
    """A table for people on stdout, with notes below it; as wide as it has to be when output is no terminal.

    A terminal that is too narrow goes without the columns named in ``spare``, the first of them first.
    """
    # A name may hold what looks like markup or a smiley: it is printed as it is.
    console = Console(highlight=False, markup=False, emoji=False)
    if not sys.stdout.isatty():
        console.width = max(_width_of(table, console), 80)
    left_out: list[str] = []
    for name in spare:
        if _width_of(table, console) > console.width and any(column.header == name for column in table.columns):
            table = _without(table, name)
            left_out.append(name)
    if table.row_count:
        console.print(table)
    for note in notes:
        console.print(note, style="dim", soft_wrap=True)
    if left_out:
        console.print(f"The terminal is too narrow for: {', '.join(left_out)}.", style="dim", soft_wrap=True)


def _without(table: Table, name: str) -> Table:
    """A copy of a plain table without one column."""
    kept = [column for column in table.columns if column.header != name]
    copy = Table(**PLAIN, title=table.title)
    for column in kept:
        copy.add_column(column.header, justify=column.justify, overflow=column.overflow, no_wrap=column.no_wrap)
    for row, cells in zip(table.rows, zip(*(column.cells for column in kept), strict=True), strict=True):
        copy.add_row(*cells, style=row.style)
    return copy


def _width_of(table: Table, console: Console) -> int:
    return console.measure(table, options=console.options.update_width(10_000)).maximum


def plain_table(title: str | None = None) -> Table:
    """A table without boxes: a header line, then the rows."""
    return Table(**PLAIN, title=title)
