"""Prometheus' text format to readings of metrics: one scrape or several in a file, each line on its own.

A line may carry its own time, as those of ``/federate`` do. A scrape without times has one where a comment before it
says so: ``# scraped_at 2026-11-20T10:00:00Z``, with the server's address behind it where no label names the server.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.document import Mistake, Value
from ingest.lines import decode, read_lines

LINE = re.compile(
    r"(?P<name>[a-zA-Z_:][\w:]*)\s*(?:\{(?P<labels>(?:[^\"{}]|\"(?:[^\"\\]|\\.)*\")*)\})?\s+(?P<value>[-+\w.]+)"
    r"(?:\s+(?P<time>-?\d+(?:\.\d+)?))?(?:\s+#.*)?"
)
LABEL = re.compile(r"([a-zA-Z_]\w*)\s*=\s*\"((?:[^\"\\]|\\.)*)\"")
NUMBER = re.compile(r"[-+]?(?:\d|\.\d|Inf|NaN)")
SCRAPED = re.compile(r"#\s*scraped_at\s+(?P<time>\S+)(?:\s+(?P<server>\S+))?\s*")
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}
LOOKED_AT = 20
MOST_LINES = 1000
MOST_NAMES = 1000


def is_exposition(text: str) -> bool:
    """Whether a text is in Prometheus' format: its first lines are comments and metrics, with a metric among them."""
    lines = [line.strip() for line in text.split("\n", MOST_LINES)[:MOST_LINES] if line.strip()]
    metrics = [line for line in lines if not line.startswith("#")]
    return bool(metrics) and all(_match(line) for line in metrics[:LOOKED_AT])


def names_in(text: str) -> tuple[dict[str, Any], ...]:
    """One reading of each metric in a text."""
    found: dict[str, dict[str, Any]] = {}
    for line in text.split("\n"):
        match = _match(line.strip())
        if match and len(found) < MOST_NAMES:
            found.setdefault(match["name"], _content(match, None, None))
    return tuple(found.values())


def read_exposition(path: Path) -> Iterator[Value | Mistake]:
    """Every metric of a file, with what the comments before it say."""
    scraped_at = server = None
    for line in read_lines(path):
        text = decode(line.content)
        if text.startswith("#"):
            if said := SCRAPED.fullmatch(text):
                scraped_at, server = said["time"], said["server"]
        elif match := _match(text):
            yield Value(_content(match, scraped_at, server), line.number)
        else:
            yield Mistake("neither a comment nor a metric with its value", line.number)


def _match(text: str) -> re.Match[str] | None:
    match = LINE.fullmatch(text)
    return match if match and NUMBER.match(match["value"]) else None


def _content(match: re.Match[str], scraped_at: str | None, server: str | None) -> dict[str, Any]:
    labels = {name: _unescaped(value) for name, value in LABEL.findall(match["labels"] or "")}
    return {
        "metric": {"__name__": match["name"], **labels},
        "value": match["value"],
        "stamp": match["time"],
        "scraped_at": scraped_at,
        "server": server,
    }


def _unescaped(text: str) -> str:
    return re.sub(r"\\[\\\"n]", lambda found: ESCAPES[found[0]], text)
