"""What a person names, as files: folders and patterns hold those that look like logs."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.problem import IngestError

LOG_ENDINGS = (".json", ".jsonl", ".ndjson", ".log", ".sse", ".txt", ".csv", ".tsv", ".parquet", ".prom")
PACKED_ENDINGS = (".gz", ".zst")
ROTATED = re.compile(r"(?<=\w)[.-]\d[\dT_.:-]*$")
"""What those who rotate logs write behind a name: a number or a date."""


def expand(paths: Sequence[str]) -> list[Path]:
    """Files, folders and patterns to files, in a stable order; raises IngestError when one leads to nothing."""
    found: list[Path] = []
    for text in paths:
        inside = files_of(text)
        if not inside and not Path(text).is_dir() and not is_pattern(text):
            inside = [Path(text)]
        if not inside:
            raise IngestError(f"{text}: no log files there ({', '.join(LOG_ENDINGS)}, plain, .gz or .zst)")
        found += inside
    return list(dict.fromkeys(found))


def files_of(text: str) -> list[Path]:
    """The files that are there now, in a stable order: a file, the logs of a folder, or what matches a pattern."""
    path = Path(text)
    if path.is_dir():
        return [file for file in sorted(path.rglob("*")) if file.is_file() and is_log(file)]
    if path.exists():
        return [path]
    return sorted(_matching(path)) if is_pattern(text) else []


def is_pattern(text: str) -> bool:
    """Whether a name stands for several files."""
    return any(letter in text for letter in "*?[")


def is_log(path: Path) -> bool:
    """Whether a file in a folder is taken for a log, by its name."""
    name = path.name
    if name.startswith("."):
        return False
    for ending in PACKED_ENDINGS:
        name = name.removesuffix(ending)
    return name.endswith(LOG_ENDINGS) or ROTATED.sub("", name).endswith(LOG_ENDINGS)


def _matching(pattern: Path) -> Iterator[Path]:
    anchor = Path(pattern.anchor) if pattern.is_absolute() else Path()
    found = anchor.glob(str(pattern.relative_to(pattern.anchor)))
    return (path for path in found if path.is_file() and not path.name.startswith("."))
