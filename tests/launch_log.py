"""A log of four weeks whose figures are known: what a launch plan measures in it can be reckoned by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

FIRST = datetime(2026, 11, 2)
"""A Monday."""
DAYS = 28
WEEKDAY, WEEKEND = 12, 6
"""Tasks of a day."""
STEPS = 3
"""Answered calls of a task with tools; every fifth of them follows a failed attempt that is charged."""


def log_lines() -> Iterator[dict[str, Any]]:
    """A third of the tasks has tools and three steps; the others are one call of text."""
    number = 0
    for day in range(DAYS):
        at = FIRST + timedelta(days=day, hours=9)
        tasks = WEEKEND if at.weekday() >= 5 else WEEKDAY
        for task in range(tasks):
            has_tools = task % 3 == 0
            for step in range(STEPS if has_tools else 1):
                number += 1
                names = {
                    "task": f"t-{day}-{task}",
                    "session": f"s-{day}-{task // 3}",
                    "user": f"u-{task // 6}",
                    "team": "assist",
                }
                time = at + timedelta(minutes=10 * task + step)
                yield _line(number, time, has_tools, 1000 + 100 * (number % 5), "high" if step == 2 else "low") | names


def _line(number: int, time: datetime, has_tools: bool, tokens: int, effort: str) -> dict[str, Any]:
    usage = {
        "prompt_tokens": tokens,
        "completion_tokens": 400 if effort == "high" else 200,
        "total_tokens": tokens + (400 if effort == "high" else 200),
        "cached_tokens": tokens // 4,
    }
    model = "stepfun/step-3.7-flash"
    request: dict[str, Any] = {"model": model, "reasoning_effort": effort, "tools": None, "messages": []}
    if has_tools:
        request["tools"] = [{"type": "function", "function": {"name": "look_up"}}]
    response = {"id": f"c-{number}", "object": "chat.completion", "model": model, "usage": usage}
    return {
        "time": time.isoformat() + "Z",
        "seller": "novita",
        "status": 200,
        "request": request,
        "response": response,
    }
