"""The clock: the one place that asks the machine for the time."""

import os
from datetime import UTC, datetime


def now(given: str | None = None) -> datetime:
    """The time as naive UTC: as given, else as TOLLBOOK_NOW says, else the machine's.

    ``given`` is ISO 8601; without an offset it is UTC. Raises ValueError for anything else.
    """
    text = given or os.environ.get("TOLLBOOK_NOW")
    if not text:
        return datetime.now(UTC).replace(tzinfo=None)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time: write it as in 2026-11-22 or 2026-11-22T09:30:00Z") from None
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
