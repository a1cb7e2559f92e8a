"""A file is written whole or not at all."""

import errno

import pytest

from reports.errors import ReportError
from reports.written import replacing, write_file


def test_a_file_takes_the_place_of_an_older_one(tmp_path):
    path = tmp_path / "new" / "report.pdf"
    write_file(path, b"first")
    write_file(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]


def test_what_was_cut_off_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.pdf"
    write_file(path, b"whole")
    with pytest.raises(KeyboardInterrupt), replacing(path) as draft:
        draft.write_bytes(b"ha")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.pdf"
    write_file(path, b"whole")
    with pytest.raises(ReportError, match=r"report\.pdf cannot be written: No space left on device"):
        with replacing(path) as draft:
            draft.write_bytes(b"ha")
            raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_is_a_folder_is_said(tmp_path):
    (tmp_path / "report.pdf").mkdir()
    with pytest.raises(ReportError, match=r"report\.pdf cannot be written"):
        write_file(tmp_path / "report.pdf", b"x")


def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(ReportError, match="file is no folder to write to: File exists"):
        write_file(tmp_path / "file" / "report.pdf", b"x")
