"""The writer never keeps a caller waiting, loses nothing that fits, and says what it lost."""

import json
import logging
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
import tollbook_capture
from tollbook_capture.files import Files
from tollbook_capture.settings import Limits
from tollbook_capture.writer import Writer, writer_for

from tests.captured import URL, ask, chunk, client, lines, streaming, whole

ROOT = Path(__file__).parents[1]
forks = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # That is what is tried.


def caller_of(directory, **limits):
    """A client whose writer has these limits."""
    writer = writer_for(str(directory), Limits(**limits))
    return client(httpx2, whole(), directory), writer


def test_files_are_private_and_hold_whole_lines(tmp_path):
    caller, _ = caller_of(tmp_path / "new" / "place")
    for _ in range(3):
        ask(caller)
    assert len(lines(tmp_path / "new" / "place")) == 3
    (path,) = (tmp_path / "new" / "place").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name.startswith(f"capture-{os.getpid()}-")
    assert path.read_bytes().endswith(b"}\n")


def test_a_file_that_is_full_is_succeeded(tmp_path):
    caller, writer = caller_of(tmp_path, file_bytes=1000)
    for number in range(6):
        with tollbook_capture.task(f"t{number}"):
            ask(caller)
        writer.flush()
    assert len(list(tmp_path.iterdir())) > 2
    assert [line["task"] for line in lines(tmp_path)] == [f"t{number}" for number in range(6)]


def test_a_file_that_is_old_is_succeeded(tmp_path, monkeypatch):
    monkeypatch.setattr("tollbook_capture.writer.WAKE", 0.02)
    caller, writer = caller_of(tmp_path, file_seconds=0.05)
    ask(caller)
    writer.flush()
    time.sleep(0.3)
    assert writer._files._file is None
    ask(caller)
    assert len(lines(tmp_path)) == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_a_queue_that_is_full_drops_and_says_so(tmp_path, monkeypatch, caplog):
    caller, writer = caller_of(tmp_path, records=5)
    monkeypatch.setattr(writer, "_start", lambda: None)
    with caplog.at_level(logging.WARNING, "tollbook_capture"):
        for _ in range(12):
            ask(caller)
    assert writer.dropped == 7
    assert len(caplog.records) == 1
    monkeypatch.undo()
    ask(caller)  # Dropped too, and it starts the thread.
    ask(caller)
    found = lines(tmp_path)
    dropped = [line for line in found if "dropped" in line]
    assert sum(line["dropped"] for line in dropped) + len(found) - len(dropped) == 14
    assert set(dropped[0]) == {"schema", "time", "dropped", "since"}
    assert dropped[0]["since"] <= dropped[0]["time"]
    assert writer.dropped == 0


def test_bodies_that_wait_are_bounded(tmp_path, monkeypatch):
    caller, writer = caller_of(tmp_path, memory=3000)
    monkeypatch.setattr(writer, "_start", lambda: None)
    for _ in range(10):
        ask(caller, text="x" * 1000)
    assert writer._queue.qsize() == 2
    assert writer.dropped == 8


def test_a_disk_that_refuses_loses_nothing_once_it_takes_again(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("tollbook_capture.writer.WAKE", 0.02)
    (tmp_path / "log").write_text("a file where the folder should be")
    caller, writer = caller_of(tmp_path / "log", records=20)
    with caplog.at_level(logging.WARNING, "tollbook_capture"):
        begin = time.perf_counter()
        for _ in range(10):
            assert ask(caller).status_code == 200
        assert time.perf_counter() - begin < 2
        assert not writer.flush(0.3)
    assert len(caplog.records) <= 1
    (tmp_path / "log").unlink()
    deadline = time.monotonic() + 10
    while not writer.flush(0.1) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(lines(tmp_path / "log")) == 10


def test_a_disk_that_is_full_leaves_whole_lines(tmp_path, monkeypatch):
    room = [1100]

    def write(file, data):
        if not room[0]:
            raise OSError(28, "No space left on device")
        fits = data[: room[0]]
        room[0] -= len(fits)
        return os.pwrite(file, fits, os.fstat(file).st_size)

    monkeypatch.setattr("tollbook_capture.files.os.write", write)
    log = Files(str(tmp_path), Limits())
    log.write(b"x" * 999 + b"\n")
    with pytest.raises(OSError, match="No space"):
        log.write(b"y" * 999 + b"\n")
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == b"x" * 999 + b"\n"
    room[0] = 5000
    log.write(b"z\n")
    assert path.read_bytes().endswith(b"x\nz\n")


def test_a_line_that_cannot_be_made_is_counted(tmp_path, monkeypatch):
    caller, writer = caller_of(tmp_path)
    monkeypatch.setattr("tollbook_capture.writer.as_line", lambda *_: 1 / 0)
    ask(caller)
    writer.flush()
    monkeypatch.undo()
    ask(caller)
    assert sorted(line.get("dropped", 0) for line in lines(tmp_path)) == [0, 1]


def test_a_writer_that_was_closed_begins_again(tmp_path):
    caller, writer = caller_of(tmp_path)
    ask(caller)
    writer.close()
    assert len(list(tmp_path.iterdir())) == 1
    ask(caller)
    assert len(lines(tmp_path)) == 2


def test_nobody_waits_for_a_slow_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(Writer, "_write", lambda self: time.sleep(0.3))
    caller, writer = caller_of(tmp_path)
    begin = time.perf_counter()
    for _ in range(20):
        ask(caller)
    assert time.perf_counter() - begin < 0.3
    monkeypatch.undo()


def _call_in_child(directory):
    caller = client(httpx2, whole(), Path(directory))
    for _ in range(5):
        ask(caller)


@forks
def test_a_forked_child_writes_a_file_of_its_own(tmp_path):
    caller, writer = caller_of(tmp_path)
    response = caller.send(caller.build_request("POST", URL, json={"model": "m"}), stream=True)
    ask(caller)
    child = os.fork()
    if child == 0:
        try:
            ask(caller)
            response.read()  # The parent's: it writes it.
            writer.close()
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    response.read()
    found = lines(tmp_path)
    assert len(found) == 3
    assert {path.name.split("-")[1] for path in tmp_path.iterdir()} == {str(os.getpid()), str(child)}
    assert len({line["record"] for line in found}) == 3


@forks
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_children_of_multiprocessing_write_all_they_did(method, tmp_path):
    children = [
        multiprocessing.get_context(method).Process(target=_call_in_child, args=[str(tmp_path)])
        for _ in range(2 if method == "fork" else 1)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    assert len(lines(tmp_path)) == 5 * len(children)


SCRIPT = """
import sys, os, threading
from pathlib import Path
import httpx2
from tests.captured import ask, client, whole
caller = client(httpx2, whole(), Path(sys.argv[1]))
for _ in range(200):
    ask(caller)
if sys.argv[2] == "wait":
    while not any(Path(sys.argv[1]).iterdir()):
        pass
    print("done", flush=True)
    threading.Event().wait(30)
if sys.argv[2] == "raise":
    raise SystemExit(3)
"""


@pytest.mark.parametrize("end", ["leave", "raise"])
def test_what_waits_is_written_at_the_end_of_a_process(end, tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), end]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "capture")])
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3 if end == "raise" else 0, "")
    assert len(lines(tmp_path)) == 200


def test_a_killed_process_leaves_whole_lines(tmp_path):
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), "wait"]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "capture")])
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    assert content.endswith(b"\n")
    assert all(json.loads(line)["status"] == 200 for line in content.splitlines())


def test_many_threads_record_every_call(tmp_path):
    caller = client(httpx2, streaming(chunk("a"), chunk("b", "stop"), "[DONE]"), tmp_path)

    def work(name):
        for step in range(20):
            with tollbook_capture.task(name, step=step):
                ask(caller, stream=True)

    threads = [threading.Thread(target=work, args=[f"t{number}"]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = lines(tmp_path)
    assert sorted((line["task"], line["step"]) for line in found) == sorted(
        (f"t{number}", step) for number in range(8) for step in range(20)
    )
