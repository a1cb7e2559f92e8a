"""Scenarios, as people saved them: each by its name, every change with its line in the audit.

What a scenario says is kept as a mapping of plain text; what it means is no matter of this package.
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

What = Literal["added", "changed", "refreshed", "same"]
"""What became of a scenario that was saved: ``refreshed`` says the same as before and came to something else."""
WHAT = "scenario"
WRITTEN = ("document", "billed", "cost")
"""Columns that hold JSON."""


class Figures(NamedTuple):
    """What a scenario came to, and of which rates and calls."""

    billed: Mapping[str, int]
    """Pico-units as priced, per currency."""
    cost: Mapping[str, int]
    """Pico-units under the scenario, per currency."""
    rates_digest: str
    data_digest: str
    data_through: datetime | None


class SavedScenario(NamedTuple):
    """One scenario in the state database."""

    number: int
    name: str
    owner: str
    document: dict[str, Any]
    figures: Figures
    """What it came to when it was last saved."""
    created_at: datetime
    changed_at: datetime
    changed_by: str
    demo: bool


class Kept(NamedTuple):
    """What became of a scenario that was saved."""

    number: int
    what: What
    before: SavedScenario | None


class Draft(NamedTuple):
    """A scenario to be saved. Without an owner it stays with whom it is with, else it is its author's."""

    document: Mapping[str, Any]
    """What it says, its name among it; as JSON can hold it."""
    figures: Figures
    owner: str | None = None
    demo: bool = False


def list_scenarios(root: Path, *, tell: Tell) -> list[SavedScenario]:
    """Every scenario that was not removed, in the order in which they were saved first."""
    return [_saved(row) for row in read_entries(root, "scenario", tell=tell)]


def get_scenario(root: Path, which: str, *, tell: Tell) -> SavedScenario:
    """A scenario by its name or its number; raises WarehouseError naming those that there are."""
    return pick(list_scenarios(root, tell=tell), which, WHAT)


def save_scenario(root: Path, draft: Draft, author: Author, *, tell: Tell, over: Over = "any") -> Kept:
    """Save a scenario by its name: a new one is added, one of its name is changed.

    ``over`` says what may be written over: anything, nothing (None), or what was changed last at that instant, so
    that nobody undoes a change that they have not seen. Raises WarehouseError where it may not.
    """
    with open_entries(root, author, purpose="a scenario", tell=tell) as entries:
        return _save(entries, draft, over)


def save_scenarios(root: Path, drafts: Sequence[Draft], author: Author, *, tell: Tell) -> list[Kept]:
    """The same of several at once, all or none."""
    with open_entries(root, author, purpose="scenarios", tell=tell) as entries:
        return [_save(entries, draft, "any") for draft in drafts]


def remove_scenario(root: Path, which: str, author: Author, *, tell: Tell) -> SavedScenario:
    """Take a scenario out, by its name or its number; raises WarehouseError where there is none."""
    with open_entries(root, author, purpose="a scenario", tell=tell) as entries:
        was = pick(_current(entries), which, WHAT)
        _remove(entries, was)
        return was


def remove_demo_scenarios(root: Path, author: Author, *, tell: Tell) -> int:
    """Take the demo's scenarios out; returns how many there were."""
    if not any(each.demo for each in list_scenarios(root, tell=tell)):
        return 0
    with open_entries(root, author, purpose="scenarios", tell=tell) as entries:
        made_up = [each for each in _current(entries) if each.demo]
        for each in made_up:
            _remove(entries, each)
        return len(made_up)


def _save(entries: Entries, draft: Draft, over: Over) -> Kept:
    name = str(draft.document["name"])
    check_name(name)
    was = next((each for each in _current(entries) if each.name == name), None)
    if was is None:
        values = _values(draft, draft.owner or entries.author.who)
        rows = run(entries.connection, "insert_scenario", values | _by(entries)).fetchall()
        number = int(rows[0][0])
        entries.audit(f"scenario {number} added", after=told(values, WRITTEN))
        return Kept(number, "added", None)
    check_over(was, over)
    values = _values(draft, draft.owner or was.owner)
    before = _values(Draft(was.document, was.figures, demo=was.demo), was.owner)
    if values == before:
        return Kept(was.number, "same", was)
    what: What = "refreshed" if _words(values) == _words(before) else "changed"
    run(entries.connection, "change_scenario", values | _by(entries) | {"number": was.number})
    entries.audit(f"scenario {was.number} {what}", before=told(before, WRITTEN), after=told(values, WRITTEN))
    return Kept(was.number, what, was)


def _remove(entries: Entries, was: SavedScenario) -> None:
    run(entries.connection, "remove_scenario", {"number": was.number, "now": entries.author.now})
    before = _values(Draft(was.document, was.figures, demo=was.demo), was.owner)
    entries.audit(f"scenario {was.number} removed", before=told(before, WRITTEN))


def _values(draft: Draft, owner: str) -> Values:
    """The columns of its row that a person has a say in."""
    figures = draft.figures._asdict() | {"billed": _text(draft.figures.billed), "cost": _text(draft.figures.cost)}
    document = json.dumps(draft.document, ensure_ascii=False)
    return {"name": draft.document["name"], "owner": owner, "document": document, "demo": draft.demo} | figures


def _words(values: Values) -> tuple[object, ...]:
    return tuple(values[field] for field in ("name", "owner", "document", "demo"))


def _by(entries: Entries) -> Values:
    return {"now": entries.author.now, "who": entries.author.who}


def _text(amounts: Mapping[str, int]) -> str:
    """Amounts as JSON text: as numbers, many readers would round them."""
    return json.dumps({currency: str(pico) for currency, pico in sorted(amounts.items())})


def _current(entries: Entries) -> list[SavedScenario]:
    return [_saved(row) for row in run(entries.connection, "list_scenario").fetchall()]


def _saved(row: Sequence[Any]) -> SavedScenario:
    number, name, owner, document, billed, cost, rates, data, through, *rest = row
    figures = Figures(_amounts(billed), _amounts(cost), rates, data, through)
    return SavedScenario(number, name, owner, json.loads(document), figures, *rest)


def _amounts(text: str) -> dict[str, int]:
    return {currency: int(pico) for currency, pico in json.loads(text).items()}
