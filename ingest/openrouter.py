"""OpenRouter's own answers: they name the upstream ``provider``, have ``gen-`` ids, and say what they cost."""

from datetime import timedelta
from typing import Any

from ingest.chat import LEAVES
from ingest.source import About, Sample, Source


def is_openrouter(record: dict[str, Any]) -> bool:
    """Whether a bare answer is OpenRouter's."""
    return isinstance(record.get("provider"), str) and str(record.get("id", "")).startswith("gen-")


def recognises(sample: Sample) -> bool:
    """Whether any record is a bare answer of OpenRouter's."""
    return any(map(is_openrouter, sample.records))


SOURCE = Source(
    name="openrouter",
    title="OpenRouter's answers and streams, with the cost that they report",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    about=About(
        gives="counts, cached, reasoning, the cost billed, the upstream provider; no task",
        flavour="openai_chat: cached tokens and writes inside the prompt, reasoning inside the completion",
        verified="real answers, and 9,666 calls of billed agent runs",
    ),
)
