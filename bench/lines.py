"""Generates the log that the benchmarks read: agent traffic as envelopes, about 1.2 KB a line."""

import json
import random
from pathlib import Path

ROUTES = (
    ("https://api.stepfun.ai/v1", "step-3.7-flash"),
    ("https://api.novita.ai/openai", "stepfun/step-3.7-flash"),
    ("https://openrouter.ai/api/v1", "stepfun/step-3.7-flash"),
    ("https://api.deepseek.com", "deepseek-v4-flash"),
)
START = 1782864000
STEPS = 12
ANSWER = "an answer of a middling length that stands for what a model wrote " * 7
BROKEN = (
    '{"time": 17,\n',
    "not json at all\n",
    '{"time": 1782864000, "response": {"usage": {"prompt_tokens": 1.5}}}\n',
)


def write_lines(path: Path, count: int, *, bad_every: int = 0) -> None:
    """Write ``count`` calls of agent tasks of twelve steps; after every ``bad_every``, a line nobody can read."""
    draw = random.Random(20261122)
    route, place = ROUTES[0], {"team": "", "project": "", "user": ""}
    with path.open("w") as file:
        for number in range(count):
            if number % STEPS == 0:
                route = draw.choice(ROUTES)
                place = {
                    name: f"{name}-{draw.randrange(most)}"
                    for name, most in (("team", 5), ("project", 9), ("user", 200))
                }
            file.write(json.dumps(_call(number, draw, route, place), separators=(",", ":")) + "\n")
            if bad_every and number % bad_every == 0:
                file.write(BROKEN[number // bad_every % len(BROKEN)])


def _call(number: int, draw: random.Random, route: tuple[str, str], place: dict[str, str]) -> dict[str, object]:
    prompt, completion = draw.randrange(100, 60000), draw.randrange(1, 4000)
    at = START + number * 2.5
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": int(prompt * draw.random() * 0.8), "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": completion // 3, "audio_tokens": 0},
    }
    message = {"role": "assistant", "content": ANSWER[: 380 + draw.randrange(80)]}
    return {
        "time": at,
        "base_url": route[0],
        "request": {"model": route[1], "reasoning_effort": "medium"},
        "response": {
            "id": f"chatcmpl-{draw.getrandbits(128):032x}",
            "object": "chat.completion",
            "created": int(at),
            "model": route[1],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": usage,
        },
        "status": 200,
        "latency_ms": draw.randrange(200, 30000),
        "ttft_ms": draw.randrange(50, 900),
        "attempt": 1,
        "retries": 0,
        "task": f"task-{number // STEPS:06d}",
        "step": number % STEPS,
        "session": f"session-{number // 40}",
        **place,
        "environment": "prod",
        "tags": {"feature": "search"},
    }
