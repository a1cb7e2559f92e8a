"""What loads by itself goes on where there is no room to tell of it."""

import errno
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.session import Session
from app.watching import watch_files
from ingest.heartbeat import Heartbeat
from ingest.options import Options
from warehouse.errors import WarehouseUnwritable
from warehouse.locks import take_if_free

NOW = datetime(2026, 11, 22, 9)


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that takes no heartbeat from now on."""

    def fill() -> None:
        def refuse(path: Path, *_: object, **__: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

        monkeypatch.setattr(Path, "write_text", refuse)

    return fill


def test_a_full_disk_does_not_end_what_watches(tmp_path, full_disk):
    heartbeat = Heartbeat(tmp_path, "watch", ["logs"], now=NOW)
    full_disk()
    heartbeat.failed(NOW + timedelta(seconds=3), "no room")
    heartbeat.looked(NOW + timedelta(seconds=6), files=1, rows=5)
    heartbeat.ended(NOW + timedelta(seconds=9))
    # What stands there is older than it could be, which is the sign; nobody holds it any more.
    assert json.loads(heartbeat.path.read_text())["last_round"] is None
    lock = take_if_free(heartbeat.path.with_suffix(".lock"))
    assert lock is not None
    lock.close()


def test_a_warehouse_that_cannot_be_written_ends_a_watch_with_one_sentence(tmp_path, monkeypatch):
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    session = Session(tmp_path / "warehouse", NOW, now_given=True)
    with pytest.raises(WarehouseUnwritable, match="No space left"):
        watch_files(session, [str(tmp_path)], Options(), every_s=1, as_json=False)
