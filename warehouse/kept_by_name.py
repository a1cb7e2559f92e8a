"""What people keep by name, scenarios and launch plans alike: found by it, and never written over unseen."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from warehouse.entries import Values
from warehouse.errors import WarehouseError

Over = datetime | None | Literal["any"]
"""What may be written over: anything, nothing (None), or what was changed last at that instant."""
FILES = (".yaml", ".yml", ".json")


class KeptByName(Protocol):
    """One of them, as it is stored."""

    @property
    def number(self) -> int:
        """Its number, which stays."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def changed_at(self) -> datetime:
        """When it was saved last (naive UTC)."""

    @property
    def changed_by(self) -> str:
        """Who did."""


K = TypeVar("K", bound=KeptByName)


def pick(kept: Sequence[K], which: str, what: str) -> K:
    """One by its name or its number; raises WarehouseError naming those that there are."""
    for each in kept:
        if which in (str(each.number), each.name):
            return each
    known = ", ".join(f"{each.number} {each.name}" for each in kept)
    raise WarehouseError(f"there is no {what} {which!r}; {f'saved are {known}' if known else 'none was saved'}")


def check_name(name: str) -> None:
    """Refuse a name that reads as a number or a file on the command line; raises WarehouseError."""
    if not name.strip() or name.isdecimal() or name.lower().endswith(FILES):
        raise WarehouseError(f"{name!r} is no name to find it by: take one that is neither a number nor a file's name")


def check_over(was: KeptByName, over: Over) -> None:
    """Refuse to undo a change that its author has not seen; raises WarehouseError."""
    if over != "any" and over != was.changed_at:
        raise WarehouseError(
            f"{was.name!r} was saved by {was.changed_by} at {was.changed_at:%Y-%m-%d %H:%M} UTC: look at it, then save "
            "it again, or take another name"
        )


def told(values: Values, written: Sequence[str]) -> Values:
    """The columns for the audit, those ``written`` as JSON read: JSON once, not JSON within JSON."""
    return values | {field: json.loads(values[field]) for field in written}
