"""What messages are made of, of any surface: kinds of parts, each with its size and nothing of its content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tollbook_capture.plain import as_list, as_object

ROLES = {"developer": "system", "function": "tool"}
KNOWN_ROLES = ("system", "user", "assistant", "tool")
TEXTS = {
    "text": "text", "input_text": "text", "output_text": "text", "refusal": "text", "summary_text": "reasoning",
    "reasoning_text": "reasoning", "thinking": "reasoning",
}  # fmt: skip
MEDIA = {
    "image_url": "image", "input_image": "image", "image": "image", "image_generation_call": "image",
    "video_url": "video", "input_video": "video", "video": "video", "input_audio": "audio", "audio": "audio",
    "audio_url": "audio", "file": "file", "input_file": "file", "document": "file",
}  # fmt: skip
CALLS = ("tool_use", "server_tool_use", "mcp_tool_use", "function_call", "custom_tool_call", "mcp_call", "function")
RESULTS = ("tool_result", "mcp_tool_result", "function_call_output", "custom_tool_call_output")
HIDDEN = ("redacted_thinking", "reasoning.encrypted")


class Part(NamedTuple):
    """A piece of a message: characters of text, or one medium with its bytes where they are sent along."""

    role: str
    kind: str
    chars: int | None = None
    size: int | None = None
    pieces: int | None = None


def role_of(message: dict[str, Any], otherwise: str = "other") -> str:
    """Who speaks, in the four roles that all surfaces share."""
    role = message.get("role")
    role = ROLES.get(role, role) if isinstance(role, str) else otherwise
    return role if role in KNOWN_ROLES else otherwise


def parts_of(content: Any, role: str) -> Iterator[Part]:
    """The parts of a content: text, a part, or a list of them."""
    if isinstance(content, str):
        if content:
            yield Part(role, "text", len(content))
    elif isinstance(content, dict):
        yield from _part(content, role)
    else:
        for each in as_list(content):
            yield from parts_of(each, role)


def _part(part: dict[str, Any], role: str) -> Iterator[Part]:
    kind = part.get("type")
    if not isinstance(kind, str):
        yield Part(role, "other", pieces=1)
    elif kind in TEXTS:
        yield Part(role, TEXTS[kind], _length(part.get("text", part.get(kind))))
    elif kind in MEDIA:
        yield Part(role, MEDIA[kind], size=_bytes_of(part), pieces=1)
    elif kind in CALLS:
        yield call_part(part, role)
    elif kind in RESULTS or kind.endswith("_tool_result"):
        yield from parts_of(part.get("content", part.get("output")), "tool")
    elif kind == "reasoning":
        yield from parts_of(part.get("summary"), role)
        yield from parts_of(part.get("content"), role)
        if isinstance(part.get("encrypted_content"), str):
            yield Part(role, "encrypted", size=len(part["encrypted_content"]), pieces=1)
    elif kind in HIDDEN:
        yield Part(role, "encrypted", size=_length(part.get("data")), pieces=1)
    else:
        yield Part(role, "other", pieces=1)


def call_part(call: dict[str, Any], role: str) -> Part:
    """A tool call: the characters of its name and its arguments."""
    inner = as_object(call.get("function")) or as_object(call.get("custom")) or call
    arguments = next((inner[key] for key in ("arguments", "input") if inner.get(key) is not None), "")
    return Part(role, "tool_call", _length(inner.get("name")) + _length(arguments))


def chat_message(message: dict[str, Any], otherwise: str = "other") -> Iterator[Part]:
    """The parts of one message of a chat or of Anthropic's Messages."""
    role = role_of(message, otherwise)
    yield from parts_of(message.get("content"), role)
    thought = next((message[key] for key in ("reasoning_content", "reasoning") if message.get(key)), None)
    if isinstance(thought, str):
        yield Part(role, "reasoning", len(thought))
    if isinstance(message.get("refusal"), str) and message["refusal"]:
        yield Part(role, "text", len(message["refusal"]))
    for call in as_list(message.get("tool_calls")):
        yield call_part(as_object(call), role)
    if isinstance(message.get("function_call"), dict):
        yield call_part(message["function_call"], role)
    if isinstance(message.get("audio"), dict):
        yield Part(role, "audio", size=_bytes_of(message), pieces=1)
    for _ in as_list(message.get("images")):
        yield Part(role, "image", pieces=1)


def response_item(item: dict[str, Any]) -> Iterator[Part]:
    """The parts of one item of Responses, sent or received."""
    kind = item.get("type", "message")
    if kind == "message":
        yield from parts_of(item.get("content"), role_of(item, "assistant"))
    else:
        yield from _part(item, "tool" if kind in RESULTS else "assistant")


def added(parts: Iterator[Part] | list[Part], *, roles: bool) -> list[dict[str, Any]]:
    """The parts added up per role and kind, or per kind."""
    sums: dict[tuple[str, ...], dict[str, Any]] = {}
    for part in parts:
        key = (part.role, part.kind) if roles else (part.kind,)
        sums_of = sums.setdefault(key, {"role": part.role, "kind": part.kind} if roles else {"kind": part.kind})
        for field, value in (("chars", part.chars), ("count", part.pieces), ("bytes", part.size)):
            if value is not None:
                sums_of[field] = sums_of.get(field, 0) + value
    return list(sums.values())


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if value is None:
        return 0
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _bytes_of(part: dict[str, Any]) -> int | None:
    """The bytes of a medium that is sent along in base64; None for one that stands elsewhere."""
    places = [part, *(as_object(value) for value in part.values())]
    for place in places:
        for key in ("url", "data", "image_url", "video_url", "audio_url", "file_data"):
            text = place.get(key)
            if isinstance(text, str) and (key in ("data", "file_data") or text.startswith("data:")):
                encoded = len(text) - (text.find(",") + 1 if text.startswith("data:") else 0)
                return max(0, encoded * 3 // 4 - text[-2:].count("="))
    return None
