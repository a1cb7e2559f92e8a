"""Runs the receiver: the server, the thread that writes, and the process that loads."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import uvicorn

from app.clock import now
from app.receiver.body import Room
from app.receiver.commit import Commit
from app.receiver.farewell import STOPPED
from app.receiver.routes import Receiver, application
from app.session import UserMistake

PROJECT = Path(__file__).parents[2]
LOADING = "from app.receiver.loading import main; main()"
KEEP_ALIVE_S = 75
"""Longer than clients leave between two batches: one that finds its connection closed may lose the batch."""
DRAIN_S = 20
LAST_ROUND_S = 120
AGAIN_S = 5.0
"""After so long a process that loads is started once more, where it ended by itself."""


class Settings(NamedTuple):
    """How to receive."""

    root: Path
    host: str
    port: int
    token: str | None
    room: Room
    every_s: float
    keep_hours: float
    now: datetime | None
    """The present, where the command line was given one; None: the clock's."""


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Receive until told to stop; raises WarehouseError, and UserMistake where the address cannot be had."""
    listening = _listen(settings.host, settings.port)
    commit = Commit(settings.root, lambda: settings.now or now())
    commit.start()
    config = uvicorn.Config(
        application(Receiver(commit, settings.room, settings.token)),
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
    )
    server = _Server(config, lambda: tell(f"Tollbook receives at {_url(listening)} (Ctrl-C stops it)"))
    try:
        with _ended_by_signals(server), _loading(settings, _url(listening), tell):
            server.run(sockets=[listening])
            commit.stop()
    finally:
        commit.stop()
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host.strip("[]"), port), family=family, backlog=1024)
    except OSError as error:
        raise UserMistake(f"{host}:{port} cannot be listened on: {error.strerror}; see --host and --port") from error


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """The server, which says when it can be sent to."""

    def __init__(self, config: uvicorn.Config, listens: Callable[[], None]) -> None:
        super().__init__(config)
        self.listens = listens

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept, and say so."""
        await super().startup(sockets)
        self.listens()


@contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """A signal ends the server even before it listens to any, and not the process, to which it passes it on."""

    def end(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _loading(settings: Settings, where: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Keep the process that loads running; at the end it loads what is left."""
    loading = _Loading(settings, where, tell)
    loading.thread.start()
    try:
        yield
    finally:
        loading.stop()


class _Loading:
    """The process that loads, and the thread that starts it again where it dies."""

    def __init__(self, settings: Settings, where: str, tell: Callable[[str], None]) -> None:
        self.settings = settings
        self.where = where
        self.tell = tell
        self.ending = threading.Event()
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while True:
            with self.lock:
                if self.ending.is_set():
                    return
                self.process = self._start()
            code = self.process.wait()
            if not self.ending.is_set():
                self.tell(f"tollbook: loading ended with code {code}; it begins again in {AGAIN_S:.0f} s")
                self.ending.wait(AGAIN_S)

    def _start(self) -> "subprocess.Popen[bytes]":
        settings = self.settings
        told = [str(settings.root.resolve()), str(settings.every_s), str(settings.keep_hours), self.where]
        present = {"TOLLBOOK_NOW": settings.now.isoformat()} if settings.now else {}
        # In a group of its own, so that Ctrl-C does not reach it: it ends when its input does.
        return subprocess.Popen(
            [sys.executable, "-c", LOADING, *told],
            cwd=PROJECT,
            env={**os.environ, **present},
            stdin=subprocess.PIPE,
            # The database draws bars there while it works.
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """Let it load what is left; what it does not come to is loaded the next time."""
        with self.lock:
            self.ending.set()
            process = self.process
        if process is None or process.stdin is None:
            return
        # It may have died a moment ago.
        with suppress(BrokenPipeError), process.stdin as word:
            word.write(STOPPED)
        try:
            process.wait(LAST_ROUND_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
