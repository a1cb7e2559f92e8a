"""The loop of ``tollbook watch``: looks, loads, says what came of it, waits; and ends where a signal says so."""

import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from app.clock import now
from app.commands.ingest import load_object
from app.figures import count, things
from app.session import Session
from ingest.follow import Follower, Round
from ingest.heartbeat import Heartbeat
from ingest.options import Options
from pricing.errors import PricingError
from warehouse.connection import io_errors
from warehouse.errors import WarehouseBusy, WarehouseError, WarehouseOld

IDLE_MOST_S = 10.0
"""Where nothing comes, the pause grows to this, or to what was asked for."""
IDLE_GROWTH = 1.2
FAILED_MOST_S = 60.0
SHARE = 20
"""A look at many files takes at most one in so many seconds."""
SAY_EVERY_S = 60.0
"""In a file of messages there is at most one line a minute that says how it goes."""
MOST_NAMES = 3


class _Pause(NamedTuple):
    """How long to wait until the next look."""

    every_s: float
    idle: int = 0
    """Looks, one after the other, at which nothing was new."""
    failed: int = 0

    def seconds(self, spent_s: float, *, loaded: bool) -> float:
        """After a look that took so long. Who reads has as much time between two loads as a load takes."""
        if self.failed:
            return max(self.every_s, min(FAILED_MOST_S, 2.0**self.failed))
        if loaded:
            return max(self.every_s - spent_s, spent_s, 0.1)
        most = max(self.every_s, IDLE_MOST_S)
        return max(min(most, self.every_s * IDLE_GROWTH**self.idle), SHARE * spent_s)


def watch_files(session: Session, paths: Sequence[str], options: Options, *, every_s: float, as_json: bool) -> int:
    """Load what is written to these files until a signal comes; returns the exit code.

    Raises what keeps the first look from the warehouse; later, it is said, and tried again.
    """
    with _ended_by_signals() as ended:
        watching = _Watching(session, paths, options, as_json=as_json)
        try:
            watching.run(_Pause(every_s))
        except KeyboardInterrupt:
            if signal.SIGTERM not in ended:
                raise
        except RuntimeError as error:
            # What the database makes of a signal while it works.
            if str(error) != "Query interrupted" or signal.SIGTERM not in ended:
                raise
        finally:
            watching.heartbeat.ended(watching.clock())
        return 0


@contextmanager
def _ended_by_signals() -> Iterator[list[int]]:
    """SIGTERM ends the work under way as Ctrl-C does: what is not committed is taken back. Yields what came."""
    came: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        came.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Watching:
    """One run of the command."""

    def __init__(self, session: Session, paths: Sequence[str], options: Options, *, as_json: bool) -> None:
        self.session = session
        self.voice = _Voice(session, as_json=as_json)
        where = [str(Path(path).absolute()) for path in paths]
        with io_errors(session.warehouse):
            self.heartbeat = Heartbeat(session.warehouse, "watch", where, now=self.clock())
        self.follower = Follower(session.warehouse, paths, options, clock=self.clock, tell=self.voice.aside)

    def clock(self) -> datetime:
        """The present: the clock's, unless the command line was given another."""
        return self.session.now if self.session.now_given else now()

    def run(self, pause: _Pause) -> None:
        """Look again and again."""
        first = True
        while True:
            began = time.monotonic()
            try:
                found = self.follower.round()
            except WarehouseOld:
                raise
            except (WarehouseError, PricingError) as error:
                if first and not isinstance(error, WarehouseBusy):
                    raise
                self.heartbeat.failed(self.clock(), str(error))
                self.voice.fail(str(error))
                pause = pause._replace(failed=pause.failed + 1)
                loaded = False
            else:
                loaded = bool(found.loads)
                waiting = len(found.waiting)
                self.heartbeat.looked(self.clock(), files=found.files, rows=found.rows, waiting=waiting)
                self.voice.say(found, self.clock())
                pause = pause._replace(failed=0, idle=0 if loaded or waiting else pause.idle + 1)
            first = False
            time.sleep(pause.seconds(time.monotonic() - began, loaded=loaded))


class _Voice:
    """Says how it goes: a status line on a terminal, a line a minute elsewhere, an object a line for programs."""

    def __init__(self, session: Session, *, as_json: bool) -> None:
        self.session = session
        self.as_json = as_json
        self.is_terminal = sys.stderr.isatty()
        self.said_at: float | None = None
        self.failure = ""
        self.rows = 0
        self.unsaid: list[Round] = []
        self.warned: set[str] = set()

    def aside(self, message: str) -> None:
        """What a load says of its work: of interest to those alone who wait for it."""
        if message.startswith(("warning", "waiting")) and message not in self.warned:
            self.warned.add(message)
            self._line(message)

    def fail(self, error: str) -> None:
        """Say once what keeps it from loading."""
        if error != self.failure:
            self._line(f"tollbook: {error}; trying again")
        self.failure = error

    def say(self, found: Round, at: datetime) -> None:
        """Say what a look came to."""
        if self.failure:
            self._line("loading again")
        self.failure = ""
        self.rows += found.rows
        for load in found.loads:
            if load.error:
                self._line(f"tollbook: {load.error}")
            for warning in load.warnings:
                self._warn(f"{Path(load.path).name}: {warning}")
        if self.as_json:
            self._print_object(found, at)
        elif self.is_terminal:
            self._status(found, at)
        else:
            self._line_a_minute(found, at)

    def _warn(self, warning: str) -> None:
        # Counts differ from load to load; what is doubtful is the same.
        kind = "".join(letter for letter in warning if not letter.isdigit())
        if kind not in self.warned:
            self.warned.add(kind)
            self._line(warning)

    def _print_object(self, found: Round, at: datetime) -> None:
        if found.loads:
            files = [load_object(load) for load in found.loads]
            said = {"time": f"{at.isoformat()}Z", "rows": found.rows, "files": files, "waiting": list(found.waiting)}
            print(json.dumps(said, ensure_ascii=False), flush=True)  # noqa: T201 - this is the command's output

    def _status(self, found: Round, at: datetime) -> None:
        half = f"; {count(len(found.waiting))} with more to come" if found.waiting else ""
        text = f"{at:%H:%M:%S} watching {things(found.files, 'file')}: {things(self.rows, 'call')} loaded{half}"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def _line_a_minute(self, found: Round, at: datetime) -> None:
        if self.said_at is None:
            self._line(f"watching {things(found.files, 'file')}")
            self.said_at = time.monotonic() - SAY_EVERY_S
        if any(not load.error for load in found.loads):
            self.unsaid.append(found)
        if self.unsaid and time.monotonic() - self.said_at >= SAY_EVERY_S:
            self._line(_summary(self.unsaid))
            self.unsaid, self.said_at = [], time.monotonic()

    def _line(self, text: str) -> None:
        self.session.tell(f"\r\x1b[K{text}" if self.is_terminal else text)


def _summary(rounds: Sequence[Round]) -> str:
    """What some looks came to."""
    loads = [load for found in rounds for load in found.loads if not load.error]
    names = list(dict.fromkeys(Path(load.path).name for load in loads))
    more = f" and {count(len(names) - MOST_NAMES)} more" if len(names) > MOST_NAMES else ""
    rejected = sum(load.merged.rejected for load in loads)
    unpriced = sum(load.merged.unpriced for load in loads)
    told = f"; {things(rejected, 'line')} rejected" if rejected else ""
    told += f"; {things(unpriced, 'call')} without a price" if unpriced else ""
    calls = things(sum(found.rows for found in rounds), "call")
    return f"loaded {calls} from {', '.join(names[:MOST_NAMES])}{more}{told}"
