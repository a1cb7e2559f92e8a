"""Presets: mapping files that come with the program, each of which knows its files by their columns."""

from collections.abc import Iterator
from pathlib import Path

from ingest.generic import missing_columns, source_of
from ingest.mapping import Mapping
from ingest.mapping_file import read_mapping
from ingest.source import Sample, Source

FOLDER = Path(__file__).parent / "presets"
NEAREST = 3
MOST_NAMES = 12


def read_presets() -> Iterator[Source]:
    """A source for each preset, by name."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield source_of(read_mapping(path))


def advice(sample: Sample, presets: list[Mapping]) -> str:
    """What to do about a table that nobody recognises: its columns, the presets that come nearest, the way out."""
    names = sample.columns or tuple(dict.fromkeys(name for record in sample.records for name in record))
    if not names:
        return ""
    more = len(names) - MOST_NAMES
    told = ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
    lacking = sorted(((missing_columns(preset, sample), preset) for preset in presets), key=_by_count)
    near = [
        f"{preset.name} lacks {', '.join(missing)}"
        for missing, preset in lacking
        if len(missing) < max(map(len, preset.columns_required))
    ]
    return (
        f"\nits columns: {told}\nnearest presets: {'; '.join(near[:NEAREST]) or 'none comes near'}\n"
        "--preview proposes a mapping file for it; --mapping loads it with one (docs/presets.md)"
    )


def _by_count(item: tuple[list[str], Mapping]) -> tuple[int, str]:
    missing, preset = item
    return len(missing), preset.name
