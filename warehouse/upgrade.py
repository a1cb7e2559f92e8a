"""A warehouse that an older Tollbook wrote is brought to today's schema."""

from datetime import datetime
from pathlib import Path

from warehouse.connection import Database, open_reader, open_staging, open_writer
from warehouse.errors import WarehouseOld
from warehouse.folder import Folder
from warehouse.locks import Tell

DATABASES: tuple[Database, ...] = ("usage", "state")


def bring_up_to_date(root: Path, *, now: datetime, tell: Tell) -> list[Database]:
    """Apply the migrations that the databases have not seen; returns which were behind. Nothing else changes.

    Raises WarehouseBusy, WarehouseUnwritable, and WarehouseError where a newer Tollbook wrote it.
    """
    folder = Folder(root)
    behind = [name for name in DATABASES if folder.database(name).exists() and _is_behind(root, name, tell)]
    for database in behind:
        tell(f"an older Tollbook wrote the {database} database: bringing it up to date")
        with (
            open_staging(folder) as staging,
            open_writer(folder, database, staging, purpose="an upgrade", now=now, tell=tell),
        ):
            pass
    return behind


def _is_behind(root: Path, database: Database, tell: Tell) -> bool:
    try:
        with open_reader(root, database, tell=tell):
            return False
    except WarehouseOld:
        return True
