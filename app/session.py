"""What every command shares: the warehouse, the clock, and where output and talk go."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

DEFAULT_WAREHOUSE = Path("data/warehouse")


class Session(NamedTuple):
    """One run of the command line."""

    warehouse: Path
    now: datetime

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


def print_table(table: Table, *notes: str) -> None:
    """A table for people on stdout, with notes below it; never cut off when output is no terminal."""
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=200)
    console.print(table)
    for note in notes:
        console.print(note, style="dim", soft_wrap=True, markup=False)


def plain_table(title: str | None = None) -> Table:
    """A table without boxes: a header line, then the rows."""
    return Table(
        title=title, box=None, header_style="bold", pad_edge=False, title_justify="left", title_style="bold"
    )
