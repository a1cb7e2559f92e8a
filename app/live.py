"""What loads by itself: the heartbeats that ``tollbook watch`` and ``tollbook collect`` keep in the warehouse."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from warehouse.folder import Folder
from warehouse.locks import take_if_free

LOST_AFTER = timedelta(minutes=10)
"""One that nobody can ask, and that has not looked for so long, is not there any more."""
STUCK_AFTER = timedelta(hours=1)
"""One that is alive, and has not looked for so long, hangs: no load takes as long."""
State = Literal["looking", "ended", "lost"]


class Watcher(NamedTuple):
    """One process that loads by itself, as it last said of itself; every instant is naive UTC."""

    name: str
    kind: str
    """``watch``: it follows files. ``collect``: it receives."""
    state: State
    """``ended``: it was stopped. ``lost``: it says nothing any more, and did not say that it stops."""
    paths: tuple[str, ...]
    """What it follows, or where it listens."""
    started: datetime | None
    last_round: datetime | None
    last_load: datetime | None
    files: int | None
    rows: int | None
    """Calls that it has stored since it started."""
    error: str | None = None
    """Why it could not load when it looked last."""


def read_watchers(root: Path, now: datetime) -> list[Watcher]:
    """Everything that has told of itself; what cannot be read is left out."""
    try:
        files = sorted(Folder(root).heartbeats.glob("*.json"))
    except OSError:
        return []
    return [watcher for path in files if (watcher := _read(path, now)) is not None]


def _read(path: Path, now: datetime) -> Watcher | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict):
        return None
    looked = _instant(told, "last_round") or _instant(told, "started")
    where = told.get("paths")
    return Watcher(
        name=path.stem,
        kind=str(told.get("kind") or "watch"),
        state=_state(told, looked, now, is_alive=_is_alive(path.with_suffix(".lock"))),
        paths=tuple(map(str, where)) if isinstance(where, list) else (),
        started=_instant(told, "started"),
        last_round=looked,
        last_load=_instant(told, "last_load"),
        files=_whole(told, "files"),
        rows=_whole(told, "rows"),
        error=str(told["error"]) if told.get("error") else None,
    )


def _state(told: Mapping[str, Any], looked: datetime | None, now: datetime, *, is_alive: bool | None) -> State:
    if told.get("ended"):
        return "ended"
    patience = LOST_AFTER if is_alive is None else STUCK_AFTER
    return "looking" if is_alive is not False and looked is not None and now - looked < patience else "lost"


def _is_alive(lock: Path) -> bool | None:
    """Whether its process holds its lock; None where there is none to ask."""
    if not lock.exists():
        return None
    try:
        held = take_if_free(lock)
    except OSError:
        return None
    if held is None:
        return True
    held.close()
    return False


def _instant(told: Mapping[str, Any], name: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(told.get(name)))
    except ValueError:
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at


def _whole(told: Mapping[str, Any], name: str) -> int | None:
    value = told.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
