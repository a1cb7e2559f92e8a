"""Small pieces that the readers of usage objects share."""

from typing import Any

from ingest.problem import Unreadable
from ingest.reading import Reading
from warehouse.reading import MOST_TOKENS


def as_object(value: Any) -> dict[str, Any]:
    """The object that stands here; an empty one where none does."""
    return value if isinstance(value, dict) else {}


def count_of(name: str, value: Any) -> int:
    """A count of tokens as JSON has it, 0 where there is none; raises Unreadable for anything else."""
    if value is None:
        return 0
    if isinstance(value, str) and value.isdecimal() and len(value) <= 11:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_TOKENS:
        raise Unreadable(f"{name} is no whole number from 0 to {MOST_TOKENS}")
    return value


def add_note(reading: Reading, note: str) -> None:
    """Add a reason for review."""
    found = reading.get("review_note")
    reading["review_note"] = f"{found}; {note}" if found else note
