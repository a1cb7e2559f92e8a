"""Launch plans, as people saved them: each by its name, every change with its line in the audit.

What a plan says is kept as a mapping of plain text; what it means is no matter of this package.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse.entries import Author, Entries, Values, open_entries, read_entries
from warehouse.kept_by_name import Over, check_name, check_over, pick, told
from warehouse.locks import Tell
from warehouse.sqlfiles import run

What = Literal["added", "changed", "same"]
WHAT = "launch plan"
WRITTEN = ("document", "figures")
"""Columns that hold JSON."""


class SavedPlan(NamedTuple):
    """One launch plan in the state database."""

    number: int
    name: str
    owner: str
    document: dict[str, Any]
    figures: dict[str, Any]
    """What it came to when it was last saved, of plain text: amounts as decimals, dates, digests."""
    created_at: datetime
    changed_at: datetime
    changed_by: str
    demo: bool


class Kept(NamedTuple):
    """What became of a plan that was saved."""

    number: int
    what: What
    before: SavedPlan | None


class Draft(NamedTuple):
    """A plan to be saved. Without an owner it stays with whom it is with, else it is its author's."""

    document: Mapping[str, Any]
    """What it says, its name among it; as JSON can hold it."""
    figures: Mapping[str, Any] = {}
    owner: str | None = None
    demo: bool = False


def list_launch_plans(root: Path, *, tell: Tell) -> list[SavedPlan]:
    """Every plan that was not removed, in the order in which they were saved first."""
    return [_saved(row) for row in read_entries(root, "launch_plan", tell=tell)]


def get_launch_plan(root: Path, which: str, *, tell: Tell) -> SavedPlan:
    """A plan by its name or its number; raises WarehouseError naming those that there are."""
    return pick(list_launch_plans(root, tell=tell), which, WHAT)


def save_launch_plan(root: Path, draft: Draft, author: Author, *, tell: Tell, over: Over = "any") -> Kept:
    """Save a plan by its name: a new one is added, one of its name is changed.

    ``over`` says what may be written over: anything, nothing (None), or what was changed last at that instant, so
    that nobody undoes a change that they have not seen. Raises WarehouseError where it may not.
    """
    check_name(str(draft.document["name"]))
    with open_entries(root, author, purpose="a launch plan", tell=tell) as entries:
        return _save(entries, draft, over)


def remove_launch_plan(root: Path, which: str, author: Author, *, tell: Tell) -> SavedPlan:
    """Take a plan out, by its name or its number; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="a launch plan", tell=tell) as entries:
        was = pick(_current(entries), which, WHAT)
        _remove(entries, was)
        return was


def remove_demo_launch_plans(root: Path, author: Author, *, tell: Tell) -> int:
    """Take the demo's plans out; returns how many there were."""
    if not any(each.demo for each in list_launch_plans(root, tell=tell)):
        return 0
    with open_entries(root, author, purpose="launch plans", tell=tell) as entries:
        made_up = [each for each in _current(entries) if each.demo]
        for each in made_up:
            _remove(entries, each)
        return len(made_up)


def _save(entries: Entries, draft: Draft, over: Over) -> Kept:
    was = next((each for each in _current(entries) if each.name == draft.document["name"]), None)
    by = {"now": entries.author.now, "who": entries.author.who}
    if was is None:
        values = _values(draft, draft.owner or entries.author.who)
        number = int(run(entries.connection, "insert_launch_plan", values | by).fetchall()[0][0])
        entries.audit(f"launch plan {number} added", after=told(values, WRITTEN))
        return Kept(number, "added", None)
    check_over(was, over)
    values, before = _values(draft, draft.owner or was.owner), _values_of(was)
    if values == before:
        return Kept(was.number, "same", was)
    run(entries.connection, "change_launch_plan", values | by | {"number": was.number})
    entries.audit(f"launch plan {was.number} changed", before=told(before, WRITTEN), after=told(values, WRITTEN))
    return Kept(was.number, "changed", was)


def _remove(entries: Entries, was: SavedPlan) -> None:
    run(entries.connection, "remove_launch_plan", {"number": was.number, "now": entries.author.now})
    entries.audit(f"launch plan {was.number} removed", before=told(_values_of(was), WRITTEN))


def _values(draft: Draft, owner: str) -> Values:
    """The columns of its row that a person has a say in."""
    texts = {name: json.dumps(getattr(draft, name), ensure_ascii=False) for name in WRITTEN}
    return {"name": draft.document["name"], "owner": owner, **texts, "demo": draft.demo}


def _values_of(was: SavedPlan) -> Values:
    return _values(Draft(was.document, was.figures, demo=was.demo), was.owner)


def _current(entries: Entries) -> list[SavedPlan]:
    return [_saved(row) for row in run(entries.connection, "list_launch_plan").fetchall()]


def _saved(row: Sequence[Any]) -> SavedPlan:
    number, name, owner, document, figures, *rest = row
    return SavedPlan(number, name, owner, json.loads(document), json.loads(figures), *rest)
