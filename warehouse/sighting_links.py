"""What a person says of calls that several sources saw: that two rows are one call, or that they are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Connection, open_staging, open_writer
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder, Settings
from warehouse.locks import Tell
from warehouse.rollups import follow_settings, follow_touched
from warehouse.settle import EVER, propose, settle
from warehouse.sqlfiles import run
from warehouse.transaction import transaction


class Desk(NamedTuple):
    """An open transaction in which a person's word is written down."""

    connection: Connection
    settings: Settings


def confirm(root: Path, key: str | None, *, now: datetime, tell: Tell) -> int:
    """Take proposals for one call each: all, or those of the one record whose key begins so; returns how many.

    Raises WarehouseError when nothing is proposed of such a record.
    """
    with _desk(root, now=now, tell=tell) as desk:
        propose(desk.connection, EVER)
        run(desk.connection, "eligible_proposals")
        _choose(desk.connection, key, "nothing is proposed of")
        run(desk.connection, "confirm_chosen", {"now": now})
        return _settle(desk)


def undo(root: Path, key: str, *, now: datetime, tell: Tell) -> int:
    """Take the links of the one record whose key begins so back, whoever made them; returns how many.

    A declared rule does not make them again. Raises WarehouseError when no link names such a record.
    """
    with _desk(root, now=now, tell=tell) as desk:
        run(desk.connection, "eligible_links")
        _choose(desk.connection, key, "no confirmed match names")
        run(desk.connection, "undo_chosen", {"now": now, "refuse": desk.settings.match_by_counts})
        return _settle(desk)


@contextmanager
def _desk(root: Path, *, now: datetime, tell: Tell) -> Iterator[Desk]:
    folder = Folder(root)
    if not folder.database("usage").exists():
        raise WarehouseMissing(root)
    settings = folder.settings()
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="sightings", now=now, tell=tell),
    ):
        follow_settings(staging, settings)
        with transaction(staging):
            run(staging, "touched_tables")
            yield Desk(staging, settings)


def _choose(connection: Connection, key: str | None, nothing: str) -> None:
    """Fill ``chosen`` with every eligible pair, or with those of one record."""
    name = None
    if key is not None:
        names = run(connection, "eligible_names", {"key": key}).fetchall()
        if not names:
            raise WarehouseError(f"{nothing} {key!r}; tollbook sightings lists the keys")
        if len(names) > 1:
            raise WarehouseError(f"several records have a key that begins with {key!r}; give more of it")
        name = names[0][0]
    run(connection, "choose", {"key": name})


def _settle(desk: Desk) -> int:
    """Decide anew about the chosen pairs' calls, and bring the rollups along; returns how many pairs."""
    connection, zone = desk.connection, desk.settings.billing_zone
    first, last = run(connection, "chosen_span").fetchall()[0]
    if first is not None:
        settle(connection, (first, last), zone)
        follow_touched(connection, zone)
    (pairs,) = connection.execute("select count(*) from chosen").fetchall()[0]
    return int(pairs)
