"""Brings the rollups to the tags that the settings promote, without waiting for the next load."""

from datetime import datetime
from pathlib import Path

from warehouse.connection import open_reader, open_staging, open_writer
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.promoted import promoted_of
from warehouse.rollups import follow_settings


def follow_promoted(root: Path, *, now: datetime, tell: Tell) -> bool:
    """Build the sums by day anew where the settings promote other tags; returns whether they do.

    Raises WarehouseMissing, WarehouseBusy, WarehouseUnwritable.
    """
    folder = Folder(root)
    with open_reader(root, tell=tell) as reader:
        settings = folder.settings()
        if promoted_of(reader) == settings.promoted_tags:
            return False
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="the promoted tags", now=now, tell=tell),
    ):
        follow_settings(staging, settings, tell)
    return True
