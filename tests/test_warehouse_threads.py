"""How many threads a query and a load may use."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse_state import load_here, write_log
from warehouse.connection import open_reader, open_staging, read_together, side_by_side
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.folder import Folder

ROOT = Path(__file__).parents[1]
OPEN = "with open_reader(Path({!r})) as reader:"
ASKED = "select current_setting('threads')"


def test_readers_and_loads_use_so_many_threads_as_the_environment_says(tmp_warehouse, tmp_path, monkeypatch):
    monkeypatch.setenv("TOLLBOOK_THREADS", "3")
    load_here(tmp_warehouse, write_log(tmp_path / "log.jsonl", range(2)))
    with open_reader(tmp_warehouse) as reader:
        assert reader.rows(ASKED) == [(3,)]
    with open_staging(Folder(tmp_warehouse)) as staging:
        assert staging.execute(ASKED).fetchall() == [(3,)]


@pytest.mark.parametrize("said", ["0", "-1", "two", "1.5", "1025"])
def test_no_number_is_a_mistake_in_one_line(tmp_warehouse, monkeypatch, said):
    monkeypatch.setenv("TOLLBOOK_THREADS", said)
    with pytest.raises(WarehouseError, match="TOLLBOOK_THREADS is .*whole number"), open_staging(Folder(tmp_warehouse)):
        pass


def test_no_progress_bar_stands_in_the_output_of_a_job(warehouse_begun):
    """A page reads what a command prints as one JSON object; Python without a script would draw the bar there."""
    ask = "print(reader.rows(\"select current_setting('enable_progress_bar')\"))"
    start = "from pathlib import Path\nfrom warehouse.connection import open_reader\n"
    code = f"{start}{OPEN.format(str(warehouse_begun))} {ask}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[(False,)]\n"


def test_readers_side_by_side_share_the_cores(warehouse_begun, monkeypatch):
    monkeypatch.delenv("TOLLBOOK_THREADS", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    for readers, threads in ((2, 4), (3, 2), (16, 1)):
        with side_by_side(warehouse_begun, readers), open_reader(warehouse_begun) as reader:
            assert reader.rows(ASKED) == [(threads,)]


def test_readers_side_by_side_are_apart(warehouse_begun):
    """One database that is held once: each with temporary tables, a zone and an end of its own."""
    with side_by_side(warehouse_begun, 2), open_reader(warehouse_begun) as one, open_reader(warehouse_begun) as other:
        one.rows("create temp table its_own as select 1")
        assert other.rows("select count(*) from duckdb_tables() where table_name = 'its_own'") == [(0,)]
        for reader in (one, other):
            assert reader.rows("select current_setting('TimeZone')") == [("UTC",)]
            assert reader.rows("select current_setting('enable_progress_bar')") == [(False,)]


def test_a_reader_of_another_warehouse_is_no_part_of_it(warehouse_begun, tmp_path):
    with side_by_side(warehouse_begun, 2), pytest.raises(WarehouseMissing), open_reader(tmp_path / "none"):
        pass


def test_readers_together_take_little_memory_and_more_where_that_does_not_do(warehouse_begun):
    limits = []

    def work():
        with open_reader(warehouse_begun) as reader:
            limits.extend(reader.rows("select current_setting('memory_limit')"))
            if len(limits) == 1:
                raise duckdb.OutOfMemoryException("could not allocate")
            return "done"

    assert read_together(warehouse_begun, 2, work) == "done"
    assert limits == [("61.0 MiB",), ("953.6 MiB",)]
