"""Which attributes of a span may be kept, and what of each: those that ``ingest.traces`` reads."""

import json
import re
from typing import Any

from ingest.intake.kept import (
    MOST_TAGS,
    Keep,
    address,
    counts,
    figure,
    keep_of,
    pick,
    plain,
    present,
    telling,
    word,
    words,
)
from ingest.redact import is_plain
from ingest.traces.fields import COUNTS, LEAVES, NESTED, TAG_LISTS, TAG_PLACES, USAGE_PLACES
from ingest.traces.route import PROVIDERS
from ingest.traces.scopes import USED
from ingest.traces.spans import ANSWER_ID, MESSAGES, PERSON, RAW, STATUS_IN_TEXT, TOOLS
from ingest.traces.text import object_of
from ingest.traces.usage import RAW_USAGE

READ = frozenset(path for leaf in LEAVES for path in leaf.paths)
TEXTS = frozenset(path for leaf in LEAVES if keep_of(leaf) is word for path in leaf.paths)
COUNTED = frozenset(path for leaf in COUNTS for path in leaf.paths)
ADDRESSES = frozenset(path for leaf in LEAVES if leaf.column == "base_url" for path in leaf.paths)
KINDS = (
    "gen_ai.operation.name", "llm.request.type", "traceloop.span.kind", "openinference.span.kind",
    "langfuse.observation.type", "langfuse.observation.level", "ai.operationId", "ai.model.provider",
    "litellm.provider.model", "litellm.call_id",
)  # fmt: skip
"""What tells whether a span is a call, and of which instrumentation."""
PLACES = ("server.address", "server.port", "url.scheme")
FIRST = (
    "gen_ai.response.time_to_first_chunk",
    "ai.response.msToFirstChunk",
    "langfuse.observation.completion_start_time",
)
RAW_FIELDS = frozenset(("id", "model", "stop_reason", "status", "service_tier", "stream", "type", "object"))
"""Of LiteLLM's span of the wire, what ``ingest.traces.spans`` reads of the answer."""
LONGEST_PARAMETERS = 1 << 20


def kept_attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    """Of a span's or a resource's attributes those that are read, each without what is not."""
    found = ((name, kept) for name, value in attributes.items() if (kept := _kept(name, value)) is not None)
    return dict(found)


def told_failure(value: Any) -> str | None:
    """What is read of a failure's message: an HTTP status, and the word for its category."""
    if value is None or value == "":
        return None
    text = str(value)
    if re.fullmatch(r"[45]\d\d", text):
        return text
    status = STATUS_IN_TEXT.search(text[:500])
    return (f"Error code: {status.group(1)} " if status else "") + (telling(text[:2000]) or "")


def _kept(name: str, value: Any) -> Any:
    if keep := EXACT.get(name):
        return keep(value)
    if name.startswith(USAGE_PLACES):
        return value if _is_plain(value) else None
    if RAW_USAGE.fullmatch(name):
        return _object(value, counts)
    if match := RAW.match(name):
        return word(value) if name[match.end() :] in RAW_FIELDS else None
    place = next((place for place in TAG_PLACES if name.startswith(place)), None)
    return _tag(name[len(place) :], value) if place else None


def _is_plain(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and is_plain(value))


def _tag(name: str, value: Any) -> Any:
    """What a caller says of a call, where it is a name; not who a person is."""
    text = value.strip('[]"') if isinstance(value, str) else value
    return value if is_plain(name) and not PERSON.search(name) and _is_plain(text) else None


def _tag_list(value: Any) -> list[str] | None:
    listed = value[:MOST_TAGS] if isinstance(value, list) else ()
    return [text for text in listed if isinstance(text, str) and is_plain(text)] or None


def _object(value: Any, keep: Keep) -> str | None:
    """An object, as itself or as text, as text with what is kept of it."""
    kept = keep(object_of(value))
    return json.dumps(kept, separators=(",", ":")) if kept else None


def _nested(name: str) -> Keep:
    """Keeps of an object those fields that are read under its name."""
    read = {path.removeprefix(f"{name}."): word for path in READ if path.startswith(f"{name}.")}
    return lambda value: _object(value, lambda found: pick(found, read))


def _parameters(value: Any) -> str | None:
    """Of LiteLLM's hidden parameters the address that it called."""
    if isinstance(value, str) and len(value) > LONGEST_PARAMETERS:
        return None
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None
    kept = pick(found, {"api_base": address})
    return json.dumps(kept) if kept else None


def _spend(value: Any) -> str | None:
    return _object(value, lambda found: pick(found, {"task_id": word, "step": word}))


def _answer_id(value: Any) -> str | None:
    """The beginning of an answer that is kept whole: its id and no more."""
    match = ANSWER_ID.match(value) if isinstance(value, str) else None
    return match.group() if match else None


EXACT: dict[str, Keep] = {
    **dict.fromkeys((*READ, *USED, *KINDS, *PROVIDERS, *PLACES, *FIRST), words),
    **dict.fromkeys((READ | COUNTED) - TEXTS, figure),
    **dict.fromkeys((*ADDRESSES, "server.address"), address),
    **dict.fromkeys(MESSAGES, told_failure),
    **dict.fromkeys(TOOLS, lambda value: True if present(value) else None),
    **dict.fromkeys(TAG_LISTS, _tag_list),
    **{name: _nested(name) for name in NESTED},
    "error.type": plain,
    "hidden_params": _parameters,
    "output.value": _answer_id,
    "langfuse.observation.usage_details": lambda value: _object(value, counts),
    "metadata.usage_object": lambda value: _object(value, counts),
    "metadata.spend_logs_metadata": _spend,
}
"""Attributes by their whole name, each with what may be kept of it."""
