"""Calls of every kind, with every fault, as a program makes them: in tasks whose conversations grow."""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2

from tests.sellers.answer import text_of
from tests.sellers.plan import Plan, Tokens

ROUTES = (
    ("openai", "chat", "gpt-5-mini"),
    ("openai", "responses", "gpt-5-mini"),
    ("stepfun", "chat", "step-3.7-flash"),
    ("novita", "chat", "stepfun/step-3.7-flash"),
    ("deepseek", "chat", "deepseek-v4-flash"),
    ("anthropic", "messages", "claude-opus-4-6"),
)
FAULTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (56, ()),
    (4, ("429",)),
    (2, ("429", "429")),
    (3, ("500",)),
    (1, ("500", "429", "500")),
    (3, ("503_html",)),
    (4, ("401_empty",)),
    (2, ("401",)),
    (2, ("400",)),
    (1, ("404",)),
    (6, ("cut",)),
    (3, ("cut_late",)),
    (3, ("drop",)),
    (2, ("silent",)),
    (2, ("hold",)),
    (2, ("error_event",)),
    (2, ("garbled",)),
    (2, ("slow",)),
)
"""In how many of 100 calls which attempts go wrong."""
WAITS = {"silent", "hold"}
"""Faults that last until the caller has enough."""
PATIENCE_S = 2.0
"""Of a caller who would otherwise wait for ever, once the call has reached the seller."""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SCHEMA = {"type": "object", "properties": {"answer": {"type": "string"}}, "required": ["answer"]}


class Call(NamedTuple):
    """One call of a program."""

    seller: str
    api: str
    plan: Plan
    task: str
    step: int
    arguments: dict[str, Any]
    """Of the client's method."""
    leaves: bool
    """The caller leaves a stream that is held, rather than wait for it to time out."""
    retries: int | None = None
    """How often the client tries again; None: as often as it does by itself."""


def mixed(count: int, seed: int = 7) -> Iterator[Call]:
    """So many calls, the same for the same seed."""
    rng = random.Random(seed)
    made = 0
    while made < count:
        route, task = rng.choice(ROUTES), f"task-{seed}-{made}"
        for step in range(1, min(rng.randint(1, 6), count - made) + 1):
            yield _call(rng, route, task, step)
            made += 1


def _call(rng: random.Random, route: tuple[str, str, str], task: str, step: int) -> Call:
    seller, api, model = route
    (faults,) = rng.choices([faults for _, faults in FAULTS], [weight for weight, _ in FAULTS])
    plan = Plan(
        ref=f"{task}/{step}",
        tokens=_tokens(rng, seller),
        faults=faults,
        chars=rng.randint(10, 300),
        thinking=rng.choice((0, 0, 80)),
        tool=rng.random() < 0.3,
        # What is held is held before the answer's end.
        chunks=5 if "hold" in faults else rng.randint(1, 12),
        torn=rng.choice((0, 0, 0, 11)),
        gzip=rng.random() < 0.2,
        pause_s=0,
    )
    arguments = {"model": model, "extra_headers": plan.headers(), **OPTIONS[api](rng, task, step)}
    if rng.random() < 0.6:
        arguments["stream"] = True
    if api == "chat" and arguments.get("stream") and rng.random() < 0.4:
        arguments["stream_options"] = {"include_usage": True}
    leaves = bool(arguments.get("stream")) and rng.random() < 0.5
    if WAITS & set(faults):
        arguments["timeout"] = httpx2.Timeout(30, read=PATIENCE_S)
    return Call(seller, api, plan, task, step, arguments, leaves, 0 if faults in (("silent",), ("hold",)) else None)


def _tokens(rng: random.Random, seller: str) -> Tokens:
    read = rng.choice((0, rng.randint(1, 40_000)))
    short, long = (rng.randint(0, 900), rng.choice((0, 512))) if seller == "anthropic" else (None, None)
    output = rng.randint(1, 4_000)
    reasoning = rng.randint(0, output) if seller in ("openai", "novita", "deepseek") else None
    return Tokens(rng.randint(1, 60_000), read, short, long, output, reasoning)


def _turns(task: str, step: int) -> list[tuple[str, str]]:
    """A conversation until a step: that of the step before, and what came since."""
    size = sum(map(ord, task)) % 50 + 10
    turns = [("system", text_of(size)), ("user", text_of(size + 5))]
    for number in range(1, step):
        turns += [("assistant", text_of(10 * number)), ("user", text_of(7 * number))]
    return turns


def _chat(rng: random.Random, task: str, step: int) -> dict[str, Any]:
    said: dict[str, Any] = {"messages": [{"role": role, "content": text} for role, text in _turns(task, step)]}
    said[rng.choice(("max_tokens", "max_completion_tokens"))] = 2_000
    if rng.random() < 0.3:
        function = {"name": "look_up", "description": "Secret words of a tool", "parameters": SCHEMA}
        said["tools"] = [{"type": "function", "function": function}]
    if rng.random() < 0.2:
        said["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}
    if rng.random() < 0.2:
        said["messages"][-1]["content"] = [
            {"type": "text", "text": said["messages"][-1]["content"]},
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
        ]
    if rng.random() < 0.4:
        said["reasoning_effort"] = rng.choice(("low", "medium", "high"))
    return said


def _responses(rng: random.Random, task: str, step: int) -> dict[str, Any]:
    (_, instructions), *turns = _turns(task, step)
    said: dict[str, Any] = {"instructions": instructions, "max_output_tokens": 2_000}
    said["input"] = [{"role": role, "content": text} for role, text in turns]
    if rng.random() < 0.3:
        said["tools"] = [{"type": "function", "name": "look_up", "parameters": SCHEMA, "strict": False}]
    if rng.random() < 0.2:
        said["text"] = {"format": {"type": "json_schema", "name": "answer", "schema": SCHEMA}}
    if rng.random() < 0.2:
        said["input"][-1]["content"] = [
            {"type": "input_text", "text": said["input"][-1]["content"]},
            {"type": "input_image", "image_url": f"data:image/png;base64,{PIXEL}", "detail": "auto"},
        ]
    if rng.random() < 0.4:
        said["reasoning"] = {"effort": rng.choice(("low", "high"))}
    return said


def _messages(rng: random.Random, task: str, step: int) -> dict[str, Any]:
    (_, system), *turns = _turns(task, step)
    said: dict[str, Any] = {"system": system, "max_tokens": 2_000}
    said["messages"] = [{"role": role, "content": text} for role, text in turns]
    if rng.random() < 0.3:
        said["tools"] = [{"name": "look_up", "description": "Secret words of a tool", "input_schema": SCHEMA}]
    if rng.random() < 0.2:
        said["output_config"] = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if rng.random() < 0.2:
        image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
        said["messages"][-1]["content"] = [{"type": "text", "text": said["messages"][-1]["content"]}, image]
    return said


OPTIONS = {"chat": _chat, "responses": _responses, "messages": _messages}
"""By interface: what a call asks for, beside its model."""
