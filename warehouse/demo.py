"""The demo: what marks it, its own present, and how it leaves."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from warehouse.connection import Reader, open_staging, open_writer
from warehouse.errors import WarehouseMissing
from warehouse.folder import Folder
from warehouse.locks import Tell
from warehouse.rollups import follow_settings, rebuild
from warehouse.settle import EVER, Rule, follow_rule, settle
from warehouse.sqlfiles import run, sql
from warehouse.transaction import transaction


class DemoState(NamedTuple):
    """Whether made-up records are in the warehouse, alone or among others, and its present."""

    demo_files: int
    other_files: int
    now: datetime | None
    """The later of the demo's own present and the newest record; None without demo files."""


def demo_state(reader: Reader) -> DemoState:
    """What the banner and the clock need to know."""
    row = reader.row(sql("demo_state"))
    assert row is not None
    demo_files, other_files, own_now, newest = row
    now = max(filter(None, (own_now, newest)), default=None) if demo_files else None
    return DemoState(int(demo_files), int(other_files), now)


def keep_demo_now(root: Path, now: datetime, *, clock: datetime, tell: Tell) -> None:
    """Keep the demo's own present."""
    folder = Folder(root)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="demo", now=clock, tell=tell),
    ):
        with transaction(staging):
            staging.execute("delete from meta where name = 'demo_now'")
            staging.execute("insert into meta values ('demo_now', $now)", {"now": now.isoformat()})


def remove_demo(root: Path, *, now: datetime, tell: Tell) -> int:
    """Take every demo record out, with its files and rejects; returns the records taken."""
    folder = Folder(root)
    if not folder.database("usage").exists():
        raise WarehouseMissing(root)
    settings = folder.settings()
    rule = Rule(settings.match_by_counts, settings.billing_zone, now)
    with (
        open_staging(folder) as staging,
        open_writer(folder, "usage", staging, purpose="demo", now=now, tell=tell),
    ):
        follow_settings(staging, settings)
        with transaction(staging):
            row = run(staging, "count_demo").fetchone()
            run(staging, "touched_tables")
            run(staging, "demo_calls")
            run(staging, "remove_demo")
            settle(staging, EVER, rule.zone)
            if rule.by_counts:
                follow_rule(staging, EVER, rule)
            rebuild(staging, rule.zone)
    assert row is not None
    return int(row[0])
