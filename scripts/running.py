"""The app, running for a browser: on a free port of this machine, and when a page of it is ready to be looked at."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
START_S = 60
AT_REST = """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
  && document.querySelector("[data-testid=stMain] h1") && !document.querySelector("[data-testid=stSkeleton]")"""
"""JavaScript: the page has come, and neither it nor a part of it is still being made; a part that is has its height
already, and nothing in it."""


class Started(NamedTuple):
    """A server that runs: where, and as which process."""

    address: str
    pid: int


@contextmanager
def running_app(warehouse: Path) -> Iterator[str]:
    """The app on a free port, for as long as the block lasts; yields its address."""
    with started_app(warehouse) as app:
        yield app.address


@contextmanager
def started_app(warehouse: Path, **environment: str) -> Iterator[Started]:
    """The app on a free port, for as long as the block lasts; raises TimeoutError where it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.served", str(port)]
    environment = {**os.environ, **environment, "TOLLBOOK_WAREHOUSE": str(warehouse)}
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(port)
        yield Started(f"http://127.0.0.1:{port}", app.pid)
    finally:
        app.terminate()
        app.wait()


def wait_until_up(port: int) -> None:
    """Wait for the app's first answer; raises TimeoutError."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"the app did not start within {START_S} s")
