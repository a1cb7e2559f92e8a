"""Who changed what of the things that people enter, as the audit of the state database has it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import open_reader
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.sqlfiles import sql


class Change(NamedTuple):
    """One line of the audit."""

    changed_at: datetime
    who: str
    what: str
    before: str | None = None
    """What stood there, as JSON. None: nothing did."""
    after: str | None = None
    """What stands there since, as JSON. None: nothing does."""


def list_changes(root: Path, kinds: Sequence[str], *, top: int, tell: Tell) -> list[Change]:
    """The newest changes of these kinds of entries: the first word of what was done."""
    if not Folder(root).database("state").exists():
        return []
    with open_reader(root, "state", tell=tell) as reader:
        return [Change._make(row) for row in reader.rows(sql("list_changes"), {"kinds": list(kinds), "top": top})]
