"""Tasks in scope are those that began on the days asked for, on the billing zone's calendar, whatever the zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from warehouse.connection import Reader
from warehouse.folder import Folder
from warehouse.overview_tasks import count_tasks, put_tasks_in_scope
from warehouse.scope import Scope
from warehouse.sqlfiles import migrations

FIRST = datetime(2026, 9, 24)
HOURS = 14 * 24


@pytest.fixture
def reader(tmp_path):
    """Fourteen days, around a change of clocks, with a task that begins in every hour."""
    connection = duckdb.connect()
    for _, text in migrations("usage"):
        connection.execute(text)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(
        "insert into task_cost by name select concat('t', n) as task, $first + to_hours(n) as first_at, "
        "$first + to_hours(n) as last_at, 1 as requests, 0 as errors, 0 as unpriced, 0 as review, 0 as partial, "
        "1 as models, 0 as reported, map {} as costs from range($hours) hours(n)",
        {"first": FIRST, "hours": HOURS},
    )
    yield Reader(connection, Folder(tmp_path))
    connection.close()


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "Pacific/Honolulu", "Pacific/Kiritimati"])
def test_a_task_is_of_the_billing_day_on_which_it_began(reader, zone):
    reader.connection.execute("delete from meta where name = 'billing_zone'")
    reader.connection.execute("insert into meta values ('billing_zone', $zone)", {"zone": zone})
    begun = [
        (FIRST + timedelta(hours=hour)).replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()
        for hour in range(HOURS)
    ]
    for since, until in (
        (None, None),
        (date(2026, 9, 27), date(2026, 9, 27)),
        (date(2026, 9, 25), date(2026, 10, 3)),
        (date(2026, 9, 30), None),
        (None, date(2026, 9, 30)),
    ):
        put_tasks_in_scope(reader, Scope(since=since, until=until))
        wanted = sum((since is None or day >= since) and (until is None or day <= until) for day in begun)
        assert count_tasks(reader).tasks == wanted
