"""How many threads a query and a load may use."""

import pytest

from tests.warehouse_state import load_here, write_log
from warehouse.connection import open_reader, open_staging
from warehouse.errors import WarehouseError
from warehouse.folder import Folder

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
