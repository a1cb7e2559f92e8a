"""What people enter in the state database: each change and its line in the audit are one transaction."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from warehouse.connection import Connection, Reader, open_reader, open_staging, open_writer
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.sqlfiles import run, sql
from warehouse.transaction import transaction

Values = dict[str, Any]


class Author(NamedTuple):
    """Who changes something, and when."""

    who: str
    now: datetime


class Entries(NamedTuple):
    """An open transaction of one person."""

    connection: Connection
    author: Author

    def audit(self, what: str, *, before: Values | None = None, after: Values | None = None) -> None:
        """Write down what the transaction changes."""
        run(
            self.connection,
            "keep_audit",
            {
                "now": self.author.now,
                "who": self.author.who,
                "what": what,
                "before": _text(before),
                "after": _text(after),
            },
        )

    def put(self, table: str, values: Values) -> int:
        """Enter a row, numbered from 1 as they come and never twice; returns its number."""
        rows = run(self.connection, f"insert_{table}", values | {"now": self.author.now}).fetchall()
        number = int(rows[0][0])
        self.audit(f"{table} {number} added", after=values)
        return number

    def take(self, table: str, number: int) -> Values:
        """Take a row out of every answer, and return what it said; raises WarehouseError where there is none."""
        before = self.one(table, number)
        run(self.connection, f"remove_{table}", {"number": number, "now": self.author.now})
        self.audit(f"{table} {number} removed", before=before)
        return before

    def one(self, table: str, number: int) -> Values:
        """The row of a number; raises WarehouseError where there is none."""
        result = run(self.connection, f"list_{table}")
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        for row in rows:
            if row[names[0]] == number:
                return row
        known = ", ".join(str(row[names[0]]) for row in rows)
        raise WarehouseError(f"there is no {table} {number}; {f'entered are {known}' if known else 'none was entered'}")


@contextmanager
def open_entries(root: Path, author: Author, *, purpose: str, tell: Tell) -> Iterator[Entries]:
    """Hold the state database for one change; raises WarehouseMissing, WarehouseBusy, WarehouseUnwritable."""
    folder = Folder(root)
    if not folder.settings_file.exists():
        raise WarehouseMissing(root)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "state", staging, purpose=purpose, now=author.now, tell=tell),
        transaction(staging),
    ):
        yield Entries(staging, author)


def read_entries(root: Path, table: str, *, tell: Tell) -> list[tuple[Any, ...]]:
    """The rows of a table as ``sql/list_TABLE.sql`` gives them; none where nothing was ever entered."""
    if not Folder(root).database("state").exists():
        return []
    with open_reader(root, "state", tell=tell) as reader:
        return rows_of(reader, table)


def rows_of(reader: Reader, table: str) -> list[tuple[Any, ...]]:
    """The same through a reader of the state database, whose schema may be of before there was such a table."""
    if not reader.row(sql("has_table"), {"table": table}):
        return []
    return reader.rows(sql(f"list_{table}"))


def _text(values: Values | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, default=_plain, sort_keys=True)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
