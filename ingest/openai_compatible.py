"""Answers and streams in OpenAI's shape, bare or in our envelope, in every dialect of it.

OpenAI, StepFun, Novita, DeepSeek, Groq, Mistral, vLLM and NVIDIA NIM: they differ in where cached tokens stand
and on which chunk of a stream the usage comes. Dialect and seller are decided row by row.
"""

from datetime import timedelta
from typing import Any

from ingest.capture import is_capture
from ingest.chat import LEAVES
from ingest.openrouter import is_openrouter
from ingest.record import ENVELOPE_KEYS
from ingest.source import About, Sample, Source

BODY_KEYS = {"usage", "choices", "output", "error"}
BODY_STARTS = ("{", "[", "data:", "event:")


def recognises(sample: Sample) -> bool:
    """Whether any record is an answer or an envelope, and none a bare answer of OpenRouter's."""
    records = [_without_cells(record) for record in sample.records] if sample.columns else sample.records
    return any(map(_is_ours, records)) and not any(map(is_openrouter, records))


def _without_cells(record: dict[str, Any]) -> dict[str, Any]:
    """A table's row without plain cells: a column called output or request may hold a count or a name."""
    return {name: value for name, value in record.items() if _is_body(value) or name == "object"}


def _is_body(value: Any) -> bool:
    return value.lstrip().startswith(BODY_STARTS) if isinstance(value, str) else isinstance(value, dict | list)


def _is_ours(record: dict[str, Any]) -> bool:
    marked = is_capture(record) or str(record.get("object", "")).startswith("chat.")
    return marked or bool(record.keys() & (BODY_KEYS | ENVELOPE_KEYS))


SOURCE = Source(
    name="openai_compatible",
    title="Answers, streams and request logs in OpenAI's shape, bare or in Tollbook's envelope",
    recognises=recognises,
    leaves=LEAVES,
    repeat_gap=timedelta(days=1),
    general=True,
    about=About(
        gives="all that an answer reports, and what the envelope says of request, time, place and work; in a stream "
        "without usage no counts",
        flavour="each answer by its own surface: cached tokens inside the prompt in OpenAI's shape, beside it in "
        "Anthropic's and Bedrock's",
        verified="real answers and streams, what the openai client wrote, billed agent runs",
    ),
)
