"""Warehouses that many tests begin with: filled once in a process, and copied for every further test."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory(prefix="tollbook-kept-")
"""Taken away when the process ends."""
_kept: dict[str, Path] = {}


def made_once(warehouse: Path, name: str, make: Callable[[], object]) -> Path:
    """What ``make`` fills the warehouse's folder with: it is called for the first test that asks by this name.

    The paths of logs in a copy are those of that first test: whoever reads them keeps its logs elsewhere.
    """
    if name in _kept:
        return shutil.copytree(_kept[name], warehouse)
    make()
    _kept[name] = shutil.copytree(warehouse, Path(_FOLDER.name) / str(len(_kept)))
    return warehouse
