"""Writes data/samples/: the made-up logs of three teams, and what a correct load of them finds.

    python -m scripts.make_demo [FOLDER]

No clock and no machine in it: the same content on every run. `truth.json` is counted from the tokens as they
are written and the prices in `scripts/demo_calls.py`, without the project's own arithmetic.
"""

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import zstandard

from scripts.demo_calls import DEEPSEEK, NIM, NOVITA, NOWHERE, STEPFUN, STEPFUN_CN, Call, Work, cost_of
from scripts.demo_lines import line_of, stream_of
from scripts.demo_traffic import calls_of, fill, read_works

GATEWAY, OPENROUTER, WORKBENCH, CAPTURE = (
    "gateway.jsonl.zst",
    "openrouter.jsonl.gz",
    "workbench.jsonl",
    "capture.sse",
)
FILES = (GATEWAY, OPENROUTER, WORKBENCH, CAPTURE)
DEMO_TOML = f"""\
# The demo's own clock, and its logs in the order in which they are loaded.
now = 2026-11-21T18:00:00Z
files = {json.dumps(FILES)}
"""
FIRST_TRIES = Work("platform", "first-tries", NOVITA, users=(13, 13), first=(600, 2400), output=(150, 900))
CAPTURED = FIRST_TRIES._replace(project="capture")
TRIES: tuple[dict[str, Any], ...] = (
    *({"effort": effort} for effort in ("low", "medium", "high")),
    {"features": ("tools", "schema")},
    {"features": ("image",)},
    {"route": STEPFUN},
    {"route": STEPFUN, "features": ("stream",)},
    # A key of one StepFun region used in the other: 401, and an empty body.
    *(
        {"route": route, "status": 401, "prompt": None, "latency_ms": 140}
        for route in (STEPFUN_CN, STEPFUN_CN, STEPFUN)
    ),
    {"route": STEPFUN_CN},
    {"route": NIM},
    {"route": DEEPSEEK},
    {"status": 429, "error": "rate_limit", "prompt": None, "attempt": 1, "latency_ms": 85},
    {"attempt": 2},
    {"route": STEPFUN, "status": 500, "error": "server_error", "prompt": None, "latency_ms": 920},
    {"status": None, "error": "timeout", "prompt": None, "latency_ms": 60_000},
    # The client hung up; Novita charges what was used until then.
    *({"features": ("stream",), "status": 499, "cut": True, "output": output, "reasoning": 0} for output in (212, 64)),
    # Streams whose usage nobody asked for.
    *({"route": route, "features": ("stream",), "prompt": None} for route in (NOVITA, STEPFUN)),
    # Usage that contradicts itself: a total that is no sum, reasoning beyond the output.
    {"route": STEPFUN, "off_by": 48},
    {"output": 310, "reasoning": 352},
    *({"effort": effort} for effort in ("low", "medium", "high")),
)


class Books:
    """What a correct load finds, counted as the calls are written."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Call]] = []
        self.rejected: dict[str, list[int]] = {name: [] for name in FILES}

    def enter(self, name: str, calls: Iterable[Call]) -> Iterator[Call]:
        """The calls of a file in order of time, numbered."""
        for number, call in enumerate(sorted(calls, key=lambda call: call.at), 1):
            call.number = number
            self.calls.append((name, call))
            yield call

    def truth(self) -> dict[str, Any]:
        """All counts; costs in whole pico-units of each currency."""
        calls = [call for _, call in self.calls]
        billed = [call for call in calls if call.route.dialect == "openrouter"]
        return {
            "requests": len(calls),
            "tasks": len({call.task for call in calls if call.task}),
            "cost_pico": _costs(calls),
            "cost_pico_by_team": {
                team: _costs(call for call in calls if team_of(call) == team)
                for team in sorted(set(map(team_of, calls)))
            },
            "cost_reported_pico": _costs(billed),
            "unpriced": dict(sorted(Counter(said for said, cost in map(cost_of, calls) if cost is None).items())),
            "usage_missing": sum(call.prompt is None for call in calls),
            "failed": sum(call.status != 200 for call in calls),
            "retries": sum(call.attempt > 1 for call in calls),
            "files": {name: self._file(name) for name in FILES},
        }

    def _file(self, name: str) -> dict[str, Any]:
        calls = [call for file, call in self.calls if file == name]
        return {
            "requests": len(calls),
            "rejected_lines": self.rejected[name],
            "unpriced": sum(cost_of(call)[1] is None for call in calls),
            "needs_review": sum(bool(call.off_by) or call.reasoning > call.output for call in calls),
            "partial": sum(call.cut for call in calls),
        }


def team_of(call: Call) -> str:
    """The call's team; a bare capture names none."""
    return "" if call.route is NOWHERE else call.work.team


def _costs(calls: Iterable[Call]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for currency, cost in map(cost_of, calls):
        if cost is not None:
            sums[currency] += cost
    return dict(sorted(sums.items()))


def first_tries() -> Iterator[Call]:
    """One kind of call after the other, and all that goes wrong."""
    rng, at = Random("demo first tries"), datetime(2026, 11, 4, 9, 2, 11, tzinfo=UTC)
    for changes in TRIES:
        call = Call(at, FIRST_TRIES, NOVITA, "user-13", rng.randint(*FIRST_TRIES.first))
        fill(rng, call, 0)
        yield replace(call, **changes)
        at += timedelta(milliseconds=rng.randint(70_000, 400_000))


def captured() -> Iterator[Call]:
    """Three streams as they came over the wire, without a word on who sent them."""
    rng, at = Random("demo capture"), datetime(2026, 11, 18, 14, 31, 5, tzinfo=UTC)
    for _ in range(3):
        call = Call(at, CAPTURED, NOWHERE, "", rng.randint(400, 900), features=("stream",))
        fill(rng, call, 0)
        yield call
        at += timedelta(seconds=rng.randint(20, 60))


def unreadable() -> Iterator[Call]:
    """Calls whose lines are spoilt afterwards."""
    for number, minute in ((901, 19), (902, 42), (903, 69)):
        at = datetime(2026, 11, 4, 9, tzinfo=UTC) + timedelta(minutes=minute)
        yield Call(at, FIRST_TRIES, NOVITA, "user-13", 1200, output=240, latency_ms=2400, number=number)


def workbench_lines(books: Books) -> list[str]:
    """The file to open and read, with three lines that nobody can use."""
    lines = [json.dumps(line_of(call)) for call in books.enter(WORKBENCH, first_tries())]
    whole, odd, timeless = (line_of(call) for call in unreadable())
    del timeless["time"], timeless["response"]["created"]
    odd["response"]["usage"]["completion_tokens"] = 1.5
    text = json.dumps(whole)
    bad = {6: text[: text.index(' "completion_tokens"') - 6], 13: json.dumps(odd), 20: json.dumps(timeless)}
    for number, line in bad.items():
        lines.insert(number - 1, line)
    books.rejected[WORKBENCH] = list(bad)
    return lines


def packed_lines(books: Books, name: str, *, openrouter: bool) -> bytes:
    """The traffic that goes through OpenRouter, or all other, as JSON lines."""
    works = [
        (work, place) for place, work in enumerate(read_works()) if (work.route.dialect == "openrouter") == openrouter
    ]
    calls = books.enter(name, (call for work, place in works for call in calls_of(work, place)))
    return "".join(json.dumps(line_of(call), separators=(",", ":")) + "\n" for call in calls).encode()


def make(folder: Path) -> None:
    """Write every file of the demo, its clock and its truth."""
    books = Books()
    folder.mkdir(parents=True, exist_ok=True)
    gateway = packed_lines(books, GATEWAY, openrouter=False)
    (folder / GATEWAY).write_bytes(zstandard.ZstdCompressor(level=19).compress(gateway))
    openrouter = packed_lines(books, OPENROUTER, openrouter=True)
    (folder / OPENROUTER).write_bytes(gzip.compress(openrouter, 9, mtime=0))
    texts = {
        WORKBENCH: "\n".join(workbench_lines(books)) + "\n",
        CAPTURE: "".join(map(stream_of, books.enter(CAPTURE, captured()))),
        "demo.toml": DEMO_TOML,
        "truth.json": json.dumps(books.truth(), indent=2) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "data" / "samples")
