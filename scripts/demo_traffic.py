"""The demo's traffic: three teams over 45 days, with weekdays, busy hours, tasks, retries and a launch."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from scripts.demo_calls import ROUTES, STEPFUN_CN, Call, Range, Work

FIRST_DAY = datetime(2026, 10, 8, tzinfo=UTC)
LAST_START = datetime(2026, 11, 21, 16, tzinfo=UTC)
LONGEST_PROMPT, LONGEST_OUTPUT = 240_000, 1500
RIGHT_REGION = datetime(2026, 10, 19, 15, tzinfo=UTC)
"""Until then the gateway tried StepFun with a key of the other region."""
ADVISED_SINCE = datetime(2026, 11, 16, tzinfo=UTC)
"""From then on StepFun lets a larger model think along in some of the assistant's steps, and says nothing of it."""
REPEATED = 0.02
"""Share of triage requests that come again within the hour."""
HOURS = {
    "office": "000000136899789987421000",
    "always": "332222345667777776665544",
    "asia": "568998877654321000001234",
    "night": "067800000000000000000000",
    "morning": "000000000100000000000000",
}
"""How busy each hour of the day is, in UTC."""
# days: 1 is 8 October, 45 is 21 November. weekday, weekend: tasks a day. first: tokens of a task's first prompt.
# growth: what a step adds beside the last answer. limited: share of attempts that meet the rate limit.
# Day 12: a key of the other region. Days 27 and 33: a cheaper model, the assistant's launch. Day 41: a loop.
TABLE = """
team     project         route           log      users days  weekday weekend hours   steps first      growth     output   limited task     efforts         features
support  helpdesk        novita          litellm  1-8   1-45  24      10      always  3-9   1800-4200  150-900    150-520  0.012   ticket   -               stream,tools
support  helpdesk        stepfun-litellm litellm  1-8   12-17 6       2       always  3-9   1800-4200  150-900    150-520  0.012   trial    -               stream,tools
support  triage          novita          litellm  1-8   1-45  102     46      always  1-1   700-2400   0-0        150-320  0.012   -        low             schema
support  screenshots     novita          envelope 1-8   1-45  14      4       office  1-1   1100-3600  0-0        150-600  0.012   -        -               image
support  recordings      stepfun         envelope 1-8   8-45  0.8     0       office  1-1   9000-26000 0-0        200-700  0.012   -        medium          video
support  storefront-cn   stepfun-cn      envelope 9-12  1-45  4       4       asia    3-7   1500-3800  200-1100   150-480  0.012   order    -               tools
platform code-review     novita          litellm  13-18 1-45  7.5     0.5     office  6-18  9000-42000 1200-9000  180-1400 0.012   review   medium,high     tools
platform code-review     novita          litellm  13-18 41-41 1       0       morning 64-64 38000-42000 1200-3600 180-1400 0       loop     high            tools
platform incidents       openrouter      litellm  13-18 1-26  2.5     1.2     always  4-11  4000-16000 900-5200   180-900  0.012   incident -               -
platform incidents       openrouter-v4   litellm  13-18 27-45 2.5     1.2     always  4-11  4000-16000 900-5200   180-900  0.012   incident -               -
platform log-digest      nim             litellm  13-18 1-45  34      34      night   1-1   6000-21000 0-0        200-700  0       -        -               -
research reading         openrouter      answers  19-24 1-45  3       0.3     office  5-15  8000-36000 2500-11000 250-1500 0       paper    -               -
research survey          openrouter-v4   answers  19-24 27-45 25      0       office  1-1   2600-9000  0-0        180-700  0       -        -               schema
research extraction      stepfun         envelope 19-24 1-45  64      10      office  1-1   1900-7600  0-0        150-600  0.012   -        low             schema
research price-check     deepseek        envelope 19-24 36-36 6       0       office  1-1   900-1500   0-0        200-500  0.012   -        -               -
research assistant-pilot novita          envelope 19-24 27-30 2       0       office  8-20  9000-24000 1500-14000 200-1500 0.012   pilot    medium          tools
research assistant       novita          envelope 19-24 33-45 40      16      office  10-25 9000-24000 1500-14000 200-1500 0.05    run      low,medium,high tools,schema
research assistant       responses       envelope 19-24 33-45 10      4       office  10-25 9000-24000 1500-14000 200-1500 0.03    run      low,medium,high tools,schema
"""  # noqa: E501


def read_works() -> list[Work]:
    """The table's rows."""
    names, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [_read_work(dict(zip(names, row, strict=True))) for row in rows]


def _read_work(row: dict[str, str]) -> Work:
    fields: dict[str, Any] = {name: row[name] for name in ("team", "project", "log")}
    fields |= {name: _range(row[name]) for name in ("users", "days", "steps", "first", "growth", "output")}
    fields |= {name: float(row[name]) for name in ("weekday", "weekend", "limited")}
    fields |= {name: tuple(row[name].strip("-").split(",")) for name in ("efforts", "features")}
    return Work(route=ROUTES[row["route"]], hours=HOURS[row["hours"]], task=row["task"].strip("-"), **fields)


def _range(text: str) -> Range:
    low, high = text.split("-")
    return int(low), int(high)


def pick(rng: Random, span: Range) -> int:
    """A whole number in a range, small ones more often: of two, the smaller."""
    return min(rng.randint(*span), rng.randint(*span))


def calls_of(work: Work, place: int) -> Iterator[Call]:
    """All of one kind of work; its place in the table starts the numbers of its tasks and requests."""
    rng, numbers = Random(f"demo {place}"), count(100_000 * (place + 1))
    task = 1000 * (place + 1)
    for day in range(work.days[0], work.days[1] + 1):
        date = FIRST_DAY + timedelta(days=day - 1)
        mean = work.weekend if date.weekday() >= 5 else work.weekday
        for _ in range(int(mean * (0.7 + 0.6 * rng.random()) + rng.random())):
            at = date + timedelta(hours=_hour(rng, work.hours), milliseconds=rng.randrange(3_600_000))
            task += 1
            if at < LAST_START:
                yield from task_calls(rng, work, at, task, numbers)


def _hour(rng: Random, weights: str) -> int:
    return rng.choice([hour for hour, weight in enumerate(weights) for _ in range(int(weight))])


def task_calls(rng: Random, work: Work, at: datetime, task: int, numbers: Iterator[int]) -> Iterator[Call]:
    """A task: each step sends all that came before again, so that its prompt grows and is mostly cached."""
    call = Call(at, work, work.route, f"user-{rng.randint(*work.users):02}", pick(rng, work.first))
    call.task = f"{work.task}-{task}" if work.task else ""
    call.effort, call.features = work.efforts[task % len(work.efforts)], work.features
    before, last = 512 if rng.random() < 0.6 else 0, rng.randint(*work.steps)
    for step in range(1, last + 1):
        call.number, call.step = next(numbers), step
        call.finish = "tool_calls" if "tools" in work.features and step < last else "stop"
        fill(rng, call, before)
        shown = call.output - call.reasoning
        call.output += unseen(call)
        tries = list(attempts(rng, call))
        yield from tries
        before, grown = call.prompt or 0, shown + pick(rng, work.growth)
        if before + grown > LONGEST_PROMPT or tries[-1].status != 200:
            return
        if work.project == "triage" and rng.random() < REPEATED:
            yield replay(rng, call, next(numbers))
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


def unseen(call: Call) -> int:
    """Output that is billed and never shown: a hidden second answer, in one step of twelve from the third on."""
    chance = Random(f"demo unseen {call.number}")
    is_advised = call.work.project == "assistant" and call.route.seller == "stepfun" and call.at >= ADVISED_SINCE
    if not is_advised or call.step < 3 or chance.random() > 1 / 12:
        return 0
    return call.output * chance.randint(150, 400) // 100


def attempts(rng: Random, call: Call) -> Iterator[Call]:
    """The call, after the attempts that failed before it; some are given up. OpenRouter's answers are only those."""
    failure = _failure(rng, call)
    if failure and call.route.prices and call.work.log != "answers":
        failed = replace(call, prompt=None, ttft_ms=0, attempt=1, retried=rng.random() < 0.9, **failure)
        yield failed
        if not failed.retried:
            return
        call.at += timedelta(milliseconds=failed.latency_ms + rng.randint(1000, 8000))
        call.attempt = 2
    yield call


def _failure(rng: Random, call: Call) -> dict[str, Any] | None:
    luck = rng.random() - call.work.limited
    if not call.route.cache_told and call.at < RIGHT_REGION:
        return {"route": STEPFUN_CN, "status": 401, "error": "invalid_api_key", "latency_ms": rng.randint(90, 200)}
    if luck < 0:
        return {"status": 429, "error": "rate_limit", "latency_ms": rng.randint(40, 160)}
    if luck < 0.003:
        return {"status": 500, "error": "server_error", "latency_ms": rng.randint(300, 2500)}
    if luck < 0.005:
        return {"status": None, "error": "timeout", "latency_ms": 60_000}
    return None


def replay(rng: Random, call: Call, number: int) -> Call:
    """The same request once more within the hour: the gateway has kept the answer."""
    at = call.at + timedelta(milliseconds=rng.randint(90_000, 3_400_000))
    return replace(call, at=at, number=number, replay_of=call.number, attempt=0, latency_ms=rng.randint(1, 4))
