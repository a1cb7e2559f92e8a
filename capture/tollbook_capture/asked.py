"""What is read of a request: model, limits, features; and how a chat stream is asked for usage."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from tollbook_capture.plain import as_list, as_object, known, name, number, word

PATHS = (
    "/chat/completions", "/completions", "/responses", "/responses/compact", "/messages", "/embeddings",
    "/images/generations", "/images/edits", "/audio/transcriptions", "/audio/translations", "/audio/speech",
)  # fmt: skip
"""Where calls of models go, by the end of their path."""
NO_CALL = re.compile(r"/threads/|/conversations/")
GIVES_USAGE = ("api.openai.com", "api.novita.ai", "api.stepfun.ai", "api.stepfun.com", "api.deepseek.com")
"""Who gives usage to a chat stream that asks for it. OpenRouter gives it unasked."""
STREAMS = re.compile(rb'"stream"\s*:\s*true')
LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")
IMAGES = ("image_url", "input_image", "image")
VIDEOS = ("video_url", "input_video", "video")
OPTIONS = "stream_options"


class Place(NamedTuple):
    """Where a request goes."""

    base_url: str
    api_path: str
    host: str


def place_of(url: Any) -> Place | None:
    """Where a request goes, without user, password, query and fragment; None for what is no call of a model."""
    path = str(url.path)
    found = next((each for each in PATHS if path.endswith(each)), None)
    if found is None or NO_CALL.search(path):
        return None
    if path.endswith("/chat/completions"):
        found = "/chat/completions"
    port = f":{url.port}" if url.port else ""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return Place(f"{url.scheme}://{host}{port}{path[: -len(found)]}", found, url.host)


def asking(body: bytes) -> bytes | None:
    """The body of a chat stream that asks for usage, where it does not yet; None where nothing is to be changed."""
    if not STREAMS.search(body):
        return None
    request = as_object(json.loads(body))
    options = request.get(OPTIONS)
    if request.get("stream") is not True or (isinstance(options, dict) and "include_usage" in options):
        return None
    if options is None and OPTIONS not in request:
        begin = body.index(b"{") + 1
        return body[:begin] + b'"stream_options":{"include_usage":true},' + body[begin:]
    changed = {**request, OPTIONS: {**as_object(options), "include_usage": True}}
    return json.dumps(changed, ensure_ascii=False, separators=(",", ":")).encode()


def read_request(request: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request that a line holds."""
    stream = request.get("stream")
    found = known(
        model=name(request.get("model")),
        stream=stream if isinstance(stream, bool) else None,
        reasoning_effort=_effort(request),
        service_tier=word(request.get("service_tier")),
    )
    return {**found, **{key: request[key] for key in LIMITS if number(request.get(key)) is not None}}


def read_features(request: dict[str, Any]) -> dict[str, bool]:
    """What a request held: tools, a JSON schema, images, video."""
    formats = [
        as_object(request.get("response_format")),
        as_object(as_object(request.get("text")).get("format")),
        as_object(request.get("output_format")),
        as_object(as_object(request.get("output_config")).get("format")),
    ]
    kinds = _kinds([request.get("messages"), request.get("input"), request.get("system")], 0)
    return {
        "tools": bool(as_list(request.get("tools")) or as_list(request.get("functions"))),
        "json_schema": any(each.get("type") == "json_schema" for each in formats),
        "image": any(kind in IMAGES for kind in kinds),
        "video": any(kind in VIDEOS for kind in kinds),
    }


def _effort(request: dict[str, Any]) -> str | None:
    places = (request, as_object(request.get("reasoning")), as_object(request.get("output_config")))
    return word(places[0].get("reasoning_effort")) or word(places[1].get("effort")) or word(places[2].get("effort"))


def _kinds(value: Any, deep: int) -> set[str]:
    """The types of all parts of messages, those inside a tool's result too."""
    if isinstance(value, list) and deep < 8:
        return set().union(*(_kinds(each, deep + 1) for each in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    kind = value.get("type")
    found = {kind} if isinstance(kind, str) else set()
    inner = [value.get("content"), value.get("output")]
    return found | _kinds([each for each in inner if isinstance(each, list)], deep + 1)
