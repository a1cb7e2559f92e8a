"""Where agents keep their session files on this machine, and what stands there."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class Place(NamedTuple):
    """A folder in which an agent keeps its sessions."""

    source: str
    """Name of the source that reads them."""
    folder: Path


class FoundPlace(NamedTuple):
    """A place that is there, with its session files."""

    place: Place
    files: tuple[Path, ...]
    size_bytes: int


def places(environment: Mapping[str, str], home: Path) -> list[Place]:
    """Where sessions can be: the folders that the agents' own settings name, else their usual ones."""
    found = [Place("claude_code", folder) for folder in _claude_folders(environment, home)]
    for root in _named(environment, "CODEX_HOME", home) or [home / ".codex"]:
        # Archived copies after active ones: of two copies the first is read, the other is known.
        found += [Place("codex", root / name) for name in ("sessions", "archived_sessions")]
    return list(dict.fromkeys(found))


def look_into(found: list[Place]) -> list[FoundPlace]:
    """The places that hold session files, with what they hold."""
    looked = [_look_into(place) for place in found if place.folder.is_dir()]
    return [place for place in looked if place.files]


def _look_into(place: Place) -> FoundPlace:
    files = tuple(sorted(file for file in place.folder.rglob("*.jsonl") if file.is_file()))
    return FoundPlace(place, files, sum(file.stat().st_size for file in files))


def _claude_folders(environment: Mapping[str, str], home: Path) -> Iterator[Path]:
    roots = _named(environment, "CLAUDE_CONFIG_DIR", home)
    if not roots:
        settings = environment.get("XDG_CONFIG_HOME")
        roots = [(Path(settings) if settings else home / ".config") / "claude", home / ".claude"]
    for root in roots:
        yield root if root.name == "projects" else root / "projects"


def _named(environment: Mapping[str, str], name: str, home: Path) -> list[Path]:
    """The folders that a variable names, between commas."""
    texts = (text.strip() for text in environment.get(name, "").split(","))
    return [home / text.removeprefix("~").lstrip("/") if text.startswith("~") else Path(text) for text in texts if text]
