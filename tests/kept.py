"""Warehouses that many tests begin with: filled once in a process, and copied for every further test."""

import json
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ingest.load import load_files
from ingest.options import Options
from warehouse.connection import silent
from warehouse.demo import remove_demo

_FOLDER = tempfile.TemporaryDirectory(prefix="tollbook-kept-")
"""Taken away when the process ends."""
_kept: dict[str, Path] = {}
NOW = datetime(2026, 11, 22)


def made_once(warehouse: Path, name: str, make: Callable[[], object]) -> Path:
    """What ``make`` fills the warehouse's folder with: it is called for the first test that asks by this name.

    The paths of logs in a copy are those of that first test: whoever reads them keeps its logs elsewhere.
    """
    if name in _kept:
        return shutil.copytree(_kept[name], warehouse)
    make()
    _kept[name] = shutil.copytree(warehouse, Path(_FOLDER.name) / str(len(_kept)))
    return warehouse


def empty(warehouse: Path) -> Path:
    """A warehouse that knows rates, and of no file: its databases are there, which takes longest to make."""

    def make() -> None:
        log = Path(_FOLDER.name) / "only.jsonl"
        log.write_text(json.dumps({"time": "2026-11-01T10:00:00Z", "response": {"id": "c-1", "model": "m"}}) + "\n")
        (load,) = load_files(warehouse, [log], Options(demo=True), now=NOW, tell=silent)
        assert load.merged.loaded == 1
        assert remove_demo(warehouse, now=NOW, tell=silent) == 1

    return made_once(warehouse, "empty", make)
