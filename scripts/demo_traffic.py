"""The demo's traffic: three teams over 21 days, with weekdays, busy hours, tasks, retries and a launch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from scripts.demo_calls import ROUTES, Call, Range, Work

FIRST_DAY = datetime(2026, 11, 1, tzinfo=UTC)
LAST_START = datetime(2026, 11, 21, 16, tzinfo=UTC)
LONGEST_PROMPT, LONGEST_OUTPUT = 240_000, 1500
HOURS = {
    "office": "000000136899789987421000",
    "always": "332222345667777776665544",
    "asia": "568998877654321000001234",
    "night": "067800000000000000000000",
}
"""How busy each hour of the day is, in UTC."""
# weekday, weekend: tasks a day. first: tokens of a task's first prompt. growth: what a step adds beside the
# last answer. limited: share of attempts that meet the rate limit. The assistant is launched on the 16th.
TABLE = """
team     project         route         users days  weekday weekend hours  steps first      growth     output   limited task     efforts         features
support  helpdesk        stepfun       1-8   1-21  2.6     0.9     always 3-9   1800-4200  150-900    150-520  0.012   ticket   -               stream,tools
support  triage          novita        1-8   1-21  26      10      always 1-1   700-2400   0-0        150-320  0.012   -        low             schema
support  screenshots     novita        1-8   1-21  7       2       office 1-1   1100-3600  0-0        150-600  0.012   -        -               image
support  storefront-cn   stepfun-cn    9-12  1-21  1.5     1.5     asia   3-7   1500-3800  200-1100   150-480  0.012   order    -               tools
platform code-review     novita        13-18 1-21  1.8     0.2     office 6-18  9000-42000 1200-9000  180-1400 0.012   review   medium,high     tools
platform incidents       openrouter    13-18 1-8   1.2     0.6     always 4-11  4000-16000 900-5200   180-900  0       incident -               -
platform incidents       openrouter-v4 13-18 9-21  1.6     0.8     always 4-11  4000-16000 900-5200   180-900  0       incident -               -
platform log-digest      nim           13-18 1-21  9       9       night  1-1   6000-21000 0-0        200-700  0.012   -        -               -
research reading         openrouter    19-24 1-21  0.7     0       office 5-15  8000-36000 2500-11000 250-1500 0       paper    -               -
research price-check     deepseek      19-24 12-12 6       0       office 1-1   900-1500   0-0        200-500  0.012   -        -               -
research assistant-pilot novita        19-24 11-13 1       0       office 8-20  9000-24000 1500-14000 200-1500 0.012   pilot    medium          tools
research assistant       novita        19-24 16-21 5.6     3       office 10-25 9000-24000 1500-14000 200-1500 0.05    run      low,medium,high tools,schema
"""  # noqa: E501


def read_works() -> list[Work]:
    """The table's rows."""
    names, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [_read_work(dict(zip(names, row, strict=True))) for row in rows]


def _read_work(row: dict[str, str]) -> Work:
    ranges = {name: _range(row[name]) for name in ("users", "days", "steps", "first", "growth", "output")}
    numbers = {name: float(row[name]) for name in ("weekday", "weekend", "limited")}
    lists = {name: tuple(row[name].strip("-").split(",")) for name in ("efforts", "features")}
    task, hours = row["task"].strip("-"), HOURS[row["hours"]]
    fields: dict[str, Any] = {**ranges, **numbers, **lists, "task": task, "hours": hours}
    return Work(row["team"], row["project"], ROUTES[row["route"]], **fields)


def _range(text: str) -> Range:
    low, high = text.split("-")
    return int(low), int(high)


def pick(rng: Random, span: Range) -> int:
    """A whole number in a range, small ones more often: of two, the smaller."""
    return min(rng.randint(*span), rng.randint(*span))


def calls_of(work: Work, place: int) -> Iterator[Call]:
    """All of one kind of work; its place in the table starts the numbers of its tasks."""
    rng = Random(f"demo {place}")
    number = 100 * (place + 1)
    for day in range(work.days[0], work.days[1] + 1):
        date = FIRST_DAY + timedelta(days=day - 1)
        mean = work.weekend if date.weekday() >= 5 else work.weekday
        for _ in range(int(mean * (0.7 + 0.6 * rng.random()) + rng.random())):
            at = date + timedelta(hours=_hour(rng, work.hours), milliseconds=rng.randrange(3_600_000))
            number += 1
            if at < LAST_START:
                yield from task_calls(rng, work, at, number)


def _hour(rng: Random, weights: str) -> int:
    return rng.choice([hour for hour, weight in enumerate(weights) for _ in range(int(weight))])


def task_calls(rng: Random, work: Work, at: datetime, number: int) -> Iterator[Call]:
    """A task: each step sends all that came before again, so that its prompt grows and is mostly cached."""
    call = Call(at, work, work.route, f"user-{rng.randint(*work.users):02}", pick(rng, work.first))
    call.task = f"{work.task}-{number}" if work.task else ""
    call.effort, call.features = work.efforts[number % len(work.efforts)], work.features
    before, last = 512 if rng.random() < 0.6 else 0, rng.randint(*work.steps)
    for step in range(1, last + 1):
        call.step, call.finish = step, "tool_calls" if "tools" in work.features and step < last else "stop"
        fill(rng, call, before)
        yield from attempts(rng, call)
        before, grown = call.prompt or 0, call.output - call.reasoning + pick(rng, work.growth)
        if before + grown > LONGEST_PROMPT:
            return
        pause = call.latency_ms + rng.randint(800, 45_000)
        call = replace(call, at=call.at + timedelta(milliseconds=pause), prompt=before + grown, attempt=0)


def fill(rng: Random, call: Call, before: int) -> None:
    """Output, cache hits and timing; more effort means more reasoning, and one call in forty is slow."""
    share = {"low": 15, "high": 60}.get(call.effort, 35)
    call.output = min(LONGEST_OUTPUT, pick(rng, call.work.output) * (70 + share) // 100)
    call.finish = "length" if call.output == LONGEST_OUTPUT else call.finish
    call.reasoning = call.output * rng.randint(share - 10, share + 10) // 100
    assert call.prompt is not None
    call.cached = min(before, call.prompt) // 64 * 64 if rng.random() < 0.93 else 0
    call.ttft_ms = 180 + (call.prompt - call.cached) // 40 + rng.randrange(220)
    call.latency_ms = call.ttft_ms + call.output * (8 if rng.random() < 0.975 else 30) + rng.randrange(400)


def attempts(rng: Random, call: Call) -> Iterator[Call]:
    """The call, after the attempts that failed before it. OpenRouter's log holds answers alone."""
    luck = rng.random()
    failure: dict[str, Any] | None = None
    if luck < call.work.limited:
        failure = {"status": 429, "error": "rate_limit", "latency_ms": rng.randint(40, 160)}
    elif luck < call.work.limited + 0.003:
        failure = {"status": 500, "error": "server_error", "latency_ms": rng.randint(300, 2500)}
    elif luck < call.work.limited + 0.005:
        failure = {"status": None, "error": "timeout", "latency_ms": 60_000}
    if failure and call.route.rates and call.route.dialect != "openrouter":
        failed = replace(call, prompt=None, ttft_ms=0, attempt=1, **failure)
        yield failed
        call.at += timedelta(milliseconds=failed.latency_ms + rng.randint(1000, 8000))
        call.attempt = 2
    yield call
