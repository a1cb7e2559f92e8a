"""Loads what was received: a process of its own beside the receiver, so that neither waits for the other.

It ends when the receiver's end of its standard input closes, however the receiver ended: after one more round. A
receiver that was stopped says so there; one that says nothing has died, and its heartbeat does not say that it ended.
"""

import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from app.clock import now
from app.receiver.farewell import STOPPED
from app.receiver.segments import FOLDER, finished
from ingest.follow import Follower
from ingest.heartbeat import Heartbeat
from ingest.loading import FileLoad
from ingest.options import Options
from pricing.errors import PricingError
from warehouse.errors import WarehouseError
from warehouse.upgrade import bring_up_to_date

SOURCES = {"otlp": "otlp", "litellm": "litellm", "envelopes": "openai_compatible"}
"""By kind, the source that reads its lines."""
COLLECT = "collect"
LONGEST_WAIT_S = 60.0
REFUSED_S = 5.0
"""Until the next try when the warehouse could not be loaded into."""


class Plan(NamedTuple):
    """How received lines are loaded."""

    root: Path
    every_s: float
    """Seconds between two looks at what came."""
    keep_hours: float
    """How long a finished file stays, loaded as it is."""
    where: str
    """The address that the receiver listens on."""


class Loading:
    """Rounds of loads over the segments of every kind."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.followers = {
            kind: Follower(
                plan.root,
                [str(plan.root / FOLDER / kind)],
                Options(source=source),
                clock=now,
                tell=lambda message: None,
            )
            for kind, source in SOURCES.items()
        }
        self.said = ""
        self.is_up_to_date = False
        """The warehouse was looked at: an older Tollbook may have written it."""
        self.heartbeat: Heartbeat | None = None

    def run(self, stop: threading.Event, is_stopped: Callable[[], bool]) -> None:
        """Load until told to stop, and then once more; ``is_stopped`` says whether the receiver was, or died."""
        while True:
            ending = stop.is_set()
            began = time.monotonic()
            least = self.plan.every_s if self.round(ending=ending) else max(REFUSED_S, self.plan.every_s)
            if ending:
                self.close(is_stopped=is_stopped())
                return
            # A round that takes long is not begun again at once: readers have the other half of the time.
            stop.wait(max(least, min(LONGEST_WAIT_S, time.monotonic() - began)))

    def close(self, *, is_stopped: bool = True) -> None:
        """Say that it ended, where it was stopped."""
        self._beat(lambda heartbeat: heartbeat.ended(now()) if is_stopped else heartbeat.left())

    def round(self, *, ending: bool = False) -> bool:
        """Load what came, and delete what is loaded and old; False where the warehouse refused.

        ``ending``: there is no next round, for which a large file of spans could rest.
        """
        files = rows = waiting = 0
        try:
            if not self.is_up_to_date:
                bring_up_to_date(self.plan.root, now=now(), tell=self._say)
                self.is_up_to_date = True
            for kind, follower in self.followers.items():
                found = follower.round(ending=ending)
                files, rows, waiting = files + found.files, rows + found.rows, waiting + len(found.waiting)
                for load in found.loads:
                    self._tell(load)
                self._delete(kind, follower)
        except (WarehouseError, PricingError) as error:
            problem = str(error)
            self._beat(lambda heartbeat: heartbeat.failed(now(), problem))
            self._say(f"received records wait: {problem}")
            return False
        self._beat(lambda heartbeat: heartbeat.looked(now(), files=files, rows=rows, waiting=waiting))
        self.said = ""
        return True

    def _beat(self, say: Callable[[Heartbeat], None]) -> None:
        """Tell of itself, where there is room on the disk to."""
        with suppress(OSError):
            self.heartbeat = self.heartbeat or Heartbeat(self.plan.root, COLLECT, [self.plan.where], now=now())
            say(self.heartbeat)

    def _delete(self, kind: str, follower: Follower) -> None:
        """Delete finished files that are loaded, once they are old enough."""
        oldest = time.time() - 3600 * self.plan.keep_hours
        for segment in finished(self.plan.root / FOLDER / kind):
            if follower.is_loaded(segment.path) and segment.path.stat().st_mtime < oldest:
                segment.path.unlink(missing_ok=True)

    def _tell(self, load: FileLoad) -> None:
        """Say what a person should look at: what could not be read."""
        if load.error:
            self._say(load.error)
        for reason, lines, first in load.rejects:
            self._say(f"{Path(load.path).name}:{first}: {reason} ({lines} lines)")

    def _say(self, message: str) -> None:
        if message != self.said:
            self.said = message
            print(f"tollbook: {message}", file=sys.stderr, flush=True)  # noqa: T201 - the command's own voice


def main() -> None:
    """Run as a process of its own: the warehouse's folder, seconds between looks, hours to keep files, address."""
    from app.cli import WithoutPandas

    sys.meta_path.insert(0, WithoutPandas())
    root, every_s, hours, where = sys.argv[1:]
    stop, said = threading.Event(), bytearray()

    def wait_for_end() -> None:
        said.extend(sys.stdin.buffer.read())
        stop.set()

    # A keeper of services stops every process of one at once: what came is loaded first.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=wait_for_end, daemon=True).start()
    loading = Loading(Plan(Path(root), float(every_s), float(hours), where))
    loading.run(stop, lambda: said == STOPPED)
