"""``tollbook watch`` in a process of a test's own that needs no time to begin."""

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from app.cli import run


def watch(_: Connection, root: Path, folder: Path) -> None:
    """Watch a folder until a signal comes."""
    sys.exit(run(["--warehouse", str(root), "watch", "--every", "0.2", str(folder)]))
