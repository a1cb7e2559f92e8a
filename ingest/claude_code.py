"""Session files of Claude Code: one line for each block of an answer, each with the counts as they were by then."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from ingest.anthropic_terms import anthropic_terms
from ingest.folder_name import project_of
from ingest.iterations import split
from ingest.problem import Unreadable
from ingest.reading import Reading, read_leaves
from ingest.record import set_time
from ingest.source import About, Lines, Sample, Source
from ingest.surface_leaves import KNOWN_TOKENS
from ingest.surfaces import set_writes
from ingest.unknown_usage import unknown_usage, usage_text
from warehouse.reading import Leaf

LEAVES = (
    Leaf("key_text", "text", ("body.id",)),
    Leaf("response_id", "text", ("body.id",)),
    Leaf("request_id", "text", ("requestId",)),
    Leaf("session_id", "text", ("sessionId",)),
    Leaf("task", "text", ("sessionId",)),
    Leaf("agent", "text", ("agentId",)),
    Leaf("time_text", "text", ("timestamp",)),
    Leaf("created_text", "text", ("body.created_at",)),
    Leaf("object", "text", ("body.type",)),
    Leaf("model_served", "text", ("body.model",)),
    Leaf("service_tier", "text", ("body.usage.service_tier",)),
    Leaf("usage_flavour", "which", ("body.usage.input_tokens",), "anthropic"),
    Leaf("prompt", "count", ("body.usage.input_tokens",)),
    Leaf("completion", "count", ("body.usage.output_tokens",)),
    Leaf("cache_read", "count", ("body.usage.cache_read_input_tokens",)),
    Leaf("cache_write", "count", ("body.usage.cache_creation_input_tokens",)),
    Leaf("cache_write_5m", "count", ("body.usage.cache_creation.ephemeral_5m_input_tokens",)),
    Leaf("cache_write_1h", "count", ("body.usage.cache_creation.ephemeral_1h_input_tokens",)),
    Leaf("reasoning", "count", ("body.usage.output_tokens_details.thinking_tokens",)),
    Leaf("web_search", "count", ("body.usage.server_tool_use.web_search_requests",)),
    Leaf("cost_reported", "money", ("costUSD",)),
    Leaf("finish_reason", "text", ("body.stop_reason",)),
    Leaf("reasoning_effort", "text", ("effort",)),
)
SIGNS = (
    Leaf("carried", "text", ("data.message",)),
    Leaf("folder", "text", ("cwd",)),
    Leaf("git_branch", "text", ("gitBranch",)),
    Leaf("version", "text", ("version",)),
    Leaf("sidechain", "text", ("isSidechain",)),
    Leaf("speed", "text", ("body.usage.speed",)),
    Leaf("place", "text", ("body.usage.inference_geo",)),
    Leaf("iterations", "present", ("body.usage.iterations",)),
)
SYNTHETIC = "<synthetic>"
"""The model of a line that Claude Code wrote itself: no call was made."""
SELLERS_ID = 20
"""Characters that an id of Anthropic's own has at least: it is no other answer's."""
KNOWN = {
    *(path.removeprefix("body.usage.") for leaf in LEAVES + SIGNS for path in leaf.paths if "body.usage." in path),
    *(name for name in KNOWN_TOKENS if name.startswith("iterations[]")),
    "server_tool_use.web_fetch_requests",
} - {"iterations"}


def read(value: Any, leaves: Sequence[Leaf], given_time: datetime | None) -> Iterator[Reading]:
    """The call that a line tells of, if it tells of one; raises Unreadable."""
    own = _carried(value)
    body = own.get("message")
    usage = body.get("usage") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(usage, dict) or body.get("model") == SYNTHETIC:
        return
    reading = read_leaves((*leaves, *SIGNS), own, body)
    if reading["prompt"] is None and reading["completion"] is None:
        raise Unreadable("the usage holds neither input_tokens nor output_tokens")
    set_time(reading, given_time)
    set_writes(reading)
    _set_place(reading, usage)
    reading["key_text"] = _key_text(reading)
    reading["replay"] = reading.pop("sidechain") == "true"
    # An answer whose end is not there: its output was still being counted.
    whole = reading["finish_reason"] and reading["prompt"] is not None and reading["completion"] is not None
    reading["usage_status"] = "reported" if whole else "partial"
    reading["raw_usage"] = usage_text(usage)
    reading["unknown_usage"] = unknown_usage(usage, KNOWN)
    for record in split(reading, usage):
        # A part is as final as its call, and repeated with it.
        yield {**record, "usage_status": reading["usage_status"], "replay": reading["replay"]}


def _carried(own: dict[str, Any]) -> dict[str, Any]:
    """The line itself, or the line of a helper that a progress line carries."""
    data = own.get("data")
    inner = data.get("message") if isinstance(data, dict) else None
    return {**own, **inner} if isinstance(inner, dict) else own


def _set_place(reading: Reading, usage: dict[str, Any]) -> None:
    """Seller, tier, region, project and tags."""
    sidechain = reading["sidechain"] if reading["sidechain"] != "false" else None
    found = {"git_branch": reading.pop("git_branch"), "version": reading.pop("version"), "sidechain": sidechain}
    reading["tags"] = [(name, value) for name, value in found.items() if value is not None] or None
    reading["service_tier"], reading["region"] = anthropic_terms(usage, reading["service_tier"], None)
    reading["seller"] = _seller(reading["response_id"] or "", reading["request_id"] or "")
    reading["project"] = project_of(reading.pop("folder"))
    for name in ("carried", "speed", "place", "iterations"):
        del reading[name]


def _seller(response_id: str, request_id: str) -> str | None:
    """Who made the ids: Bedrock and Vertex have prefixes of their own, Anthropic's API ids for both."""
    if response_id.startswith("msg_bdrk_"):
        return "bedrock"
    if response_id.startswith("msg_vrtx_"):
        return "google-vertex"
    return "anthropic" if response_id.startswith("msg_01") and request_id.startswith("req_") else None


def _key_text(reading: Reading) -> str | None:
    """The answer's id where its seller made it: side conversations repeat it under another request's id."""
    answer = reading["response_id"]
    if answer is None or (answer.startswith("msg_") and len(answer) >= SELLERS_ID):
        return str(answer) if answer else None
    return f"{answer}|{reading['request_id'] or ''}"


def _recognises(sample: Sample) -> bool:
    return sample.shape == "lines" and any(map(_is_line, sample.records))


def _is_line(record: dict[str, Any]) -> bool:
    message = record.get("message")
    usage = message.get("usage") if isinstance(message, dict) else None
    if isinstance(usage, dict) and "input_tokens" in usage:
        return True
    kind = record.get("type")
    return "sessionId" in record and "uuid" in record or (kind == "summary" and "leafUuid" in record)


SOURCE = Source(
    name="claude_code",
    title="Session files of Claude Code, from ~/.claude/projects",
    recognises=_recognises,
    leaves=LEAVES,
    repeat_gap=None,
    read=read,
    bundled=True,
    lines=Lines(body_key="message", sign='"usage"', model="claude_code", signs=SIGNS),
    about=About(
        gives="tokens, cache writes by lifetime, thinking, searches, session, helper, project's folder; no latency, "
        "no failures, no end of some answers",
        flavour="anthropic: cached tokens beside the input",
        verified="real lines of several versions as issues and fixtures show them",
    ),
)
