"""The state database: what people enter. It has its own locks, so that entering something never waits for a load."""

from datetime import datetime
from pathlib import Path

from warehouse.connection import open_staging, open_writer
from warehouse.folder import Folder
from warehouse.locks import Tell


def create_state(root: Path, *, now: datetime, tell: Tell) -> None:
    """Make the state database where it is missing."""
    folder = Folder(root)
    if folder.database("state").exists():
        return
    with (
        open_staging(folder) as staging,
        open_writer(folder, "state", staging, purpose="the first load", now=now, tell=tell),
    ):
        pass
