"""Asks OpenRouter what it billed for calls that are in the warehouse without it."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from ingest.pull.http import Api
from ingest.pull.kept import Kept, write_whole
from ingest.pull.openrouter import GENERATION, kept_of
from ingest.pull.problem import NotThere, PullError, Refused, Unreachable

NOT_YET = timedelta(minutes=1)
"""So long after its beginning a call is not asked for: the seller does not know of it at once."""
NEVER = timedelta(days=1)
"""A call that the seller does not know of so long after is not asked for again."""
MOST_UNKNOWN = 100_000
MOST_FAILED = 3
"""So many calls that cannot be had, one after the other, end a run."""
Call = tuple[str, datetime]
"""The id of an answer, and when the call began."""


class Generations(NamedTuple):
    """What came of asking for single calls."""

    unknown: int
    """Calls that the seller does not know of."""
    error: PullError | None = None
    """The last thing that went wrong: a call could not be had, or none after it."""


def calls_to_ask(kept: Kept, unbilled: Sequence[Call], now: datetime, most: int, *, again: bool) -> list[Call]:
    """Of the calls without a billed cost, newest first, those to ask for."""
    unknown = set() if again else _unknown(kept)
    return [call for call in unbilled if call[0] not in unknown and call[1] <= now - NOT_YET][:most]


def fetch_generations(api: Api, kept: Kept, calls: Sequence[Call], now: datetime) -> Generations:
    """Ask for one call after the other; what is answered is kept even if a later one fails."""
    draft = _draft(kept)
    unknown: list[Call] = []
    error, failed = None, 0
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        for call in calls:
            try:
                found = kept_of(api.ask(GENERATION, [("id", call[0])]), call[0])
            except NotThere:
                unknown.append(call)
            except PullError as problem:
                error, failed = problem, failed + 1
                if isinstance(problem, Refused | Unreachable) or failed == MOST_FAILED:
                    break
            else:
                failed = 0
                file.write(json.dumps({"data": found}, separators=(",", ":")) + "\n")
                file.flush()
    _keep_unknown(kept, [name for name, began_at in unknown if began_at < now - NEVER])
    return Generations(len(unknown), error)


def finish_generations(kept: Kept, now: datetime) -> None:
    """Make a file to load of what was answered, also by an earlier run that was stopped."""
    draft = _draft(kept)
    lines = list(_whole_lines(draft))
    if lines:
        write_whole(kept.free_name(GENERATION, now), lines)
    draft.unlink(missing_ok=True)


def _draft(kept: Kept) -> Path:
    return kept.folder / f"{GENERATION}.unfinished"


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    """What was written to the end of its line."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _unknown(kept: Kept) -> set[str]:
    return {str(line.get("id")) for line in _whole_lines(kept.folder / "unknown-generations")}


def _keep_unknown(kept: Kept, names: Sequence[str]) -> None:
    if names:
        every = list(dict.fromkeys([*names, *sorted(_unknown(kept))]))[:MOST_UNKNOWN]
        write_whole(kept.folder / "unknown-generations", [{"id": name} for name in every])
