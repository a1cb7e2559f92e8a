"""Work that a page starts ends with an answer, or with a sentence and a code whose trace is in the log."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.fault import LOG
from app.job_child import main as child
from app.jobs import Job
from tests.app_page import texts

PATIENCE_S = 60


def ended(root: Path, *command: str) -> Job:
    job = Job("Looking", after_cancel="Nothing changed.", after_failure="Nothing was found")
    root.mkdir(exist_ok=True)
    job.run(["--warehouse", str(root), *command], root / "output")
    return job


def test_what_the_command_refuses_has_its_words_and_the_code_of_its_kind(tmp_warehouse):
    job = ended(tmp_warehouse, "cost")
    assert job.failure and job.failure.startswith("There is no warehouse in ") and job.code == "TB-MISSING"
    assert job.trace == "" and job.result is None
    assert not [line for line in job.said if "tollbook-code" in line]


def test_what_ends_it_from_outside_is_said(tmp_warehouse, monkeypatch):
    monkeypatch.setattr("app.jobs.RUN", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    job = ended(tmp_warehouse, "cost")
    assert (job.failure, job.code) == ("it was ended from outside (signal 9): try again", "TB-ENDED")


def test_a_mistake_of_the_program_keeps_its_trace_under_the_code(tmp_warehouse, monkeypatch, capsys):
    def broken(arguments: list[str], refuse: object) -> int:
        raise ZeroDivisionError("a share of nothing")

    tmp_warehouse.mkdir()
    monkeypatch.setattr("app.job_child.run", broken)
    monkeypatch.setattr("sys.argv", ["-c", "--warehouse", str(tmp_warehouse), "cost"])
    monkeypatch.setattr("sys.meta_path", [*__import__("sys").meta_path])
    with pytest.raises(SystemExit):
        child()
    said, code = capsys.readouterr().err.splitlines()
    assert said.startswith("tollbook: Tollbook made a mistake here")
    found = re.fullmatch(r"tollbook-code: (TB-[0-9A-F]{6})\t(.*)", code)
    assert found and Path(found[2]) == tmp_warehouse / LOG
    assert f"{found[1]}\n" in (tmp_warehouse / LOG).read_text(encoding="utf-8")


def test_the_page_shows_the_code_and_where_its_trace_is():
    def page() -> None:
        from app.components.job_status import show_failed
        from app.jobs import Job

        job = Job("Loading", after_cancel="")
        job.failure, job.code, job.trace = "the disk is full", "TB-DISK", "/w/log/app.log"
        show_failed(job)

    test = AppTest.from_function(page).run()
    assert not test.exception
    assert "The disk is full" in texts(test) and "Code **TB-DISK**. Its trace is in /w/log/app.log" in texts(test)


def test_what_fails_around_the_command_keeps_its_trace_too(tmp_warehouse):
    tmp_warehouse.mkdir()
    job = Job("Loading", after_cancel="")
    job.root = tmp_warehouse
    job.fail(ValueError("embedded null byte"))
    assert re.fullmatch(r"TB-[0-9A-F]{6}", job.code) and Path(job.trace) == tmp_warehouse / LOG
    assert job.code in Path(job.trace).read_text(encoding="utf-8")
