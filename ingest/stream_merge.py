"""From the events of one streamed answer to its body: usage is the last one told, or grows; it is never added up."""

from collections.abc import Iterable
from typing import Any

from ingest.surface_parts import as_object

Event = dict[str, Any]
TERMINAL = ("response.completed", "response.incomplete", "response.failed", "message_stop")
MESSAGES = ("message_start", "message_delta")
KEPT = ("id", "object", "created", "model", "provider", "service_tier")
GEMINI_KEPT = ("responseId", "modelVersion", "createTime", "usageMetadata", "promptFeedback")


def merge(events: list[Event]) -> dict[str, Any]:
    """The answer that the events of a stream add up to."""
    if any(event.get("type") in MESSAGES for event in events):
        return merge_messages(events)
    bodies = [event["response"] for event in events if isinstance(event.get("response"), dict)]
    if bodies:
        return dict(bodies[-1])
    if any("usageMetadata" in event or "candidates" in event for event in events):
        return _merge_gemini(events)
    body: dict[str, Any] = {}
    for name in KEPT:
        body[name] = next((event[name] for event in events if event.get(name)), None)
    body["usage"] = _last(event.get("usage") for event in events)
    body["choices"] = [{"finish_reason": finish(events)}]
    return {**body, **_error(events)}


def merge_messages(events: Iterable[Event]) -> dict[str, Any]:
    """An answer of Anthropic's Messages: what its start says, and counts that only grow in what follows."""
    events = list(events)
    body = dict(next((as_object(event.get("message")) for event in events if event.get("type") == "message_start"), {}))
    usage: dict[str, Any] = {}
    for event in events:
        _grow(usage, as_object(as_object(event.get("message")).get("usage")))
        _grow(usage, as_object(event.get("usage")))
    body |= {"type": "message", "usage": usage, "stop_reason": _stop(events)}
    return {**body, **_error(events)}


def _grow(usage: dict[str, Any], more: dict[str, Any]) -> None:
    """Put what another event says into a usage: of two counts of one thing the greater, of all else the later."""
    for name, value in more.items():
        before = usage.get(name)
        if isinstance(value, dict):
            inner = dict(as_object(before))
            _grow(inner, value)
            usage[name] = inner
        elif _is_count(value) and _is_count(before):
            usage[name] = max(before, value)
        elif value is not None:
            usage[name] = value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _merge_gemini(events: list[Event]) -> dict[str, Any]:
    body = {name: _last(event.get(name) for event in events) for name in GEMINI_KEPT}
    body["candidates"] = [{"finishReason": finish(events)}]
    return {**body, **_error(events)}


def finish(events: list[Event]) -> str | None:
    """The last reason to finish that is not empty: StepFun writes an empty one on every chunk before."""
    for event in reversed(events):
        listed = event.get("choices") or event.get("candidates")
        first = as_object(listed[0]) if isinstance(listed, list) and listed else {}
        if reason := first.get("finish_reason") or first.get("finishReason"):
            return str(reason)
    return None


def is_complete(events: list[Event]) -> bool:
    """Whether a stream's end was seen."""
    return any(event.get("type") in TERMINAL for event in events) or bool(finish(events) or _stop(events))


def _stop(events: list[Event]) -> str | None:
    found = _last(as_object(event.get("delta")).get("stop_reason") for event in events)
    return str(found) if found else None


def _last(values: Iterable[Any]) -> Any:
    """The last value that holds anything."""
    found = None
    for value in values:
        found = value or found
    return found


def _error(events: list[Event]) -> dict[str, Any]:
    error = next((event["error"] for event in events if event.get("error")), None)
    return {"error": error} if error else {}
