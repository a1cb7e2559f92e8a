"""Plans to begin with, for a launch without any history: each figure says where it is from."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "launch_starts"
FILES = {"Chat assistant": "chat", "Coding agent": "agent", "Mixed product": "mixed"}
"""By what is launched, the name of its file."""
ROUTE: Mapping[str, str] = {"seller": "novita", "model": "stepfun/step-3.7-flash"}
DAYS = 90


def start_of(title: str, today: date) -> dict[str, Any]:
    """The document of a plan to begin with; it starts on the Monday after next week's."""
    monday = today + timedelta(days=14 - today.weekday())
    document = _read(FILES[title])
    return {"name": title, "start": monday.isoformat(), "days": DAYS, **document, "routes": [dict(ROUTE)]}


@cache
def _read(name: str) -> Mapping[str, Any]:
    document: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return document
