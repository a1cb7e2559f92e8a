"""What goes wrong on a page is a sentence and a code; the trace is in a file under that code, without content."""

import errno
import re
from datetime import datetime

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app import fault
from app.fault import LOG, fault_of, keep_trace
from tests.app_page import MAIN
from tests.test_app_pages import CALLS, fill
from warehouse.errors import WarehouseBusy, WarehouseUnwritable

NOW = datetime(2026, 11, 22, 9)
SECRET = "sk-live-abcdef1234567890"  # noqa: S105 - planted


@pytest.fixture
def folder(tmp_path):
    """Where a warehouse may stand: what fails here fails before anything is read of it."""
    path = tmp_path / "folder"
    path.mkdir()
    return path


def broken_page(monkeypatch, warehouse, page=None) -> AppTest:
    monkeypatch.setenv("TOLLBOOK_WAREHOUSE", str(warehouse))
    monkeypatch.setenv("TOLLBOOK_NOW", NOW.isoformat())
    test = AppTest.from_file(str(MAIN), default_timeout=30).run()
    if page:
        test.switch_page(page).run()
    assert not test.exception
    return test


def said(test: AppTest) -> tuple[str, str]:
    """The sentence and the code of the one thing that went wrong."""
    (error,) = test.error
    text = str(error.value).replace("\\", "")
    assert "Traceback" not in text
    found = re.search(r"Code \*\*(TB-\w+)\*\*", text)
    assert found, text
    return text.split("  \n")[0], found[1]


def raising(monkeypatch, kind: type[Exception], *words: object) -> None:
    """Let every page fail so, where it opens the warehouse."""

    def fail(root):
        raise kind(*words)

    monkeypatch.setattr("app.components.page.open_desk", fail)


def test_a_damaged_file_is_said_with_its_code_and_kept(tmp_warehouse, monkeypatch):
    fill(tmp_warehouse, CALLS[:1])
    (tmp_warehouse / "usage.duckdb").write_bytes(b"no database" * 1000)
    sentence, code = said(broken_page(monkeypatch, tmp_warehouse))
    assert code == "TB-BROKEN" and "usage.duckdb cannot be opened" in sentence
    log = tmp_warehouse / LOG
    assert "TB-BROKEN" in log.read_text() and "warehouse/connection.py" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_newer_schema_is_said_on_every_page(tmp_warehouse, monkeypatch):
    fill(tmp_warehouse, CALLS[:1])
    with duckdb.connect(str(tmp_warehouse / "usage.duckdb")) as connection:
        connection.execute("insert into migration values ('2099_01_01a_later', now())")
    sentence, code = said(broken_page(monkeypatch, tmp_warehouse, "views/rates.py"))
    assert code == "TB-NEWER" and "newer Tollbook" in sentence and "upgrade" in sentence


@pytest.mark.parametrize(
    "cause, code, words",
    [
        ((errno.ENOSPC, "No space left on device"), "TB-DISK", "make room"),
        ((errno.EACCES, "Permission denied", "usage.duckdb"), "TB-PERMISSION", "usage.duckdb"),
    ],
)
def test_disk_and_permission_are_said(folder, monkeypatch, cause, code, words):
    raising(monkeypatch, OSError, *cause)
    sentence, found = said(broken_page(monkeypatch, folder))
    assert found == code and words in sentence


def test_a_folder_that_cannot_be_written_is_said_where_a_page_writes(folder, monkeypatch):
    raising(monkeypatch, WarehouseUnwritable, folder, "Read-only file system")
    sentence, code = said(broken_page(monkeypatch, folder))
    assert code == "TB-UNWRITABLE" and "last good state is intact" in sentence


def test_what_is_busy_or_missing_is_no_failure(folder, tmp_path, monkeypatch):
    raising(monkeypatch, WarehouseBusy, "usage", "a load", 2)
    test = broken_page(monkeypatch, folder)
    assert not test.error and "as soon as it is done" in test.warning[0].value
    assert not (folder / LOG).exists()
    monkeypatch.undo()
    assert not broken_page(monkeypatch, tmp_path / "nowhere").error


def test_a_mistake_of_the_program_has_a_code_of_its_own_and_no_content(folder, monkeypatch):
    raising(monkeypatch, ValueError, f"invalid literal: 'tell me a secret' with {SECRET} of ann@example.com")
    sentence, code = said(broken_page(monkeypatch, folder))
    assert sentence == "Tollbook made a mistake here; nothing was changed by showing it."
    kept = (folder / LOG).read_text()
    assert code in kept and "ValueError: invalid literal" in kept and "app/components/page.py" in kept
    assert not [word for word in ("tell me", SECRET, "ann@") if word in kept]
    assert said(broken_page(monkeypatch, folder))[1] == code


def test_other_places_have_other_codes():
    def here():
        raise KeyError("a")

    def there():
        raise KeyError("a")

    codes = []
    for fail in (here, there, here):
        try:
            fail()
        except KeyError as error:
            codes.append(fault_of(error).code)
    assert codes[0] == codes[2] != codes[1]


def test_the_log_does_not_grow_for_ever(folder, monkeypatch):
    monkeypatch.setattr(fault, "MOST_BYTES", 2_000)
    for number in range(100):
        assert keep_trace(ValueError(f"no. {number}"), "TB-123456", folder, NOW) == folder / LOG
    assert sum(path.stat().st_size for path in (folder / LOG).parent.iterdir()) < 4_200
    assert "no. 99" in (folder / LOG).read_text()


def test_without_a_place_for_it_the_trace_is_left_out(folder, tmp_path):
    assert keep_trace(ValueError("x"), "TB-123456", tmp_path / "nowhere", NOW) is None
    (folder / "log").write_text("a file where the folder should be")
    assert keep_trace(ValueError("x"), "TB-123456", folder, NOW) is None
