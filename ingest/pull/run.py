"""One run of `tollbook pull`: what is to be asked, asked, kept, and loaded through the ordinary sources."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import NamedTuple

from ingest.load import load_files
from ingest.loading import FileLoad, Tell
from ingest.options import Options
from ingest.pull.fetch import fetch_window
from ingest.pull.generations import Call, calls_to_ask, fetch_generations, finish_generations
from ingest.pull.http import Api, Login
from ingest.pull.kept import Kept
from ingest.pull.openrouter import GENERATION
from ingest.pull.plan import windows_of
from ingest.pull.problem import PullError, Refused, Unreachable
from ingest.pull.report import DAY, Provider, Report, Window
from warehouse.asked import read_asked, read_unbilled
from warehouse.connection import io_errors
from warehouse.folder import Folder
from warehouse.locks import take_if_free


class Wish(NamedTuple):
    """What a person asked for."""

    provider: Provider
    reports: tuple[Report, ...]
    generations: bool
    since: date | None
    """None: from the first day that was ever asked for."""
    until: date
    again: bool
    most: int
    """Calls to ask for one by one."""


class Plan(NamedTuple):
    """What is to be asked."""

    windows: tuple[tuple[Report, Window], ...]
    calls: tuple[Call, ...]
    since: date
    notes: tuple[str, ...]


class Step(NamedTuple):
    """What came of one thing that was asked for."""

    what: str
    window: Window | None
    """None: single calls."""
    requests: int
    lacking: tuple[date, ...] = ()
    """Days that the answer does not have."""
    unknown: int = 0
    """Single calls that the seller does not know of."""
    error: str | None = None


class Pulled(NamedTuple):
    """What came of a run."""

    steps: list[Step]
    loads: list[FileLoad]
    errors: list[str]


class Puller:
    """Asks one provider, for one warehouse."""

    def __init__(self, root: Path, wish: Wish, now: datetime, tell: Tell) -> None:
        self.root, self.wish, self.now, self.tell = root, wish, now, tell

    @contextmanager
    def alone(self) -> Iterator[Kept]:
        """The folder of kept answers, for one pull at a time; raises PullError when another one runs."""
        Folder(self.root).create()
        with io_errors(self.root):
            kept = Kept(self.root, self.wish.provider.name)
            lock = take_if_free(kept.lock)
            if lock is None:
                raise PullError(f"another pull of {self.wish.provider.name} is running; wait for its end")
            with lock:
                yield kept

    def plan(self, kept: Kept | None) -> Plan:
        """What is to be asked; without a folder, as if nothing was kept. Raises PullError without a first day."""
        wish = self.wish
        asked = {
            name: read_asked(self.root, name, tell=self.tell)
            for name in {each.source for each in wish.provider.reports}
        }
        first = min((each.day for every in asked.values() for each in every), default=None)
        since = wish.since or first
        if since is None:
            raise PullError("nothing was pulled yet: say from which day on, as in --since 2026-11-01")
        oldest = self.now.date() - DAY * wish.provider.oldest if wish.provider.oldest else since
        notes = [f"{wish.provider.title} answers for {wish.provider.oldest} days: asking from {oldest} on"]
        first_day = max(since, oldest)
        days = [first_day + DAY * number for number in range((wish.until - first_day).days + 1)]
        windows = (
            (report, window)
            for report in wish.reports
            for window in windows_of(report, [] if wish.again else asked[report.source], days, self.now)
        )
        return Plan(tuple(windows), tuple(self._calls(kept, since)), since, tuple(notes if oldest > since else ()))

    def _calls(self, kept: Kept | None, since: date) -> Sequence[Call]:
        if not self.wish.generations:
            return []
        between = (datetime.combine(since, time()), datetime.combine(self.wish.until + DAY, time()))
        unbilled = read_unbilled(self.root, *between, tell=self.tell)
        if kept is None:
            return unbilled[: self.wish.most]
        return calls_to_ask(kept, unbilled, self.now, self.wish.most, again=self.wish.again)

    def run(self, kept: Kept, plan: Plan, api: Api, pulled: Pulled) -> None:
        """Ask for all days that are planned, and load what is whole: one report that fails keeps no other out."""
        whole: list[str] = []
        failed: set[str] = set()
        try:
            for report, window in plan.windows:
                if report.name not in failed:
                    step = self._window(kept, report, window, api, whole)
                    failed |= {report.name} if step.error else set()
                    pulled.steps.append(step)
        except (Refused, Unreachable) as problem:
            pulled.errors.append(str(problem))
        finally:
            kept.publish(whole, self.now)

    def _window(self, kept: Kept, report: Report, window: Window, api: Api, whole: list[str]) -> Step:
        """Get one window; raises Refused where the key is not taken at all, Unreachable where nobody answers."""
        before = api.requests
        try:
            fetched = fetch_window(api, kept, report, window, self.now)
        except PullError as problem:
            if isinstance(problem, Unreachable) or isinstance(problem, Refused) and problem.status == 401:
                raise
            return Step(report.name, window, api.requests - before, error=str(problem))
        whole.append(fetched.name)
        return Step(report.name, window, api.requests - before, fetched.lacking)

    def run_calls(self, kept: Kept, plan: Plan, api: Api, pulled: Pulled) -> None:
        """Ask for single calls."""
        found = fetch_generations(api, kept, plan.calls, self.now)
        error = str(found.error) if found.error else None
        pulled.steps.append(Step(GENERATION, None, api.requests, unknown=found.unknown, error=error))

    def load(self, kept: Kept) -> list[FileLoad]:
        """Load what is kept and not loaded yet, by an earlier run that was stopped, too."""
        kept.sweep(self.now)
        finish_generations(kept, self.now)
        loads = load_files(self.root, kept.answers(), Options(), now=self.now, tell=self.tell)
        return [load for load in loads if load.note is None]


def open_api(wish: Wish, base_url: str | None, login: Login, tell: Tell) -> Api:
    """The provider's API, at its own address or another; raises PullError where a key may not be sent there."""
    provider = wish.provider
    return Api(base_url or provider.base_url, login, provider.headers(login.key), tell)
