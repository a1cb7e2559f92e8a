"""Budgets, as people entered them: every change is a new version, and has its line in the audit.

What a budget says is kept as a mapping of plain text; what it means is no matter of this package.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse.connection import open_reader
from warehouse.entries import Author, Entries, open_entries, read_entries
from warehouse.errors import WarehouseError
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.sqlfiles import run, sql

Form = Mapping[str, Any]
What = Literal["added", "changed", "ended", "removed", "put back"]


class BudgetVersion(NamedTuple):
    """What a budget said from one change to the next."""

    number: int
    version: int
    name: str
    form: dict[str, Any]
    what: What
    who: str
    changed_at: datetime


class Change(NamedTuple):
    """What is to become of a budget."""

    number: int
    make: Callable[[BudgetVersion], Form]
    """What it is to say, by what it says now."""
    what: What = "changed"


class Put(NamedTuple):
    """What became of one of several budgets that were entered by name."""

    number: int
    what: Literal["added", "changed", "same"]
    before: dict[str, Any] | None


def list_budgets(root: Path, *, tell: Tell) -> list[BudgetVersion]:
    """Every budget that was not removed, in the order in which they were entered."""
    return [_version(row) for row in read_entries(root, "budget", tell=tell)]


def budget_history(root: Path, number: int, *, tell: Tell) -> list[BudgetVersion]:
    """Every version of a budget, the oldest first, of a removed one too; raises WarehouseError where there is none."""
    rows: list[tuple[Any, ...]] = []
    if Folder(root).database("state").exists():
        with open_reader(root, "state", tell=tell) as reader:
            if reader.row(sql("has_table"), {"table": "budget"}):
                rows = reader.rows(sql("budget_history"), {"number": number})
    if not rows:
        raise WarehouseError(f"there never was a budget {number}; `tollbook budget` lists them")
    return [_version(row) for row in rows]


def add_budget(root: Path, form: Form, author: Author, *, tell: Tell) -> int:
    """Enter a budget; returns its number. Raises WarehouseError where one of its name is there."""
    with open_entries(root, author, purpose="a budget", tell=tell) as entries:
        _refuse_twin(_current(entries), form["name"], None)
        return _add(entries, form)


def become(was: Form | None, form: Form) -> Literal["added", "changed", "same"]:
    """What becomes of a budget that says ``was``, where a file says ``form``."""
    if was is None:
        return "added"
    return "same" if was == form else "changed"


def put_budgets(root: Path, forms: Sequence[Form], author: Author, *, tell: Tell) -> list[Put]:
    """Enter budgets by their names, all or none: what is new is added, what differs is changed, the rest stays."""
    if _all_there(root, forms, tell):
        known = {each.name: each for each in list_budgets(root, tell=tell)}
        return [Put(known[form["name"]].number, "same", known[form["name"]].form) for form in forms]
    done = []
    with open_entries(root, author, purpose="budgets", tell=tell) as entries:
        known = {each.name: each for each in _current(entries)}
        for form in forms:
            was = known.get(form["name"])
            what = become(was and was.form, form)
            if was is None:
                done.append(Put(_add(entries, form), what, None))
                continue
            if what == "changed":
                _keep(entries, was, form, "changed")
            done.append(Put(was.number, what, was.form))
    return done


def change_budget(root: Path, change: Change, author: Author, *, tell: Tell) -> BudgetVersion:
    """Make a new version of a budget; returns it, or the one there is where nothing changed.

    Raises WarehouseError where there is no such budget, or another has the new name.
    """
    with open_entries(root, author, purpose="a budget", tell=tell) as entries:
        was = _one(entries, change.number)
        form = dict(change.make(was))
        if form == was.form:
            return was
        _refuse_twin(_current(entries), form["name"], was.number)
        return _keep(entries, was, form, change.what)


def remove_budget(root: Path, number: int, author: Author, *, tell: Tell) -> BudgetVersion:
    """Take a budget out; its history stays. Raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="a budget", tell=tell) as entries:
        was = _one(entries, number)
        _keep(entries, was, was.form, "removed")
        return was


def put_back_budget(root: Path, number: int, author: Author, *, tell: Tell) -> None:
    """Let a budget that was removed count again, as it was; raises WarehouseError where another has its name by now."""
    with open_entries(root, author, purpose="a budget", tell=tell) as entries:
        rows = run(entries.connection, "budget_history", {"number": number}).fetchall()
        was = max(map(_version, rows), key=lambda each: each.version)
        if was.what != "removed":
            raise WarehouseError(f"budget {number} is there already: somebody has put it back")
        _refuse_twin(_current(entries), was.name, number)
        _keep(entries, was, was.form, "put back")


def check_version(was: BudgetVersion, seen: int) -> None:
    """Refuse to write over a change that the reader has not seen; raises WarehouseError."""
    if was.version != seen:
        raise WarehouseError(f"{was.who} has changed this budget in the meantime; look at it again, then change it")


def _all_there(root: Path, forms: Sequence[Form], tell: Tell) -> bool:
    """Whether nothing would change: then nothing is written, not even opened for it."""
    known = {each.name: each.form for each in list_budgets(root, tell=tell)}
    return bool(known) and all(known.get(form["name"]) == form for form in forms)


def _add(entries: Entries, form: Form) -> int:
    (number,) = run(entries.connection, "newest_budget").fetchall()[0]
    _write(entries, int(number) + 1, 1, form, "added")
    entries.audit(f"budget {number + 1} added", after=dict(form))
    return int(number) + 1


def _keep(entries: Entries, was: BudgetVersion, form: Form, what: What) -> BudgetVersion:
    _write(entries, was.number, was.version + 1, form, what)
    after = None if what == "removed" else dict(form)
    entries.audit(f"budget {was.number} {what}", before=was.form, after=after)
    author = entries.author
    return BudgetVersion(was.number, was.version + 1, form["name"], dict(form), what, author.who, author.now)


def _write(entries: Entries, number: int, version: int, form: Form, what: What) -> None:
    values = {"number": number, "version": version, "name": form["name"], "what": what}
    text = json.dumps(form, ensure_ascii=False)
    run(entries.connection, "insert_budget", values | {"form": text, **entries.author._asdict()})


def _current(entries: Entries) -> list[BudgetVersion]:
    return [_version(row) for row in run(entries.connection, "list_budget").fetchall()]


def _one(entries: Entries, number: int) -> BudgetVersion:
    versions = _current(entries)
    for each in versions:
        if each.number == number:
            return each
    known = ", ".join(str(each.number) for each in versions)
    raise WarehouseError(f"there is no budget {number}; {f'entered are {known}' if known else 'none was entered'}")


def _refuse_twin(versions: Sequence[BudgetVersion], name: str, number: int | None) -> None:
    twin = next((each for each in versions if each.name == name and each.number != number), None)
    if twin is not None:
        raise WarehouseError(
            f"budget {twin.number} is called {name!r}; change it with `tollbook budget set`, or take another name"
        )


def _version(row: tuple[Any, ...]) -> BudgetVersion:
    number, version, name, form, what, who, changed_at = row
    return BudgetVersion(number, version, name, json.loads(form), what, who, changed_at)
