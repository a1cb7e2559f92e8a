"""The demo's small files: one call of each kind and all that goes wrong, and streams as they came over the wire."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from scripts.demo_calls import DEEPSEEK, NIM, NOVITA, NOWHERE, STEPFUN, STEPFUN_CN, Call, Work
from scripts.demo_lines import envelope_line
from scripts.demo_traffic import fill

FIRST_TRIES = Work("platform", "first-tries", NOVITA, users=(13, 13), first=(600, 2400), output=(150, 900))
CAPTURED = FIRST_TRIES._replace(project="capture")
FIRST_NUMBER, SPOILT_NUMBER, CAPTURED_NUMBER = 9_000_001, 9_000_101, 9_000_201
TRIES: tuple[dict[str, Any], ...] = (
    *({"effort": effort} for effort in ("low", "medium", "high")),
    {"features": ("tools", "schema")},
    {"features": ("image",)},
    {"features": ("video",)},
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


def first_tries() -> Iterator[Call]:
    """One kind of call after the other, and all that goes wrong."""
    rng, at = Random("demo first tries"), datetime(2026, 10, 13, 9, 2, 11, tzinfo=UTC)
    for number, changes in enumerate(TRIES, FIRST_NUMBER):
        call = Call(at, FIRST_TRIES, NOVITA, "user-13", rng.randint(*FIRST_TRIES.first), number)
        fill(rng, call, 0)
        yield replace(call, **changes)
        at += timedelta(milliseconds=rng.randint(70_000, 400_000))


def captured() -> Iterator[Call]:
    """Three streams as they came over the wire, without a word on who sent them."""
    rng, at = Random("demo capture"), datetime(2026, 11, 18, 14, 31, 5, tzinfo=UTC)
    for number in range(CAPTURED_NUMBER, CAPTURED_NUMBER + 3):
        call = Call(at, CAPTURED, NOWHERE, "", rng.randint(400, 900), number, features=("stream",))
        fill(rng, call, 0)
        yield call
        at += timedelta(seconds=rng.randint(20, 60))


def spoilt_lines() -> dict[int, str]:
    """Lines that nobody can use, by the place where they stand: cut off, half a token, no time."""
    at = datetime(2026, 10, 13, 9, 30, tzinfo=UTC)
    calls = (
        Call(at, FIRST_TRIES, NOVITA, "user-13", 1200, number, output=240, latency_ms=2400)
        for number in range(SPOILT_NUMBER, SPOILT_NUMBER + 3)
    )
    cut, half, timeless = map(envelope_line, calls)
    half["response"]["usage"]["completion_tokens"] = 1.5
    del timeless["time"], timeless["response"]["created"]
    text = json.dumps(cut)
    return {6: text[: text.index(' "completion_tokens"') - 6], 13: json.dumps(half), 20: json.dumps(timeless)}
