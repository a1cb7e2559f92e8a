"""Views of Explore, as people saved them: each by its name, every change with its line in the audit.

What a view shows is kept as a mapping of plain text; what it means is no matter of this package.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse.entries import Author, Entries, Values, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.kept_by_name import Over, check_name, check_over, pick, told
from warehouse.locks import Tell
from warehouse.sqlfiles import run

What = Literal["added", "changed", "same"]
WHAT = "view"
WRITTEN = ("document",)
"""Columns that hold JSON."""


class KeptView(NamedTuple):
    """One view in the state database."""

    number: int
    name: str
    owner: str
    document: dict[str, Any]
    created_at: datetime
    changed_at: datetime
    changed_by: str


class Kept(NamedTuple):
    """What became of a view that was saved."""

    number: int
    what: What


def list_views(root: Path, *, tell: Tell) -> list[KeptView]:
    """Every view that was not removed, in the order in which they were saved first."""
    return [_kept(row) for row in read_entries(root, "saved_view", tell=tell)]


def get_view(root: Path, which: str, *, tell: Tell) -> KeptView:
    """A view by its name or its number; raises WarehouseError naming those that there are."""
    return pick(list_views(root, tell=tell), which, WHAT)


def save_view(  # noqa: PLR0913 - what is saved, who saves it and over what: all of it is needed
    root: Path, name: str, document: Mapping[str, Any], author: Author, *, tell: Tell, over: Over = "any"
) -> Kept:
    """Save a view by its name: a new one is added, one of its name is changed.

    ``over`` says what may be written over: anything, nothing (None), or what was changed last at that instant, so
    that nobody undoes a change that they have not seen. Raises WarehouseError where it may not.
    """
    check_name(name)
    with open_entries(root, author, purpose="a view", tell=tell) as entries:
        was = _named(entries, name)
        values = _values(name, document)
        if was is None:
            by = {"now": author.now, "who": author.who}
            number = int(run(entries.connection, "insert_saved_view", values | by).fetchall()[0][0])
            entries.audit(f"view {number} added", after=told(values, WRITTEN))
            return Kept(number, "added")
        check_over(was, over)
        return Kept(was.number, "changed" if _change(entries, was, values) else "same")


def rename_view(root: Path, which: str, name: str, author: Author, *, tell: Tell) -> KeptView:
    """Call a view otherwise; returns it as it was. Raises WarehouseError where another has that name."""
    check_name(name)
    with open_entries(root, author, purpose="a view", tell=tell) as entries:
        was = pick(_current(entries), which, WHAT)
        other = _named(entries, name)
        if other is not None and other.number != was.number:
            raise WarehouseError(f"another view is called {name!r}: take another name, or remove that one first")
        _change(entries, was, _values(name, was.document))
        return was


def remove_view(root: Path, which: str, author: Author, *, tell: Tell) -> KeptView:
    """Take a view out, by its name or its number; returns what it was. Raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="a view", tell=tell) as entries:
        was = pick(_current(entries), which, WHAT)
        run(entries.connection, "remove_saved_view", {"number": was.number, "now": author.now})
        entries.audit(f"view {was.number} removed", before=told(_values(was.name, was.document), WRITTEN))
        return was


def _change(entries: Entries, was: KeptView, values: Values) -> bool:
    """Write what a view says anew; returns whether it said anything else."""
    before = _values(was.name, was.document)
    if values == before:
        return False
    by = {"now": entries.author.now, "who": entries.author.who, "number": was.number}
    run(entries.connection, "change_saved_view", values | by)
    entries.audit(f"view {was.number} changed", before=told(before, WRITTEN), after=told(values, WRITTEN))
    return True


def _named(entries: Entries, name: str) -> KeptView | None:
    return next((each for each in _current(entries) if each.name == name), None)


def _values(name: str, document: Mapping[str, Any]) -> Values:
    return {"name": name, "document": json.dumps(document, ensure_ascii=False, sort_keys=True)}


def _current(entries: Entries) -> list[KeptView]:
    return [_kept(row) for row in run(entries.connection, "list_saved_view").fetchall()]


def _kept(row: Sequence[Any]) -> KeptView:
    number, name, owner, document, *rest = row
    return KeptView(number, name, owner, json.loads(document), *rest)
