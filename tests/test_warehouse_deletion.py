"""What is deleted is gone with all that hangs on it, stays out, and leaves everything else exact."""

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from ingest.load import load_files
from ingest.options import Options
from tests.test_warehouse_rollups import Traffic, check_rebuild, check_sightings, check_sums, set_zone, write
from tests.warehouse_child import Trap, die_deleting
from tests.warehouse_state import child
from warehouse.connection import open_reader
from warehouse.deletion import Which, delete, hashes_of, instant_of, lift, list_deletions, look
from warehouse.entries import Author
from warehouse.errors import WarehouseError
from warehouse.folder import Folder

NOW = datetime(2026, 11, 22)
ANN = Author("ann", NOW)
CUT = datetime(2026, 11, 1, 5)
GAPS = '[tasks]\nby = ["task", "gap:30m"]\n'


def quiet(message: str) -> None:
    """Nobody listens."""


def load(root, *paths, again=False):
    return list(load_files(root, paths, Options(again=again), now=NOW, tell=quiet))


def records(root, where="true"):
    with open_reader(root) as reader:
        return reader.rows(f"select record_key, start_at, user_hash, cost from usage_priced where {where}")


def counted(root):
    """Calls, and what they cost by currency."""
    with open_reader(root) as reader:
        return reader.rows("select currency, sum(requests), sum(cost) from usage_day_priced group by 1 order by 1")


class Base(NamedTuple):
    """A warehouse, and its logs: a gateway's, what a seller said of some calls, the gateway's of those."""

    root: Path
    logs: list[Path]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder, traffic = tmp_path_factory.mktemp("base"), Traffic(3)
    plan = {
        "first": [traffic.call() for _ in range(110)],
        "bare": [traffic.bare() for _ in range(40)],
        "sighted": [traffic.sighted() for _ in range(40)] + [traffic.repeat()],
    }
    logs = [write(folder / f"{name}.jsonl", lines) for name, lines in plan.items()]
    set_zone(folder / "w", "America/New_York")
    load(folder / "w", *logs)
    return Base(folder / "w", logs)


@pytest.fixture
def root(base, tmp_path):
    return shutil.copytree(base.root, tmp_path / "w")


def someone(root):
    return Which(hashes_of(Folder(root).settings(), "someone"), None)


def everything_fits(root):
    with duckdb.connect(str(root / "usage.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        gaps = connection.execute("select * from gap_task order by all").fetchall()
        check_rebuild(connection, "America/New_York")
        check_sums(connection)
        check_sightings(connection)
        assert gaps == connection.execute("select * from gap_task order by all").fetchall()


def take_out(root, which):
    """Delete, and hold every figure against what was to go."""
    before, kept = counted(root), set(records(root))
    found = look(root, which, now=NOW, tell=quiet)
    assert found.records > found.calls > 20
    done = delete(root, which, ANN, closed=(), tell=quiet)
    assert done and (done.calls, done.records) == (found.calls, found.records)
    everything_fits(root)
    assert set(records(root)) < kept
    after = {currency: (calls, cost) for currency, calls, cost in counted(root)}
    for currency, calls, cost in before:
        gone = [each for each in found.months if each.currency == currency]
        assert after[currency][0] == calls - sum(each.calls for each in gone)
        if currency:
            assert after[currency][1] == cost - sum(each.pico or 0 for each in gone)
    assert look(root, which, now=NOW, tell=quiet).records == 0


def test_calls_from_before_an_instant_go_stay_out_and_come_back_when_it_is_lifted(root, base):
    before = counted(root)
    take_out(root, Which(None, CUT))
    stays, totals = set(records(root)), counted(root)
    said = [warning for one in load(root, base.logs[0], again=True) for warning in one.warnings]
    assert any("ann deleted them on 2026-11-22 (deletion 1); tollbook delete --lift 1" in each for each in said)
    assert (set(records(root)), counted(root)) == (stays, totals)
    lifted = lift(root, 1, ANN, tell=quiet)
    assert (lifted.lifted_by, lifted.lifted_at) == ("ann", NOW)
    load(root, *base.logs, again=True)
    assert counted(root) == before
    with pytest.raises(WarehouseError, match="no deletion 1 in force; none is in force"):
        lift(root, 1, ANN, tell=quiet)


def test_a_users_calls_go_with_sightings_that_do_not_name_them_and_with_tasks_by_pauses(root, base):
    with (root / "tollbook.toml").open("a") as settings:
        settings.write(GAPS)
    take_out(root, someone(root))
    with open_reader(root) as reader:
        assert reader.row("select count(*) from usage where user_hash is not null") == (0,)
        assert reader.rows("select count(*) from deleted_key")[0][0] > 0
        lost = "select count(*) from usage where sighting_of not in (select record_key from usage)"
        assert reader.row(lost) == (0,)
    stays = {row[0] for row in records(root)}
    load(root, base.logs[2], again=True)
    assert {row[0] for row in records(root)} == stays


def test_it_is_in_the_audit_with_totals_before_and_after(root):
    delete(root, Which(None, CUT), ANN, closed=(), tell=quiet)
    (kept,) = list_deletions(root, tell=quiet)
    with open_reader(root) as reader:
        ((who, what, before, after),) = reader.rows(
            "select who, what, before, after from audit where what like 'deletion%'"
        )
    assert (who, what) == ("ann", "deletion 1")
    assert json.loads(before)["total"] == json.loads(kept.total_before)
    assert json.loads(after)["total"] == json.loads(kept.total_after)
    assert json.loads(after)["calls"] == kept.calls


def test_calls_of_later_are_let_in(root, tmp_path):
    """A user who calls again after the deletion is billed again."""
    delete(root, someone(root), ANN, closed=(), tell=quiet)
    call = Traffic(9).call() | {"user": "someone", "time": "2026-11-23T00:00:00Z"}
    (one,) = load(root, write(tmp_path / "later.jsonl", [call]))
    assert (one.merged.loaded, one.warnings) == (1, ())


def test_a_clock_that_was_wrong_closes_no_door_for_calls_to_come(root, tmp_path):
    """What is dated to a time to come goes, and stays out, but no load of later leaves a call out for it."""
    wrong = Traffic(9).call() | {"user": "someone", "time": "2031-01-01T00:00:00Z"}
    log = write(tmp_path / "wrong.jsonl", [wrong])
    load(root, log)
    done = delete(root, Which(None, datetime(2032, 1, 1)), ANN, closed=(), tell=quiet)
    assert done and done.until == NOW
    assert records(root) == []
    later = wrong | {"time": "2026-11-23T00:00:00Z", "response": {**wrong["response"], "id": "later"}}
    load(root, write(tmp_path / "later.jsonl", [later]))
    assert len(records(root)) == 1
    (again,) = load(root, log, again=True)
    assert again.merged.loaded == 0 and any("1 record was left out" in each for each in again.warnings)


def test_nothing_found_is_no_deletion(root):
    assert delete(root, Which(("no such hash",), None), ANN, closed=(), tell=quiet) is None
    assert list_deletions(root, tell=quiet) == []


def test_a_day_begins_in_the_billing_zone(root):
    assert instant_of(date(2026, 11, 2), Folder(root).settings()) == datetime(2026, 11, 2, 5)


@pytest.mark.parametrize(
    ("point", "is_gone"),
    [
        ("after sql:delete_doomed", False),
        ("after commit", True),
        *(pytest.param(f"after sql:{name}", False, marks=pytest.mark.long) for name in ("keep_deletion", "keep_audit")),
        pytest.param("before statement:checkpoint", True, marks=pytest.mark.long),
    ],
)
def test_killed_on_the_way_all_of_it_is_gone_or_none(point, is_gone, root):
    before = len(records(root))
    with child(die_deleting, root, CUT, Trap(point)) as process:
        process.process.join(60)
        assert process.process.exitcode == -9
    assert (len(records(root)) < before, len(list_deletions(root, tell=quiet))) == (is_gone, int(is_gone))
    everything_fits(root)
