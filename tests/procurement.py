"""A warehouse of two months for reports: several sellers and currencies, and names that may hold anything."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.load import load_files
from ingest.options import Options
from reports.asked import Asked
from reports.readings.periods import Days
from warehouse.scope import Scope

NOW = datetime(2026, 11, 20, 12)
PERIOD = Days(date(2026, 10, 1), date(2026, 10, 31))
ASKED = Asked("2026-10", *PERIOD, Scope(*PERIOD))
ROUTES = (
    ("novita", "stepfun/step-3.7-flash"),
    ("stepfun-cn", "step-3.7-flash"),
    ("deepseek", "deepseek-v4-flash"),
    ("novita", "nobody/knows-this"),
    ("openrouter", "stepfun/step-3.7-flash"),
)
TEAMS = ("<script>alert(1)</script>", "=cmd()", None, "客服")


def silent(message: str) -> None:
    """Nobody to tell."""


def fill(root: Path, begun: Path, *, backwards: bool = False) -> Path:
    """Calls of the last days of September and of October; the second log has a line that nobody can read."""
    shutil.copytree(begun, root)
    logs = [_log(root.parent / f"{root.name}-{first:%m}.jsonl", first, days) for first, days in _MONTHS]
    for log in reversed(logs) if backwards else logs:
        list(load_files(root, [log], Options(), now=NOW, tell=silent))
    return root


_MONTHS = ((datetime(2026, 9, 20, 8), 8), (datetime(2026, 10, 10, 8), 12))


def _log(path: Path, first: datetime, days: int) -> Path:
    lines = [json.dumps(line, ensure_ascii=False) for line in _calls(first, days)]
    broken = ["no JSON at all"] if first.month == PERIOD.first.month else []
    path.write_text("\n".join([*lines, *broken]) + "\n", encoding="utf-8")
    return path


def _calls(first: datetime, days: int) -> Iterator[dict[str, Any]]:
    for number in range(days * 3):
        seller, model = ROUTES[number % len(ROUTES)]
        prompt, got = 20_000 + 731 * number * first.month, 300 + 17 * number
        usage: dict[str, Any] = {
            "prompt_tokens": prompt,
            "completion_tokens": got,
            "total_tokens": prompt + got,
            "prompt_tokens_details": {"cached_tokens": prompt // 3},
        }
        if seller == "openrouter":
            usage["cost"] = 0.0125
        answer = {"id": f"c-{first.month}-{number}", "object": "chat.completion", "model": model}
        team = TEAMS[number % len(TEAMS)]
        yield {
            "time": (first + timedelta(hours=8 * number)).isoformat() + "Z",
            "seller": seller,
            "status": 200,
            "task": f"t-{first.month}-{number % (2 * len(ROUTES))}",
            "request": {"model": model, "messages": []},
            # Now and then an answer says nothing of its usage.
            "response": answer if number % 17 == 16 else {**answer, "usage": usage},
            **({"team": team, "project": f"{team}/*_#"} if team else {}),
        }
