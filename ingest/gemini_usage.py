"""The usage of generateContent: thoughts beside the answer, tokens of tools beside the prompt, counts by modality.

Zeros are left out of Google's answers; the total tells when a count that is not there is one.
"""

import re
from typing import Any

from ingest.reading import Reading
from ingest.surface_parts import add_note, as_object, count_of

MODALITIES = {"AUDIO": "audio", "IMAGE": "image", "DOCUMENT": "image", "VIDEO": "video"}
"""The meter of each modality; a document's pages are counted as images."""
TRAFFIC = {
    "ON_DEMAND_PRIORITY": "priority",
    "ON_DEMAND_FLEX": "flex",
    "PROVISIONED_THROUGHPUT": "provisioned_throughput",
}
STANDARD = ("standard", "unspecified", "service_tier_unspecified")
SHARE_UNKNOWN = "how much of the cached tokens is no text is not told"
CACHED_AUDIO = "cached audio is read as cached text"
SNAKE = re.compile(r"_([a-z])")


def camel(usage: dict[str, Any]) -> dict[str, Any]:
    """A usage as Google's libraries for Python write it, in the names of its API; any other one as it is."""
    if "prompt_token_count" not in usage and "total_token_count" not in usage:
        return usage
    return {_camel(name): _items(value) for name, value in usage.items()}


def _camel(name: str) -> str:
    return SNAKE.sub(lambda found: found[1].upper(), name)


def _items(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [{_camel(name): inner for name, inner in each.items()} if isinstance(each, dict) else each for each in value]


def set_gemini(reading: Reading, usage: dict[str, Any]) -> None:
    """Finish a reading whose plain counts are set: tokens of tools, zeros left out, modalities, tier."""
    tools = count_of("toolUsePromptTokenCount", usage.get("toolUsePromptTokenCount"))
    if tools and reading["prompt"] is not None:
        reading["prompt"] += tools
    _set_answer(reading, embedded="promptTokenDetails" in usage)
    _set_input_parts(reading, usage)
    for name, tokens in _by_meter(usage, "candidatesTokensDetails", "responseTokensDetails").items():
        if f"output_{name}" in reading and tokens:
            reading[f"output_{name}"] = tokens
    tier = str(reading["service_tier"] or "").lower()
    reading["service_tier"] = (tier if tier not in STANDARD else "") or TRAFFIC.get(str(usage.get("trafficType")))


def _set_answer(reading: Reading, *, embedded: bool) -> None:
    """The answer beside its thoughts: some answers count both in one, and none is written for 0."""
    prompt, total, thoughts = reading["prompt"] or 0, reading["total"], reading["reasoning"] or 0
    answer = reading["completion"]
    if answer is None:
        if embedded or (total is not None and total == prompt + thoughts):
            reading["completion"] = 0
    elif 0 < thoughts <= answer and total == prompt + answer:
        reading["completion"] = answer - thoughts


def _set_input_parts(reading: Reading, usage: dict[str, Any]) -> None:
    """What of the prompt is no text, without what of it came from a cache: that is counted there."""
    given = _by_meter(usage, "promptTokensDetails", "promptTokenDetails")
    for name, tokens in _by_meter(usage, "toolUsePromptTokensDetails").items():
        given[name] = given.get(name, 0) + tokens
    cached = _by_meter(usage, "cacheTokensDetails")
    for name, tokens in given.items():
        rest = tokens - cached.get(name, 0)
        reading[f"input_{name}"] = rest if tokens and rest >= 0 else None
    if any(tokens > given.get(name, 0) for name, tokens in cached.items()):
        add_note(reading, "more tokens of a modality are cached than were given")
    if reading["cache_read"] and any(given.values()) and not usage.get("cacheTokensDetails"):
        add_note(reading, SHARE_UNKNOWN)
    if cached.get("audio"):
        add_note(reading, CACHED_AUDIO)


def _by_meter(usage: dict[str, Any], *fields: str) -> dict[str, int]:
    """Tokens by the name of their meter, from lists of modalities."""
    found: dict[str, int] = {}
    for field in fields:
        listed = usage.get(field)
        for each in listed if isinstance(listed, list) else ():
            name = MODALITIES.get(str(as_object(each).get("modality")).upper())
            if name:
                found[name] = found.get(name, 0) + count_of(f"{field}.tokenCount", each.get("tokenCount"))
    return found
